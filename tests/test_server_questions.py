"""The catalogue on the web: the list, a question's form, its answer as page and as data."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

from hakusho.queries.catalogue import catalogue
from hakusho.queries.catalogue_rdf import catalogue_graph
from hakusho.server.language import LANGUAGES
from hakusho.server.texts.files import texts

PAGE = {"Accept": "text/html"}


def test_every_question_is_listed_in_both_languages(client: FlaskClient) -> None:
    for lang in ("ja", "en"):
        page = client.get(f"/queries?lang={lang}", headers=PAGE).text
        for question in catalogue():
            assert f'href="/queries/{question.id}?lang={lang}"' in page


def test_programs_are_told_what_a_question_asks_and_takes(client: FlaskClient) -> None:
    answer = client.get("/queries", headers={"Accept": "application/json"})
    assert answer.json is not None
    told = {each["id"]: each for each in answer.json["questions"]}
    assert told.keys() == {question.id for question in catalogue()}
    said = told["policies/of-challenge"]
    assert said["title"]["en"] == "Policies that address a challenge"
    assert said["parameters"]["challenge"]["type"] == "hk:Challenge"
    assert said["address"] == "http://localhost/queries/policies/of-challenge"


def test_the_catalogue_is_given_as_rdf(client: FlaskClient) -> None:
    answer = client.get("/queries", headers={"Accept": "text/turtle"})
    said = {quad.triple for quad in parse(answer.data, RdfFormat.TURTLE)}
    assert said >= {triple for triple in catalogue_graph() if isinstance(triple.object, NamedNode)}


@pytest.mark.parametrize("id", [question.id for question in catalogue()])
def test_every_question_has_a_page(client: FlaskClient, id: str) -> None:
    assert client.get(f"/queries/{id}", headers=PAGE).status_code == 200


def test_every_folder_of_questions_has_a_name_in_both_languages() -> None:
    folders = {question.id.partition("/")[0] for question in catalogue()}
    names = texts("pages")["group"]
    missing = {
        f"[group] {folder}: {lang}"
        for folder in folders
        for lang in LANGUAGES
        if not names.get(folder, {}).get(lang, "").strip()
    }
    assert not missing, f"name it in server/texts/pages/group.toml: {sorted(missing)}"


def test_a_form_offers_the_things_that_there_are_by_name(client: FlaskClient) -> None:
    page = client.get("/queries/policies/of-challenge?lang=en", headers=PAGE).text
    assert '<option value="challenge/attack">Attacks</option>' in page
    assert "hakusho query policies/of-challenge challenge=challenge/cybersecurity" in page


def test_an_answer_is_shown_with_things_under_their_labels(client: FlaskClient) -> None:
    asked = {"challenge": "challenge/ageing", "lang": "ja"}
    page = client.get("/queries/policies/of-challenge", query_string=asked, headers=PAGE).text
    assert 'href="/id/policy/parcel?lang=ja">小包</a>' in _plain(page)
    assert "policyLabel</th>" not in page


def test_an_answer_is_given_as_data_by_format_accept_and_extension(client: FlaskClient) -> None:
    asked = {"challenge": "challenge/ageing", "lang": "en"}
    answers = [
        client.get("/queries/policies/of-challenge", query_string={**asked, "format": "csv"}),
        client.get("/queries/policies/of-challenge.csv", query_string=asked),
        client.get(
            "/queries/policies/of-challenge", query_string=asked, headers={"Accept": "text/csv"}
        ),
    ]
    for answer in answers:
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [row["policyLabel"] for row in rows] == ["Parcel"]
    json = client.get("/queries/policies/of-challenge.json", query_string=asked)
    assert json.json is not None and len(json.json["results"]["bindings"]) == 1


def test_a_wrong_parameter_is_said_in_the_page_and_as_a_problem(client: FlaskClient) -> None:
    wrong = "/queries/policies/of-challenge?challenge=policy/guard"
    assert "種類が challenge の資源のID" in client.get(wrong, headers=PAGE).text
    said = client.get(f"{wrong}&format=csv")
    assert said.status_code == 400
    assert said.json is not None
    assert (said.json["name"], said.json["got"]) == ("challenge", "policy/guard")
    missing = client.get("/queries/policies/of-challenge?format=csv")
    assert missing.status_code == 400
    unknown = client.get("/queries/policies/of-challenge?challange=x&format=csv")
    assert unknown.json is not None and unknown.json["nearest"][0] == "challenge"


def test_an_unknown_question_names_the_nearest(client: FlaskClient) -> None:
    answer = client.get("/queries/matrix/cel", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json is not None and "matrix/cells" in answer.json["nearest"]


def _plain(page: str) -> str:
    """Gives a page without the language of each link."""
    return page.replace(' lang="ja">', ">")
