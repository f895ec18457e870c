"""Our own questions, over the packaged edition: every engine gives the rows of the embedded one."""

from __future__ import annotations

from collections import Counter

import pytest

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.store import Store
from hakusho.queries.catalogue import catalogue
from hakusho.queries.header import Question

from .conftest import ALL, Started
from .terms import canonical, triple_of

QUESTIONS = sorted(catalogue(), key=lambda question: question.id)

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module", params=ALL[1:])
def loaded(
    request: pytest.FixtureRequest, started: Started, packaged_store: EmbeddedStore
) -> Store:
    """An engine that holds the packaged edition, with all that follows from it."""
    return started.backend(request.param).fill(packaged_store.engine)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_gives_the_same_rows(
    question: Question, loaded: Store, packaged_store: EmbeddedStore
) -> None:
    assert answer(question, loaded) == answer(question, packaged_store)


def answer(question: Question, store: Store) -> object:
    """Gives the answer to a question, asked with the examples of its header."""
    given = {each.name: each.example for each in question.parameters if each.type != "lang"}
    if question.form == "boolean":
        return catalogue().holds(store, question.id, given)
    if question.form == "graph":
        return Counter(map(triple_of, catalogue().triples(store, question.id, given)))
    table = catalogue().ask(store, question.id, given)
    return Counter(tuple(canonical(row.get(name)) for name in table.columns) for row in table.rows)
