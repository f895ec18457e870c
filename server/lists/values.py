"""The values of one facet: which things have each, and how many of a choice have it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import chain
from typing import Final

from .bits import Rows, of_rows

MOST_VALUES: Final = 60
"""How many values of a facet a page offers: those that most things have."""
_PER_BIT: Final = 32
"""A value that one thing in so many has takes no more memory as bits than as row numbers."""

Counts = Mapping[int, int]
"""How many things have a value, by the place of the value."""


@dataclass(frozen=True)
class Values:
    """The values of a facet in the order they are shown in, and the things that have them.

    A value is known by its place in that order, a thing by its row.
    """

    names: tuple[str, ...]
    said: Sequence[tuple[int, ...]]
    """The values of each thing as they are said."""
    within: Sequence[tuple[int, ...]]
    """The same with what is broader."""
    levels: Sequence[int] = ()
    """How far each value is below the top, where values are broader and narrower."""
    deepest: int | None = None
    """How far below the top a value may be for a page to offer it."""

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each value."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def rows(self) -> Sequence[array[int]]:
        """The things that have each value."""
        found = [array("I") for _ in self.names]
        for row, places in enumerate(self.within):
            for place in places:
                found[place].append(row)
        return found

    @cached_property
    def totals(self) -> Counts:
        """How many things have each value, where nothing is chosen."""
        deep = self._deep
        return {place: len(rows) for place, rows in enumerate(self.rows) if place not in deep}

    @cached_property
    def _deep(self) -> frozenset[int]:
        if self.deepest is None:
            return frozenset()
        return frozenset(place for place, level in enumerate(self.levels) if level > self.deepest)

    @cached_property
    def _dense(self) -> Mapping[int, int]:
        """Those values that many things have, with the things as bits."""
        size = len(self.within)
        return {
            place: of_rows(self.rows[place], size)
            for place, total in self.totals.items()
            if total * _PER_BIT > size
        }

    @cached_property
    def _few(self) -> Counts:
        """The other values, and how many things have each."""
        return {place: total for place, total in self.totals.items() if place not in self._dense}

    @cached_property
    def _sparse(self) -> Sequence[tuple[int, ...]]:
        """Those of each thing."""
        few = self._few
        kept: dict[tuple[int, ...], tuple[int, ...]] = {}
        for places in self.within:
            if places not in kept:
                kept[places] = tuple(place for place in places if place in few)
        return [kept[places] for places in self.within] if few else ()

    @cached_property
    def _most(self) -> list[int]:
        return self._first(self.totals)

    def prepare(self) -> None:
        """Works out at once what counting needs."""
        _ = self.place, self._most, self._sparse

    def having(self, places: Iterable[int]) -> int:
        """Gives the things that have any of some values, as bits."""
        wanted = set(places)
        bits = 0
        for place in wanted & self._dense.keys():
            bits |= self._dense[place]
        rest = [self.rows[place] for place in wanted - self._dense.keys()]
        return bits | of_rows(chain.from_iterable(rest), len(self.within)) if rest else bits

    def counted(self, left: Rows, chosen: Iterable[int] = ()) -> Counts:
        """Counts how many of some things have each value that a page may offer or that is chosen;
        what none of them has is counted nought or left out."""
        if left.whole:
            counts = self.totals
        else:
            bits = left.bits
            counts = {place: (own & bits).bit_count() for place, own in self._dense.items()}
            if self._sparse:
                counts |= self._walked(left)
        missing = [place for place in chosen if place in self._deep]
        if not missing:
            return counts
        has = left.flags.__getitem__
        return {**counts, **{place: sum(map(has, self.rows[place])) for place in missing}}

    def _walked(self, left: Rows) -> Counts:
        """Counts the values that few things have, by walking the things that have them, the things
        that are left or those left out, whichever are fewest."""
        few = self._few
        fewest = min(left.number, left.size - left.number)
        if sum(few.values()) <= fewest:
            has = left.flags.__getitem__
            return {place: sum(map(has, self.rows[place])) for place in few}
        of = self._sparse.__getitem__
        if left.number == fewest:
            return Counter(chain.from_iterable(map(of, left.listed)))
        lost = Counter(chain.from_iterable(map(of, left.others().listed)))
        return {place: total - lost[place] for place, total in few.items()}

    def offered(self, counts: Counts) -> list[int]:
        """Gives those values that a page offers: that most things have, in their own order."""
        return self._most if counts is self.totals else self._first(counts)

    def _first(self, counts: Counts) -> list[int]:
        deep = self._deep
        ranked = [(n, -place) for place, n in counts.items() if n and place not in deep]
        if len(ranked) > MOST_VALUES:
            ranked = nlargest(MOST_VALUES, ranked)
        return sorted(-place for _, place in ranked)
