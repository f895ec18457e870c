"""A writer that is killed at any moment: no acknowledged publish is lost, no release is torn."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from hakusho.graph.names import graph
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.content import by_graph
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.merge import is_merged
from hakusho.graph.releases.release import Release

# A process that never opens a store itself, so that it can fork writers at once. A writer says
# `done N` once publish N has returned; its parent says how it began and that it ended.
NURSERY = """
import os, sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from hakusho.graph.releases.changes import Change
from hakusho.graph.names import graph
from hakusho.graph.releases.data_folder import DataFolder

P = NamedNode("https://example.org/p")

def quads(n, name):
    things = [NamedNode(f"https://example.org/{n}/{i}") for i in range(300 if n == 0 else 10)]
    return [Quad(thing, P, Literal(n), graph(name)) for thing in things]

def write(folder, n):
    data = DataFolder(Path(folder), infer=None, patience=5)
    while True:
        change = Change(add=quads(n, "r07") + quads(n, "r06"), remove=quads(n - 2, "r06"))
        data.publish(change, who="child")
        os.write(1, f"done {n}\\n".encode())
        n += 1

for line in sys.stdin:
    folder, n = line.rstrip().rsplit(" ", 1)
    pid = os.fork()
    if pid == 0:
        write(folder, int(n))
    os.write(1, f"began {pid}\\n".encode())
    os.waitpid(pid, 0)
    os.write(1, b"ended\\n")
"""

P = NamedNode("https://example.org/p")


class Nursery:
    """Starts writers and kills them."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.requests = process.stdin
        self.answers = process.stdout.fileno()
        self.takes = 0.1
        """How many seconds a publish takes here and now."""
        self._rest = b""

    def run_and_kill(self, folder: Path, first: int, whole: int, part: float) -> int:
        """Lets a writer publish so many times and a part of the next time, kills it, and gives the
        last publish that returned."""
        self.requests.write(f"{folder} {first}\n".encode())
        self.requests.flush()
        done, pid, since, until = first - 1, 0, 0.0, float("inf")
        while True:
            wait = None if until == float("inf") else max(0.0, until - time.monotonic())
            line = self._line(wait)
            now = time.monotonic()
            if line is None:
                os.kill(pid, signal.SIGKILL)
                until = now + 60
            elif line == b"ended":
                return done
            elif line.startswith(b"began"):
                pid, since = int(line.split()[1]), now
            else:
                done, self.takes, since = int(line.split()[1]), now - since, now
            if line is not None and done - first + 1 == whole:
                until = now + part * self.takes

    def _line(self, wait: float | None) -> bytes | None:
        while b"\n" not in self._rest:
            if not select.select([self.answers], [], [], wait)[0]:
                return None
            piece = os.read(self.answers, 4096)
            assert piece, "the nursery has ended"
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line


@contextmanager
def nursery() -> Iterator[Nursery]:
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def held(release: Release) -> tuple[dict[str, set[int]], bool]:
    """Gives which publishes each graph of a release has all statements of, and whether the rest
    of the release is as it must be."""
    release.check(thoroughly=True)
    everything = list(release.engine())
    found: dict[str, dict[int, int]] = {}
    for quad in everything:
        if quad.predicate == P and isinstance(quad.object, Literal):
            name = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
            counts = found.setdefault(name, {})
            counts[int(quad.object.value)] = counts.get(int(quad.object.value), 0) + 1
    sizes = [pair for counts in found.values() for pair in counts.items()]
    whole = all(count == (300 if n == 0 else 10) for n, count in sizes)
    named = [quad for quad in everything if not isinstance(quad.graph_name, DefaultGraph)]
    merged = {quad.triple for quad in named if is_merged(quad.graph_name)}
    said = release.manifest
    right = by_graph(named) == {n: c for n, c in said.graphs.items() if c.quads}
    right &= said.triples == len(merged) == len(everything) - len(named)
    return {name: set(counts) for name, counts in found.items()}, whole and right


def kill_and_look(folder: Path, rounds: int, chance: random.Random) -> int:
    """Kills a writer again and again and looks at what is left each time; gives how many publishes
    had returned."""
    done = -1
    with nursery() as writers:
        for _ in range(rounds):
            # In parts of what a publish takes, a busy machine gets as far as an idle one.
            whole, part = chance.choice((0, 0, 1)), chance.uniform(0.0, 1.2)
            last = writers.run_and_kill(folder, done + 1, whole, part)
            release = DataFolder(folder).current()
            if release is None:
                assert last == -1
                continue
            graphs, right = held(release)
            done = max(graphs[""])
            # What had returned is there; at most the publish under way is there as well, whole.
            assert last <= done <= last + 1
            assert graphs[""] == graphs[str(graph("r07"))] == set(range(done + 1))
            assert graphs[str(graph("r06"))] == set(range(max(0, done - 1), done + 1))
            assert right
    after = DataFolder(folder, infer=None).publish(
        Change(add=[Quad(P, P, Literal(done + 1), graph("r07"))]), who="parent"
    )
    assert after.number == len(DataFolder(folder).releases())
    assert sorted(path.name for path in folder.iterdir()) == [
        "FORMAT",
        "current",
        "releases",
        "writer.lock",
    ]
    return done + 1


@pytest.mark.slow
def test_no_acknowledged_publish_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    assert kill_and_look(tmp_path / "data", 20, random.Random(7)) > 0


@pytest.mark.soak
def test_no_acknowledged_publish_is_lost_in_a_thousand_kills(tmp_path: Path) -> None:
    chance = random.Random(1)
    published = sum(kill_and_look(tmp_path / str(n), 50, chance) for n in range(20))
    assert published > 100


def test_a_first_build_that_is_killed_is_made_by_the_next(tmp_path: Path) -> None:
    with nursery() as writers:
        for part in (0.1, 0.5, 0.9):
            folder = tmp_path / str(part)
            last = writers.run_and_kill(folder, 0, 0, part)
            release = DataFolder(folder).current()
            assert release is not None or last == -1
            assert writers.run_and_kill(folder, 0, 1, 0.0) >= 0
            release = DataFolder(folder).current()
            assert release is not None and held(release)[1]


def test_a_release_that_its_writer_did_not_come_to_name_is_named_by_the_next(
    tmp_path: Path,
) -> None:
    folder = DataFolder(tmp_path / "data", infer=None)
    for n in range(2):
        folder.publish([Quad(P, P, Literal(n), graph("r07"))], who="curator")
    # As after a death between the rename of the second release and that of `current`.
    (folder.path / "current").write_text("1\n", encoding="ascii")
    left = folder.path / "work-1-1" / "store"
    left.mkdir(parents=True)
    (left / "000001.sst").write_bytes(b"half")
    before = folder.current()
    assert before is not None and before.number == 1
    third = folder.publish([Quad(P, P, Literal(2), graph("r07"))], who="curator")
    assert third.number == 3
    assert third.manifest.graphs[graph("r07").value].quads == 3
    assert not left.exists()


def test_a_lost_pointer_to_the_current_release_is_found_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", infer=None)
    folder.publish([Quad(P, P, Literal(1), graph("r07"))], who="curator")
    (folder.path / "current").unlink()
    release = folder.publish([Quad(P, P, Literal(2), graph("r07"))], who="curator")
    assert (release.number, release.manifest.graphs[graph("r07").value].quads) == (2, 2)
