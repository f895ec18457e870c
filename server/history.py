"""What changed between two releases, as pages and commands show it: under labels, in a language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from ..graph.errors import LimitExceeded
from ..graph.names import expand, shorten
from ..graph.releases.data_folder import DataFolder
from ..graph.releases.differences import Diff, PropertyChange, ThingChange, between, size
from ..graph.releases.release import Release
from ..graph.store import Row, Term
from ..graph.terms import text
from .things import Value, heading_of, value_of

LABELS: Final = (NamedNode(expand("rdfs:label")), NamedNode(expand("skos:prefLabel")))
HEADINGS: Final = {
    ("hk:indicator", "hk:period"): {"ja": "　", "en": ", "},
    ("hk:subject", "hk:object"): {"ja": " → ", "en": " → "},
}
"""What a thing without a label is called for, and what stands between."""
ONE: Final = expand("hkid:unit/one")
READ: Final = 5_000_000
"""How many statements are read at most to compare two releases for a page."""


class Labels:
    """What things are called in a language, by the first of some stores that says it."""

    def __init__(self, stores: Sequence[Store], lang: str) -> None:
        self._stores = stores
        self._lang = lang

    def of(self, term: Term) -> Literal | None:
        """Gives the label of a term, in the language, else in another; where it has none, what an
        observation or a link relates."""
        if not isinstance(term, NamedNode | BlankNode):
            return None
        return self._label(term) or self._heading(term)

    def _label(self, term: NamedNode | BlankNode) -> Literal | None:
        found = [
            quad.object
            for store in self._stores
            for name in LABELS
            for quad in store.quads_for_pattern(term, name, None, None)
            if isinstance(quad.object, Literal)
        ]
        return min(found, key=lambda label: label.language != self._lang, default=None)

    def _heading(self, term: NamedNode | BlankNode) -> Literal | None:
        for names, joint in HEADINGS.items():
            labels = [self._named(term, name) for name in names]
            if all(labels):
                joined = joint[self._lang].join(str(each) for each in labels)
                return Literal(text(heading_of(self._row(term, joined), self._lang)))
        return None

    def _row(self, term: NamedNode | BlankNode, heading: str) -> Row:
        """Gives a thing's heading with its value and unit, as the question for headings does."""
        row: dict[str, Term] = {"heading": Literal(heading)}
        for column, name in (("printed", "hk:printedValue"), ("value", "hk:value")):
            if (there := self._first(term, name)) is not None:
                row[column] = there
        unit = self._first(term, "hk:unit")
        if isinstance(unit, NamedNode) and unit.value != ONE and (named := self._label(unit)):
            row["unit"] = named
        return row

    def _named(self, term: NamedNode | BlankNode, property: str) -> str | None:
        there = self._first(term, property)
        label = self._label(there) if isinstance(there, NamedNode) else None
        return label.value if label is not None else None

    def _first(self, term: NamedNode | BlankNode, property: str) -> Term | None:
        name = NamedNode(expand(property))
        found = (
            quad.object
            for store in self._stores
            for quad in store.quads_for_pattern(term, name, None, None)
        )
        return next(found, None)

    def value(self, term: Term) -> Value:
        """Gives a term as a page shows it, under its label."""
        shown = value_of(term, self.of(term))
        return Value(str(term)) if isinstance(term, Triple) else shown


@dataclass(frozen=True)
class ShownProperty:
    """What a property said and says of a thing."""

    name: Value
    removed: list[Value]
    added: list[Value]


@dataclass(frozen=True)
class ShownChange:
    """A thing that is new, gone or described otherwise, as a page shows it."""

    id: str
    thing: Value
    how: str
    properties: list[ShownProperty]


def shown(changes: Iterable[ThingChange], labels: Labels) -> list[ShownChange]:
    """Gives changes as a page shows them."""
    return [
        ShownChange(
            text(change.subject),
            labels.value(change.subject),
            change.how,
            [_property(each, labels) for each in change.properties],
        )
        for change in changes
    ]


def _property(change: PropertyChange, labels: Labels) -> ShownProperty:
    return ShownProperty(
        labels.value(change.property),
        [labels.value(term) for term in change.removed],
        [labels.value(term) for term in change.added],
    )


def said(changes: Iterable[ThingChange]) -> list[dict[str, Any]]:
    """Gives changes as JSON has them, terms as N-Triples writes them."""
    return [
        {
            "id": text(change.subject),
            "thing": _iri(change.subject),
            "how": change.how,
            "properties": [
                {
                    "property": shorten(each.property.value),
                    "removed": [_said(term) for term in each.removed],
                    "added": [_said(term) for term in each.added],
                }
                for each in change.properties
            ],
        }
        for change in changes
    ]


def _said(term: Term) -> dict[str, str]:
    if isinstance(term, Literal):
        if term.language:
            return {"value": term.value, "language": term.language}
        return {"value": term.value, "datatype": shorten(term.datatype.value)}
    return {"id": _iri(term)}


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def compared(folder: DataFolder, old: int, new: int) -> Diff:
    """Gives what differs between two releases; refuses what would take too long to read."""
    one, two = folder.release(old), folder.release(new)
    statements = size(one, two)
    if statements > READ:
        raise LimitExceeded(
            "size",
            f"releases {old} and {new} differ in graphs of {statements} statements together",
            f"compare them on the command line: hakusho diff {old} {new}",
        )
    return _between(folder.path, old, new, one.manifest.hash, two.manifest.hash)


def stores(*releases: Release) -> list[Store]:
    """Gives the stores of releases, to read labels from."""
    return [release.engine() for release in releases]


@lru_cache(maxsize=8)
def _between(folder: Path, old: int, new: int, *hashes: str) -> Diff:
    """Compares two releases once: a number and a hash never come to mean another content."""
    return between(Release(folder, old), Release(folder, new))
