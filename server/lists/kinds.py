"""Which lists there are: one table of what each shows, is narrowed by and is sorted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Form = Literal["thing", "year", "part", "challenge"]


@dataclass(frozen=True)
class Facet:
    """Something a list can be narrowed by: the properties that say it, and how to read them."""

    name: str
    properties: tuple[str, ...]
    form: Form = "thing"
    """`year` takes the year of a period or date; `part` and `challenge` count what is broader."""
    pointing: bool = False
    """Whether the property points to the thing instead of being said of it."""


@dataclass(frozen=True)
class Sorting:
    """An order of a list: by name, by number of things that point to each, or by a facet."""

    name: str
    by: str = "label"
    descending: bool = False


@dataclass(frozen=True)
class Kind:
    """A list: the class, its facets, the columns beside the name, its counts and its orders."""

    name: str
    type: str
    facets: tuple[Facet, ...]
    columns: tuple[str, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)
    """What is counted, by the property that points to the thing."""
    sortings: tuple[Sorting, ...] = ()


NAME: Final = Sorting("name")
PLACE: Final = Facet("section", ("hk:describedIn", "hk:placedIn"), "part")
EVIDENCE: Final = Facet("evidence", ("hk:evidenceKind",))


def _most(name: str) -> Sorting:
    return Sorting(name, name, True)


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            "challenges", "hk:Challenge",
            (Facet("broader", ("skos:broader",), "challenge"), PLACE, EVIDENCE),
            ("broader",), {"policies": "hk:addresses", "indicators": "hk:bearsOn"},
            (NAME, _most("policies"), _most("indicators")),
        ),
        Kind(
            "policies", "hk:Policy",
            (
                Facet("kind", ("hk:kind",)), Facet("status", ("hk:status",)),
                Facet("lead", ("hk:ledBy",)), Facet("challenge", ("hk:addresses",), "challenge"),
                PLACE, Facet("year", ("hk:startDate",), "year"), EVIDENCE,
            ),
            ("kind", "status", "lead", "year"), {},
            (NAME, Sorting("newest", "year", True), Sorting("oldest", "year")),
        ),
        Kind(
            "indicators", "hk:Indicator",
            (
                Facet("unit", ("hk:unit",)), Facet("challenge", ("hk:bearsOn",), "challenge"),
                PLACE, EVIDENCE,
            ),
            ("unit", "challenge"), {"values": "hk:indicator"}, (NAME, _most("values")),
        ),
        Kind(
            "sources", "hk:Source",
            (
                Facet("kind", ("hk:kind",)),
                Facet("publisher", ("dcterms:publisher",)),
                Facet("year", ("dcterms:issued",), "year"), EVIDENCE,
            ),
            ("publisher", "year"), {"values": "hk:source"},
            (NAME, _most("values"), Sorting("newest", "year", True)),
        ),
        Kind(
            "organizations", "hk:Organization",
            (Facet("kind", ("hk:kind",)), EVIDENCE),
            ("kind",), {"led": "hk:ledBy", "published": "dcterms:publisher"},
            (NAME, _most("led"), _most("published")),
        ),
        Kind(
            "milestones", "hk:Milestone",
            (
                Facet("year", ("hk:date",), "year"),
                Facet("policy", ("hk:milestone",), pointing=True), EVIDENCE,
            ),
            ("year", "policy"), {},
            (Sorting("newest", "year", True), Sorting("oldest", "year"), NAME),
        ),
    )
}  # fmt: skip
