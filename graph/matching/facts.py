"""Facts that fill a pattern of a rule, and what they need beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, Triple

from .joins import Bindings, Match, join
from .patterns import Pattern
from .solutions import solutions, unified
from .view import View

ByName = dict[NamedNode, list[Triple]]
"""Facts by their properties."""

_MANY: Final = 50
"""Beyond so many facts, what they need is looked up for all of them together."""


def telling(
    view: View, pattern: Pattern, rest: list[Pattern], names: Collection[NamedNode]
) -> list[NamedNode]:
    """Gives those of some properties that may come to something where they fill a pattern.

    Of most, the other patterns that speak of them say at once that they do not.
    """
    place = pattern.predicate
    if not isinstance(place, str):
        return [name for name in names if name == place]
    others = {pattern.subject, pattern.object}
    speaking = [
        each
        for each in rest
        if place in (each.subject, each.object) and others.isdisjoint((each.subject, each.object))
    ]
    return [
        name
        for name in names
        if all(any(True for _ in solutions(view, [each], {place: name})) for each in speaking)
    ]


def filling(
    view: View, pattern: Pattern, rest: list[Pattern], facts: list[Triple]
) -> Iterator[Match | Triple]:
    """Gives those of some facts that fill a pattern where the others match too, and what these
    match: just that of a few facts, and of many what any of them may need."""
    if len(facts) <= _MANY:
        for fact in facts:
            bound = unified(pattern, fact, {})
            for others in () if bound is None else solutions(view, rest, bound):
                yield fact
                yield from others
        return
    known: Bindings = {}
    chosen: list[Triple] = []
    for fact in facts:
        bound = unified(pattern, fact, {})
        if bound is not None:
            chosen.append(fact)
            for variable, term in bound.items():
                known.setdefault(variable, set()).add(term)
    met: set[Match] = set()
    if chosen and join(view, rest, known, met) is not None:
        yield from chosen
        yield from met


def by_name(facts: Iterable[Triple]) -> ByName:
    """Gives facts by their properties."""
    found: ByName = defaultdict(list)
    for fact in facts:
        found[fact.predicate].append(fact)
    return found


def fitting(pattern: Pattern, facts: ByName) -> Iterable[Triple]:
    """Gives the facts that have the property of a pattern."""
    name = pattern.predicate
    if isinstance(name, NamedNode):
        return facts.get(name, ())
    return chain.from_iterable(facts.values())
