"""How pages of the packaged edition call things: values, days, graphs and parts in words."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import HKID, PREFIXES, expand, graph, thing
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.app import create_app
from hakusho.server.service import Service

HTML = {"Accept": "text/html"}
COUNT = "/id/observation/notice-isps_2022-03_JP_266fb6df"
DAYS = quote(
    "PREFIX hk: <https://w3id.org/hakusho/ontology#> "
    "SELECT ?start WHERE { <https://w3id.org/hakusho/id/period/FY2024> hk:start ?start }"
)


@pytest.fixture(scope="module")
def pages(matrix_data: DataFolder, packaged_store: EmbeddedStore) -> FlaskClient:
    return create_app(Service(matrix_data, packaged_store)).test_client()


def read(pages: FlaskClient, path: str, lang: str) -> str:
    """Gives a page in a language."""
    joint = "&" if "?" in path else "?"
    answer = pages.get(f"{path}{joint}lang={lang}", headers=HTML)
    assert answer.status_code == 200
    return answer.text


def heading(page: str) -> str:
    """Gives the text of the heading of a page."""
    found = re.search("<h1>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub("<.*?>", " ", found[1]).split())


def approximate(pages: FlaskClient) -> str:
    """Gives the address of an observation that its page prints as 約8割."""
    page = read(pages, "/id/document/r07-overview", "en")
    found = re.search('href="(/id/observation/[^"?]*)[^"]*">Cloud service use by enterprises', page)
    assert found is not None
    return found[1]


def test_the_heading_of_an_observation_has_the_unit_of_its_value(pages: FlaskClient) -> None:
    assert heading(read(pages, COUNT, "en")) == "ISPs taking part in NOTICE, Mar 2022: 69 companies"
    assert heading(read(pages, COUNT, "ja")).endswith("：69 社")
    assert "69 companies" in read(pages, f"/provenance?thing={COUNT[4:]}", "en")


def test_a_value_printed_in_japanese_words_is_read_out_in_english(pages: FlaskClient) -> None:
    address = approximate(pages)
    page = read(pages, address, "en")
    assert heading(page).endswith(", 2024: about 8 tenths")
    assert 'As printed: <span lang="ja">約8割</span>' in page
    assert heading(read(pages, address, "ja")).endswith("：約8割")
    document = "/id/document/r07-overview"
    assert "about 45 per cent" in read(pages, document, "en")
    assert "：約45%" in (page := read(pages, document, "ja")) and "about" not in page


def test_an_indicator_reads_its_values_out_before_it_shows_the_print(pages: FlaskClient) -> None:
    page = read(pages, "/id/indicator/enterprise-cloud-use-rate", "en")
    assert 'about 8 tenths <small class="whole" lang="ja">約8割</small>' in page


@pytest.mark.parametrize("path", ["/graphs", "/releases/1", "/provenance?thing=policy/notice"])
def test_a_graph_is_called_by_the_edition_whose_statements_it_holds(
    pages: FlaskClient, path: str
) -> None:
    for lang, name in (("ja", "令和7年版（白書の記述）"), ("en", "2025 edition (as printed)")):
        assert re.search(re.escape(f">{name}</a> <code>hkg:r07</code>"), read(pages, path, lang))


def test_a_release_says_which_editions_were_built(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    said = Quad(thing("policy", "a"), NamedNode(expand("rdf:type")), NamedNode(expand("hk:Policy")),
                graph("r07"))  # fmt: skip
    made = data.publish([said], who="tests", why="editions r07")
    pages = create_app(Service(data, made.open())).test_client()
    assert "令和7年版情報通信白書" in read(pages, "/releases", "ja")
    assert "2025 edition of the white paper" in read(pages, "/releases/1", "en")


def test_what_changed_is_called_as_on_its_page(tmp_path: Path) -> None:
    ttl = """
      <observation/x> hk:indicator <indicator/i> ; hk:period <period/2024> ; hk:unit <unit/yen> ;
        hk:printedValue "1,234" ; hk:value 1234 .
      <indicator/i> rdfs:label "売上"@ja , "Sales"@en .
      <period/2024> rdfs:label "2024年"@ja , "2024"@en .
      <unit/yen> rdfs:label "億円"@ja , "100 million yen"@en ."""
    header = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    quads = parse(f"BASE <{HKID}>\n{header}{ttl}", RdfFormat.TURTLE)
    data = DataFolder(tmp_path)
    label = Quad(thing("policy", "a"), NamedNode(expand("rdfs:label")), Literal("A", language="en"))
    data.publish([on(label)], who="tests")
    made = data.publish([on(label), *map(on, quads)], who="tests")
    pages = create_app(Service(data, made.open())).test_client()
    assert "<b>売上　2024年：1,234 億円</b>" in read(pages, "/releases/2", "ja")
    assert "<b>Sales, 2024: 1,234 × 100 million yen</b>" in read(pages, "/releases/1..2", "en")


def on(quad: Quad) -> Quad:
    """Gives a statement as one of the graph of an edition."""
    return Quad(quad.subject, quad.predicate, quad.object, graph("r07"))


def test_an_answer_is_shown_briefly_beside_a_question(pages: FlaskClient) -> None:
    laws = read(pages, "/queries/policies/laws-in-force?date=2025-04-01", "en")
    assert ">www.soumu.go.jp … nd226310.html</a>" in laws
    assert ">Yes</span>" in laws and ">true</" not in laws


def test_a_day_in_an_answer_is_written_as_its_reader_writes_it(pages: FlaskClient) -> None:
    machine = '<time datetime="2024-04-01">'
    assert f"{machine}2024年4月1日</time>" in read(pages, f"/sparql?query={DAYS}", "ja")
    assert f"{machine}1 April 2024</time>" in read(pages, f"/sparql?query={DAYS}", "en")
    span = '<time datetime="2024-01-01">{}</time> – <time datetime="2024-12-31">{}</time>'
    source = "/id/source/airankings-country"
    assert span.format("Jan 2024", "Dec 2024") in read(pages, source, "en")
    assert span.format("2024年1月", "2024年12月") in read(pages, source, "ja")
    old = read(pages, "/quality/indicators-without-recent-value", "en")
    assert '<time datetime="1983-03-31">31 March 1983</time>' in old
    assert "2024-04-01" in pages.get(f"/sparql?query={DAYS}&format=csv").text


def test_a_part_bears_the_number_that_the_white_paper_prints(pages: FlaskClient) -> None:
    place = "/id/part/r07-p2-c2-s5"
    assert heading(read(pages, place, "ja")).startswith("第Ⅱ部第2章第5節 ")
    assert heading(read(pages, place, "en")).startswith("Part II, Chapter 2, Section 5 ")
    for path in ("/outline", "/id/whitepaper/r07", place):
        assert '<span class="no">第Ⅱ部</span> ' in read(pages, path, "ja")
        assert '<span class="no">Chapter 2</span> ' in read(pages, path, "en")


@pytest.mark.parametrize("path", ["/id/area/US", "/id/unit/contracts-per-100-people"])
def test_a_thing_is_not_said_to_point_at_itself(pages: FlaskClient, path: str) -> None:
    page = read(pages, path, "en")
    assert f'<a href="{path}?lang=en">' not in page.partition("What is said")[2]


@pytest.mark.parametrize(
    "path", ["slice-key/observation_age_device", "structure/observation_age", "component/device"]
)
def test_the_parts_of_a_data_cube_have_names(pages: FlaskClient, path: str) -> None:
    for lang in ("ja", "en"):
        assert "no name recorded" not in (page := read(pages, f"/id/{path}", lang))
        assert "名前の記録なし" not in page


@pytest.mark.parametrize(
    ("asked", "ja", "en"),
    [
        (
            "sort=wrong",
            "使える値：次のいずれか：name, newest, oldest",
            "expected one of name, newest",
        ),
        ("kind=wrong", "使える値：値（例：policy-kind/", "expected a value such as policy-kind/"),
    ],
)
def test_what_a_list_does_not_take_is_answered_with_what_it_takes(
    pages: FlaskClient, asked: str, ja: str, en: str
) -> None:
    for lang, expected in (("ja", ja), ("en", en)):
        answer = pages.get(f"/policies?{asked}&lang={lang}", headers=HTML)
        assert answer.status_code == 400
        assert expected in answer.text and "原文" not in answer.text


def test_two_editions_are_offered_for_comparison_the_newest_first(pages: FlaskClient) -> None:
    page = read(pages, "/compare", "en").partition('<select id="whitepaper-b"')[2]
    offered = re.findall('<option value="([^"]*)"( selected)?>', page)
    assert offered[:2] == [("whitepaper/r07", ""), ("whitepaper/r06", " selected")]
    assert offered[-1] == ("whitepaper/s58", "")


def test_two_values_in_conflict_are_read_out_side_by_side(pages: FlaskClient) -> None:
    address = "/quality/conflicting-values"
    english, japanese = (read(pages, address, lang) for lang in ("en", "ja"))
    assert '<b>about 45 per cent <small class="whole" lang="ja">約45%</small></b>' in english
    assert "difference −0.7%" in english
    assert "<b>約45%</b>" in japanese


def test_a_line_of_a_chart_is_named_for_the_edition_that_prints_it(pages: FlaskClient) -> None:
    chart = "/charts/indicator/genai-individual-use-rate/fiscal-year.svg"
    english, japanese = (pages.get(f"{chart}?lang={lang}").text for lang in ("en", "ja"))
    assert "[2025 edition, overview]" in english
    assert "[令和7年版の概要]" in japanese
