"""Queries over HTTP: ours beside `oxigraph serve` and rdflib-endpoint, on the same data.

    python tests/bench/over_http.py [--triples 1000000] [--seconds 4] [--without-rdflib]

Needs `wrk` (of most distributions' packages), which runs in a process of its own. What is printed
as a ratio is ours divided by `oxigraph serve` in the same run; nothing here is a test.
"""

from __future__ import annotations

import argparse
import math
import re
import shutil
import subprocess
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import DefaultGraph, RdfFormat, Store, parse
from servers import (
    Server,
    hakusho,
    memory,
    oxigraph,
    processor,
    rdflib_endpoint,
    wait_for,
)

from hakusho.graph.releases.data_folder import DataFolder
from queries import EX, RUNAWAY, make_store

JSON = "application/sparql-results+json"
KEY = {"budget_seconds": "0"}
RDFLIB = "rdflib-endpoint"
TURNS = 3
UNLIMITED = {"limit_rows": "100000000", "limit_result_bytes": "2000000000"}
PLAIN = ("--default-graph", "plain")
HELD = {"limit_memory_store_bytes": str(4 << 30)}
FROM_DISK = {"limit_memory_store_bytes": "0"}
NEW_QUERIES = """
math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 100000)
local count = 0
request = function()
  count = count + 1
  local object = string.format("%%3Fo%d_%d", math.random(1000000000), count)
  local thing = "%3Chttp%3A%2F%2Fexample.org%2F" .. math.random(0, THINGS - 1) .. "%3E"
  local pattern = thing .. "%20%3Fp%20" .. object
  local path = "PATH?query=SELECT%20%3Fp%20" .. object .. "%20WHERE%20%7B" .. pattern .. "%7D"
  return wrk.format("GET", path, {["Accept"] = "application/sparql-results+json"})
end
"""


