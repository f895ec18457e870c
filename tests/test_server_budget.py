"""Query time per client: who has used theirs up waits, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client
from werkzeug.wrappers import Response

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.store import Answer, Query
from hakusho.server import budget as budgets
from hakusho.server.app import create_app
from hakusho.server.budget import Budget, Budgeted, OverBudget, client_of
from hakusho.server.service import Service
from hakusho.server.settings import Settings
from hakusho.server.tokens import tokens_from


class Clock:
    """A clock that stands still until it is told how much time has passed."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Working:
    """A WSGI application that takes five seconds to begin and two for its only piece."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked = 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        self.clock.now += 5
        start_response("200 OK", [])
        return self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        self.clock.now += 2
        yield b"x"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def served(app: Any, budget: Budget, proxies: int = 0) -> Client:
    def refuse(environ: Any, error: Exception) -> Response:
        return Response(str(error), 429)

    return Client(Budgeted(app, budget, proxies, lambda env: "HTTP_X_FRIEND" in env, refuse))


@contextmanager
def spending(budget: Budget, client: str) -> Iterator[None]:
    """Takes from a client's time as long as it lasts."""
    account = budget.begin(client)
    yield
    budget.end(account)


def refused(budget: Budget, client: str) -> int | None:
    """Gives how long a client has to wait, if it does."""
    try:
        budget.end(budget.begin(client))
    except OverBudget as error:
        return error.retry_after
    return None


def test_queries_that_run_at_once_take_from_one_budget_while_they_run(clock: Clock) -> None:
    budget = Budget(60, clock)
    with spending(budget, "a"), spending(budget, "a"), spending(budget, "a"):
        clock.now = 29
        assert refused(budget, "a") is None
        clock.now = 31
        assert refused(budget, "a") == 3
        assert refused(budget, "b") is None


def test_one_query_after_another_is_never_too_much(clock: Clock) -> None:
    budget = Budget(60, clock)
    for _ in range(10):
        with spending(budget, "a"):
            clock.now += 30
        assert refused(budget, "a") is None


def test_who_waits_as_long_as_told_is_answered_again(clock: Clock) -> None:
    budget = Budget(6, clock)
    with spending(budget, "a"):
        clock.now += 10
    wait = refused(budget, "a")
    assert wait == 31
    clock.now += wait - 2
    assert refused(budget, "a") is not None
    clock.now += 2
    assert refused(budget, "a") is None


def test_time_given_back_is_never_more_than_the_budget(clock: Clock) -> None:
    budget = Budget(6, clock)
    clock.now += 10_000
    with spending(budget, "a"):
        clock.now += 7
    assert refused(budget, "a") is not None


def test_beginning_and_each_piece_are_counted_and_the_reader_s_slowness_is_not(
    clock: Clock,
) -> None:
    budget, app = Budget(6, clock), Working(clock)
    client = served(app, budget)
    assert client.get("/a").status_code == 200
    assert client.get("/a").status_code == 429
    assert app.asked == 1
    slow = Clock()
    begun = served(Working(slow), Budget(9, slow)).get("/a", buffered=False)
    slow.now += 1_000
    assert begun.data == b"x"


def test_who_shows_a_token_and_what_watches_the_service_is_not_counted(clock: Clock) -> None:
    client = served(Working(clock), Budget(6, clock))
    for _ in range(5):
        assert client.get("/a", headers={"X-Friend": "yes"}).status_code == 200
        assert client.get("/healthz").status_code == 200
        assert client.get("/problems/over-budget").status_code == 200
    assert client.get("/healthzz").status_code == 200
    assert client.get("/healthzz").status_code == 429


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "client"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", 0, "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.9", 1, "198.51.100.9"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.9, 10.0.0.2", 2, "198.51.100.9"),
        ("10.0.0.1", "198.51.100.9", 2, "198.51.100.9"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.9:4711", 1, "198.51.100.9"),
        ("10.0.0.1", "[2001:db8::1]:4711", 1, "2001:db8::"),
        ("2001:db8:0:1:ffff::1", "", 0, "2001:db8:0:1::"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("10.0.0.1", "unknown", 1, "unknown"),
    ],
)
def test_a_client_is_the_nearest_address_that_it_cannot_make_up(
    remote: str, forwarded: str, proxies: int, client: str
) -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_of(environ, proxies) == client


def test_only_so_many_clients_are_remembered(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "MOST_CLIENTS", 2)
    budget = Budget(6, clock)
    with spending(budget, "a"):
        clock.now += 10
    for other in "bc":
        budget.end(budget.begin(other))
    assert refused(budget, "a") is None


class Heavy(EmbeddedStore):
    """A store whose every answer takes the time of a clock that it was given."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self.clock = clock
        self.seconds = seconds

    def answer(self, query: Query) -> Answer:
        self.clock.now += self.seconds
        return super().answer(query)


@pytest.fixture
def heavy(matrix_data: DataFolder, clock: Clock) -> FlaskClient:
    """A client of the application that has 10 s a minute, each query of which takes 20 s."""
    service = Service(matrix_data, Heavy(clock, 20), tokens_from("s3cret", None, None))
    return create_app(service, Settings({"budget_seconds": 10.0}), clock).test_client()


def asked(client: FlaskClient, query: str, **headers: str) -> Any:
    return client.get("/sparql", query_string={"query": query}, headers=headers, buffered=True)


def test_a_client_over_its_budget_is_told_when_to_come_back(heavy: FlaskClient) -> None:
    assert asked(heavy, "ASK {}").status_code == 200
    answer = asked(heavy, "ASK { ?s ?p 1 }")
    assert (answer.status_code, answer.content_type) == (429, "application/problem+json")
    assert answer.json["type"] == "https://w3id.org/hakusho/problems/over-budget"
    # 20 s were taken and 10 s / 60 s × 20 s given back: 6.7 s are owed, at 10 s a minute.
    assert answer.headers["Retry-After"] == "41"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_answer_that_is_kept_costs_nothing(heavy: FlaskClient) -> None:
    assert [asked(heavy, "ASK {}").status_code for _ in range(5)] == [200] * 5
    assert asked(heavy, "ASK { ?s ?p 2 }").status_code == 429


def test_only_a_token_of_ours_frees_from_the_budget(heavy: FlaskClient) -> None:
    asked(heavy, "ASK {}")
    assert asked(heavy, "ASK { ?s ?p 1 }", Authorization="Bearer guess").status_code == 429
    assert asked(heavy, "ASK { ?s ?p 1 }", Authorization="Bearer s3cret").status_code == 200
