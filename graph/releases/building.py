"""The first filling of a store: everything is new, so nothing is compared.

What fits is put together in memory, where inference and counting are several times faster, and
written to disk in one go; the rest streams past it to disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, QuerySolutions, Store

from ..rules import fingerprint
from .changes import Change, Draft, Inference
from .content import Content, by_graph, name_of
from .manifest import Difference
from .merge import DEFAULT, INFERRED, chunks, in_default, is_merged, normal

MEMORY: Final = 1_000_000
"""How many quads are put together in memory."""


def build(path: Path, change: Change, merged: bool, infer: Inference | None) -> Draft:
    """Fills a new store with what a change adds: on disk at the path, or in memory if it fits."""
    coming = chunks(change.added())
    store = Store()
    count = 0
    for chunk in coming:
        store.extend(_with_default(chunk, merged))
        count += len(chunk)
        if count >= MEMORY:
            store, graphs = _spill(path, store, coming, merged)
            break
    else:
        graphs = by_graph(store)
    for name in change.create:
        store.add_graph(name)
        graphs.setdefault(name_of(name), Content())
    if infer is not None:
        infer(store)
        graphs |= by_graph(store.quads_for_pattern(None, None, None, INFERRED))
    default = graphs.pop("", Content())
    if merged:
        default = Content(_count(store, "{ ?s ?p ?o }"))
    changed = {name: Difference(content.quads, 0) for name, content in graphs.items()}
    if default.quads and not merged:
        changed[""] = Difference(default.quads, 0)
    return Draft(store, graphs, default, changed, fingerprint() if infer else "")


def save(path: Path, store: Store) -> Store:
    """Gives a store as it is on disk at a path; one that was put together in memory is written."""
    if path.exists():
        return store
    saved = Store(path)
    saved.bulk_extend(store)
    for name in store.named_graphs():
        saved.add_graph(name)
    return saved


def _spill(
    path: Path, store: Store, coming: Iterable[list[Quad]], merged: bool
) -> tuple[Store, dict[str, Content]]:
    counted: dict[str, Content] = {}

    def counting(quads: Iterable[Quad]) -> Iterator[Quad]:
        for chunk in chunks(quads):
            for name, content in by_graph(chunk).items():
                counted[name] = counted.get(name, Content()) + content
            yield from chunk

    rest = chain.from_iterable(_with_default(normal(chunk), merged) for chunk in coming)
    saved = Store(path)
    saved.bulk_extend(counting(chain(store, rest)))
    # Compaction would otherwise come in the midst of one of the first publishes, and hold it up.
    saved.optimize()
    named = sum(content.quads for name, content in counted.items() if name)
    if named != _count(saved, "{ GRAPH ?g { ?s ?p ?o } }"):
        # Something came more than once, and was counted so.
        counted = by_graph(quad for quad in saved if quad.graph_name != DEFAULT or not merged)
    return saved, counted


def _with_default(quads: Iterable[Quad], merged: bool) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        if merged and is_merged(quad.graph_name):
            yield in_default(quad.triple)


def _count(store: Store, pattern: str) -> int:
    rows = store.query(f"SELECT (COUNT(*) AS ?n) WHERE {pattern}")
    assert isinstance(rows, QuerySolutions)
    return int(next(rows)["n"].value)
