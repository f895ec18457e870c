"""Every page of the packaged edition, opened once: how long the first reader of each waits.

    python tests/bench/pages.py [--data FOLDER] [--only PREFIX] [--slowest 20]

A service of its own is started on the data folder (the packaged edition is built in a temporary
one where none is given), and after it has read ahead, each page is asked for once in Japanese and
once in English. Two times are told: how long the answer took to come, and how much processor time
all processes of the service spent meanwhile, as Linux counts it in nanoseconds. The latter tells
the work even where neighbours keep the machine busy.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from addresses import addresses
from servers import Server, hakusho, memory, processes

LANGUAGES = ("ja", "en")
LIMIT = 60.0
ACCEPT = "text/html,application/xhtml+xml,*/*;q=0.8"
QUIET, LOOK, PATIENCE = 0.05, 4.0, 600.0
"""Seconds of processor time in how many seconds that count as rest, and how long it is awaited."""


@dataclass(frozen=True)
class Measured:
    """A page that was opened: its address, status, bytes, and milliseconds of both kinds."""

    address: str
    status: int
    bytes: int
    wall: float
    processor: float


class Reader:
    """Opens pages of a service over one connection and tells how long each took."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._tasks = Tasks(server.process.pid)
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(self, address: str) -> bytes:
        """Gives what stands at an address."""
        return self._get(address)[1]

    def open(self, address: str) -> Measured:
        """Opens a page, measured."""
        before, start = self._tasks.seconds(), time.monotonic()
        status, body = self._get(address)
        wall = time.monotonic() - start
        spent = self._tasks.seconds() - before
        return Measured(address, status, len(body), wall * 1000, spent * 1000)

    def rest(self) -> float:
        """Waits until the service has nothing to do, and gives the processor time spent so far."""
        until = time.monotonic() + PATIENCE
        before = self._tasks.seconds()
        while time.monotonic() < until:
            time.sleep(LOOK)
            now = self._tasks.seconds()
            if now - before < QUIET:
                return now
            before = now
        raise SystemExit("the service did not come to rest")

    def _get(self, address: str) -> tuple[int, bytes]:
        self._connection.request("GET", address, headers={"Accept": ACCEPT})
        answer = self._connection.getresponse()
        return answer.status, answer.read()


class Tasks:
    """The threads of a process and of all that it started."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def seconds(self) -> float:
        """Gives the processor time that those which still run have used."""
        spent = 0
        for pid in processes(self._pid):
            for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                try:
                    spent += int(task.read_text(encoding="ascii").split()[0])
                except OSError:
                    continue
        return spent / 1e9


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, help="the data folder (else one is built)")
    parser.add_argument("--only", default="", help="measure what begins like this alone")
    parser.add_argument("--slowest", type=int, default=20, help="how many to print")
    parser.add_argument("--all", type=Path, help="a file for every measurement, as TSV")
    given = parser.parse_args()
    with _folder(given.data) as folder, hakusho(folder, budget_seconds="0") as server:
        reader = Reader(server)
        print(f"read ahead: {reader.rest():.1f} s of processor time in all")
        wanted = [
            f"{address}{'&' if '?' in address else '?'}lang={lang}"
            for address in dict.fromkeys(addresses(reader.ask))
            if address.startswith(given.only)
            for lang in LANGUAGES
        ]
        found = [reader.open(address) for address in wanted]
        serving, worker = memory(server.process)
        print(f"memory: serving {serving / 2**20:.0f} MB, largest worker {worker / 2**20:.0f} MB")
    _report(found, given.slowest)
    if given.all:
        given.all.write_text("".join(map(_line, found)), encoding="utf-8")


def _report(found: Sequence[Measured], slowest: int) -> None:
    for name, time_of in (("wall", _wall), ("processor", _processor)):
        times = [time_of(each) for each in found]
        over = sum(each > LIMIT for each in times)
        print(
            f"\n{name}: {len(found)} pages, median {median(times):.1f} ms, "
            f"over {LIMIT:.0f} ms {over} ({over / len(found):.2%}), largest {max(times):.0f} ms"
        )
        for each in sorted(found, key=time_of, reverse=True)[:slowest]:
            print(f"{time_of(each):8.1f} ms {each.bytes:8d} B  {each.address}")
    failed = [each for each in found if each.status != 200]
    print(f"\nnot answered with 200: {len(failed)}")
    for each in failed[:slowest]:
        print(f"{each.status} {each.address}")


def _line(m: Measured) -> str:
    return f"{m.processor:.2f}\t{m.wall:.2f}\t{m.status}\t{m.bytes}\t{m.address}\n"


def _wall(measured: Measured) -> float:
    return measured.wall


def _processor(measured: Measured) -> float:
    return measured.processor


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


if __name__ == "__main__":
    main()
