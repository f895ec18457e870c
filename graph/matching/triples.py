"""Triples in memory, as they are matched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from ..store import Term
from .view import Node, Said, View

_NOTHING: Final[Said] = {}


class Triples(View):
    """Triples in memory, spelt as they came."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        super().__init__()
        self._said: dict[Term, dict[NamedNode, dict[Term, None]]] = {}
        self._pointing: dict[NamedNode, dict[Term, dict[Node, None]]] = {}
        self._terms: dict[Term, Term] = {}
        for triple in triples:
            # One object for each term: a graph names the same things again and again.
            subject, predicate, value = (self._terms.setdefault(term, term) for term in triple)
            said = self._said.setdefault(subject, {})
            said.setdefault(predicate, {})[value] = None  # type: ignore[arg-type]

    def add(self, triple: Triple) -> None:
        """Adds a triple."""
        said = self._said.setdefault(triple.subject, {})
        said.setdefault(triple.predicate, {})[triple.object] = None
        if triple.predicate in self._pointing and isinstance(triple.subject, Node):
            self._pointing[triple.predicate].setdefault(triple.object, {})[triple.subject] = None

    def discard(self, triple: Triple) -> None:
        """Removes a triple that is stated."""
        said = self._said[triple.subject]
        del said[triple.predicate][triple.object]
        if not said[triple.predicate]:
            del said[triple.predicate]
        if triple.predicate in self._pointing and isinstance(triple.subject, Node):
            del self._pointing[triple.predicate][triple.object][triple.subject]

    def described(self, node: Term) -> Said:
        return self._said.get(node, _NOTHING)

    def pointing(self, predicate: NamedNode, value: Term) -> Collection[Node]:
        known = self._pointing.get(predicate)
        if known is None:
            known = self._pointing[predicate] = {}
            for subject, each in self.stated(predicate):
                known.setdefault(each, {})[subject] = None
        return known.get(value, {})

    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        for subject, said in self._said.items():
            for value in said.get(predicate, ()):
                yield subject, value  # type: ignore[misc]

    def naming(self, value: Term) -> Iterator[tuple[Node, NamedNode]]:
        for subject, said in self._said.items():
            for predicate, values in said.items():
                if value in values and isinstance(subject, Node):
                    yield subject, predicate

    def everything(self) -> Iterable[Triple]:
        for subject, said in self._said.items():
            for predicate, values in said.items():
                for value in values:
                    yield Triple(subject, predicate, value)  # type: ignore[arg-type]
