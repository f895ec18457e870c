"""What validation costs: of a change beside the size of what it changes, and of all beside pyshacl.

    python tests/bench/validation.py [--sizes 10000,1000000] [--whole 1000000] [--pyshacl]

A change of about 1,000 triples brings new observations into stores of the given sizes, and a fault
that lies elsewhere; the time is that of the best of several runs, beside that of the smallest
store. Up to the size given by --whole, what it finds is compared with what validation of all
finds, before and after. With --pyshacl the packaged edition is validated by pyshacl, too.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyshacl
from edition import R07, Edition, make_store, more_observations
from pyoxigraph import Quad, RdfFormat, Store, serialize
from rdflib import Graph

from hakusho.graph.names import term, thing
from hakusho.graph.releases.changes import Change
from hakusho.graph.validation.findings import Finding
from hakusho.graph.validation.full import known, shapes_text, validate
from hakusho.graph.validation.incremental import introduced

RUNS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--sizes", default="10000,1000000")
    options.add_argument("--whole", type=int, default=1_000_000)
    options.add_argument("--pyshacl", action="store_true")
    given = options.parse_args()
    edition = Edition()
    folder = Path(tempfile.mkdtemp(prefix="hakusho-bench-"))
    try:
        changes(edition, folder, [int(size) for size in given.sizes.split(",")], given.whole)
    finally:
        shutil.rmtree(folder)
    everything(edition, given.pyshacl)


def changes(edition: Edition, folder: Path, sizes: list[int], whole: int) -> None:
    """Prints what a change costs on stores of growing size."""
    smallest = None
    for size in sizes:
        path = make_store(folder / str(size), edition, size)
        store = Store.read_only(str(path))
        change = faulty_change(edition)
        found = introduced(store, change)
        taken = best(partial(introduced, store, change))
        smallest = smallest or taken
        text = f"{size:>12,} triples: {taken:6.3f} s, {taken / smallest:4.2f} of the smallest"
        text += f"; {len(list(change.add)):,} added, {len(found)} findings"
        if size <= whole:
            text += ", the same as of all" if found == by_all(store, change) else ", NOT AS OF ALL"
        print(text, flush=True)
        del store
        shutil.rmtree(path)


def faulty_change(edition: Edition) -> Change:
    """Gives a change of about 1,000 triples, with faults here and elsewhere."""
    new = more_observations(edition, 1_000, R07)
    gone = [
        Quad(s, p, o, R07)
        for s, p, o in edition.whole
        if s == thing("organization", "mic") and p == term("kind")
    ]
    observation = new[0].subject
    misspelt = Quad(observation, term("indicater"), new[0].object, R07)
    twins = [
        Quad(thing("observation", "twin"), q.predicate, q.object, R07)
        for q in new
        if q.subject == new[-1].subject
    ]
    return Change([*new, misspelt, *twins], gone)


def by_all(store: Store, change: Change) -> list[Finding]:
    """Gives what a change brings in as two validations of all tell it."""
    quads = set(store.quads_for_pattern(None, None, None, R07))
    before = set(validate(quads))
    after = validate(quads - set(change.remove) | set(change.add))
    return [each for each in after if each not in before]


def everything(edition: Edition, with_pyshacl: bool) -> None:
    """Prints what it costs to validate the whole packaged edition."""
    triples = edition.whole
    taken = best(lambda: validate(triples))
    print(
        f"whole edition, {len(triples):,} triples: {taken:.2f} s, {len(validate(triples))} findings"
    )
    if not with_pyshacl:
        return
    text = serialize([*triples, *known().everything()], format=RdfFormat.N_TRIPLES)
    data = Graph().parse(data=text, format="nt")
    shapes = Graph().parse(data=shapes_text(), format="nt")
    start = time.perf_counter()
    conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    alone = time.perf_counter() - start
    print(f"pyshacl: {alone:.0f} s, {alone / taken:.0f} times as long; conforms: {conforms}")


def best(run: Callable[[], object]) -> float:
    """Gives the time of the best of several runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
