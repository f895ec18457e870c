"""The fast lane and the slow one: long queries make way, and nobody waits for them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from hakusho.graph.errors import HakushoError, LimitExceeded, StoreUnavailable, TooBusy
from hakusho.graph.limits import Limits
from hakusho.graph.store import Query, Row
from hakusho.graph.workers.pool import OWN, WorkerPool

pytestmark = pytest.mark.slow

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
POINT = "SELECT ?o { <http://example.org/1> <http://example.org/next> ?o }"
FEW = {"fast_workers": 1, "fast_seconds": 0.05, "slow_workers": 1, "memory_store_bytes": 0}


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory, make_store: Callable[..., Path]) -> Path:
    return make_store(tmp_path_factory.mktemp("release") / "store")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(32) as threads:
        yield threads


def pool_with(store_path: Path, **limits: float) -> WorkerPool:
    return WorkerPool(lambda: (1, store_path), Limits(**(FEW | limits)))  # type: ignore[arg-type]


def reached(pool: WorkerPool, name: str, count: int) -> None:
    """Waits until something has happened so many times."""
    until = time.monotonic() + 10
    while pool.numbers().get(name, 0) < count:
        assert time.monotonic() < until, f"{name} never came to {count}"
        os.sched_yield()


def error_of(running: Future[list[Row]]) -> HakushoError:
    error = running.exception(timeout=10)
    assert isinstance(error, HakushoError)
    return error


def priorities() -> list[int]:
    """Gives the niceness of every process that comes from this one."""

    def below(parent: int) -> Iterator[int]:
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                yield int(fields[16])
                yield from below(int(entry.parent.name))

    return sorted(below(os.getpid()))


def test_a_long_query_makes_way_for_a_short_one(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    with pool_with(store_path, seconds=1.0) as pool:
        running = threads.submit(pool.rows, RUNAWAY)
        reached(pool, "slow", 1)
        for _ in range(20):
            assert len(pool.rows(POINT)) == 1
        assert pool.numbers()["in_flight"] == 1
        assert priorities()[-1] == 19
        error = error_of(running)
        assert isinstance(error, LimitExceeded) and error.limit == "time"
        assert str(error).startswith("the query did not end within 1 s; narrow it down")


def test_long_queries_beyond_those_that_run_are_frozen_until_there_is_room(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    with pool_with(store_path, seconds=2.0, slow_queue=2) as pool:
        running = [threads.submit(pool.rows, RUNAWAY) for _ in range(2)]
        reached(pool, "frozen", 1)
        assert len(pool.rows(POINT)) == 1
        errors = [error_of(each) for each in running]
        assert [getattr(error, "limit", "") for error in errors] == ["time", "time"]
        assert len(pool.rows(POINT)) == 1


def test_a_frozen_query_goes_on_when_there_is_room(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    # Some work: longer than the fast lane allows, and far from the deadline.
    some = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?a) != STR(?f)) }"
    with pool_with(store_path, seconds=20, fast_seconds=0.001, slow_queue=8) as pool:
        answers = {str(row["n"]) for rows in threads.map(pool.rows, [some] * 6) for row in rows}
        assert len(answers) == 1
        assert pool.numbers()["frozen"] >= 1


def test_long_queries_beyond_those_that_wait_are_turned_away(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    with pool_with(store_path, seconds=2.0, slow_queue=1) as pool:
        running = [threads.submit(pool.rows, RUNAWAY) for _ in range(5)]
        errors = [error_of(each) for each in running]
        busy = [error for error in errors if isinstance(error, TooBusy)]
        assert len(busy) == 3
        assert str(busy[0]) == "too many long queries run already"
        assert busy[0].retry_after == 10
        assert len(pool.rows(POINT)) == 1


def test_queries_beyond_those_that_wait_for_their_turn_are_turned_away(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    with pool_with(store_path, seconds=1.0, fast_seconds=9, queue=0) as pool:
        running = threads.submit(pool.rows, RUNAWAY)
        reached(pool, "forks", 1)
        with pytest.raises(TooBusy, match="wait for their turn") as caught:
            pool.rows(POINT)
        assert caught.value.retry_after == 1
        error_of(running)
        assert len(pool.rows(POINT)) == 1


def test_a_query_waits_for_its_turn_no_longer_than_its_deadline(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    with pool_with(store_path, seconds=0.3, fast_seconds=9) as pool:
        running = [threads.submit(pool.rows, RUNAWAY) for _ in range(3)]
        assert all(isinstance(error_of(each), LimitExceeded | TooBusy) for each in running)
        assert len(pool.rows(POINT)) == 1


def test_eight_runaways_in_flight_leave_short_queries_their_speed(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    with pool_with(store_path, seconds=30, fast_workers=0, slow_workers=2) as pool:
        for _ in range(8):
            threads.submit(pool.rows, RUNAWAY)
        reached(pool, "slow", 8)
        took = []
        for _ in range(100):
            started = time.monotonic()
            assert len(pool.rows(POINT)) == 1
            took.append(time.monotonic() - started)
        assert sorted(took)[50] < 0.05


def test_closing_the_pool_lets_nobody_wait(store_path: Path, threads: ThreadPoolExecutor) -> None:
    pool = pool_with(store_path, seconds=60, slow_queue=8)
    running = [threads.submit(pool.rows, RUNAWAY) for _ in range(3)]
    reached(pool, "slow", 2)
    started = time.monotonic()
    pool.close(0.1)
    assert all(isinstance(error_of(each), StoreUnavailable) for each in running)
    assert time.monotonic() - started < 5
    with pytest.raises(StoreUnavailable, match="stopped"):
        pool.rows(POINT)


def test_closing_the_pool_waits_for_what_is_nearly_done(
    store_path: Path, threads: ThreadPoolExecutor
) -> None:
    pool = pool_with(store_path, fast_seconds=9)
    begun = threading.Event()

    def ask() -> int:
        begun.set()
        return len(pool.rows("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))

    running = threads.submit(ask)
    assert begun.wait(5)
    reached(pool, "forks", 1)
    pool.close(20)
    assert running.result(timeout=10) == 1


def test_the_numbers_add_up(store_path: Path) -> None:
    with pool_with(store_path, seconds=1.0, rows=1000) as pool:
        for _ in range(10):
            pool.rows(POINT)
        with pytest.raises(HakushoError):
            pool.rows("SELECT")
        with pytest.raises(LimitExceeded):
            pool.rows(RUNAWAY)
        pool.answer(Query(POINT, OWN)).close()
        numbers = pool.numbers()
        assert numbers["requests"] == 13
        assert numbers["in_flight"] == 0
        assert (numbers["ended_answered"], numbers["ended_refused"]) == (11, 1)
        assert (numbers["ended_time"], numbers["slow"], numbers["releases"]) == (1, 1, 1)
        assert numbers["seconds_le_inf"] == 13
        assert numbers["seconds"] >= 1
        assert pool.most_at_once == 1 + 1 + pool.limits.slow_queue
