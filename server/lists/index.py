"""All things of a kind with what they can be narrowed by, read once for each release.

With it a list is answered without a query: which things a choice leaves, how many there would be
with one more, in which order, from where on. A thing is known by its row.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import contains

from ...graph.store import Store
from ..language import LANGUAGES
from ..remembered import remembered
from .bits import of_flags
from .kinds import Facet, Kind, Sorting
from .reading import Broader, Item, broader, items, said_by
from .values import Values

DEEPEST = 2
"""How deep the parts of the white paper lie that a page offers."""


@dataclass(frozen=True)
class Order:
    """An order of a list: its things one after the other, and the place of each."""

    rows: array[int]
    places: array[int]


@dataclass(frozen=True)
class Index:
    """The things of a kind, and every value of every facet."""

    ids: tuple[str, ...]
    rows: Mapping[str, int]
    """The row of each thing."""
    labels: Mapping[str, tuple[str, ...]]
    """The names in each language, empty where there is none."""
    shown: Mapping[str, tuple[str, ...]]
    """The same, else the name in another language, else the id."""
    folded: tuple[str, ...]
    """All names of each thing as a filter by name compares them."""
    facets: Mapping[str, Values]
    counts: Mapping[str, tuple[int, ...]]
    orders: Mapping[tuple[str, str], Order]

    def __len__(self) -> int:
        return len(self.ids)

    def named(self, part: str) -> int:
        """Gives the things that have a name with a part in it, compared as names are, as bits."""
        return of_flags(bytes(map(contains, self.folded, repeat(fold(part)))))


def fold(name: str) -> str:
    """Gives a name as it is compared: width and case do not matter.

    >>> fold("ＡＩリスク") == fold("AIリスク")
    True
    """
    return unicodedata.normalize("NFKC", name).casefold()


def index(store: Store, kind: Kind) -> Index:
    """Gives the index of a kind, read at the first request of a release."""
    return remembered(
        ("list", kind.name), lambda: _made(kind, items(store, kind), broader(store, kind))
    )


def _made(kind: Kind, read: Sequence[Item], above: Broader) -> Index:
    ids = tuple(item.id for item in read)
    labels: dict[str, tuple[str, ...]] = {
        lang: tuple(item.labels.get(lang, "") for item in read) for lang in LANGUAGES
    }
    shown: dict[str, tuple[str, ...]] = {
        lang: tuple(
            item.labels.get(lang) or next(iter(item.labels.values()), item.id) for item in read
        )
        for lang in LANGUAGES
    }
    facets = {facet.name: _values(facet, read, above) for facet in kind.facets}
    counts = {name: tuple(item.counts[name] for item in read) for name in kind.counts}
    folded = {lang: list(map(fold, names)) for lang, names in shown.items()}
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    orders: dict[tuple[str, str], Order] = {}
    for sort in kind.sortings:
        keys = None if sort.by == "label" else _keys(sort, facets, counts)
        for lang in LANGUAGES:
            orders[sort.name, lang] = _order(by_id, keys or folded[lang], sort.descending)
    return Index(
        ids,
        {id: row for row, id in enumerate(ids)},
        labels,
        shown,
        tuple("\n".join(map(fold, item.names)) for item in read),
        facets,
        counts,
        orders,
    )


def _order(by_id: Sequence[int], keys: Sequence[str] | Sequence[int], descending: bool) -> Order:
    """Sorts things by a key; those with the same follow their ids."""
    rows = array("I", sorted(by_id, key=keys.__getitem__, reverse=descending))
    places = array("I", bytes(rows.itemsize * len(rows)))
    for place, row in enumerate(rows):
        places[row] = place
    return Order(rows, places)


def _keys(
    sort: Sorting, facets: Mapping[str, Values], counts: Mapping[str, tuple[int, ...]]
) -> Sequence[str] | Sequence[int]:
    """Gives what each thing is sorted by, if it is not its name."""
    if sort.by in counts:
        return counts[sort.by]
    values = facets[sort.by]
    # What has no year comes last in either order.
    none = "0000" if sort.descending else "9999"
    return [max((values.names[each] for each in said), default=none) for said in values.said]


def _values(facet: Facet, read: Sequence[Item], above: Broader) -> Values:
    said = [said_by(facet, item) for item in read]
    up = above.above
    known = {value for those in said for value in those}
    known |= {each for value in known for each in up.get(value, ())}
    last = len(above.order)
    names = tuple(sorted(known, key=lambda value: (above.order.get(value, last), value)))
    place = {name: number for number, name in enumerate(names)}
    # Many things say the same: what they share is kept once.
    as_said: dict[tuple[str, ...], tuple[int, ...]] = {}
    within: dict[tuple[str, ...], tuple[int, ...]] = {}
    for those in said:
        if those not in as_said:
            as_said[those] = tuple(place[value] for value in those)
            whole = {each for value in those for each in (value, *up.get(value, ()))}
            within[those] = tuple(sorted(place[value] for value in whole))
    tree = facet.form in ("part", "challenge")
    values = Values(
        names,
        [as_said[those] for those in said],
        [within[those] for those in said],
        tuple(len(up.get(name, ())) for name in names) if tree else (0,) * len(names),
        DEEPEST if facet.form == "part" else None,
    )
    values.prepare()
    return values
