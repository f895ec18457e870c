"""What it costs to publish a change, beside the size of what it changes.

    python tests/bench/publishing.py [--sizes 10000,1000000] [--check 100000]

A change of about 1,000 triples, new observations, is validated, published and what follows from
it is inferred, in data folders of the given sizes; the time is that of the best of several runs,
beside that of the smallest folder. Up to the size given by --check, what is inferred then is
compared with what is inferred from nothing.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from edition import R07, Edition, more_observations
from pyoxigraph import DefaultGraph, Quad, Store

from hakusho.graph.inference import infer
from hakusho.graph.names import graph
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.merge import INFERRED
from hakusho.graph.validation.incremental import checking

RUNS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--sizes", default="10000,1000000")
    options.add_argument("--check", type=int, default=100_000)
    given = options.parse_args()
    edition = Edition()
    smallest = None
    for size in map(int, given.sizes.split(",")):
        folder = Path(tempfile.mkdtemp(prefix="hakusho-bench-"))
        try:
            data = make_folder(folder, edition, size)
            times = [published(data, edition, number) for number in range(RUNS)]
            smallest = smallest or min(times)
            text = f"{size:>12,} triples: {min(times):6.3f} s, {min(times) / smallest:4.2f} of the"
            print(text + " smallest" + (is_right(data) if size <= given.check else ""), flush=True)
        finally:
            shutil.rmtree(folder)


def make_folder(path: Path, edition: Edition, size: int) -> DataFolder:
    """Publishes so many triples, with what follows from them, which is known beforehand."""

    copies = max(0, (size - len(edition.whole)) // sum(map(len, edition.groups)))
    if copies:
        # Of part of a copy, it is not known beforehand what follows.
        size = len(edition.whole) + copies * sum(map(len, edition.groups))

    def followed(store: Store) -> int:
        if not copies:
            return infer(store)
        store.bulk_extend(
            Quad(s, p, o, place)
            for s, p, o in edition.followed(copies)
            for place in (INFERRED, DefaultGraph())
        )
        return 0

    def quads() -> Iterator[Quad]:
        return (Quad(s, p, o, R07) for s, p, o in islice(edition.triples(), size))

    first = DataFolder(path, infer=followed)
    first.publish(chain(ontology_dataset(), quads()), who="bench")
    return DataFolder(path)


def published(data: DataFolder, edition: Edition, number: int) -> float:
    """Publishes a change and gives how long that took."""
    change = Change(more_observations(edition, 1_000, graph(f"submission-{number}"), number))
    start = time.perf_counter()
    data.publish(checking(lambda current: change, merged=True), who="bench")
    return time.perf_counter() - start


def is_right(data: DataFolder) -> str:
    """Tells whether the current release has what follows from it, and nothing else."""
    release = data.current()
    assert release is not None
    store = Store()
    store.extend(release.engine())
    before = set(store.quads_for_pattern(None, None, None, INFERRED))
    infer(store)
    after = set(store.quads_for_pattern(None, None, None, INFERRED))
    return ", as inferred from nothing" if before == after else f", {len(before ^ after)} DIFFER"


if __name__ == "__main__":
    main()
