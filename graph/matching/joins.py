"""Patterns that match together over a view, pattern by pattern.

What is worked out is which terms each variable can stand for, not which of them belong together:
more may be found than a query finds, never less, and the work grows with the terms alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from ..errors import UnusableShapes
from ..store import Term
from .patterns import Context, Pattern, Place
from .view import Node, View

Bindings = dict[str, set[Term]]
"""The terms that each variable can stand for."""

Match = tuple[Node, NamedNode, Term]

_PLACES: Final = ("subject", "predicate", "object")


def join(
    view: View, patterns: Iterable[Pattern], known: Bindings, met: set[Match] | None = None
) -> Bindings | None:
    """Gives what variables can stand for where all patterns match; None where they cannot.

    The statements that match are added to those met.
    """
    found = dict(known)
    waiting = list(patterns)
    while waiting:
        # The first of those that are cheapest to look up: the order of a query is its writer's.
        pattern = min(waiting, key=lambda each: _cost(each, found))
        waiting.remove(pattern)
        if not _step(view, pattern, found, met):
            return None
    return found


def lead(view: View, patterns: Iterable[Pattern], known: Bindings, goal: str) -> Collection[Term]:
    """Gives what one variable can stand for where all patterns match, or more.

    Once it is known, it is narrowed by what is said of it, and by nothing else: many things may
    share a value, or belong to it.
    """
    found = dict(known)
    waiting = list(patterns)
    while waiting:
        pattern = min(waiting, key=lambda each: (_cost(each, found), not _has(each, goal)))
        if goal in found and (_cost(pattern, found) > 0 or not _has(pattern, goal)):
            break
        waiting.remove(pattern)
        if not _step(view, pattern, found, None):
            return ()
    return found[goal]


def _has(pattern: Pattern, variable: str) -> bool:
    return variable in (pattern.subject, pattern.object)


def _step(view: View, pattern: Pattern, found: Bindings, met: set[Match] | None) -> bool:
    walk = _walk if pattern.is_endless else _match
    return walk(view, pattern, found, met)


def _cost(pattern: Pattern, found: Bindings) -> int:
    if _terms(pattern.subject, found) is not None:
        return 0
    is_named = _terms(pattern.predicate, found) is not None
    if _terms(pattern.object, found) is not None:
        return (1 if is_named else 2) if isinstance(pattern.object, str) else 3
    return 4 if is_named else 5


def _terms(place: Place, found: Bindings) -> Collection[Term] | None:
    """Gives the terms that can stand in a place; None where any can."""
    return found.get(place) if isinstance(place, str) else (place,)


def _match(view: View, pattern: Pattern, found: Bindings, met: set[Match] | None) -> bool:
    here = list(matches(view, pattern, found))
    if met is not None:
        met.update(here)
    for number, name in enumerate(_PLACES):
        place = getattr(pattern, name)
        if isinstance(place, str):
            found[place] = {match[number] for match in here}
    return bool(here)


def matches(view: View, pattern: Pattern, found: Bindings) -> Iterator[Match]:
    """Gives what matches a pattern where some variables stand for some terms."""
    subjects = _terms(pattern.subject, found)
    names = _terms(pattern.predicate, found)
    values = _terms(pattern.object, found)
    if subjects is not None:
        for subject in subjects:
            if isinstance(subject, Node):
                said = view.described(subject)
                for name in said if names is None else said.keys() & names:
                    for value in said[name]:
                        if values is None or value in values:
                            yield subject, name, value
        return
    if names is None:
        if values is None:
            raise UnusableShapes(f"nothing leads from the node to {pattern.subject}")
        for value in values:
            yield from ((subject, name, value) for subject, name in view.naming(value))
        return
    for name in (each for each in names if isinstance(each, NamedNode)):
        if values is None:
            yield from ((subject, name, value) for subject, value in view.stated(name))
            continue
        for value in values:
            yield from ((subject, name, value) for subject in view.pointing(name, value))


def _walk(view: View, pattern: Pattern, found: Bindings, met: set[Match] | None) -> bool:
    """Walks a property again and again, from the subjects on or else from the objects back."""
    name = pattern.predicate
    assert isinstance(name, NamedNode)
    start = _terms(pattern.subject, found)
    goal, place = _terms(pattern.object, found), pattern.object
    is_backwards = start is None
    if is_backwards:
        start, goal, place = goal, None, pattern.subject
    if start is None:
        raise UnusableShapes(f"nothing leads from the node to {pattern.subject}")
    reached = dict.fromkeys(start)
    waiting = list(reached)
    for node in waiting:
        others = view.pointing(name, node) if is_backwards else view.objects(node, name)
        if met is not None and isinstance(node, Node) and not is_backwards:
            met.update((node, name, other) for other in others)
        if met is not None and is_backwards:
            met.update((other, name, node) for other in others if isinstance(other, Node))
        new = [other for other in others if other not in reached]
        reached |= dict.fromkeys(new)
        waiting += new
    ends = set(reached) if goal is None else set(reached).intersection(goal)
    if isinstance(place, str):
        found[place] = ends
    return bool(ends)


def surroundings(
    view: View, contexts: Iterable[Context], goal: str, terms: Collection[Term]
) -> Store:
    """Gives a store with all that contexts can match where a variable stands for some terms."""
    found: set[Match] = set()
    for context in contexts:
        around = join(view, context.around, {goal: set(terms)}, found)
        if around is not None:
            join(view, context.own, around, found)
    store = Store()
    store.extend(Quad(*match) for match in found)
    return store


def reached(
    view: View, context: Context, pattern: Pattern, triples: Iterable[Triple], goal: str
) -> Collection[Term]:
    """Gives what a variable can stand for where triples match a pattern of a context."""
    matching = [triple for triple in triples if _fits(pattern, triple)]
    if not matching:
        return ()
    ends = {triple.subject for triple in matching}, {triple.object for triple in matching}
    if not pattern.is_endless and goal in (pattern.subject, pattern.object):
        return ends[0 if pattern.subject == goal else 1]
    others = [each for each in (*context.around, *context.own) if each is not pattern]
    found: Bindings = {}
    if pattern.is_endless:
        # The triple is one step of many: some may lead to it, and some on from it.
        others.append(replace(pattern, object="?from"))
        others.append(replace(pattern, subject="?to"))
        found = {"?from": {*ends[0]}, "?to": ends[1]}
    else:
        for name in _PLACES:
            place = getattr(pattern, name)
            if isinstance(place, str):
                found[place] = {getattr(triple, name) for triple in matching}
    return lead(view, others, found, goal)


def _fits(pattern: Pattern, triple: Triple) -> bool:
    return pattern.is_endless or (
        (isinstance(pattern.subject, str) or pattern.subject == triple.subject)
        and (isinstance(pattern.object, str) or pattern.object == triple.object)
    )
