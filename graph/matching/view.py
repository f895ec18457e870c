"""What shapes read: the statements about a node, what points to it, and the classes above it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from ..names import PREFIXES
from ..store import Term

Node = NamedNode | BlankNode
Said = Mapping[NamedNode, Mapping[Term, None]]
"""What is stated of a node: each property with its values, in order and each once."""

TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
BELOW: Final = NamedNode(PREFIXES["rdfs"] + "subClassOf")

_NOTHING: Final[Said] = {}
_NO_VALUES: Final[Mapping[Term, None]] = {}


class View(ABC):
    """A graph as shapes read it."""

    def __init__(self) -> None:
        self._above: dict[Term, frozenset[Term]] = {}

    @abstractmethod
    def described(self, node: Term) -> Said:
        """Gives what is stated of a node."""

    @abstractmethod
    def pointing(self, predicate: NamedNode, value: Term) -> Collection[Node]:
        """Gives the nodes that have a value of a property."""

    @abstractmethod
    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Gives the nodes that have a property, each with each value."""

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

    def everything(self) -> Iterable[Triple]:
        for subject, said in self._said.items():
            for predicate, values in said.items():
                for value in values:
                    yield Triple(subject, predicate, value)  # type: ignore[arg-type]


class Stored(View):
    """What the graphs of a store state that are seen, beside what is known without it."""

    def __init__(self, store: Store, is_seen: Callable[[Quad], bool], known: View) -> None:
        super().__init__()
        self._store = store
        self._is_seen = is_seen
        self._known = known
        self._said: dict[Term, Said] = {}
        self._pointing: dict[tuple[NamedNode, Term], dict[Node, None]] = {}

    def described(self, node: Term) -> Said:
        said = self._said.get(node)
        if said is None:
            said = self._said[node] = self._described(node)
        return said

    def _described(self, node: Term) -> Said:
        if not isinstance(node, Node):
            return _NOTHING
        known = self._known.described(node)
        said: dict[NamedNode, dict[Term, None]] = {p: {**known[p]} for p in known}
        for quad in self._store.quads_for_pattern(node, None, None, None):
            if self._is_seen(quad):
                said.setdefault(quad.predicate, {})[quad.object] = None
        return said

    def pointing(self, predicate: NamedNode, value: Term) -> Collection[Node]:
        found = self._pointing.get((predicate, value))
        if found is None:
            found = dict.fromkeys(self._known.pointing(predicate, value))
            for quad in self._store.quads_for_pattern(None, predicate, value, None):
                if self._is_seen(quad) and isinstance(quad.subject, Node):
                    found[quad.subject] = None
            self._pointing[predicate, value] = found
        return found

    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        yield from self._known.stated(predicate)
        for quad in self._store.quads_for_pattern(None, predicate, None, None):
            if self._is_seen(quad) and isinstance(quad.subject, Node):
                yield quad.subject, quad.object

    def everything(self) -> Iterable[Triple]:
        yield from self._known.everything()
        for quad in self._store:
            if self._is_seen(quad):
                yield quad.triple


class Changed(View):
    """A view with some statements taken out and others put in, none of them idly."""

    def __init__(self, base: View, gone: Iterable[Triple], new: Iterable[Triple]) -> None:
        super().__init__()
        self._base = base
        self._gone = Triples(gone)
        self._new = Triples(new)
        self._said: dict[Term, Said] = {}

    def described(self, node: Term) -> Said:
        known = self._said.get(node)
        if known is None:
            known = self._said[node] = self._described(node)
        return known

    def _described(self, node: Term) -> Said:
        said, gone, new = (v.described(node) for v in (self._base, self._gone, self._new))
        if not gone and not new:
            return said
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

    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        for subject, value in self._base.stated(predicate):
            if value not in self._gone.objects(subject, predicate):
                yield subject, value
        yield from self._new.stated(predicate)

    def everything(self) -> Iterable[Triple]:
        yield from (triple for triple in self._base.everything() if not self._gone.states(triple))
        yield from self._new.everything()


def text(term: Term) -> str:
    """Gives a term as findings name it: an IRI, the text of a literal, a blank node's own name."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
