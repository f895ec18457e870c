"""Our own questions, over the packaged edition: every engine gives the rows of the embedded one."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import InvalidQuery, LimitExceeded, StoreUnavailable
from hakusho.graph.remote.remote_store import RemoteStore
from hakusho.graph.store import Store
from hakusho.queries.catalogue import catalogue
from hakusho.queries.header import Question

from .conftest import ALL, Started
from .terms import canonical, triple_of

QUESTIONS = sorted(catalogue(), key=lambda question: question.id)

KNOWN = tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module", params=ALL[1:])
def loaded(
    request: pytest.FixtureRequest, started: Started, packaged_store: EmbeddedStore
) -> Store:
    """An engine that holds the packaged edition, with all that follows from it."""
    return started.backend(request.param).fill(packaged_store.engine)


@pytest.fixture(scope="module")
def answers(packaged_store: EmbeddedStore) -> dict[str, object]:
    """What the embedded store answers to each question."""
    return {question.id: answer(question, packaged_store) for question in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_gives_the_same_rows(
    question: Question, loaded: Store, answers: dict[str, object]
) -> None:
    always, sometimes = (known.get(engine_of(loaded), {}) for known in KNOWN.values())
    expected = answers[question.id]
    if question.id not in always | sometimes:
        assert answer(question, loaded) == expected
        return
    try:
        found = answer(question, loaded)
    except (InvalidQuery, LimitExceeded, StoreUnavailable):
        return
    assert question.id in sometimes or found != expected, (
        f"no longer true: {always[question.id]}; strike it out"
    )


def test_every_known_difference_is_of_a_question_that_there_is() -> None:
    ids = {question.id for question in QUESTIONS}
    known = [id for when in KNOWN.values() for each in when.values() for id in each]
    assert [id for id in known if id not in ids] == []


def engine_of(store: Store) -> str:
    return store.engine.spoken.name if isinstance(store, RemoteStore) else ""


def answer(question: Question, store: Store) -> object:
    """Gives the answer to a question, asked with the examples of its header."""
    given = {each.name: each.example for each in question.parameters if each.type != "lang"}
    if question.form == "boolean":
        return catalogue().holds(store, question.id, given)
    if question.form == "graph":
        return Counter(map(triple_of, catalogue().triples(store, question.id, given)))
    table = catalogue().ask(store, question.id, given)
    return Counter(tuple(canonical(row.get(name)) for name in table.columns) for row in table.rows)
