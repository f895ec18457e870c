"""Where the statements of a change match what shapes read, and the nodes that this leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from ..matching.joins import lead, reached
from ..matching.patterns import Context, Pattern
from ..matching.twins import Keyed, twin_of
from ..matching.view import BELOW, TYPE, View
from ..store import Term
from .engine import Engine, Shape
from .questions import THIS


@dataclass(frozen=True)
class Affected:
    """The nodes of which shapes may say something else: those that change, whatever the shape, and
    for each shape those that a change leads to. Not all are nodes that the shape is about."""

    changing: Mapping[Term, None]
    led: Mapping[Shape, Mapping[Term, None]]

    def chosen(self, engine: Engine, view: View) -> dict[Shape, dict[Term, None]]:
        """Gives those that each shape is about."""
        found = engine.about_any(view, self.changing)
        for shape, nodes in self.led.items():
            if nodes:
                found[shape] |= engine.about(view, shape, nodes)
        return found


class Changes:
    """Triples that came or went, by what they say."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.everything = list(triples)
        self.subjects: dict[Term, None] = {}
        self._by_name: dict[NamedNode, list[Triple]] = defaultdict(list)
        self._subjects: dict[NamedNode, dict[Term, dict[Term, None]]] = {}
        for triple in self.everything:
            self.subjects[triple.subject] = None
            self._by_name[triple.predicate].append(triple)

    def of(self, pattern: Pattern) -> list[Triple]:
        """Gives the triples that have the property of a pattern."""
        name = pattern.predicate
        return self._by_name.get(name, []) if isinstance(name, NamedNode) else self.everything

    def saying(self, pattern: Pattern) -> Iterable[Mapping[Term, None]]:
        """Gives the subjects of the triples that match a pattern, in groups."""
        if not isinstance(pattern.predicate, NamedNode):
            return (self.subjects,)
        values = self.by_value(pattern.predicate)
        return (
            values.values()
            if isinstance(pattern.object, str)
            else (values.get(pattern.object, {}),)
        )

    def by_value(self, name: NamedNode) -> Mapping[Term, Mapping[Term, None]]:
        """Gives the subjects of the triples of a property, by their values."""
        known = self._subjects.get(name)
        if known is None:
            known = self._subjects[name] = {}
            for triple in self._by_name.get(name, ()):
                known.setdefault(triple.object, {})[triple.subject] = None
        return known


class Watched:
    """A context of what a shape reads, as changes can touch it.

    A node that changes itself is judged in any case, so only what is said of others leads here.
    """

    def __init__(self, shape: Shape, context: Context) -> None:
        self.shape = shape
        self._context = context
        self._patterns = (*context.around, *context.own)
        self._twin = twin_of(self._patterns, THIS)
        self._others: dict[str, list[Pattern]] = defaultdict(list)
        self._single: list[Pattern] = []
        for pattern in context.own:
            if pattern.is_endless or not isinstance(pattern.subject, str):
                self._single.append(pattern)
            elif pattern.subject != THIS:
                self._others[pattern.subject].append(pattern)
        self._classes = {
            pattern.subject: pattern.object
            for pattern in self._patterns
            if pattern.is_endless and pattern.predicate == BELOW
        }

    def reached(self, view: View, changes: Changes, keyed: Keyed) -> Iterator[Term]:
        """Gives the nodes to judge anew because of what is said of others."""
        for pattern in self._single:
            yield from reached(view, self._context, pattern, changes.of(pattern), THIS)
        for variable, patterns in self._others.items():
            starts: dict[Term, None] = {}
            for pattern in patterns:
                for group in self._touching(view, changes, pattern):
                    starts |= group
            if starts:
                yield from self._led(view, variable, starts, keyed)

    def _touching(
        self, view: View, changes: Changes, pattern: Pattern
    ) -> Iterable[Mapping[Term, None]]:
        wanted = self._classes.get(pattern.object)
        if pattern.predicate != TYPE or wanted is None or isinstance(wanted, str):
            return changes.saying(pattern)
        # Things of a class matter where it is the one that the shape asks for, or below it.
        return (
            group for kind, group in changes.by_value(TYPE).items() if wanted in view.above(kind)
        )

    def _led(
        self, view: View, variable: str, starts: Mapping[Term, None], keyed: Keyed
    ) -> Collection[Term]:
        if self._twin is not None and self._twin.variable == variable:
            return keyed.twins(self._twin.names, starts)
        return lead(view, self._patterns, {variable: {*starts}}, THIS)
