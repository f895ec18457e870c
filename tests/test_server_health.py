"""For those who run the service: alive, ready, and its counters; and the workers behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.answers import CAPPED
from hakusho.server.app import create_app
from hakusho.server.service import Service
from hakusho.server.settings import Settings


@pytest.fixture(scope="module")
def served(matrix_data: DataFolder) -> Iterator[FlaskClient]:
    """A client of the application whose queries run in workers, ten rows at most."""
    service = Service.of(matrix_data, Settings({"limit_rows": 10, "limit_fast_workers": 1}))
    yield create_app(service).test_client()
    service.close()


def test_the_service_is_alive_and_ready(served: FlaskClient) -> None:
    assert served.get("/healthz").text == "ok\n"
    ready = served.get("/readyz")
    assert (ready.status_code, ready.text) == (200, "release 1\n")
    assert ready.headers["Cache-Control"] == "no-store"


def test_without_a_release_it_is_alive_but_not_ready(tmp_path: Path) -> None:
    service = Service.of(DataFolder(tmp_path), Settings({"limit_fast_workers": 1}))
    client = create_app(service).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/sparql?query=ASK%7B%7D").status_code == 503
    service.close()


def test_counters_are_told_as_prometheus_reads_them(served: FlaskClient) -> None:
    served.get("/sparql", query_string={"query": "ASK { ?s ?p 1 }"}).get_data()
    lines = served.get("/metrics").text.splitlines()
    samples = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert samples["hakusho_release"] == "1"
    assert int(samples["hakusho_query_seconds_count"]) >= 1
    assert (
        samples['hakusho_query_seconds_bucket{le="+Inf"}'] == samples["hakusho_query_seconds_count"]
    )
    assert int(samples['hakusho_queries_total{outcome="answered"}']) >= 1
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    bare = {name.partition("{")[0] for name in samples}
    assert all(any(name.startswith(known) for known in named) for name in bare)


def test_refused_clients_and_grouped_writes_are_counted(tmp_path: Path) -> None:
    data = DataFolder(tmp_path, "plain")
    data.publish([], who="tests")
    settings = Settings({"token": "t", "limit_fast_workers": 1, "budget_seconds": 0.000_001})
    service = Service.of(data, settings)
    client = create_app(service, settings).test_client()
    for number in range(3):
        client.get("/sparql", query_string={"query": f"ASK {{}} # {number}"}).get_data()
    for text in ("INSERT DATA { <urn:s> <urn:p> 1 }", "INSERT DATA {"):
        client.post("/sparql", data={"update": text}, headers={"Authorization": "Bearer t"})
    lines = client.get("/metrics").text.splitlines()
    service.close()
    samples = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert samples["hakusho_over_budget_total"] == "2"
    assert samples['hakusho_writes_total{outcome="published"}'] == "1"
    assert samples['hakusho_writes_total{outcome="refused"}'] == "1"
    assert samples["hakusho_write_groups_total"] == "1"


def test_an_answer_cut_off_at_the_limit_says_so_and_is_not_kept(served: FlaskClient) -> None:
    def ask(limit: int) -> Any:
        text = f"SELECT * {{ ?s ?p ?o }} LIMIT {limit}"
        return served.get("/sparql", query_string={"query": text})

    whole, cut = ask(5), ask(50)
    assert (CAPPED in whole.headers, "ETag" in whole.headers) == (False, True)
    assert cut.headers[CAPPED] == "rows=10"
    assert cut.headers["Cache-Control"] == "no-store"
    assert "ETag" not in cut.headers
    assert len(cut.json["results"]["bindings"]) == 10


def test_a_graph_longer_than_an_answer_may_be_is_refused_not_cut(served: FlaskClient) -> None:
    answer = served.get("/graphs?graph=https://w3id.org/hakusho/graph/r07")
    assert answer.status_code == 422
    assert answer.json is not None and answer.json["limit"] == "rows"
