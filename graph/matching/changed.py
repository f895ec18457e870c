"""A view with a change to it that is only thought of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from ..store import Term
from .triples import Triples
from .view import Node, Said, View


class Changed(View):
    """A view with some statements taken out and others put in, none of them idly."""

    def __init__(self, base: View, gone: Iterable[Triple], new: Iterable[Triple]) -> None:
        super().__init__()
        self._base = base
        self._gone = Triples(gone)
        self._new = Triples(new)
        self._said: dict[Term, Said] = {}

    def add(self, triple: Triple) -> None:
        """Puts in a triple that is not stated."""
        if self._gone.states(triple):
            self._gone.discard(triple)
        else:
            self._new.add(triple)
        self._said.pop(triple.subject, None)

    def discard(self, triple: Triple) -> None:
        """Takes out a triple that is stated."""
        if self._new.states(triple):
            self._new.discard(triple)
        else:
            self._gone.add(triple)
        self._said.pop(triple.subject, None)

    @property
    def gone(self) -> Iterable[Triple]:
        """What is taken out."""
        return self._gone.everything()

    @property
    def new(self) -> Iterable[Triple]:
        """What is put in."""
        return self._new.everything()

    def described(self, node: Term) -> Said:
        known = self._said.get(node)
        if known is None:
            known = self._said[node] = self._described(node)
        return known

    def _described(self, node: Term) -> Said:
        said, gone, new = (v.described(node) for v in (self._base, self._gone, self._new))
        if not gone and not new:
            return said
        if not said:
            return new
        after = {
            name: {value: None for value in values if value not in gone.get(name, ())}
            for name, values in said.items()
        }
        for name, values in new.items():
            after[name] = {**after.get(name, {}), **values}
        return {name: values for name, values in after.items() if values}

    def pointing(self, predicate: NamedNode, value: Term) -> Collection[Node]:
        found, gone, new = (
            v.pointing(predicate, value) for v in (self._base, self._gone, self._new)
        )
        if not gone and not new:
            return found
        return dict.fromkeys([*(each for each in found if each not in gone), *new])

    def each_pointing(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        yield from self._new.pointing(predicate, value)
        gone = self._gone.pointing(predicate, value)
        found = self._base.each_pointing(predicate, value)
        yield from (each for each in found if each not in gone) if gone else found

    def perhaps_pointing(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        yield from self._new.pointing(predicate, value)
        yield from self._base.perhaps_pointing(predicate, value)

    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        for subject, value in self._base.stated(predicate):
            if value not in self._gone.objects(subject, predicate):
                yield subject, value
        yield from self._new.stated(predicate)

    def naming(self, value: Term) -> Iterator[tuple[Node, NamedNode]]:
        for subject, predicate in self._base.naming(value):
            if value not in self._gone.objects(subject, predicate):
                yield subject, predicate
        yield from self._new.naming(value)

    def everything(self) -> Iterable[Triple]:
        yield from (triple for triple in self._base.everything() if not self._gone.states(triple))
        yield from self._new.everything()
