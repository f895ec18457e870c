"""The worker processes: they follow the release, are replaced when they end, and leave nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store

from hakusho.graph.errors import HakushoError, StoreUnavailable
from hakusho.graph.limits import Limits
from hakusho.graph.store import Query
from hakusho.graph.workers.pool import OWN, WorkerPool

pytestmark = pytest.mark.slow

COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/number> ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
LONG = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory, make_store: Callable[..., Path]) -> Path:
    return make_store(tmp_path_factory.mktemp("release") / "store")


def descendants(pid: int) -> Iterator[tuple[int, str]]:
    """Gives the processes that come from one, each with the letter of its state."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            yield int(entry.parent.name), fields[0]
            yield from descendants(int(entry.parent.name))


def mine() -> dict[int, str]:
    return dict(descendants(os.getpid()))


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def eventually(happens: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not happens():
        if time.monotonic() > until:
            return False
        os.sched_yield()
    return True


def counted(pool: WorkerPool) -> int:
    (row,) = pool.rows(COUNT)
    assert isinstance(row["n"], Literal)
    return int(row["n"].value)


def test_the_next_release_is_noticed_at_once(
    tmp_path: Path, make_store: Callable[..., Path]
) -> None:
    paths = [make_store(tmp_path / str(i), i) for i in range(1, 6)]
    now = [1, paths[0]]
    with WorkerPool(lambda: (now[0], now[1])) as pool:  # type: ignore[arg-type,return-value]
        for number, path in enumerate(paths, 1):
            now[:] = [number, path]
            assert (counted(pool), pool.release) == (number, number)
            assert pool.answer(Query(COUNT, OWN)).release == number
        # Held in memory, it is still that one.
        assert pool.wait_until_held()
        assert counted(pool) == 5


def test_graphs_without_triples_are_there_in_memory_too(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "1"))
    store.update(
        "CREATE GRAPH <urn:empty> ; INSERT DATA { GRAPH <urn:full> { <urn:a> <urn:b> 1 } }"
    )
    store.flush()
    with WorkerPool(lambda: (1, tmp_path / "1")) as pool:
        asked = "SELECT ?g { GRAPH ?g {} } ORDER BY ?g"
        on_disk = pool.rows(asked)
        assert pool.wait_until_held()
        assert pool.rows(asked) == on_disk
        assert [str(row["g"]) for row in on_disk] == ["<urn:empty>", "<urn:full>"]


def test_an_answer_that_flows_comes_to_its_end_on_its_own_release(
    tmp_path: Path, make_store: Callable[..., Path]
) -> None:
    now = [1, make_store(tmp_path / "1", 30)]
    limits = Limits(held_bytes=100_000)
    with WorkerPool(lambda: (now[0], now[1]), limits) as pool:  # type: ignore[arg-type,return-value]
        answer = pool.answer(Query(LONG + " LIMIT 50000", {**OWN, "solutions": "text/csv"}))
        assert answer.size is None
        now[:] = [2, make_store(tmp_path / "2", 7)]
        assert counted(pool) == 7
        assert pool.wait_until_held()
        assert b"".join(answer.chunks).count(b"\r\n") == 50_001
        assert answer.release == 1


def test_a_worker_that_is_killed_is_replaced(store_path: Path) -> None:
    with WorkerPool(lambda: (1, store_path), Limits(memory_store_bytes=0)) as pool:
        for _ in range(3):
            assert counted(pool) == 60
            root, *workers = sorted(mine())
            for worker in workers:
                kill(worker)
            with pytest.raises(StoreUnavailable, match="ended (from outside|unexpectedly)"):
                counted(pool)
        assert counted(pool) == 60


@pytest.mark.parametrize("held", [False, True])
def test_the_process_that_workers_are_forked_from_is_replaced(store_path: Path, held: bool) -> None:
    limits = Limits(memory_store_bytes=2**30 if held else 0)
    with WorkerPool(lambda: (1, store_path), limits) as pool:
        assert counted(pool) == 60
        assert pool.wait_until_held()
        assert counted(pool) == 60
        for process in sorted(mine(), reverse=True):
            kill(process)
        assert eventually(lambda: set(mine().values()) <= {"Z"})

        def answers() -> bool:
            try:
                return counted(pool) == 60
            except StoreUnavailable:
                return False

        assert eventually(answers)
        assert counted(pool) == 60


