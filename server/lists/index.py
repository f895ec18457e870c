"""All things of a kind with what they can be narrowed by, read once for each release.

With it a list is answered without a query: which things a choice leaves, how many there would be
with one more, in which order, from where on.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from pyoxigraph import Literal

from ...graph.names import expand, shorten
from ...graph.store import Store
from ...graph.terms import text
from ...queries.catalogue import ask
from ..matrix import Challenge, matrix
from ..outline import Part, outline
from ..remembered import remembered
from ..things import text_of
from .kinds import Facet, Kind, Sorting

LABEL = expand("rdfs:label")
ALSO = expand("skos:altLabel")
BETWEEN = "\0"


@dataclass
class Item:
    """A thing of a list: its names, the values of its facets, and what is counted of it."""

    id: str
    labels: dict[str, str] = field(default_factory=dict)
    folded: str = ""
    """All its names as a filter by name compares them."""
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of each facet as they are said."""
    facets: dict[str, frozenset[str]] = field(default_factory=dict)
    """The same with what is broader."""
    counts: dict[str, int] = field(default_factory=dict)

    def label(self, lang: str) -> str:
        """The name in a language, else in the other, else the id."""
        return self.labels.get(lang) or next(iter(self.labels.values()), self.id)


@dataclass(frozen=True)
class Index:
    """The things of a kind, and every value of every facet."""

    items: Mapping[str, Item]
    values: Mapping[str, Mapping[str, int]]
    """The values of each facet, each with its place in the order they are shown in."""
    levels: Mapping[str, int]
    """How far a value is below the top, where values are broader and narrower."""
    totals: Mapping[str, Mapping[str, int]]
    """How many things have each value of each facet, where nothing is chosen."""
    having: Mapping[str, Mapping[str, set[str]]]
    """The things that have each value of each facet."""
    all_names: str
    """The names of all things, one after the other, each thing's between two zero characters."""
    _begins: tuple[int, ...]
    _ids: tuple[str, ...]
    _orders: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def named(self, part: str) -> set[str]:
        """Gives the things that have a name with a part in it, compared as names are."""
        found, wanted = set(), fold(part).replace(BETWEEN, "")
        at = self.all_names.find(wanted)
        while at >= 0:
            place = bisect_right(self._begins, at) - 1
            found.add(self._ids[place])
            if place + 1 == len(self._begins):
                break
            at = self.all_names.find(wanted, self._begins[place + 1])
        return found

    def places(self, sort: Sorting, lang: str) -> Mapping[str, int]:
        """Gives the place of each thing in an order, sorted when it is first asked for."""
        if (sort.name, lang) not in self._orders:
            items = sorted(self.items.values(), key=lambda item: item.id)
            items.sort(key=lambda item: key_of(item, sort, lang), reverse=sort.descending)
            self._orders[sort.name, lang] = {item.id: place for place, item in enumerate(items)}
        return self._orders[sort.name, lang]


def key_of(item: Item, sort: Sorting, lang: str) -> tuple[int, str]:
    """Gives what things are sorted by; those with the same follow their ids."""
    if sort.by == "label":
        return 0, fold(item.label(lang))
    if sort.by in item.counts:
        return item.counts[sort.by], ""
    years = item.said.get(sort.by, ())
    # What has no year comes last in either order.
    return 0, max(years, default="0000" if sort.descending else "9999")


def fold(name: str) -> str:
    """Gives a name as it is compared: width and case do not matter.

    >>> fold("ＡＩリスク") == fold("AIリスク")
    True
    """
    return unicodedata.normalize("NFKC", name).casefold()


def index(store: Store, kind: Kind) -> Index:
    """Gives the index of a kind, read at the first request of a release."""
    return remembered(("list", kind.name), lambda: _read(store, kind))


