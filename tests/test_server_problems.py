"""What is answered when something is wrong: one shape on every route, and nothing internal."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hakusho.graph import errors
from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.store import Answer, Query
from hakusho.server.app import create_app
from hakusho.server.problems import PROBLEMS, problem_of, problems
from hakusho.server.service import Service

SHAPE = {"type", "title", "status", "detail", "instance"}
WRONG = [
    ("GET", "/nowhere", 404),
    ("GET", "/id/policy/nobody", 404),
    ("GET", "/id/policy/guard?format=png", 406),
    ("GET", "/ontology/nothing", 404),
    ("GET", "/ontology?format=csv", 406),
    ("GET", "/resource", 400),
    ("GET", "/links?challenge=nothing", 400),
    ("GET", "/queries/no/such", 404),
    ("GET", "/queries/matrix/cells?format=png", 406),
    ("GET", "/queries/matrix/cells?edition=nothing&format=csv", 400),
    ("GET", "/sparql?query=ASK", 400),
    ("GET", "/sparql?update=CLEAR+ALL", 400),
    ("PATCH", "/sparql", 405),
    ("POST", "/", 405),
    ("GET", "/graphs/nothing", 404),
    ("GET", "/graphs?graph=relative", 400),
    ("PUT", "/graphs/x", 403),
    ("DELETE", "/graphs/x", 403),
    ("GET", "/problems/nothing", 404),
    ("GET", "/static/nothing.css", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), WRONG)
def test_every_route_answers_a_problem_in_one_shape(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json.keys() >= SHAPE
    assert answer.json["status"] == status
    assert answer.json["type"].startswith("https://w3id.org/hakusho/problems/")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "path", "status"), WRONG)
def test_who_reads_pages_gets_a_page(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    page = client.open(path, method=method, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert page.content_type == "text/html; charset=utf-8"


def test_a_problem_is_told_in_the_reader_s_language(client: FlaskClient) -> None:
    for lang, title in (("ja", "ページがありません"), ("en", "There is no such page")):
        answer = client.get("/nowhere", headers={"Accept-Language": lang})
        assert answer.json is not None and answer.json["title"] == title
        assert answer.headers["Content-Language"] == lang


def test_every_problem_type_is_explained_in_both_languages(client: FlaskClient) -> None:
    index = client.get("/problems").text
    for problem in problems():
        assert f"/problems/{problem.slug}" in index
        for lang in ("ja", "en"):
            page = client.get(f"/problems/{problem.slug}?lang={lang}").text
            assert problem.type in page
            assert problem.title[lang] and problem.help[lang]


def test_slugs_are_the_names_of_problems_and_each_has_one_status() -> None:
    known = list(problems())
    assert len({problem.slug for problem in known}) == len(known)
    assert all(400 <= problem.status < 600 for problem in known)


@pytest.mark.parametrize(
    ("error", "slug", "status"),
    [
        (errors.InvalidQuery("no", 1, 2), "query-syntax", 400),
        (errors.QueryRefused("no", 1, 2), "query-refused", 403),
        (errors.LimitExceeded("time", "too long"), "limit-time", 504),
        (errors.LimitExceeded("memory", "too much"), "limit-memory", 422),
        (errors.LimitExceeded("unheard-of", "too much"), "limit", 422),
        (errors.TooBusy("busy", 7), "busy", 503),
        (errors.StoreUnavailable("gone"), "store-unavailable", 503),
        (errors.HakushoError("something else"), "refused", 422),
        (ZeroDivisionError("secret"), "internal", 500),
    ],
)
def test_an_error_is_answered_as_its_nearest_known_ancestor(
    error: Exception, slug: str, status: int
) -> None:
    problem = problem_of(error)
    assert (problem.slug, problem.status) == (slug, status)


def test_every_class_in_the_table_is_an_error_of_ours() -> None:
    assert all(issubclass(known, errors.HakushoError) for known in PROBLEMS)


class Broken(EmbeddedStore):
    """A store whose answers fail with the error it was given."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def answer(self, query: Query) -> Answer:
        raise self.error


def _client(data: DataFolder, error: Exception) -> FlaskClient:
    app: Flask = create_app(Service(data, Broken(error)))
    return app.test_client()


def _asked(client: FlaskClient) -> Any:
    return client.get("/sparql", query_string={"query": "ASK {}"})


def test_an_internal_error_shows_a_number_and_nothing_else(
    matrix_data: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    answer = _asked(_client(matrix_data, ZeroDivisionError("/secret/path")))
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Zero" not in answer.text
    assert answer.json["incident"] in caplog.text
    assert "/secret/path" in caplog.text


def test_a_limit_is_named_with_the_way_to_stay_within_it(matrix_data: DataFolder) -> None:
    error = errors.LimitExceeded("time", "the query did not end within 30 s", "use a LIMIT")
    answer = _asked(_client(matrix_data, error))
    assert (answer.json["limit"], answer.json["hint"]) == ("time", "use a LIMIT")


def test_who_is_turned_away_is_told_when_to_come_back(matrix_data: DataFolder) -> None:
    answer = _asked(_client(matrix_data, errors.TooBusy("busy", 7)))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
