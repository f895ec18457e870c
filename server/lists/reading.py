"""What a list is made from: every thing of a kind with its names and values, read from a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal

from ...graph.store import Row, Store, Term
from ...graph.terms import text
from ...queries.catalogue import ask
from ..matrix import Challenge, matrix
from ..outline import Part, outlines
from ..remembered import remembered
from ..things import text_of
from .kinds import Facet, Kind

AT_ONCE = 50_000
"""How many rows the question about the values of things gives at most."""


@dataclass
class Item:
    """A thing of a list as it was read."""

    id: str
    labels: dict[str, str] = field(default_factory=dict)
    """Its name in each language."""
    names: list[str] = field(default_factory=list)
    """Everything it is called."""
    raw: dict[str, list[str]] = field(default_factory=dict)
    """The values of each property."""
    counts: dict[str, int] = field(default_factory=dict)
    """How many things point to it, by what is counted."""


def items(store: Store, kind: Kind) -> list[Item]:
    """Reads the things of a kind, in the order of their IRIs."""
    found: dict[str, Item] = {}
    said = _said_short()
    for row in _rows(store, kind):
        id, property, value = said(row["thing"]), said(row["property"]), row["value"]
        item = found.get(id)
        if item is None:
            item = found[id] = Item(id)
        if isinstance(value, Literal) and property in ("rdfs:label", "skos:altLabel"):
            item.names.append(value.value)
            if property == "rdfs:label":
                item.labels.setdefault(value.language or "ja", value.value)
        else:
            item.raw.setdefault(property, []).append(said(value))
    _point(store, kind, found)
    _count(store, kind, found)
    return list(found.values())


def _rows(store: Store, kind: Kind) -> Iterator[Row]:
    """Gives what is said of the things of a kind, as often as a question has to be asked for it."""
    told = [name for facet in kind.facets if not facet.pointing for name in facet.properties]
    after = ""
    while True:
        rows = ask(
            store, "things/facets", **{"class": kind.type}, after=after,
            property=["rdfs:label", "skos:altLabel", *told],
        ).rows  # fmt: skip
        if len(rows) < AT_ONCE:
            yield from rows
            return
        # Of the last thing there may be more, unless it is the only one.
        last = rows[-1]["thing"]
        rows = [row for row in rows if row["thing"] != last] or rows
        yield from rows
        after = text_of(rows[-1], "thing")


def _said_short() -> Callable[[Term], str]:
    """Gives what shortens terms, each only once: a few of them stand in most rows."""
    known: dict[Term, str] = {}

    def short(term: Term) -> str:
        found = known.get(term)
        if found is None:
            found = known[term] = text(term)
        return found

    return short


def _point(store: Store, kind: Kind, found: Mapping[str, Item]) -> None:
    """Reads what points to the things, where that is what they are narrowed by."""
    pointing = [name for facet in kind.facets if facet.pointing for name in facet.properties]
    if not pointing:
        return
    said = _said_short()
    for row in ask(store, "things/pointers", **{"class": kind.type}, property=pointing).rows:
        item = found.get(said(row["thing"]))
        if item is not None:
            item.raw.setdefault(said(row["property"]), []).append(said(row["subject"]))


def _count(store: Store, kind: Kind, found: Mapping[str, Item]) -> None:
    """Reads how many things point to each."""
    if not kind.counts:
        return
    properties = list(kind.counts.values())
    rows = ask(store, "things/pointed-at", **{"class": kind.type}, property=properties).rows
    numbers = {
        (text(row["thing"]), text(row["property"])): int(text(row["number"])) for row in rows
    }
    for id, item in found.items():
        item.counts = {
            name: numbers.get((id, property), 0) for name, property in kind.counts.items()
        }


def said_by(facet: Facet, item: Item) -> tuple[str, ...]:
    """Gives the values of a facet that a thing has, as they are said."""
    found = [value for name in facet.properties for value in item.raw.get(name, ())]
    if facet.form == "year":
        found = [year for value in found if (year := year_of(value))]
    return tuple(dict.fromkeys(found))


def year_of(value: str) -> str:
    """Gives the year of a period or a date, and nothing where there is none.

    >>> year_of("period/FY2024"), year_of("period/survey-2025-02"), year_of("2019")
    ('2024', '2025', '2019')
    """
    name = value.rpartition("/")[2].removeprefix("FY").removeprefix("survey-")
    return name[:4] if name[:4].isascii() and name[:4].isdigit() else ""


@dataclass(frozen=True)
class Broader:
    """What is above each challenge and each part, and the order in which both are shown."""

    above: Mapping[str, tuple[str, ...]]
    order: Mapping[str, int]


def broader(store: Store, kind: Kind) -> Broader:
    """Reads what is above the challenges and parts that things of a kind are narrowed by."""
    above: dict[str, tuple[str, ...]] = {}
    order: dict[str, int] = {}

    def walk(nodes: Iterable[Challenge | Part], path: tuple[str, ...]) -> None:
        for node in nodes:
            above[node.id], order[node.id] = path, len(order)
            below = node.narrower if isinstance(node, Challenge) else node.below
            walk(below, (*path, node.id))

    forms = {facet.form for facet in kind.facets}
    if "challenge" in forms:
        walk(remembered(("matrix", "ja"), lambda: matrix(store, "ja")).top, ())
    if "part" in forms:
        walk(remembered("outlines", lambda: outlines(store, "ja")), ())
    return Broader(above, order)
