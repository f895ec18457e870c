"""What shapes read: the statements about a node, what points to it, and the classes above it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..names import PREFIXES
from ..store import Term

Node = NamedNode | BlankNode
Said = Mapping[NamedNode, Mapping[Term, None]]
"""What is stated of a node: each property with its values, in order and each once."""

TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
BELOW: Final = NamedNode(PREFIXES["rdfs"] + "subClassOf")

_NO_VALUES: Final[Mapping[Term, None]] = {}


class View(ABC):
    """A graph as shapes read it."""

    def __init__(self) -> None:
        self._above: dict[Term, frozenset[Term]] = {}
        self.passed: dict[object, set[object]] = defaultdict(set)
        """What was seen to pass, of each that judges; it holds while nothing changes."""

    @abstractmethod
    def described(self, node: Term) -> Said:
        """Gives what is stated of a node."""

    @abstractmethod
    def pointing(self, predicate: NamedNode, value: Term) -> Collection[Node]:
        """Gives the nodes that have a value of a property."""

    def each_pointing(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        """Gives the same, one by one: there may be very many, and the first be enough."""
        return iter(self.pointing(predicate, value))

    def perhaps_pointing(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        """Gives the same with others among them, where that is cheaper."""
        return self.each_pointing(predicate, value)

    @abstractmethod
    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Gives the nodes that have a property, each with each value."""

    @abstractmethod
    def naming(self, value: Term) -> Iterator[tuple[Node, NamedNode]]:
        """Gives the nodes that have a value by any property, each with the property."""

    @abstractmethod
    def everything(self) -> Iterable[Triple]:
        """Gives all statements."""

    def objects(self, node: Term, predicate: NamedNode) -> Mapping[Term, None]:
        """Gives the values of a property of a node."""
        return self.described(node).get(predicate, _NO_VALUES)

    def states(self, triple: Triple) -> bool:
        """Tells whether a triple is stated."""
        return triple.object in self.objects(triple.subject, triple.predicate)

    def is_a(self, node: Term, kind: Term) -> bool:
        """Tells whether a node is of a class, or of one below it."""
        return any(kind in self.above(each) for each in self.objects(node, TYPE))

    def members(self, kind: Term) -> dict[Node, None]:
        """Gives the nodes that are of a class, or of one below it."""
        found: dict[Term, None] = {kind: None}
        for each in (waiting := [kind]):
            new = [below for below in self.pointing(BELOW, each) if below not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return {node: None for each in found for node in self.pointing(TYPE, each)}

    def above_all(self, kinds: Iterable[Term]) -> frozenset[Term]:
        """Gives some classes and those above them."""
        return frozenset().union(*map(self.above, kinds))

    def above(self, kind: Term) -> frozenset[Term]:
        """Gives a class and those above it."""
        known = self._above.get(kind)
        if known is None:
            found = {kind: None}
            for each in (waiting := [kind]):
                new = [above for above in self.objects(each, BELOW) if above not in found]
                found |= dict.fromkeys(new)
                waiting += new
            known = self._above[kind] = frozenset(found)
        return known


def text(term: Term) -> str:
    """Gives a term as findings name it: an IRI, the text of a literal, a blank node's own name."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
