"""Answers that are left, and queries that do not end: nothing is left behind by either."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad

from hakusho.graph.errors import LimitExceeded
from hakusho.graph.limits import Limits
from hakusho.graph.remote.remote_store import RemoteStore
from hakusho.graph.store import Query

from .conftest import REMOTE, Remote, Started

pytestmark = pytest.mark.engines


@pytest.mark.parametrize("engine", REMOTE)
def test_an_answer_may_be_left_before_its_end(
    engine: str, started: Started, sample_quads: list[Quad]
) -> None:
    store = started.backend(engine).fill(sample_quads)
    answer = store.answer(
        Query("SELECT * WHERE { ?s ?p ?o . ?a ?b ?c }", {"solutions": "text/csv"})
    )
    answer.close()
    assert list(answer.chunks) == []
    assert store.ask("ASK { ?s ?p ?o }")


@pytest.mark.parametrize("engine", REMOTE)
def test_a_query_that_overruns_is_an_error_and_the_next_one_is_answered(
    engine: str, started: Started, sample_quads: list[Quad]
) -> None:
    backend = started.backend(engine)
    assert isinstance(backend, Remote)
    store = backend.fill(sample_quads)
    product = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(6))
    query = f"SELECT (COUNT(DISTINCT CONCAT(STR(?o0), STR(?o5))) AS ?n) WHERE {{ {product} }}"
    with RemoteStore(backend.url, limits=Limits(seconds=1.0)) as hasty:
        with pytest.raises(LimitExceeded) as caught:
            hasty.rows(query)
    assert caught.value.limit == "time"
    assert store.ask("ASK { ?s ?p ?o }")
