"""A thing at its own address: a page for people, RDF for machines, and 404 with the nearest."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, RdfFormat, parse

from hakusho.graph.names import expand, thing

GUARD = thing("policy", "guard")
FORMATS = [
    ("text/turtle", "ttl", RdfFormat.TURTLE),
    ("application/ld+json", "jsonld", RdfFormat.JSON_LD),
    ("application/n-triples", "nt", RdfFormat.N_TRIPLES),
    ("application/rdf+xml", "rdf", RdfFormat.RDF_XML),
]


def test_a_page_says_first_what_the_thing_is(client: FlaskClient) -> None:
    page = client.get("/id/policy/guard?lang=en", headers={"Accept": "text/html"}).text
    page = page[page.index("<h1>") :]
    sentence, facts = page.index("Keeps watch."), page.index("What is said")
    assert page.index("<h1>Guard</h1>") < sentence < facts
    assert "監視" in page
    assert 'href="https://example.org/r07/guard.html"' in page
    assert 'href="/id/challenge/attack?lang=en"' in page


def test_what_points_to_a_thing_is_shown_under_its_kind(client: FlaskClient) -> None:
    page = client.get("/id/part/r07-p2-c2-s1?lang=en").text
    assert ">Networks</a>" in page
    assert ">Drill</a>" in page
    assert "policy (" in page


@pytest.mark.parametrize(("media_type", "extension", "format"), FORMATS)
def test_rdf_is_given_by_accept_by_format_and_by_extension(
    client: FlaskClient, media_type: str, extension: str, format: RdfFormat
) -> None:
    answers = [
        client.get("/id/policy/guard", headers={"Accept": media_type}),
        client.get(f"/id/policy/guard?format={extension}"),
        client.get(f"/id/policy/guard.{extension}"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.content_type.partition(";")[0] == media_type
        said = {quad.triple for quad in parse(answer.data, format)}
        labels = {t.object for t in said if t.subject == GUARD and "label" in t.predicate.value}
        assert Literal("監視", language="ja") in labels


def test_the_answer_names_its_other_formats_and_what_it_depends_on(client: FlaskClient) -> None:
    answer = client.get("/id/policy/guard", headers={"Accept": "text/turtle"})
    links = ", ".join(answer.headers.getlist("Link"))
    assert '</id/policy/guard?format=jsonld>; rel="alternate"; type="application/ld+json"' in links
    assert {"Accept", "Accept-Language"} <= set(answer.vary)


def test_a_format_that_there_is_not_is_refused(client: FlaskClient) -> None:
    answer = client.get("/id/policy/guard", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json is not None and "text/turtle" in answer.json["offered"]


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/json"])
def test_an_unknown_thing_is_not_found_and_the_nearest_named(
    client: FlaskClient, accept: str
) -> None:
    answer = client.get("/id/policy/gard", headers={"Accept": accept})
    assert answer.status_code == 404
    assert "policy/guard" in answer.text


def test_a_link_without_a_name_has_a_heading_from_its_ends(client: FlaskClient) -> None:
    page = client.get("/id/link/guard_addresses_attack?lang=en").text
    assert "<h1>Guard → Attacks</h1>" in page


def test_any_iri_of_the_graph_has_a_page(client: FlaskClient) -> None:
    page = client.get("/resource", query_string={"iri": "https://example.org/r07/guard.html"})
    assert page.status_code == 200
    assert "/id/policy/guard" in page.text
    assert client.get("/resource?iri=nowhere").status_code == 400
    assert client.get("/resource?iri=https://example.org/nowhere").status_code == 404


def test_the_terms_are_listed_and_each_has_a_page(client: FlaskClient) -> None:
    page = client.get("/ontology?lang=ja", headers={"Accept": "text/html"}).text
    assert 'id="Policy"' in page and 'href="/ontology/Policy?lang=ja"' in page
    term = client.get("/ontology/Policy?lang=en", headers={"Accept": "text/html"})
    assert term.status_code == 200
    assert client.get("/ontology/nothing").status_code == 404


def test_the_ontology_is_given_as_rdf(client: FlaskClient) -> None:
    answer = client.get("/ontology", headers={"Accept": "text/turtle"})
    subjects = {quad.subject.value for quad in parse(answer.data, RdfFormat.TURTLE)}
    assert {expand("hk:Policy"), expand("hk:addresses")} <= subjects


def test_no_address_in_a_page_leads_to_a_script(client: FlaskClient) -> None:
    assert 'href="javascript:' not in client.get("/resource?iri=javascript:alert(1)").text
