"""Releases that are not current: read on demand in the same places, few of them open at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from hakusho.graph.errors import LimitExceeded, StoreUnavailable
from hakusho.graph.limits import MIB, Limits
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.store import Store
from hakusho.graph.workers import generations
from hakusho.graph.workers.pool import WorkerPool

pytestmark = pytest.mark.slow

TEXT = "SELECT ?o { GRAPH <urn:g> { <urn:s> <urn:p> ?o } } ORDER BY ?o"
RELEASES = 5


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Five releases, each with one number more than the one before."""
    data = DataFolder(tmp_path_factory.mktemp("past"), "plain")
    subject, predicate, graph = NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:g")
    for number in range(1, RELEASES + 1):
        data.publish([Quad(subject, predicate, Literal(number), graph)], who="tests")
    return data


@pytest.fixture
def pool(data: DataFolder) -> Iterator[WorkerPool]:
    current = data.release(RELEASES)
    limits = Limits(fast_workers=2, seconds=5, memory=96 * MIB)
    with WorkerPool(lambda: (current.number, current.store_path), limits) as pool:
        yield pool


def at(pool: WorkerPool, data: DataFolder, number: int) -> Store:
    return pool.at(number, data.release(number).store_path)


def numbers(store: Store) -> list[int]:
    return [int(row["o"].value) for row in store.rows(TEXT)]  # type: ignore[union-attr]


def test_each_release_has_its_own_answer(pool: WorkerPool, data: DataFolder) -> None:
    for number in (2, RELEASES, 1, 2):
        assert numbers(at(pool, data, number)) == list(range(1, number + 1))
    assert numbers(pool) == list(range(1, RELEASES + 1))
    assert at(pool, data, 1).ask("ASK { GRAPH <urn:g> { ?s ?p 1 } }")
    assert not at(pool, data, 1).ask("ASK { GRAPH <urn:g> { ?s ?p 2 } }")


def test_the_current_release_is_not_opened_twice(pool: WorkerPool, data: DataFolder) -> None:
    assert numbers(at(pool, data, RELEASES)) == list(range(1, RELEASES + 1))
    assert pool.past() == ()


def test_few_are_open_at_once_and_the_one_asked_longest_ago_is_closed(
    pool: WorkerPool, data: DataFolder
) -> None:
    for number in (1, 2, 1, 3):
        numbers(at(pool, data, number))
    assert pool.past() == (1, 3)


def test_one_that_nobody_asks_for_is_closed(
    pool: WorkerPool, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "PAST_SECONDS", 0.05)
    numbers(at(pool, data, 1))
    until = time.monotonic() + 10
    while pool.past() and time.monotonic() < until:
        pass
    assert pool.past() == ()
    assert numbers(at(pool, data, 1)) == [1]


def test_many_clients_read_many_releases_in_two_places(pool: WorkerPool, data: DataFolder) -> None:
    wanted = [1 + number * 3 % RELEASES for number in range(60)]
    with ThreadPoolExecutor(8) as clients:
        found = clients.map(lambda number: numbers(at(pool, data, number)), wanted)
        assert list(found) == [list(range(1, number + 1)) for number in wanted]
    assert len(pool.past()) <= generations.PAST_KEPT
    assert pool.numbers()["in_flight"] == 0


def test_limits_hold_for_each_release(pool: WorkerPool, data: DataFolder) -> None:
    bomb = "SELECT (STRLEN(?v40) AS ?n) { BIND('0123456789' AS ?v0) " + "".join(
        f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1}) " for i in range(40)
    )
    with pytest.raises(LimitExceeded):
        at(pool, data, 1).rows(bomb + "}")
    assert numbers(at(pool, data, 1)) == [1]


def test_a_release_that_is_gone_is_an_error_and_no_harm(pool: WorkerPool, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        pool.at(77, tmp_path / "none").ask("ASK {}")
    assert numbers(pool) == list(range(1, RELEASES + 1))
