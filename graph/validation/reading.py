"""What questions read of a view to tell of some nodes: the things whose statements they match."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from pyoxigraph import NamedNode, Quad, Store

from ..matching.joins import Bindings, join
from ..matching.patterns import Context, Pattern
from ..matching.twins import Keyed, Twin
from ..matching.view import Node, View
from ..releases.merge import extend
from ..store import Term


def things_read(
    view: View,
    contexts: Iterable[Context],
    goal: str,
    nodes: Collection[Term],
    twin: Twin | None,
    keyed: Keyed,
) -> set[Node]:
    """Gives the things whose statements contexts can match where a variable stands for some nodes.

    There may be more of them than that, never fewer.
    """
    known: Bindings = {goal: set(nodes)}
    if twin is not None:
        known[twin.variable] = keyed.twins(twin.names, nodes)
    found = {node for each in known.values() for node in each if isinstance(node, Node)}
    for context in contexts:
        found |= _followed(view, (*context.around, *context.own), known)
    return found


def store_of(view: View, things: Iterable[Node]) -> Store:
    """Gives a store with all that a view states of some things."""
    quads = [
        Quad(thing, name, value)
        for thing in things
        for name, values in view.described(thing).items()
        for value in values
    ]
    store = Store()
    extend(store, quads)
    return store


def _followed(view: View, patterns: Iterable[Pattern], known: Bindings) -> set[Node]:
    """Gives the things that patterns lead to and say something of, beyond those known."""
    found = dict(known)
    met: set[Node] = set()
    waiting = list(patterns)
    while waiting:
        pattern = min(waiting, key=lambda each: _cost(each, found))
        waiting.remove(pattern)
        if pattern.is_endless:
            met.update(_on_the_way(view, pattern, found))
        if pattern.is_endless or _leads_on(pattern, waiting, found):
            step = join(view, [pattern], found)
            if step is None:
                return met
            found = step
        met.update(each for each in _terms(pattern.subject, found) if isinstance(each, Node))
    return met


def _leads_on(pattern: Pattern, waiting: Iterable[Pattern], found: Bindings) -> bool:
    """Tells whether a pattern leads to what others say something of, or can be found by."""
    if not _is_found(pattern.subject, found):
        return True
    new = {
        place
        for place in (pattern.predicate, pattern.object)
        if isinstance(place, str) and place not in found
    }
    return any(
        each.subject in new
        or each.predicate in new
        or (each.object in new and (each.is_endless or not _is_found(each.subject, found)))
        for each in waiting
    )


def _cost(pattern: Pattern, found: Bindings) -> int:
    if _is_found(pattern.subject, found):
        return 0 if _is_found(pattern.predicate, found) else 2
    named = 0 if _is_found(pattern.predicate, found) else 4
    return named + (1 if _is_found(pattern.object, found) else 3)


def _is_found(place: str | Term, found: Bindings) -> bool:
    return not isinstance(place, str) or place in found


def _terms(place: str | Term, found: Bindings) -> Collection[Term]:
    return found.get(place, ()) if isinstance(place, str) else (place,)


def _on_the_way(view: View, pattern: Pattern, found: Bindings) -> Iterator[Node]:
    """Gives what an endless pattern walks by, from its subjects on or its objects back."""
    name = pattern.predicate
    assert isinstance(name, NamedNode)
    onwards = _is_found(pattern.subject, found)
    reached = dict.fromkeys(_terms(pattern.subject if onwards else pattern.object, found))
    for node in (waiting := list(reached)):
        others = view.objects(node, name) if onwards else view.pointing(name, node)
        new = [each for each in others if each not in reached]
        reached |= dict.fromkeys(new)
        waiting += new
    return (each for each in chain(reached) if isinstance(each, Node))
