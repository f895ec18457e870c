"""Whether the things of a submission are what their ids say, and what they refer to is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from ...graph.names import HK, HKID, PREFIXES, shorten
from ..columns import kinds
from .placing import Placing
from .report import Occurrence, PlacedFinding
from .standing import REPLACED, TYPE, class_of
from .words import finding

BELOW: Final = {"part": ("Part", "Chapter", "Section", "Subsection")}
"""Classes below that of a kind, which its things may have instead."""

_REFERRING: Final = (HK, PREFIXES["dcterms"], PREFIXES["skos"])


def identity(placing: Placing, quads: Collection[Quad]) -> Iterator[PlacedFinding]:
    """Gives what is wrong with the ids that a submission describes and refers to."""
    yield from _things(placing, quads)
    yield from _references(placing, quads)


def _things(placing: Placing, quads: Iterable[Quad]) -> Iterator[PlacedFinding]:
    classes: dict[NamedNode, set[str]] = {}
    replaced: set[NamedNode] = set()
    for quad in quads:
        subject = quad.subject
        if not isinstance(subject, NamedNode) or _kind(subject.value) is None:
            continue
        found = classes.setdefault(subject, set())
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            found.add(quad.object.value)
        if quad.predicate == REPLACED:
            replaced.add(subject)
    for subject, said in classes.items():
        kind = _kind(subject.value)
        expected = class_of(kind or "")
        if subject in replaced or expected is None or kind is None:
            continue
        right = {expected, *(HK + name for name in BELOW.get(kind, ()))}
        ours = {name for name in said | placing.standing.classes(subject) if name.startswith(HK)}
        if not ours:
            yield _finding(
                "untyped-thing", placing, subject, TYPE, nearest=_meant(placing, subject)
            )
        elif not ours & right and ours <= placing.standing.vocabulary:
            yield _finding("other-kind", placing, subject, TYPE, expected=shorten(expected))


def _references(placing: Placing, quads: Iterable[Quad]) -> Iterator[PlacedFinding]:
    told: set[tuple[str, str, str]] = set()
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
            continue
        key = (subject.value, quad.predicate.value, value.value)
        if key in told or not value.value.startswith(HKID):
            continue
        if quad.predicate.value.startswith(_REFERRING) and not placing.is_known(value.value):
            told.add(key)
            nearest = placing.nearest(value.value)
            yield _finding("unknown-thing", placing, subject, quad.predicate, value, nearest)


def _finding(
    code: str,
    placing: Placing,
    subject: NamedNode,
    predicate: NamedNode,
    value: NamedNode | None = None,
    nearest: tuple[str, ...] = (),
    expected: str = "",
) -> PlacedFinding:
    meant = (value or subject).value
    place = placing.submission.place(
        subject.value, predicate.value, None if value is None else value.value
    )
    where = Occurrence(place, subject.value)
    facts = {"term": shorten(meant), "expected": expected}
    return finding(code, where, path=predicate.value, value=meant, nearest=nearest, **facts)


def _meant(placing: Placing, subject: NamedNode) -> tuple[str, ...]:
    return tuple(each for each in placing.nearest(subject.value) if each != subject.value)


def _kind(iri: str) -> str | None:
    """Gives the kind of thing that an id names, if it is one that tables have."""
    if not iri.startswith(HKID):
        return None
    kind = iri.removeprefix(HKID).partition("/")[0]
    return kind if kind in kinds().values() else None
