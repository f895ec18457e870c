"""The SPARQL endpoint as the protocol has it: what is asked, what is refused, what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

from hakusho.graph.names import expand

ASK = "ASK { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
POLICIES = """
PREFIX hk: <https://w3id.org/hakusho/ontology#>
SELECT ?p { ?p a hk:Policy } ORDER BY ?p
"""


def test_a_query_is_answered_by_get_by_form_and_by_direct_post(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": POLICIES}),
        client.post("/sparql", data={"query": POLICIES}),
        client.post("/sparql", data=POLICIES, content_type=QUERY),
        client.post("/sparql", data=POLICIES, content_type=f"{QUERY}; charset=UTF-8"),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.content_type for answer in answers} == {"application/sparql-results+json"}
    found = {tuple(_values(answer.json, "p")) for answer in answers}
    assert found == {tuple(expand(f"policy/{x}") for x in ("drill", "guard", "idle", "parcel"))}


def test_head_says_what_get_would_without_a_body(client: FlaskClient) -> None:
    head = client.head("/sparql", query_string={"query": ASK})
    assert (head.status_code, head.data) == (200, b"")
    assert head.content_type == "application/sparql-results+json"


def test_the_short_way_and_flask_s_give_the_same_headers(client: FlaskClient) -> None:
    asked = {"query": "ASK { ?s ?p 'the same either way' }"}
    through_flask = client.head("/sparql", query_string=asked)
    short = client.get("/sparql", query_string=asked)
    of_the_request = {"X-Request-Id"}
    short_way, long_way = (
        {name: value for name, value in answer.headers if name not in of_the_request}
        for answer in (short, through_flask)
    )
    assert short_way == long_way


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        (ASK, "application/sparql-results+xml", "application/sparql-results+xml"),
        (POLICIES, "text/csv", "text/csv; charset=utf-8"),
        (POLICIES, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (f"DESCRIBE <{expand('policy/guard')}>", "*/*", "text/turtle; charset=utf-8"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples", "application/n-triples"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml", "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json", "application/ld+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/trig", "application/trig"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-quads", "application/n-quads"),
    ],
)
def test_the_form_and_accept_decide_the_type(
    client: FlaskClient, query: str, accept: str, content_type: str
) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert answer.data


def test_a_format_for_another_form_is_refused_with_those_there_are(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": ASK, "format": "turtle"})
    said = _problem(answer, 406, "not-acceptable")
    assert said["offered"] == ["json", "xml", "csv", "tsv"]


def test_the_dataset_of_the_request_comes_before_that_of_the_text(client: FlaskClient) -> None:
    def holds(query: str, **asked: str) -> bool:
        answer = client.get("/sparql", query_string={"query": query, **asked})
        return bool(json.loads(answer.data)["boolean"])

    graph = expand("hkg:r07")
    text = "ASK FROM <urn:nowhere> { ?s ?p ?o }"
    assert not holds(text)
    assert holds(text, **{"default-graph-uri": graph})
    assert holds("ASK { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": graph})
    assert not holds(ASK, **{"named-graph-uri": graph})


def test_a_graph_named_twice_counts_its_triples_once(client: FlaskClient) -> None:
    graph = expand("hkg:r07")
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    once = client.get("/sparql", query_string={"query": text, "default-graph-uri": graph})
    twice = client.get("/sparql", query_string={"query": text, "default-graph-uri": [graph, graph]})
    assert once.json == twice.json


def test_a_relative_iri_is_relative_to_the_endpoint(client: FlaskClient) -> None:
    answer = client.post("/sparql", data="SELECT (<x> AS ?x) {}", content_type=QUERY)
    assert _values(answer.json, "x") == ["http://localhost/x"]


@pytest.mark.parametrize(
    ("request_", "status", "slug"),
    [
        ({"query_string": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400, "malformed-request"),
        ({"query_string": "query=ASK%7B%7D&update=CLEAR%20ALL"}, 400, "malformed-request"),
        ({"query_string": "update=CLEAR%20ALL"}, 400, "malformed-request"),
        ({"query_string": "query=%FF"}, 400, "malformed-request"),
        ({"query_string": "query=ASK%7B%7D&default-graph-uri=x"}, 400, "malformed-request"),
        ({"query_string": "query=ASK%20%7B"}, 400, "query-syntax"),
        ({"query_string": "query=CLEAR%20ALL"}, 400, "update-instead-of-query"),
        ({"method": "PUT", "query_string": "query=ASK%7B%7D"}, 405, "method-not-allowed"),
        ({"method": "POST", "data": "ASK {}"}, 415, "unsupported-content"),
        (
            {"method": "POST", "data": "ASK {}", "content_type": "text/plain"},
            415,
            "unsupported-content",
        ),
        (
            {
                "method": "POST",
                "data": "ASK {}".encode("utf-16"),
                "content_type": f"{QUERY}; charset=UTF-16",
            },
            415,
            "unsupported-content",
        ),
        (
            {"method": "POST", "data": b"ASK {\xff}", "content_type": QUERY},
            400,
            "malformed-request",
        ),
        ({"method": "POST", "data": "x=1", "content_type": FORM}, 400, "malformed-request"),
        (
            {
                "method": "POST",
                "data": "ASK {}",
                "content_type": QUERY,
                "query_string": "query=ASK%7B%7D",
            },
            400,
            "malformed-request",
        ),
        ({"method": "POST", "data": "CLEAR ALL", "content_type": UPDATE}, 403, "writing-off"),
        ({"method": "POST", "data": "update=CLEAR+ALL", "content_type": FORM}, 403, "writing-off"),
    ],
)
def test_what_is_no_request_of_the_protocol_is_refused_by_its_name(
    client: FlaskClient, request_: dict[str, Any], status: int, slug: str
) -> None:
    _problem(client.open("/sparql", **request_), status, slug)


def test_a_syntax_error_is_shown_with_line_and_column(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "SELECT ?s\nWHERE { ?s ?p }"})
    said = _problem(answer, 400, "query-syntax")
    assert (said["line"], said["column"]) == (2, 15)


def test_any_page_may_read_and_none_may_write(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": ASK}, headers={"Origin": "https://a.jp"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = {"Origin": "https://a.jp", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/sparql", headers=asked)
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "authorization" not in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert "POST" in preflight.headers["Allow"]


def test_the_endpoint_describes_itself(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.content_type == "text/turtle; charset=utf-8"
    said = [quad.triple for quad in parse(answer.data, RdfFormat.TURTLE)]
    service = NamedNode("http://localhost/sparql")
    told = {triple.predicate.value: triple.object for triple in said if triple.subject == service}
    assert told[expand("sd:endpoint")] == service
    languages = [t.object for t in said if t.predicate.value == expand("sd:supportedLanguage")]
    assert languages == [NamedNode(expand("sd:SPARQL11Query"))]
    named = {t.object for t in said if t.predicate.value == expand("sd:name")}
    assert NamedNode(expand("hkg:r07")) in named
    counts = [t.object for t in said if t.predicate.value == expand("void:triples")]
    assert len(counts) == len(named) + 1


def test_a_browser_gets_a_page_with_the_answer(client: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    asked = {"query": POLICIES, "lang": "en"}
    page = client.get("/sparql", query_string=asked, headers=browser)
    assert page.content_type == "text/html; charset=utf-8"
    assert 'href="/id/policy/guard?lang=en"' in page.text
    wrong = client.get("/sparql", query_string={"query": "ASK {", "lang": "en"}, headers=browser)
    assert wrong.status_code == 400
    assert "Not valid SPARQL" in wrong.text


def _values(said: Any, name: str) -> list[str]:
    return [row[name]["value"] for row in said["results"]["bindings"]]


def _problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(answer.data)
    assert (answer.status_code, said["type"].rpartition("/")[2]) == (status, slug)
    assert answer.content_type == "application/problem+json"
    return said
