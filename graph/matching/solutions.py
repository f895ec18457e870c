"""The solutions of patterns over a view, one after the other, each with what it matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from ..store import Term
from .joins import Match
from .patterns import Pattern, Place
from .view import Node, View

Binding = Mapping[str, Term]


def solutions(view: View, patterns: Sequence[Pattern], bound: Binding) -> Iterator[list[Match]]:
    """Gives what patterns match, solution by solution, where some variables are bound."""
    if not patterns:
        yield []
        return
    pattern = min(patterns, key=lambda each: _cost(each, bound))
    rest = [each for each in patterns if each is not pattern]
    for match in _matches(view, pattern, bound):
        more = unified(pattern, match, bound)
        if more is not None:
            yield from ([match, *others] for others in solutions(view, rest, more))


def unified(pattern: Pattern, match: Match | Triple, bound: Binding) -> Binding | None:
    """Gives what is bound once a pattern matches a triple; None where it does not."""
    found = dict(bound)
    subject, predicate, value = match
    for place, term in (
        (pattern.subject, subject),
        (pattern.predicate, predicate),
        (pattern.object, value),
    ):
        if isinstance(place, str):
            if found.setdefault(place, term) != term:
                return None
        elif place != term:
            return None
    return found


def _cost(pattern: Pattern, bound: Binding) -> int:
    """Gives how dear a pattern is to look up: a variable property reads all that a node has."""
    subject, value = _known(pattern.subject, bound), _known(pattern.object, bound)
    if _known(pattern.predicate, bound) is None:
        return 3 if subject is not None else 6
    if subject is not None:
        return 0
    if value is not None:
        return 1 if isinstance(pattern.object, str) else 4
    return 5


def _known(place: Place, bound: Binding) -> Term | None:
    return bound.get(place) if isinstance(place, str) else place


def _matches(view: View, pattern: Pattern, bound: Binding) -> Iterator[Match]:
    subject = _known(pattern.subject, bound)
    name = _known(pattern.predicate, bound)
    value = _known(pattern.object, bound)
    if name is not None and not isinstance(name, NamedNode):
        return
    if subject is not None:
        if not isinstance(subject, Node):
            return
        said = view.described(subject)
        for each in said if name is None else (name,):
            objects = said.get(each, {})
            if value is None:
                yield from ((subject, each, other) for other in objects)
            elif value in objects:
                yield subject, each, value
    elif name is not None and value is not None:
        yield from ((other, name, value) for other in view.each_pointing(name, value))
    elif name is not None:
        yield from ((other, name, each) for other, each in view.stated(name))
    elif value is not None:
        yield from ((other, each, value) for other, each in view.naming(value))
    else:
        for triple in view.everything():
            if isinstance(triple.subject, Node):
                yield triple.subject, triple.predicate, triple.object