@dataclass
class Figures:
    """What was measured of one server."""

    name: str
    rates: dict[str, float] = field(default_factory=dict)
    late: dict[str, float] = field(default_factory=dict)
    """Milliseconds within which 99 of 100 requests were answered."""
    used: float = math.inf
    """Microseconds of processor time that a new point query takes, all of the server's together."""

    def note(self, name: str, rate: float, late: float = math.inf) -> None:
        """Keeps the best that was measured."""
        self.rates[name] = max(self.rates.get(name, 0.0), rate)
        self.late[name] = min(self.late.get(name, math.inf), late)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--triples", type=int, default=1_000_000)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--without-rdflib", action="store_true")
    options.add_argument("--only", choices=("speed", "runaways", "memory"))
    given = options.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not there; most distributions have it as a package of that name")
    folder = Path(tempfile.mkdtemp(prefix="hakusho-bench-"))
    try:
        store, file, data = prepared(folder, given.triples)
        bench = Bench(given.triples // 5, given.seconds)
        if given.only in (None, "speed"):
            rivals = {
                "oxigraph serve": oxigraph(store),
                "hakusho, held in memory": held(data),
                "hakusho, from disk": hakusho(data, *PLAIN, **KEY, **FROM_DISK),
            }
            if not given.without_rdflib:
                rivals[RDFLIB] = rdflib_endpoint(file)
            show(bench.speed(rivals))
        if given.only in (None, "runaways"):
            for name, settings in (("held in memory", HELD), ("from disk", FROM_DISK)):
                bench.runaways(name, data, settings)
        if given.only in (None, "memory"):
            large_answers(data)
    finally:
        shutil.rmtree(folder)


def prepared(folder: Path, triples: int) -> tuple[Path, Path, Path]:
    """Writes the same data as a store, a file and a data folder."""
    store = make_store(folder / "store", triples)
    file = folder / "data.nt"
    with file.open("wb") as out:
        Store.read_only(str(store)).dump(out, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    data = DataFolder(folder / "data", "plain")
    data.publish(parse(path=str(file), format=RdfFormat.N_TRIPLES), who="bench")
    print(f"{triples:,} triples\n", flush=True)
    return store, file, folder / "data"


@contextmanager
def held(data: Path) -> Iterator[Server]:
    """Runs ours, once it has the release in memory."""
    with hakusho(data, *PLAIN, **KEY, **HELD) as server:
        wait_for(server, "hakusho_workers_held_total")
        yield server


@dataclass(frozen=True)
class Bench:
    """How much there is to ask for, and how long is asked."""

    things: int
    seconds: int

    def speed(self, rivals: Mapping[str, AbstractContextManager[Server]]) -> list[Figures]:
        """Measures servers that all run, in turns: each is given its best of several."""
        with ExitStack() as running:
            servers = [running.enter_context(each) for each in rivals.values()]
            found = [Figures(name) for name in rivals]
            for turn in range(TURNS):
                for figures, server in zip(found, servers, strict=True):
                    before = processor(server.process)
                    rate, late = self.new(server, self.seconds)
                    used = (processor(server.process) - before) / (rate * self.seconds)
                    figures.note("point query, new", rate, late)
                    figures.used = min(figures.used, used * 1e6)
                    figures.note("point query, repeated", *self.repeated(server))
                    figures.note("1,000 rows", 1 / best(server, 1_000, turn, 30))
                    if figures.name != RDFLIB:
                        figures.note("100,000 rows", 1 / best(server, 100_000, turn, 3))
        return found

    def new(self, server: Server, seconds: int, connections: int = 8) -> tuple[float, float]:
        """Gives requests in a second and the 99th percentile, of queries never asked before."""
        script = NEW_QUERIES.replace("THINGS", str(self.things))
        return wrk(server, seconds, connections, script.replace("PATH", server.path))

    def repeated(self, server: Server) -> tuple[float, float]:
        """Gives the same of one query that is asked again and again."""
        query = quote(f"SELECT ?p ?o WHERE {{ <{EX}7> ?p ?o }}")
        headers = f'wrk.headers["Accept"] = "{JSON}"\nwrk.path = "{server.path}?query={query}"'
        return wrk(server, self.seconds, 8, headers)

    def runaways(self, name: str, data: Path, settings: dict[str, str]) -> None:
        """Prints how late point queries are with and without eight runaways kept in flight."""
        with hakusho(data, *PLAIN, **KEY, **settings) as server:
            if settings is HELD:
                wait_for(server, "hakusho_workers_held_total")
            self.new(server, 2, 4)
            _, alone = min((self.new(server, self.seconds, 4) for _ in range(3)), key=_late)
            stopped = threading.Event()
            for _ in range(8):
                threading.Thread(target=keep_asking, args=(server, stopped), daemon=True).start()
            time.sleep(2)
            rate, beside = min((self.new(server, self.seconds, 4) for _ in range(3)), key=_late)
            stopped.set()
        print(
            f"99 % of new point queries, {name}: within {alone:.1f} ms alone, {beside:.1f} ms "
            f"beside eight runaways ({rate:,.0f}/s): {beside / alone:.1f} times as long",
            flush=True,
        )


def _late(figures: tuple[float, float]) -> float:
    return figures[1]


def wrk(server: Server, seconds: int, connections: int, script: str) -> tuple[float, float]:
    """Gives requests in a second and the 99th percentile in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(textwrap.dedent(script))
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name]
        said = subprocess.run(
            [*command, f"http://127.0.0.1:{server.port}/"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if failed:
        raise SystemExit(f"{server.name}: {failed[1]} requests failed\n{said}")
    rate, late = (
        re.search(r"Requests/sec:\s+([\d.]+)", said),
        re.search(r"99%\s+([\d.]+)(\w+)", said),
    )
    if rate is None or late is None:
        raise SystemExit(said)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[late[2]]
    return float(rate[1]), float(late[1]) * unit


def best(server: Server, rows: int, turn: int, times: int) -> float:
    """Gives the seconds that a long answer takes at best."""
    return min(timed(server, rows, turn * times + number) for number in range(times))


def timed(server: Server, rows: int, number: int) -> float:
    """Gives the seconds that a long answer takes, of a text that was never asked before."""
    text = f"SELECT ?s ?p ?o{number} WHERE {{ ?s ?p ?o{number} }} LIMIT {rows}"
    began = time.monotonic()
    size = sum(map(len, answer(server, text)))
    took = time.monotonic() - began
    if size < rows * 50:
        raise SystemExit(f"{server.name}: {size} bytes for {rows} rows")
    return took


def answer(server: Server, text: str, wait: float = 0.0) -> Iterator[bytes]:
    """Gives the pieces of an answer as they are read, with a rest after each."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=300)
    connection.request("GET", f"{server.path}?query={quote(text)}", headers={"Accept": JSON})
    came = connection.getresponse()
    if came.status != 200:
        raise SystemExit(f"{server.name}: {came.status} {came.read()[:300]!r}")
    while piece := came.read(1 << 20):
        yield piece
        if wait:
            time.sleep(wait)
    connection.close()


def keep_asking(server: Server, stopped: threading.Event) -> None:
    """Asks runaway queries, one after the other."""
    number = 0
    while not stopped.is_set():
        number += 1
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        try:
            connection.request("GET", f"{server.path}?query={quote(RUNAWAY + f' # {number}')}")
            came = connection.getresponse()
            came.read()
            if came.status in (429, 503):
                time.sleep(1)
        except OSError:
            time.sleep(0.5)
        finally:
            connection.close()


def large_answers(data: Path) -> None:
    """Prints the memory of ours while long answers are read, at once and slowly.

    All come from reading all of the store, so what the engine keeps of that is the same.
    """
    text = "SELECT ?s ?p ?o ?both {{ ?s ?p ?o BIND(CONCAT(STR(?s), STR(?p)) AS ?both) {} }}"
    with hakusho(data, *PLAIN, **KEY, **FROM_DISK, **UNLIMITED, limit_seconds="300") as server:
        for some, wait in (('FILTER(STRENDS(?both, "value"))', 0.0), ("", 0.0), ("", 0.03)):
            watch = Watch(server)
            size = sum(map(len, answer(server, text.format(some), wait)))
            watch.stop()
            how = "slowly" if wait else "at once"
            print(
                f"an answer of {size / 1e6:.0f} MB, read {how}: at most "
                f"{watch.serving / 1e6:.0f} MB in the web process, {watch.worker / 1e6:.0f} MB in "
                "the worker",
                flush=True,
            )


class Watch:
    """The most memory that a server's processes take while this is looking."""

    def __init__(self, server: Server) -> None:
        self.serving = self.worker = 0
        self._server = server
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stopped.wait(0.25):
            serving, worker = memory(self._server.process)
            self.serving, self.worker = max(self.serving, serving), max(self.worker, worker)


def show(found: list[Figures]) -> None:
    """Prints the figures side by side, each as a ratio to the first."""
    base = found[0]
    print(f"{'':26}" + "".join(f"{each.name:>26}" for each in found))
    for name, rate in base.rates.items():
        cells = []
        for each in found:
            if name not in each.rates:
                cells.append("–")
                continue
            ratio = each.rates[name] / rate
            cells.append(f"{each.rates[name]:,.1f}/s × {ratio:.2f}")
        print(f"{name:26}" + "".join(f"{cell:>26}" for cell in cells))
    print(
        f"{'  99 % of new within':26}"
        + "".join(f"{each.late['point query, new']:>23.1f} ms" for each in found)
        + f"\n{'  processor time of one':26}"
        + "".join(f"{each.used:>23,.0f} µs" for each in found)
        + "\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
