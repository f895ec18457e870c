"""What changed from one release to another, as people ask it: which things, which property, how.

    diff = between(old, new)
    diff.things[0].how, diff.things[0].properties[0].removed

What was inferred follows from the rest and is only counted; a statement that merely went from one
graph to another is no change of the thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from ..names import shorten
from ..store import Term
from .changes import Effect, GraphName
from .compare import difference
from .content import Content, name_of
from .manifest import PROVENANCE, Difference
from .merge import INFERRED, is_merged
from .release import Release

How = Literal["added", "removed", "changed"]
Subject = NamedNode | BlankNode | Triple

HOWS: Final[tuple[How, ...]] = ("added", "removed", "changed")
"""What can have become of a thing, in the order in which it is told."""


@dataclass(frozen=True)
class PropertyChange:
    """What is no longer and what is newly said of a thing by one property."""

    property: NamedNode
    removed: tuple[Term, ...] = ()
    added: tuple[Term, ...] = ()


@dataclass(frozen=True)
class ThingChange:
    """A thing that is new, gone or described otherwise."""

    subject: Subject
    how: How
    properties: tuple[PropertyChange, ...]

    @property
    def statements(self) -> int:
        """How many statements that is."""
        return sum(len(each.removed) + len(each.added) for each in self.properties)


@dataclass(frozen=True)
class Diff:
    """All that differs between two states: thing by thing, and graph by graph as numbers."""

    things: tuple[ThingChange, ...] = ()
    graphs: Mapping[str, Difference] = field(default_factory=dict)

    def count(self, how: How) -> int:
        """Gives how many things are new, gone or described otherwise."""
        return sum(each.how == how for each in self.things)

    @property
    def inferred(self) -> Difference:
        """How much follows now and how much no longer."""
        return self.graphs.get(INFERRED.value, Difference())


def between(old: Release, new: Release) -> Diff:
    """Gives what differs between two releases; only graphs with another content are read."""
    names = unlike(old, new)
    before, after = old.engine(), new.engine()
    merged = new.manifest.default_graph == "merged"
    effect = difference(before, after, names)
    return Diff(by_thing(effect, before, after, merged), effect.differences())


def unlike(old: Release, new: Release) -> list[GraphName]:
    """Gives the names of the graphs whose content differs, by what the manifests say."""
    contents, others = _contents(old), _contents(new)
    return [
        DefaultGraph() if not name else _name(name)
        for name in sorted(contents.keys() | others.keys())
        if name != PROVENANCE and contents.get(name) != others.get(name)
    ]


def size(old: Release, new: Release) -> int:
    """Gives how many statements have to be read to compare two releases."""
    contents, others = _contents(old), _contents(new)
    none = Content()
    return sum(
        contents.get(name_of(name), none).quads + others.get(name_of(name), none).quads
        for name in unlike(old, new)
    )


def by_thing(
    effect: Effect, before: Store, after: Store, merged: bool = True
) -> tuple[ThingChange, ...]:
    """Gives statements that are new and gone, thing by thing and property by property."""

    def told(quads: Iterable[Quad], other: Store) -> set[Triple]:
        triples = {quad.triple for quad in quads if _is_told(quad.graph_name, merged)}
        return {each for each in triples if not _states(other, each, merged)}

    new, gone = told(effect.added, before), told(effect.removed, after)
    return arranged(
        new,
        gone,
        lambda subject: _knows(before, subject, merged),
        lambda subject: _knows(after, subject, merged),
    )


def arranged(
    new: Iterable[Triple],
    gone: Iterable[Triple],
    was_known: Callable[[Subject], bool],
    is_known: Callable[[Subject], bool],
) -> tuple[ThingChange, ...]:
    """Gives new and gone triples thing by thing, sorted by what became of it and by its name."""
    said: dict[Subject, dict[NamedNode, tuple[list[Term], list[Term]]]] = {}
    for place, triples in enumerate((gone, new)):
        for triple in triples:
            properties = said.setdefault(triple.subject, {})
            properties.setdefault(triple.predicate, ([], []))[place].append(triple.object)
    things = [
        ThingChange(
            subject,
            _how(was_known(subject), is_known(subject)),
            tuple(
                PropertyChange(name, _sorted(removed), _sorted(added))
                for name, (removed, added) in sorted(
                    properties.items(), key=lambda item: shorten(item[0].value)
                )
            ),
        )
        for subject, properties in said.items()
    ]
    return tuple(sorted(things, key=lambda each: (HOWS.index(each.how), str(each.subject))))


def _how(was_known: bool, is_known: bool) -> How:
    if not was_known:
        return "added"
    return "changed" if is_known else "removed"


def _contents(release: Release) -> dict[str, Content]:
    manifest = release.manifest
    found = dict(manifest.graphs)
    if manifest.default_graph == "plain":
        found[""] = manifest.default
    return found


def _name(name: str) -> NamedNode | BlankNode:
    return BlankNode(name.removeprefix("_:")) if name.startswith("_:") else NamedNode(name)


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=str))


def _is_told(name: GraphName, merged: bool) -> bool:
    return name != INFERRED and (is_merged(name) if merged else True)


def _states(store: Store, triple: Triple, merged: bool) -> bool:
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(_is_told(quad.graph_name, merged) for quad in found)


def _knows(store: Store, subject: Subject, merged: bool) -> bool:
    found = store.quads_for_pattern(subject, None, None, None)
    return any(_is_told(quad.graph_name, merged) for quad in found)
