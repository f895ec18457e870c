"""Changes to named graphs, and the default graph that is kept as their distinct merge.

The merge is written out, not computed by each query: over a union, a triple that stands in two
graphs comes back twice and is counted twice. So a triple goes into the default graph with the
first graph that states it, and leaves it with the last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from pyoxigraph import DefaultGraph, Quad, Store, Triple

from ..errors import HakushoError
from ..names import GRAPH, graph
from .changes import Change, Effect, GraphName
from .content import name_of

INFERRED: Final = graph("inferred")
DEFAULT: Final = DefaultGraph()

CHUNK: Final = 50_000

_BULK: Final = 5_000
"""So many quads are sooner written as files of their own than one by one."""
_APART: Final = tuple(GRAPH + name for name in ("provenance", "shapes", "proposal", "superseded"))


class DerivedGraph(HakushoError):
    """A change to a graph that follows from the others and is written by nobody."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        if not self.name:
            return (
                "the default graph is the merge of the named graphs and cannot be changed itself; "
                "name the graph to change"
            )
        return f"{self.name} holds what follows from the other graphs and cannot be changed itself"


def extend(store: Store, quads: Sequence[Quad]) -> None:
    """Adds quads to a store that nobody reads meanwhile."""
    if len(quads) < _BULK:
        store.extend(quads)
    else:
        store.bulk_extend(quads)


def is_merged(name: GraphName) -> bool:
    """Tells whether a graph's triples are in a merged default graph.

    Apart stay the descriptions of where graphs come from, shapes, proposals, and what an edition
    said of a thing of which a later one says otherwise.

    >>> is_merged(graph("r07")), is_merged(graph("provenance")), is_merged(graph("proposal-3"))
    (True, False, False)
    """
    return not isinstance(name, DefaultGraph) and not name_of(name).startswith(_APART)


def normal(quads: Iterable[Quad]) -> list[Quad]:
    """Gives quads as the store keeps them, each once: it writes numbers in its own way."""
    store = Store()
    store.extend(quads)
    return list(store)


def apply(store: Store, change: Change, merged: bool = True) -> Effect:
    """Applies a change and gives what it did.

    What is both removed and added stays untouched, so a graph that is dropped and written anew
    changes only where it differs.
    """
    if merged:
        _refuse_derived(change.drop)
    effect = Effect()
    going = {
        quad for name in change.drop for quad in store.quads_for_pattern(None, None, None, name)
    }
    going.update(quad for quad in normal(checked(change.remove, merged)) if quad in store)
    known = {name_of(name) for name in store.named_graphs()}
    for chunk in chunks(checked(change.added(), merged)):
        new = []
        for quad in normal(chunk):
            if quad in going:
                going.discard(quad)
            elif quad not in store:
                new.append(quad)
        effect += put(store, new, merged)
    effect += take(store, going, merged)
    _name_graphs(store, change, known, effect)
    return effect


def put(store: Store, quads: list[Quad], merged: bool = True) -> Effect:
    """Adds quads that the store does not have, and their triples to a merged default graph."""
    extend(store, quads)
    return Effect(added=quads, default=merge_in(store, quads) if merged else 0)


def take(store: Store, quads: Collection[Quad], merged: bool = True) -> Effect:
    """Removes quads that the store has, and from a merged default graph what no graph states."""
    for quad in quads:
        store.remove(quad)
    return Effect(removed=list(quads), default=-merge_out(store, quads) if merged else 0)


def merge_in(store: Store, quads: Iterable[Quad]) -> int:
    """Adds the triples of stated quads to the default graph and returns how many are new there."""
    triples = {in_default(quad.triple) for quad in quads if is_merged(quad.graph_name)}
    new = [quad for quad in triples if quad not in store]
    extend(store, new)
    return len(new)


def merge_out(store: Store, quads: Iterable[Quad]) -> int:
    """Removes from the default graph what the given quads stated and no graph states any more."""
    gone = [
        in_default(triple)
        for triple in {quad.triple for quad in quads if is_merged(quad.graph_name)}
        if not stated(store, triple)
    ]
    for quad in gone:
        store.remove(quad)
    return len(gone)


def stated(store: Store, triple: Triple, beside: GraphName | None = None) -> bool:
    """Tells whether any graph that is merged states a triple, or any beside the given one."""
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(is_merged(quad.graph_name) and quad.graph_name != beside for quad in found)


def in_default(triple: Triple) -> Quad:
    """Gives the quad that states a triple in the default graph."""
    return Quad(triple.subject, triple.predicate, triple.object, DEFAULT)


def _name_graphs(store: Store, change: Change, known: set[str], effect: Effect) -> None:
    for made in change.create:
        store.add_graph(made)
    kept = {name_of(name) for name in change.create}
    for name in change.drop:
        if isinstance(name, DefaultGraph) or name_of(name) in kept:
            continue
        if next(store.quads_for_pattern(None, None, None, name), None) is None:
            store.remove_graph(name)
    now = {name_of(name) for name in store.named_graphs()}
    effect.created |= now - known
    effect.dropped |= known - now


def checked(quads: Iterable[Quad], merged: bool) -> Iterator[Quad]:
    """Gives quads as they come, and refuses one of a graph that is derived."""
    for quad in quads:
        if merged and (quad.graph_name == DEFAULT or quad.graph_name == INFERRED):
            raise DerivedGraph(name_of(quad.graph_name))
        yield quad


def _refuse_derived(names: Iterable[GraphName]) -> None:
    for name in names:
        if name in (DEFAULT, INFERRED):
            raise DerivedGraph(name_of(name))


def check(change: Change) -> None:
    """Refuses a change of a graph that is derived, where the default graph is merged."""
    _refuse_derived(change.drop)
    for _ in checked(chain(change.remove, change.added()), merged=True):
        pass


def chunks(quads: Iterable[Quad], size: int = CHUNK) -> Iterator[list[Quad]]:
    """Gives quads in lists that fit in memory."""
    rest = iter(quads)
    while chunk := list(islice(rest, size)):
        yield chunk
