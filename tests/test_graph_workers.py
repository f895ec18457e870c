"""Queries in workers: what they answer, on which release, and that nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, Store

from hakusho.graph.limits import Limits
from hakusho.graph.store import Query
from hakusho.graph.workers import OWN, WorkerPool

EX = "http://example.org/"


def make_release(path: Path, things: int = 10) -> Path:
    """Writes a store of so many things, each with a label, a number and a successor."""
    store = Store(str(path))
    store.load(
        "".join(
            f'<{EX}{i}> <{EX}label> "thing {i}"@en ; <{EX}number> {i} ; <{EX}next> <{EX}{i + 1}> .'
            for i in range(things)
        ),
        RdfFormat.TURTLE,
    )
    store.flush()
    return path


@pytest.fixture(params=["disk", "memory"])
def pool(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WorkerPool]:
    path = make_release(tmp_path / "1")
    limits = Limits(memory_store_bytes=0 if request.param == "disk" else 2**30)
    with WorkerPool(lambda: (1, path), limits) as pool:
        assert pool.wait_until_held()
        yield pool


def test_rows_are_those_of_the_release(pool: WorkerPool) -> None:
    rows = pool.rows(f"SELECT ?n WHERE {{ <{EX}3> <{EX}number> ?n }}")
    assert rows == [{"n": Literal(3)}]


def test_an_answer_is_written_in_the_media_type_of_its_form(pool: WorkerPool) -> None:
    types = {**OWN, "solutions": "text/csv"}
    answer = pool.answer(Query(f"SELECT ?n {{ <{EX}3> <{EX}number> ?n }}", types))
    assert b"".join(answer.chunks) == b"n\r\n3\r\n"
    assert (answer.form, answer.media_type, answer.release) == ("solutions", "text/csv", 1)
