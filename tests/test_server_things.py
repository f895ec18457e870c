"""The page of each kind of thing over the packaged edition, and what strange things do to pages."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import expand, thing
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.app import create_app
from hakusho.server.service import Service

HTML = {"Accept": "text/html"}
EVIL = "<script>alert(1)</script>\u202eabc\x07"


@pytest.fixture(scope="module")
def pages(matrix_data: DataFolder, packaged_store: EmbeddedStore) -> FlaskClient:
    return create_app(Service(matrix_data, packaged_store)).test_client()


@pytest.fixture(scope="module")
def strange() -> EmbeddedStore:
    """A store in which a policy has labels and addresses that nobody should have written."""
    store = EmbeddedStore()
    about = thing("policy", "evil")
    said: dict[str, NamedNode | Literal] = {
        "rdf:type": NamedNode(expand("hk:Policy")),
        "rdfs:label": Literal(EVIL, language="ja"),
        "dcterms:description": Literal('"><img src=x onerror=alert(1)>', language="ja"),
        "hk:page": NamedNode("javascript:alert(1)"),
        "hk:ledBy": NamedNode("file:///etc/passwd"),
        "skos:altLabel": Literal("ordinary\u200f", language="ja"),
    }
    for property, value in said.items():
        store.engine.add(Quad(about, NamedNode(expand(property)), value))
    return store


KINDS = [
    ("challenge/cybersecurity", ("Which policies address it", "Are the numbers moving?")),
    ("policy/digital-infra-plan-2030", ("Is it working?", "Challenges it addresses", "to go")),
    ("indicator/broadcaster-revenue", ("fiscal-year.svg", "Latest actual", "CSV", "release 1")),
    ("source/mic-broadcaster-finance", ("Indicators from this source", "Publisher")),
    ("organization/mic", ("Policies it leads", "Sources it published")),
    ("part/r07-p2-c2", ("What it consists of", "Policies")),
    ("whitepaper/r07", ("Outline", "Other editions")),
    ("period/FY2023", ("Indicators with a value", "Milestones")),
    ("unit/percent", ("What points to it",)),
    ("area/JP", ("See all",)),
]


@pytest.mark.parametrize(("id", "said"), KINDS, ids=[id for id, _ in KINDS])
def test_the_page_of_a_kind_answers_its_readers_questions(
    pages: FlaskClient, id: str, said: tuple[str, ...]
) -> None:
    page = pages.get(f"/id/{id}?lang=en", headers=HTML)
    assert page.status_code == 200
    for each in said:
        assert each in page.text, each
    assert page.text.index("<h1>") < page.text.index('class="triples"')
    assert len(page.data) < 100_000


def test_values_that_two_pages_print_differently_are_shown_with_both(pages: FlaskClient) -> None:
    page = pages.get("/id/indicator/internet-use-by-device?lang=en", headers=HTML).text
    conflicts = page[page.index("Values that differ") :]
    assert conflicts.count('rel="external"') >= 2


def test_what_points_to_a_hub_is_turned_page_by_page(pages: FlaskClient) -> None:
    address, seen = "/pointing?iri=unit/percent&property=hk:unit&lang=en", 0
    while address:
        page = pages.get(address).text
        seen += page.count('<li><a href="/id/')
        following = re.search(r'<a rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    summary = pages.get("/id/unit/percent?lang=en", headers=HTML).text
    counts = [int(each) for each in re.findall(r"See all (\d+)</a>", summary)]
    assert max(counts) <= seen


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_an_unknown_thing_is_not_found_in_the_language_of_the_page(
    pages: FlaskClient, lang: str
) -> None:
    answer = pages.get(f"/id/challenge/cybersecurty?lang={lang}", headers=HTML)
    assert answer.status_code == 404
    assert f'href="/id/challenge/cybersecurity?lang={lang}"' in answer.text
    assert ("記録のない資源です" if lang == "ja" else "Nothing is recorded") in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/id/policy/" + "x" * 10_000, 404),
        ("/id/nonsense/cybersecurity", 404),
        ("/id/policy/%00%01", 404),
        ("/id/policy/%E2%80%AEabc", 404),
        ("/id/policy/<script>alert(1)</script>", 404),
        ("/id/policy/notice?" + "a=" + "x" * 10_000, 200),
        ("/resource?iri=javascript:alert(1)", 404),
        ("/resource?iri=not an iri", 400),
        ("/resource", 400),
        ("/pointing?iri=area/JP", 400),
        ("/pointing?iri=area/JP&property=hk:area&after=" + "z" * 10_000, 200),
        ("/links?after=nowhere", 400),
        ("/links?section=challenge/cybersecurity", 400),
        ("/compare?a=policy/notice", 400),
        ("/compare?a=challenge/cybersecurity&b=indicator/broadcaster-revenue", 400),
        ("/compare?a=challenge/none", 404),
    ],
    ids=lambda each: str(each)[:48],
)
def test_a_strange_address_is_refused_or_harmless(
    pages: FlaskClient, address: str, status: int
) -> None:
    answer = pages.get(address, headers=HTML)
    assert answer.status_code == status
    assert "<script>" not in answer.text and "\u202e" not in answer.text
    assert 'href="javascript:' not in answer.text
    assert len(answer.data) < 100_000


def test_labels_with_markup_controls_and_overrides_are_shown_harmlessly(
    matrix_data: DataFolder, strange: EmbeddedStore
) -> None:
    page = create_app(Service(matrix_data, strange)).test_client().get(
        "/id/policy/evil?lang=ja", headers=HTML
    ).text  # fmt: skip
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>" not in page and "<img src=x" not in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f\x00-\x08]", page)
    assert 'href="javascript:' not in page and 'href="file:' not in page


def test_challenges_indicators_and_editions_are_compared(pages: FlaskClient) -> None:
    asked = {
        "a=challenge/cybersecurity&b=challenge/disinformation": "Both",
        "a=indicator/broadcaster-revenue&b=indicator/caption-subsidy-budget": "<h2>",
        "a=whitepaper/r06&b=whitepaper/r05": "Both",
        "a=indicator/broadcaster-revenue": "<select",
        "": "Compare",
    }
    for query, said in asked.items():
        page = pages.get(f"/compare?lang=en&{query}")
        assert page.status_code == 200 and said in page.text, query


def test_indicators_that_cannot_share_a_chart_are_told_why(pages: FlaskClient) -> None:
    page = pages.get(
        "/compare?lang=en&a=indicator/broadcaster-revenue&b=indicator/media-trust-rate"
    ).text
    assert (
        "side by side" in page and "compare.svg?a=indicator/broadcaster-revenue&amp;b" not in page
    )


def test_rdf_of_a_thing_is_whole_where_its_page_is_cut(pages: FlaskClient) -> None:
    said = list(parse(pages.get("/id/area/JP?format=nt").data, RdfFormat.N_TRIPLES))
    assert len(said) > 20