def _read(store: Store, kind: Kind) -> Index:
    told = {facet.name: facet for facet in kind.facets if not facet.pointing}
    properties = [name for facet in told.values() for name in facet.properties]
    rows = ask(
        store, "things/facets", **{"class": kind.type},
        property=["rdfs:label", "skos:altLabel", *properties],
    ).rows  # fmt: skip
    items: dict[str, Item] = {}
    raw: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        id = text(row["thing"])
        item = items.setdefault(id, Item(id))
        property, value = text_of(row, "property"), row["value"]
        if isinstance(value, Literal) and property in (LABEL, ALSO):
            item.folded += "\n" + fold(value.value)
            if property == LABEL:
                item.labels.setdefault(value.language or "ja", value.value)
        else:
            raw.setdefault(id, {}).setdefault(shorten(property), []).append(text(value))
    _point(store, kind, items, raw)
    broader, order, levels = _broader(store, kind)
    for id, item in items.items():
        for facet in kind.facets:
            said = _said(facet, raw.get(id, {}))
            item.said[facet.name] = said
            item.facets[facet.name] = frozenset(
                each for value in said for each in (value, *broader.get(value, ()))
            )
    values = {
        facet.name: {
            value: place
            for place, value in enumerate(
                sorted(
                    {value for item in items.values() for value in item.facets[facet.name]},
                    key=lambda value: (order.get(value, len(order)), value),
                )
            )
        }
        for facet in kind.facets
    }
    having: dict[str, dict[str, set[str]]] = {facet.name: {} for facet in kind.facets}
    for item in items.values():
        for name, those in item.facets.items():
            for code in those:
                having[name].setdefault(code, set()).add(item.id)
    totals = {
        name: {value: len(those) for value, those in by_value.items()}
        for name, by_value in having.items()
    }
    named = [item.folded for item in items.values()]
    begins = tuple(accumulate((len(each) + len(BETWEEN) for each in named[:-1]), initial=0))
    whole = BETWEEN.join(named)
    return Index(items, values, levels, totals, having, whole, begins, tuple(items))


def _point(
    store: Store, kind: Kind, items: Mapping[str, Item], raw: dict[str, dict[str, list[str]]]
) -> None:
    """Reads what points to the things: values of facets, and what is counted."""
    pointing = [name for facet in kind.facets if facet.pointing for name in facet.properties]
    properties = [*pointing, *kind.counts.values()]
    if not properties:
        return
    subjects: dict[tuple[str, str], list[str]] = {}
    for row in ask(store, "things/pointers", **{"class": kind.type}, property=properties).rows:
        key = text(row["thing"]), text(row["property"])
        subjects.setdefault(key, []).append(text(row["subject"]))
    for (id, property), those in subjects.items():
        if id in items and property in pointing:
            raw.setdefault(id, {})[property] = those
    for id, item in items.items():
        for name, property in kind.counts.items():
            item.counts[name] = len(subjects.get((id, property), ()))


def _said(facet: Facet, raw: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = [value for name in facet.properties for value in raw.get(name, ())]
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


Above = Mapping[str, tuple[str, ...]]


def _broader(store: Store, kind: Kind) -> tuple[Above, dict[str, int], dict[str, int]]:
    """Gives what is above each challenge and part, the order of both, and how deep they lie."""
    above: dict[str, tuple[str, ...]] = {}
    order: dict[str, int] = {}
    levels: dict[str, int] = {}

    def walk(nodes: Iterable[Challenge | Part], path: tuple[str, ...]) -> None:
        for node in nodes:
            above[node.id], order[node.id], levels[node.id] = path, len(order), len(path)
            below = node.narrower if isinstance(node, Challenge) else node.below
            walk(below, (*path, node.id))

    forms = {facet.form for facet in kind.facets}
    if "challenge" in forms:
        walk(remembered(("matrix", "ja"), lambda: matrix(store, "ja")).top, ())
    if "part" in forms:
        walk(remembered(("outline", "ja"), lambda: outline(store, "ja")), ())
    return above, order, levels
