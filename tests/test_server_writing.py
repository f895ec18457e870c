"""Writing over HTTP: updates and graphs become releases, for those who carry a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.app import create_app
from hakusho.server.service import Service
from hakusho.server.settings import Settings

TOKEN = "the-publisher"
WRITER = {"Authorization": f"Bearer {TOKEN}"}
TURTLE = {**WRITER, "Content-Type": "text/turtle"}
ONE = "<urn:s> <urn:p> 1 ."
UPDATE = "application/sparql-update"
GRAPH = "https://example.org/graph"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    data = DataFolder(tmp_path_factory.mktemp("plain"), "plain")
    data.publish([], who="tests")
    settings = Settings({"token": TOKEN, "propose_token": "a-proposer", "limit_fast_workers": 1})
    service = Service.of(data, settings)
    yield create_app(service)
    service.close()


@pytest.fixture
def writer(application: Any) -> FlaskClient:
    """A client of an application whose plain graph store is empty."""
    client: FlaskClient = application.test_client()
    assert _update(client, "DROP ALL").status_code == 204
    return client


@pytest.fixture(scope="module")
def refused(application: Any) -> FlaskClient:
    """A client of that application, whatever its store holds, for what changes nothing."""
    client: FlaskClient = application.test_client()
    return client


def test_an_update_by_direct_post_and_by_form_is_published(writer: FlaskClient) -> None:
    assert _update(writer, f"INSERT DATA {{ {ONE} }}").status_code == 204
    form = writer.post(
        "/sparql", data={"update": "INSERT DATA { <urn:s> <urn:p> 2 }"}, headers=WRITER
    )
    assert form.status_code == 204
    assert _count(writer) == 2


def test_each_update_is_a_release_with_its_author(application: Any, writer: FlaskClient) -> None:
    data: DataFolder = application.extensions["hakusho"].data
    before = data.current()
    _update(writer, f"INSERT DATA {{ {ONE} }}")
    after = data.current()
    assert before is not None and after is not None
    assert after.number == before.number + 1
    assert after.manifest.who == "publisher"


@pytest.mark.parametrize(
    ("headers", "status", "slug"),
    [
        ({}, 401, "token-required"),
        ({"Authorization": "Bearer wrong"}, 401, "token-required"),
        ({"Authorization": f"Basic {TOKEN}"}, 401, "token-required"),
        ({"Authorization": "Bearer a-proposer"}, 403, "not-allowed"),
    ],
)
def test_nobody_writes_without_a_token_that_may(
    refused: FlaskClient, headers: dict[str, str], status: int, slug: str
) -> None:
    for answer in (
        refused.post("/sparql", data={"update": "DROP ALL"}, headers=headers),
        refused.post("/sparql", data="DROP ALL", headers={**headers, "Content-Type": UPDATE}),
        refused.put(
            "/graphs?default", data=ONE, headers={**headers, "Content-Type": "text/turtle"}
        ),
        refused.delete("/graphs?default", headers=headers),
    ):
        assert (answer.status_code, _slug(answer)) == (status, slug)
        assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_the_request_names_the_graphs_that_an_update_reads(writer: FlaskClient) -> None:
    _update(
        writer,
        "INSERT DATA { GRAPH <urn:a> { <urn:s> <urn:p> 1 } GRAPH <urn:b> { <urn:s> <urn:p> 2 } }",
    )
    copy = "INSERT { GRAPH <urn:c> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    assert _update(writer, copy, "?using-graph-uri=urn:a").status_code == 204
    assert _rows(writer, "SELECT ?o { GRAPH <urn:c> { ?s ?p ?o } }") == ["1"]
    named = "INSERT { GRAPH <urn:d> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert _update(writer, named, "?using-named-graph-uri=urn:b").status_code == 204
    assert _rows(writer, "SELECT ?o { GRAPH <urn:d> { ?s ?p ?o } }") == ["2"]
    short = "DELETE WHERE { ?s ?p ?o }"
    assert _update(writer, short, "?using-graph-uri=urn:a").status_code == 204


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("INSERT { ?s ?p 2 }\nUSING <urn:a> WHERE { ?s ?p ?o }", 2, 1),
        ("WITH <urn:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", 1, 1),
    ],
)
def test_a_dataset_named_twice_is_refused_with_its_place(
    refused: FlaskClient, text: str, line: int, column: int
) -> None:
    answer = _update(refused, text, "?using-graph-uri=urn:a")
    said = json.loads(answer.data)
    assert (answer.status_code, _slug(answer)) == (400, "dataset-named-twice")
    assert (said["line"], said["column"]) == (line, column)


def test_an_update_with_a_syntax_error_changes_nothing(
    application: Any, refused: FlaskClient
) -> None:
    data: DataFolder = application.extensions["hakusho"].data
    before = data.current()
    answer = _update(refused, f"INSERT DATA {{ {ONE} }} ;\nCLEAR XYZ")
    assert (answer.status_code, _slug(answer)) == (400, "query-syntax")
    assert json.loads(answer.data)["line"] == 2
    after = data.current()
    assert before is not None and after is not None and before.number == after.number


def test_an_update_that_reaches_out_is_refused(refused: FlaskClient) -> None:
    answer = _update(refused, "CLEAR ALL ;\nLOAD <http://localhost/>")
    assert (answer.status_code, _slug(answer)) == (403, "query-refused")
    assert json.loads(answer.data)["line"] == 2


def test_a_graph_is_made_read_replaced_added_to_and_removed(writer: FlaskClient) -> None:
    asked = {"graph": GRAPH}
    made = writer.put("/graphs", query_string=asked, data=ONE, headers=TURTLE)
    assert made.status_code == 201
    read = writer.get("/graphs", query_string=asked, headers={"Accept": "application/n-triples"})
    assert (read.status_code, read.content_type) == (200, "application/n-triples")
    assert len(list(parse(read.data, RdfFormat.N_TRIPLES))) == 1
    two = "<urn:s> <urn:p> 2 ."
    assert writer.put("/graphs", query_string=asked, data=two, headers=TURTLE).status_code == 204
    assert writer.post("/graphs", query_string=asked, data=ONE, headers=TURTLE).status_code == 204
    assert sorted(_rows(writer, f"SELECT ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")) == ["1", "2"]
    assert writer.head("/graphs", query_string=asked).status_code == 200
    assert writer.delete("/graphs", query_string=asked, headers=WRITER).status_code == 204
    for method in ("GET", "HEAD", "DELETE"):
        gone = writer.open("/graphs", method=method, query_string=asked, headers=WRITER)
        assert gone.status_code == 404


def test_putting_the_same_again_is_no_new_graph(writer: FlaskClient) -> None:
    for status in (201, 204):
        again = writer.put(f"/graphs?graph={GRAPH}", data=ONE, headers=TURTLE)
        assert again.status_code == status


def test_a_graph_has_its_own_address(writer: FlaskClient) -> None:
    made = writer.put("/graphs/notes/1", data="<> <urn:p> 1 .", headers=TURTLE)
    assert made.status_code == 201
    assert made.location == "http://localhost/graphs/notes/1"
    name = "https://w3id.org/hakusho/graph/notes/1"
    assert _rows(writer, "SELECT ?g { GRAPH ?g { ?g ?p ?o } }") == [name]
    for asked in (made.location, name):
        assert writer.get("/graphs", query_string={"graph": asked}).status_code == 200


def test_posting_to_the_store_makes_a_graph_and_says_where(writer: FlaskClient) -> None:
    made = writer.post("/graphs", data=ONE, headers=TURTLE)
    assert made.status_code == 201
    assert made.location is not None
    read = writer.get(made.location, headers={"Accept": "application/n-triples"})
    assert b"<urn:s>" in read.data


def test_the_default_graph_is_written_by_its_name(writer: FlaskClient) -> None:
    assert writer.put("/graphs?default", data=ONE, headers=TURTLE).status_code == 204
    assert _count(writer) == 1
    assert writer.delete("/graphs?default", headers=WRITER).status_code == 204
    assert _count(writer) == 0


def test_an_empty_graph_that_was_put_is_there(writer: FlaskClient) -> None:
    assert writer.put("/graphs/empty", data="", headers=TURTLE).status_code == 201
    assert writer.get("/graphs/empty").status_code == 200


def test_several_documents_are_posted_as_a_form(writer: FlaskClient) -> None:
    from io import BytesIO

    parts = {
        "one": (BytesIO(ONE.encode()), "one.ttl", "text/turtle"),
        "two": (BytesIO(b"<urn:s> <urn:p> <urn:o> ."), "two.nt", "application/n-triples"),
    }
    assert writer.post("/graphs/both", data=parts, headers=WRITER).status_code == 201
    assert _count(writer, "GRAPH ?g { ?s ?p ?o }") == 2


@pytest.mark.parametrize(
    ("url", "body", "headers", "status", "slug"),
    [
        ("/graphs", ONE, TURTLE, 400, "malformed-request"),
        ("/graphs?default&graph=urn:a", ONE, TURTLE, 400, "malformed-request"),
        ("/graphs?graph=urn:a&graph=urn:b", ONE, TURTLE, 400, "malformed-request"),
        ("/graphs?graph=relative", ONE, TURTLE, 400, "malformed-request"),
        ("/graphs/a?graph=urn:a", ONE, TURTLE, 400, "malformed-request"),
        ("/graphs/a", ONE, WRITER, 415, "unsupported-content"),
        ("/graphs/a", ONE, {**WRITER, "Content-Type": "text/csv"}, 415, "unsupported-content"),
        ("/graphs/a", ONE, {**TURTLE, "Content-Encoding": "gzip"}, 415, "unsupported-content"),
        (
            "/graphs/a",
            ONE,
            {**WRITER, "Content-Type": "text/turtle; charset=shift_jis"},
            415,
            "unsupported-content",
        ),
        ("/graphs/a", "<urn:s> <urn:p>\n1 2 .", TURTLE, 400, "rdf-syntax"),
    ],
)
def test_what_cannot_be_put_is_refused_by_its_name(
    refused: FlaskClient, url: str, body: str, headers: dict[str, str], status: int, slug: str
) -> None:
    answer = refused.put(url, data=body, headers=headers)
    assert (answer.status_code, _slug(answer)) == (status, slug)


@pytest.mark.parametrize(
    ("media_type", "body", "slug"),
    [
        ("application/rdf+xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>', "rdf-syntax"),
        ("application/ld+json", '{"@context": "http://localhost/", "a": 1}', "rdf-syntax"),
        (
            "application/ld+json",
            '{"@id": "urn:g", "@graph": [{"@id": "urn:s", "urn:p": 1}]}',
            "rdf-syntax",
        ),
        ("text/turtle", "<urn:s> <urn:p> " + "[ <urn:p> " * 5_000, "limit-nesting"),
        ("application/ld+json", "[" * 50_000, "limit-nesting"),
    ],
)
def test_a_document_that_could_do_harm_is_refused_and_the_service_goes_on(
    refused: FlaskClient, media_type: str, body: str, slug: str
) -> None:
    before = _count(refused)
    answer = refused.put("/graphs/a", data=body, headers={**WRITER, "Content-Type": media_type})
    assert (400 <= answer.status_code < 500, _slug(answer)) == (True, slug)
    assert _count(refused) == before


def test_a_method_that_there_is_not_says_which_there_are(refused: FlaskClient) -> None:
    answer = refused.patch("/graphs/a", data="", headers=WRITER)
    assert answer.status_code == 405
    assert {"GET", "PUT", "POST", "DELETE"} <= set(answer.headers["Allow"].split(", "))


def test_the_merged_default_graph_is_not_written_itself(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    data.publish([], who="tests")
    service = Service.of(data, Settings({"token": TOKEN, "limit_fast_workers": 1}))
    client = create_app(service).test_client()
    answer = client.put("/graphs?default", data=ONE, headers=TURTLE)
    assert (answer.status_code, _slug(answer)) == (409, "derived-graph")
    service.close()


def _update(client: FlaskClient, text: str, asked: str = "") -> Any:
    return client.post(f"/sparql{asked}", data=text, headers={**WRITER, "Content-Type": UPDATE})


def _rows(client: FlaskClient, text: str) -> list[str]:
    said = client.get("/sparql", query_string={"query": text}).json
    assert said is not None
    return [next(iter(row.values()))["value"] for row in said["results"]["bindings"]]


def _count(client: FlaskClient, pattern: str = "?s ?p ?o") -> int:
    return int(_rows(client, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")[0])


def _slug(answer: Any) -> str:
    return str(json.loads(answer.data)["type"]).rpartition("/")[2]