def test_a_closed_pool_leaves_no_process(store_path: Path) -> None:
    before = set(mine())
    pool = WorkerPool(lambda: (1, store_path))
    assert counted(pool) == 60
    assert pool.wait_until_held()
    assert counted(pool) == 60
    pool.parse(b"<urn:a> <urn:b> <urn:c> .", "text/turtle")
    assert set(mine()) > before
    pool.close()
    assert eventually(lambda: set(mine()) <= before)


OWNER = """
import sys
from pathlib import Path
from hakusho.graph.workers.pool import WorkerPool
path = Path(sys.argv[1])
pool = WorkerPool(lambda: (1, path))
pool.wait_until_held()
assert pool.rows("SELECT * { ?s ?p ?o } LIMIT 1")
print("ready", flush=True)
pool.rows(sys.argv[2])
"""


def test_workers_die_with_the_server(store_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(store_path), RUNAWAY],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )
    with owner:
        assert owner.stdout is not None and owner.stdout.readline() == b"ready\n"
        workers = dict(descendants(owner.pid))
        assert len(workers) >= 2
        owner.kill()
    gone = Path("/proc")
    assert eventually(lambda: not any((gone / str(worker)).exists() for worker in workers))


CONFINED = """
import os, socket, sys
from pathlib import Path
from hakusho.graph.workers import isolation
scratch = Path(sys.argv[1])
(scratch / "there").write_text("x")
print(bool(isolation.give_up_network()), isolation.give_up_writing())
isolation.limit_resources(200_000_000)
def refused(work):
    try:
        work()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "allowed"
print(refused(lambda: socket.create_connection(("127.0.0.1", 80))))
print(refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))
print(refused(lambda: os.execv("/bin/true", ["true"])))
print(refused(lambda: (scratch / "new").write_text("x")))
print(refused(lambda: (scratch / "there").unlink()))
print(refused(lambda: (scratch / "there").rename(scratch / "gone")))
print(refused(lambda: bytearray(400_000_000)))
print((scratch / "there").read_text())
"""


def test_a_worker_reaches_no_network_runs_no_program_and_changes_no_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    refusals = ["PermissionError"] * 6 + ["MemoryError"]
    assert done.stdout.splitlines() == ["True True", *refusals, "x"]


def run_mixed(pool: WorkerPool, queries: int) -> None:
    """Asks so many queries, of which some end their worker, and reads some documents."""
    bomb = "SELECT (STRLEN(?v30) AS ?n) { BIND('0123456789' AS ?v0) " + "".join(
        f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1}) " for i in range(30)
    )
    for i in range(queries):
        if i % 100 == 7:
            with pytest.raises(HakushoError):
                pool.rows(bomb + "}")
        elif i % 100 == 13:
            with pytest.raises(HakushoError):
                pool.parse(b"<urn:a> <urn:b> ", "text/turtle")
        elif i % 100 == 23:
            pool.answer(Query(LONG + " LIMIT 20000", OWN)).close()
        else:
            assert counted(pool) == 60


def left_behind(pool: WorkerPool, before: set[int]) -> bool:
    pool.rows(COUNT)
    states = {pid: state for pid, state in mine().items() if pid not in before}
    return "Z" in states.values() or len(states) > 4


def test_300_queries_leave_no_zombie(store_path: Path) -> None:
    before = set(mine())
    limits = Limits(memory=64_000_000, held_bytes=100_000)
    with WorkerPool(lambda: (1, store_path), limits) as pool:
        run_mixed(pool, 300)
        assert eventually(lambda: not left_behind(pool, before))


def test_10000_queries_leave_no_zombie(store_path: Path) -> None:
    before = set(mine())
    limits = Limits(memory=64_000_000, held_bytes=100_000)
    with WorkerPool(lambda: (1, store_path), limits) as pool:
        run_mixed(pool, 10_000)
        assert eventually(lambda: not left_behind(pool, before))
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        run_mixed(pool, 200)
        assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors + 2
