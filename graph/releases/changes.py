"""What a publish does to the graphs of a release, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from .content import Content, by_graph
from .lines import Lines, quads_of
from .manifest import Difference, content_of

GraphName = NamedNode | BlankNode | DefaultGraph
Inference = Callable[[Store], int]
"""Brings what follows from a store's graphs up to date and returns how many triples that is."""


@dataclass(frozen=True)
class Change:
    """Statements to take out and to put in; what is added comes last, so it stays.

    Of what is added some may come as lines, which a store that merges nothing takes as they are.
    """

    add: Iterable[Quad] = ()
    remove: Iterable[Quad] = ()
    drop: Collection[GraphName] = ()
    create: Collection[NamedNode | BlankNode] = ()
    lines: Iterable[Lines] = ()

    def added(self) -> Iterator[Quad]:
        """Gives all that is put in, the lines read before the rest."""
        return chain(quads_of(self.lines), self.add)


@dataclass(frozen=True)
class Edit:
    """Any change to a store on disk, made by opening it, here or in another process.

    `run` is given the path of a store that nobody has open, and closes it again. `graphs` are all
    that it may touch, where that is known: only they are compared afterwards.
    """

    run: Callable[[Path], None]
    graphs: Collection[GraphName] | None = None


def sparql_update(text: str, base_iri: str | None = None) -> Edit:
    """Gives the edit that a SPARQL update makes, run in this process and with no limit."""

    def run(path: Path) -> None:
        Store(path).update(text, base_iri=base_iri)

    return Edit(run)


@dataclass
class Effect:
    """What a change really did: statements that are new or gone, names of graphs that are."""

    added: list[Quad] = field(default_factory=list)
    removed: list[Quad] = field(default_factory=list)
    created: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    default: int = 0
    """By how many triples a merged default graph grew or shrank."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.created or self.dropped)

    def __iadd__(self, other: Effect) -> Effect:
        self.added += other.added
        self.removed += other.removed
        self.created |= other.created
        self.dropped |= other.dropped
        self.default += other.default
        return self

    def differences(self) -> dict[str, Difference]:
        """Gives how much each graph gained and lost."""
        added, removed = by_graph(self.added), by_graph(self.removed)
        none = Content()
        return {
            name: Difference(added.get(name, none).quads, removed.get(name, none).quads)
            for name in sorted(added.keys() | removed.keys())
        }

    def applied_to(self, graphs: Mapping[str, Content]) -> dict[str, Content]:
        """Gives the contents of graphs after this, from what they were before."""
        after = dict(graphs)
        for name in self.created:
            after.setdefault(name, Content())
        for name, content in by_graph(self.added).items():
            after[name] = after.get(name, Content()) + content
        for name, content in by_graph(self.removed).items():
            after[name] = after.get(name, Content()) - content
        for name in self.dropped:
            after.pop(name, None)
        return after


@dataclass
class Draft:
    """What is to become a release: a store, in memory or on disk, and what it holds.

    `graphs` has the content of every named graph, `default` that of the default graph, of which
    only the count is known when it is merged; `changed` says how they differ from before.
    """

    store: Store | None
    graphs: dict[str, Content]
    default: Content
    changed: Mapping[str, Difference]
    rules: str = ""
    """By which rules what follows was worked out; empty where it was not."""

    def content(self, merged: bool) -> Content:
        """The content as a manifest counts it."""
        return content_of(self.graphs, None if merged else self.default)

    @property
    def open(self) -> Store:
        """The store, which has not been closed yet."""
        assert self.store is not None
        return self.store

    def close(self) -> None:
        """Lets go of the store: the engine closes it when nobody holds it any more."""
        self.store = None
