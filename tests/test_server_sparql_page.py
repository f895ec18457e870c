"""The page of a query: labels, views, what is wrong and where, ways to begin and to go on."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from html import unescape

import pytest
from flask.testing import FlaskClient

from hakusho.server.snippets import QUOTED, snippets

PAGE = {"Accept": "text/html"}
HK = "PREFIX hk: <https://w3id.org/hakusho/ontology#>\n"
PAIRS = HK + "SELECT ?policy ?challenge WHERE { ?policy hk:addresses ?challenge } ORDER BY ?policy"
DRAWN = HK + "CONSTRUCT { ?p hk:addresses ?c } WHERE { ?p hk:addresses ?c }"


def asked(client: FlaskClient, query: str, **more: str) -> str:
    arguments = {"query": query, "lang": "en", **more}
    return client.get("/sparql", query_string=arguments, headers=PAGE).text


def elements(page: str) -> dict[str, list[dict[str, dict[str, str]]]]:
    found = re.search(r'<script type="application/json" id="network-data">(.*?)</script>', page)
    assert found is not None
    return dict(json.loads(found[1]))


def test_things_of_an_answer_stand_under_their_labels(client: FlaskClient) -> None:
    page = asked(client, PAIRS)
    assert '<a href="/id/policy/guard?lang=en" lang="en">Guard</a>' in page
    assert '<th scope="col">challenge</th>' in page


def test_rows_of_two_things_and_triples_are_drawn_and_listed(client: FlaskClient) -> None:
    for query in (PAIRS, DRAWN):
        page = asked(client, query, view="graph")
        nodes = {node["data"]["id"]: node["data"] for node in elements(page)["nodes"]}
        assert nodes["policy/guard"]["label"] == "Guard"
        assert nodes["policy/guard"]["kind"] == "policy"
        assert nodes["policy/guard"]["href"] == "/id/policy/guard?lang=en"
        assert page.count("<li><a href=") >= len(elements(page)["edges"])


def test_what_cannot_be_drawn_is_shown_as_a_table_whatever_view_is_asked(
    client: FlaskClient,
) -> None:
    page = asked(client, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", view="graph")
    assert '<table class="answer">' in page and "network-data" not in page


def test_an_error_is_marked_at_its_line_and_column_with_and_without_a_script(
    client: FlaskClient,
) -> None:
    answer = client.get(
        "/sparql", query_string={"query": HK + "SELECT ?x WHERE { ?x hk:a b ?y }", "lang": "ja"},
        headers=PAGE,
    )  # fmt: skip
    assert answer.status_code == 400
    assert 'data-line="2" data-column="27"' in answer.text
    assert "SELECT ?x WHERE { ?x hk:a <mark>b ?y }</mark>" in answer.text
    assert "2行目の27文字目" in answer.text


def test_a_question_begins_with_its_query_filled_in(client: FlaskClient) -> None:
    page = client.get("/sparql?question=policies/of-challenge&lang=en", headers=PAGE).text
    assert "VALUES ?challenge { &lt;https://w3id.org/hakusho/id/challenge/" in page
    assert '<option value="policies/of-challenge" selected>' in page
    assert client.get("/sparql?question=nothing", headers=PAGE).status_code == 404


def test_an_answer_has_a_link_for_good_and_programs_that_ask_it(client: FlaskClient) -> None:
    page = asked(client, PAIRS)
    link = re.search(r'id="share" readonly value="([^"]*)"', page)
    assert link is not None and "release=1" in link[1]
    for language in QUOTED:
        assert f'id="snippet-{language}"' in page


NASTY = 'SELECT ?x WHERE { ?x ?p "\'$HOME`id`\\\\" # ${x} """ \')-" \n}'


def test_a_program_carries_any_query_as_it_is(client: FlaskClient) -> None:
    with client.application.test_request_context():
        code = dict(snippets(NASTY, "http://127.0.0.1/sparql", "solutions"))
    tree = ast.parse(code["python"])
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert NASTY in texts
    command = code["curl"].replace("curl ", "printf '%s\\0' ", 1)
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert f"query={NASTY}" in said.stdout.split("\0")


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<img src=x>", "\u202e"])
def test_markup_in_a_query_or_an_answer_is_shown_as_text(client: FlaskClient, text: str) -> None:
    query = f'SELECT ?a ?b ("{text}" AS ?c) WHERE {{ ?a <urn:{len(text)}> ?b }}'
    page = asked(client, query)
    assert "<script>alert" not in page and "<img" not in page
    drawn = f'CONSTRUCT {{ <urn:a> <urn:b> <urn:c> . <urn:a> rdfs:label "{text}"@en }} WHERE {{}}'
    drawn = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n{drawn}"
    page = asked(client, drawn, view="graph")
    assert elements(page)["nodes"] and "<script>alert" not in page


NUMBERS = "SELECT ?name ?n WHERE { VALUES (?name ?n) { ('<b>一' 1) ('二' 2.5) ('三' -3) } }"


def test_numbers_are_drawn_as_a_chart_that_the_page_shows_without_a_script(
    client: FlaskClient,
) -> None:
    page = asked(client, NUMBERS, view="chart")
    found = re.search(r'<img src="(/charts/query\.svg\?[^"]*)"', page)
    assert found is not None
    drawn = client.get(unescape(found[1]))
    assert drawn.content_type.startswith("image/svg+xml") and "二" in drawn.text
    assert "<b>" not in drawn.text
    narrow = client.get(unescape(found[1]) + "&width=narrow")
    assert narrow.status_code == 200
    assert "unsafe" not in drawn.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("query", "status"),
    [(PAIRS, 400), (DRAWN, 400), ("ASK {}", 400), ("nonsense", 400), ("", 400)],
)
def test_what_has_no_numbers_is_not_drawn(client: FlaskClient, query: str, status: int) -> None:
    answer = client.get("/charts/query.svg", query_string={"query": query})
    assert answer.status_code == status


def test_terms_are_offered_with_labels_in_the_readers_language(client: FlaskClient) -> None:
    said = client.get("/completions?lang=ja").json
    assert said is not None
    terms = {each["name"]: each for each in said["terms"]}
    assert terms["hk:Policy"]["label"] == "施策" and terms["hk:Policy"]["definition"]
    assert "skos:broader" in terms and said["prefixes"]["hk"].endswith("ontology#")
