"""What a store states, as it is matched: its default graph, or some of its named graphs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from ..store import Term
from .view import Node, Said, View

DEFAULT: Final = DefaultGraph()

_NOTHING: Final[Said] = {}


class Merged(View):
    """The default graph of a store."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._said: dict[Term, Said] = {}

    def described(self, node: Term) -> Said:
        known = self._said.get(node)
        if known is None:
            said: dict[NamedNode, dict[Term, None]] = {}
            if isinstance(node, Node):
                for quad in self._store.quads_for_pattern(node, None, None, DEFAULT):
                    said.setdefault(quad.predicate, {})[quad.object] = None
            known = self._said[node] = said
        return known

    def pointing(self, predicate: NamedNode, value: Term) -> Collection[Node]:
        return list(self.each_pointing(predicate, value))

    def each_pointing(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        for quad in self._store.quads_for_pattern(None, predicate, value, DEFAULT):
            if isinstance(quad.subject, Node):
                yield quad.subject

    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        for quad in self._store.quads_for_pattern(None, predicate, None, DEFAULT):
            if isinstance(quad.subject, Node):
                yield quad.subject, quad.object

    def naming(self, value: Term) -> Iterator[tuple[Node, NamedNode]]:
        for quad in self._store.quads_for_pattern(None, None, value, DEFAULT):
            if isinstance(quad.subject, Node):
                yield quad.subject, quad.predicate

    def everything(self) -> Iterable[Triple]:
        return (quad.triple for quad in self._store.quads_for_pattern(None, None, None, DEFAULT))


class Stored(View):
    """What the graphs of a store state that are seen, beside what is known without it.

    Where the store is merged, all that is seen is stated by its default graph, too, once each.
    """

    def __init__(
        self, store: Store, is_seen: Callable[[Quad], bool], known: View, is_merged: bool = False
    ) -> None:
        super().__init__()
        self._is_merged = is_merged
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

    def each_pointing(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        found = self._pointing.get((predicate, value))
        if found is not None:
            yield from found
            return
        yield from self._known.pointing(predicate, value)
        for quad in self._store.quads_for_pattern(None, predicate, value, None):
            if self._is_seen(quad) and isinstance(quad.subject, Node):
                yield quad.subject

    def perhaps_pointing(self, predicate: NamedNode, value: Term) -> Iterator[Node]:
        if not self._is_merged:
            yield from self.each_pointing(predicate, value)
            return
        yield from self._known.pointing(predicate, value)
        for quad in self._store.quads_for_pattern(None, predicate, value, DEFAULT):
            if isinstance(quad.subject, Node):
                yield quad.subject

    def stated(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        yield from self._known.stated(predicate)
        for quad in self._store.quads_for_pattern(None, predicate, None, None):
            if self._is_seen(quad) and isinstance(quad.subject, Node):
                yield quad.subject, quad.object

    def naming(self, value: Term) -> Iterator[tuple[Node, NamedNode]]:
        yield from self._known.naming(value)
        for quad in self._store.quads_for_pattern(None, None, value, None):
            if self._is_seen(quad) and isinstance(quad.subject, Node):
                yield quad.subject, quad.predicate

    def everything(self) -> Iterable[Triple]:
        yield from self._known.everything()
        for quad in self._store:
            if self._is_seen(quad):
                yield quad.triple
