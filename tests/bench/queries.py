"""What the isolation of queries costs: worker pools beside the engine itself, on the same data.

    python tests/bench/queries.py [--triples 1000000] [--seconds 3]

Prints ratios to the raw engine in the same process and the same run. Nothing here is a test: the
figures are those of the machine and of what else it does.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from hakusho.graph.limits import GIB, Limits
from hakusho.graph.sparql.guard import check_query
from hakusho.graph.sparql.lexer import Lexer
from hakusho.graph.store import Query
from hakusho.graph.workers.pool import OWN, WorkerPool

EX = "http://example.org/"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
TYPICAL = """PREFIX hk: <https://w3id.org/hakusho/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?policy ?label (COUNT(?challenge) AS ?challenges) WHERE {
  ?policy a hk:Policy ; rdfs:label ?label ; hk:addresses ?challenge .
  ?challenge rdfs:label ?name .
  FILTER(LANG(?label) = "ja" && CONTAINS(?name, "災害"))
  OPTIONAL { ?policy hk:startDate ?start }
} GROUP BY ?policy ?label ORDER BY DESC(?challenges) LIMIT 20"""

Ask = Callable[[str], int]
"""Asks a query and gives how many bytes its answer has."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--triples", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=3.0)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hakusho-bench-"))
    try:
        path = make_store(folder / "store", given.triples)
        in_memory = Store()
        Store.read_only(str(path)).dump(str(folder / "dump.nq"), RdfFormat.N_QUADS)
        in_memory.load(path=str(folder / "dump.nq"), format=RdfFormat.N_QUADS, lenient=True)
        print(f"{given.triples:,} triples\n")
        engines: dict[str, Store] = {"memory": in_memory, "disk": Store.read_only(str(path))}
        for place, engine in engines.items():
            with pool_on(path, place) as pool:
                points(place, raw(engine), pooled(pool), given.triples // 5, given.seconds)
                rows(place, raw(engine), pooled(pool))
                runaways(place, pooled(pool), given.triples // 5, given.seconds)
        guard()
    finally:
        shutil.rmtree(folder)


def make_store(path: Path, triples: int) -> Path:
    """Writes things of five triples each."""
    file = path.with_suffix(".nt")
    things = triples // 5
    with file.open("w", encoding="utf-8") as lines:
        for i in range(things):
            thing = f"<{EX}{i}>"
            lines.write(
                f"{thing} <{EX}type> <{EX}Class{i % 10}> .\n"
                f'{thing} <{EX}label> "thing number {i}"@en .\n'
                f'{thing} <{EX}value> "{i}" .\n'
                f"{thing} <{EX}next> <{EX}{i * 7 % things}> .\n"
                f"{thing} <{EX}group> <{EX}group/{i % 1000}> .\n"
            )
    store = Store(str(path))
    store.bulk_load(path=str(file), format=RdfFormat.N_TRIPLES, lenient=True)
    store.optimize()
    store.flush()
    file.unlink()
    return path


@contextmanager
def pool_on(path: Path, place: str) -> Iterator[WorkerPool]:
    """Opens a pool whose workers hold the store in memory, or read it from disk."""
    current = (1, path)
    limits = Limits(memory_store_bytes=4 * GIB if place == "memory" else 0)
    with WorkerPool(lambda: current, limits) as pool:
        assert pool.wait_until_held(600)
        yield pool


def raw(engine: Store) -> Ask:
    """Asks the engine in this process, without any protection."""

    def ask(text: str) -> int:
        results = engine.query(text)
        assert isinstance(results, QuerySolutions)
        return len(results.serialize(format=QueryResultsFormat.JSON) or b"")

    return ask


def pooled(pool: WorkerPool) -> Ask:
    """Asks the pool."""
    return lambda text: sum(map(len, pool.answer(Query(text, OWN)).chunks))


def point(i: int) -> str:
    """Gives a point query whose text was never asked before."""
    new = f"?o{time.monotonic_ns()}"
    return f"SELECT ?p {new} WHERE {{ <{EX}{i}> ?p {new} }}"


def points(place: str, engine: Ask, pool: Ask, things: int, seconds: float) -> None:
    """Prints how many point queries are answered in a second, by threads that ask at once."""
    base, _ = throughput(engine, things, seconds, 1)
    print(f"point queries, {place}: the engine in this process {base:,.0f}/s")
    for threads in (1, 2, 4, 8):
        count, times = throughput(pool, things, seconds, threads)
        middle, late = quantiles(times)
        print(
            f"  pool, {threads} threads: {count:,.0f}/s, {count / base:.2f} of it; "
            f"half within {middle:.2f} ms, 99 % within {late:.2f} ms"
        )
    print()


def throughput(ask: Ask, things: int, seconds: float, threads: int) -> tuple[float, list[float]]:
    """Gives queries in a second and the seconds that each took."""
    until = time.monotonic() + seconds
    times: list[list[float]] = [[] for _ in range(threads)]

    def work(number: int) -> None:
        for i in itertools.count(number):
            began = time.monotonic()
            if began > until:
                return
            ask(point(i * 7919 % things))
            times[number].append(time.monotonic() - began)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    every = list(itertools.chain.from_iterable(times))
    return len(every) / seconds, every


def quantiles(times: list[float]) -> tuple[float, float]:
    """Gives the median and the 99th percentile, in milliseconds."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2] * 1000, ordered[len(ordered) * 99 // 100] * 1000


def rows(place: str, engine: Ask, pool: Ask) -> None:
    """Prints how long large answers take, and how fast their bytes come."""
    for limit, times in ((1_000, 30), (100_000, 5)):
        text = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {limit}"
        took = {name: min(timed(ask, text, times)) for name, ask in (("e", engine), ("p", pool))}
        print(
            f"{limit:,} rows, {place}: the engine in this process {took['e'] * 1000:.1f} ms, "
            f"pool {took['p'] * 1000:.1f} ms, {took['e'] / took['p']:.2f} of its speed"
        )
    print()


def timed(ask: Ask, text: str, times: int) -> list[float]:
    """Gives the seconds that each of several runs of a query takes."""
    took = []
    for _ in range(times):
        began = time.monotonic()
        ask(text)
        took.append(time.monotonic() - began)
    return took


def runaways(place: str, pool: Ask, things: int, seconds: float) -> None:
    """Prints what eight queries that never end do to point queries."""
    _, alone = throughput(pool, things, seconds, 4)
    stopped = threading.Event()

    def keep_asking() -> None:
        while not stopped.is_set():
            try:
                pool(RUNAWAY)
            except Exception:  # It ran into its deadline, or the pool was closed.
                continue

    for _ in range(8):
        threading.Thread(target=keep_asking, daemon=True).start()
    throughput(pool, things, 1.0, 4)
    _, beside = throughput(pool, things, seconds, 4)
    stopped.set()
    before, after = quantiles(alone)[1], quantiles(beside)[1]
    print(
        f"99 % of point queries, {place}: within {before:.2f} ms alone, {after:.2f} ms beside "
        f"eight runaway queries, {after / before:.1f} times as long\n"
    )


def guard() -> None:
    """Prints what reading a query before it is run costs."""
    limits, times = Limits(), 2000
    for name, read in (
        ("at a glance", lambda: check_query(TYPICAL, limits)),
        ("token by token", lambda: list(Lexer(TYPICAL).tokens())),
    ):
        began = time.process_time()
        for _ in range(times):
            read()
        took = (time.process_time() - began) / times
        print(f"reading a query of {len(TYPICAL)} characters {name}: {took * 1e6:.0f} µs")


if __name__ == "__main__":
    main()
