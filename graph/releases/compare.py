"""What an edit made of a store: the difference between the store before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from pyoxigraph import DefaultGraph, Quad, Store

from .changes import Effect, GraphName
from .content import name_of
from .merge import DEFAULT, INFERRED, DerivedGraph, merge_in, merge_out


def settle(before: Store, after: Store, graphs: Iterable[GraphName] | None, merged: bool) -> Effect:
    """Gives what an edit did, and brings a merged default graph in line with it.

    An edit of the default graph itself, or of what is inferred, is refused when they are derived.
    """
    effect = difference(before, after, graphs)
    if merged:
        for quad in (*effect.added, *effect.removed):
            if quad.graph_name in (DEFAULT, INFERRED):
                raise DerivedGraph(name_of(quad.graph_name))
        effect.default += merge_in(after, effect.added)
        effect.default -= merge_out(after, effect.removed)
    return effect


def difference(before: Store, after: Store, graphs: Iterable[GraphName] | None = None) -> Effect:
    """Gives what one store has more and what it has less than another, graph by graph."""
    old, new = set(before.named_graphs()), set(after.named_graphs())
    compared: set[GraphName] = {DefaultGraph(), *old, *new} if graphs is None else set(graphs)
    effect = Effect(
        created={name_of(name) for name in new - old},
        dropped={name_of(name) for name in old - new},
    )
    for name in sorted(compared, key=name_of):
        added, removed = _unlike(
            before.quads_for_pattern(None, None, None, name),
            after.quads_for_pattern(None, None, None, name),
        )
        effect.added += added
        effect.removed += removed
    return effect


def _unlike(before: Iterator[Quad], after: Iterator[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Gives what only the second and only the first of two streams has.

    Two versions of a store give their quads in the same order, so what has not yet found its like
    is never more than the streams differ by: memory follows the change.
    """
    gone: dict[Quad, None] = {}
    new: dict[Quad, None] = {}
    pairs: Iterator[tuple[Quad | None, Quad | None]] = zip_longest(before, after)
    for old, young in pairs:
        if old == young:
            continue
        if old is not None and new.pop(old, old) is old:
            gone[old] = None
        if young is not None and gone.pop(young, young) is young:
            new[young] = None
    return list(new), list(gone)
