"""What a change would bring in that the shapes find wrong: only what it reaches is validated.

    found = introduced(store, Change(add=[…], remove=[…]))

The nodes that it reaches follow from what the shapes read, and each is judged where it stands,
before the change and after it. So the work grows with the change and not with the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Final

from pyoxigraph import Quad, Store, Triple

from ..errors import InvalidData
from ..matching.changed import Changed
from ..matching.stored import Stored
from ..matching.twins import Keyed
from ..matching.view import Node, View
from ..progress import Told, parts
from ..releases.changes import Change, GraphName
from ..releases.merge import INFERRED, is_merged, normal
from ..releases.publishing import Proposed
from ..releases.release import Release
from ..store import Term
from .engine import Engine, Outcome, Shape
from .findings import Finding, Result
from .full import engine_of, known, shapes_text
from .questions import THIS, Question
from .reach import Reach
from .reading import store_of, things_read

Chosen = Mapping[Shape, Mapping[Term, None]]
"""The nodes that each shape is to judge."""

_AT_ONCE: Final = 4_000
"""So many nodes are judged together, with what questions about them read."""


def introduced(
    store: Store,
    change: Change,
    merged: bool = True,
    shapes: bytes | None = None,
    told: Told | None = None,
) -> list[Finding]:
    """Gives what a change would bring into a store that the shapes find wrong, the worst first.

    What was wrong before in the same way is not told again: a step that mends something need not
    mend everything. Where the default graph is merged, graphs apart from it are not looked at, nor
    is what was inferred, which follows the change later. The share of work that is done is told.
    """
    reached, judged, again_judged = parts(told, (2, 7, 1))
    seen = _Seen(merged)
    before = Stored(store, seen, known(), merged)
    gone, new = _difference(store, before, change, seen)
    engine, reach = _made(shapes_text() if shapes is None else shapes)
    after = Changed(before, gone, new)
    # What was stated before and what will be, at once: either may have led to a node.
    ever = Changed(before, (), new) if gone else after
    keyed = Keyed(ever)
    affected = reach.affected(ever, (*gone, *new), keyed)
    chosen = affected.chosen(engine, after)
    reached(1.0)
    found = _outcome(engine, after, chosen, keyed, judged)
    if not found.results:
        again_judged(1.0)
        return []
    # What was wrong before in the same way was so of the same nodes, but for what they lead to.
    again = affected.chosen(engine, before)
    if found.is_of_nodes():
        again = {
            shape: {node: None for node in nodes if node in found.at.get(shape, ())}
            for shape, nodes in again.items()
        }
    already = _outcome(engine, before, again, keyed, again_judged)
    return engine.told(found.results - already.results)


def broken(store: Store, change: Change, merged: bool = True) -> list[Finding]:
    """Gives the violations that a change would bring into a store, which keep it out."""
    return [each for each in introduced(store, change, merged) if each.severity == "violation"]


def checking(change: Proposed, merged: bool) -> Proposed:
    """Gives a change that raises InvalidData, once it is worked out, where it breaks something."""

    def checked(current: Release | None) -> Change:
        wanted = change(current)
        wanted = replace(wanted, add=list(wanted.add), remove=list(wanted.remove))
        found = broken(Store() if current is None else current.engine(), wanted, merged)
        if found:
            raise InvalidData(tuple(found))
        return wanted

    return checked


@lru_cache(maxsize=4)
def _made(shapes: bytes) -> tuple[Engine, Reach]:
    engine = engine_of(shapes)
    return engine, Reach(engine)


def _outcome(engine: Engine, view: View, chosen: Chosen, keyed: Keyed, told: Told) -> Outcome:
    """Gives what shapes say of nodes, worked out for some at a time: the memory that questions take
    does not grow with all there are."""
    results: set[Result] = set()
    at: dict[Shape, set[Term]] = defaultdict(set)
    pieces = _pieces(chosen)
    for piece, heard in zip(pieces, parts(told, [len(each) for each in pieces]), strict=True):
        found = engine.outcome(view, _of(chosen, piece), partial(_asked, view, keyed), heard)
        results |= found.results
        for shape, nodes in found.at.items():
            at[shape] |= nodes
    told(1.0)
    return Outcome(frozenset(results), at)


def _pieces(chosen: Chosen) -> list[dict[Term, None]]:
    nodes = iter(dict.fromkeys(chain.from_iterable(chosen.values())))
    pieces = iter(lambda: dict.fromkeys(islice(nodes, _AT_ONCE)), {})
    return list(pieces)


def _of(chosen: Chosen, piece: Mapping[Term, None]) -> Chosen:
    return {
        shape: {node: None for node in piece if node in nodes} for shape, nodes in chosen.items()
    }


def _asked(view: View, keyed: Keyed, asked: Mapping[Question, Collection[Term]]) -> Store:
    """Gives a store with all that questions about some nodes can match."""
    read: set[Node] = set()
    for question, nodes in asked.items():
        read |= things_read(view, question.reads, THIS, nodes, question.twin, keyed)
    return store_of(view, read)


class _Seen:
    """Which graphs of a store the shapes are about."""

    def __init__(self, merged: bool) -> None:
        self._merged = merged
        self._known: dict[GraphName, bool] = {}

    def __call__(self, quad: Quad) -> bool:
        name: GraphName = quad.graph_name
        known = self._known.get(name)
        if known is None:
            known = not self._merged or (is_merged(name) and name != INFERRED)
            self._known[name] = known
        return known


def _difference(
    store: Store, before: View, change: Change, seen: _Seen
) -> tuple[list[Triple], list[Triple]]:
    """Gives the triples that no graph states any more, and those that none stated before."""
    dropped = (store.quads_for_pattern(None, None, None, name) for name in change.drop)
    coming = set(filter(seen, normal(change.add)))
    going = {*chain.from_iterable(dropped), *normal(change.remove)} - coming
    new = dict.fromkeys(quad.triple for quad in coming)
    gone = [
        triple
        for triple in dict.fromkeys(quad.triple for quad in going if seen(quad))
        if triple not in new
        and before.states(triple)
        and not known().states(triple)
        and not _stated(store, triple, going, seen)
    ]
    return gone, [triple for triple in new if not before.states(triple)]


def _stated(store: Store, triple: Triple, going: Collection[Quad], seen: _Seen) -> bool:
    """Tells whether a graph goes on stating a triple when some quads are gone."""
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(seen(quad) and quad not in going for quad in found)
