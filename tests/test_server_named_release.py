"""`?release=N` on any read: it is answered from that release, and stays what it is."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Quad, RdfFormat, parse

from hakusho.graph.names import graph, thing
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.terms import literal
from hakusho.server.app import create_app
from hakusho.server.service import Service
from hakusho.server.settings import Settings

from .conftest import DATA

pytestmark = pytest.mark.slow

COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/hakusho/graph/notes> { ?s ?p ?o } }"
NOTES = graph("notes")
POLICY = "/id/policy/guard"
"""A page that every release of the small white paper has."""


def note(number: int) -> Quad:
    return Quad(thing("note", str(number)), NOTES, literal(number), NOTES)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """The white paper in little, in six releases of which two were pruned."""
    data = DataFolder(tmp_path_factory.mktemp("named"))
    data.publish(parse(path=DATA / "matrix.trig", format=RdfFormat.TRIG), who="tests")
    for number in range(2, 7):
        data.publish(Change(add=[note(number)]), who="tests")
    for number in (1, 3):
        shutil.rmtree(data.path / "releases" / str(number))
    return data


@pytest.fixture(scope="module", params=["workers", "in this process"])
def app(request: pytest.FixtureRequest, data: DataFolder) -> Iterator[Flask]:
    settings = Settings({"token": "t", "limit_fast_workers": 2})
    current = data.current()
    assert current is not None
    service = (
        Service.of(data, settings) if request.param == "workers" else Service(data, current.open())
    )
    yield create_app(service)
    service.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def counted(answer: Any) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("number", [2, 4, 5, 6])
def test_a_query_is_answered_from_the_release_that_it_names(
    client: FlaskClient, number: int
) -> None:
    asked = {"query": COUNT, "release": number}
    direct = {"data": COUNT, "content_type": "application/sparql-query"}
    for answer in (
        client.get("/sparql", query_string=asked),
        client.post("/sparql", data=asked),
        client.post(f"/sparql?release={number}", **direct),
    ):
        assert counted(answer) == number - 1
    assert counted(client.get("/sparql", query_string={"query": COUNT})) == 5


def test_every_kind_of_read_may_name_one(client: FlaskClient) -> None:
    for path in ("/", "/queries", "/outline", "/ontology", POLICY, "/graphs", "/sparql"):
        page = client.get(f"{path}?release=4", headers={"Accept": "text/html"})
        assert page.status_code == 200, path
        assert "第4版の内容を表示しています" in page.text
    notes = client.get(f"/graphs?graph={NOTES.value}&release=2&format=nt")
    assert len(notes.text.splitlines()) == 1
    assert client.get("/id/note/4.ttl?release=4").status_code == 200
    assert client.get("/id/note/4.ttl?release=2").status_code == 404
    answer = client.get("/queries/things/statements?thing=note/4&release=4&format=nt")
    assert answer.status_code == 200 and "note/4" in answer.text


def test_links_of_such_a_page_stay_in_its_release(client: FlaskClient) -> None:
    page = client.get(f"{POLICY}?release=4&lang=en", headers={"Accept": "text/html"}).text
    links = re.findall(r'href="(/[^"]*)"', page)
    ours = [link for link in links if not link.startswith("/static/")]
    outside = [link for link in ours if "release=4" not in link]
    assert outside == [f"{POLICY}?lang=en"]
    assert "You are reading release 4" in page


def test_what_a_named_release_answers_holds_for_good(client: FlaskClient, data: DataFolder) -> None:
    data_, page = (
        client.get("/sparql", query_string={"query": COUNT, "release": 5, "format": "csv"}),
        client.get(f"{POLICY}?release=5", headers={"Accept": "text/html"}),
    )
    assert data_.headers["Cache-Control"] == "public, max-age=604800, immutable"
    assert page.headers["Cache-Control"] == "public, no-cache"
    again = client.get(
        "/sparql",
        query_string={"query": COUNT, "release": 5, "format": "csv"},
        headers={"If-None-Match": data_.headers["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("number", "ja", "en"),
    [
        (
            99,
            "第99版はありません。近い番号の版：4, 5, 6",
            "there is no release 99; the nearest are 4, 5, 6",
        ),
        (
            3,
            "第3版はもう残っていません。近い番号の版：2, 4, 5",
            "release 3 is no longer kept; the nearest are 2, 4, 5",
        ),
    ],
)
def test_a_release_that_is_not_there_is_told_with_the_nearest(
    client: FlaskClient, number: int, ja: str, en: str
) -> None:
    for path in (f"/sparql?query=ASK%7B%7D&release={number}", f"/queries?release={number}"):
        for lang, said in (("ja", ja), ("en", en)):
            answer = client.get(f"{path}&lang={lang}&format=json")
            problem = json.loads(answer.data)
            assert answer.status_code == 404
            assert problem["type"].endswith("/unknown-release")
            assert problem["detail"] == said
            assert len(problem["nearest"]) == 3
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 404 and ja in page.text


@pytest.mark.parametrize("release", ["x", "-1", "1.5", "٣", "9" * 30])
def test_what_is_no_number_is_refused(client: FlaskClient, release: str) -> None:
    for path in ("/queries", "/sparql"):
        answer = client.get(path, query_string={"release": release, "query": "ASK{}"})
        assert (answer.status_code, json.loads(answer.data)["name"]) == (400, "release")


def test_nothing_is_written_in_a_release_that_is_named(client: FlaskClient) -> None:
    headers = {"Authorization": "Bearer t"}
    update = {"update": "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }", "release": "2"}
    for answer in (
        client.post("/sparql", data=update, headers=headers),
        client.put("/graphs/a?release=2", data="", headers=headers),
        client.delete("/graphs/a?release=2", headers=headers),
    ):
        assert answer.status_code == 400


def test_the_next_release_leaves_the_answers_of_the_others_in_the_cache(data: DataFolder) -> None:
    app = create_app(Service.of(data, Settings({"limit_fast_workers": 1})))
    client, service = app.test_client(), app.extensions["hakusho"]
    asked = {"query": COUNT + " # kept", "release": 4}
    first = client.get("/sparql", query_string=asked)
    assert counted(first) == 3
    tag = first.headers["ETag"]
    before = app.extensions["hakusho.cache"].hits
    data.publish(Change(add=[note(100)]), who="tests")
    answer = client.get("/sparql", query_string=asked)
    service.close()
    assert (counted(answer), answer.headers["ETag"]) == (3, tag)
    assert app.extensions["hakusho.cache"].hits == before + 1
