"""What a reader chose of a list: the things that are left, counted, in order, page by page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import compress, islice, tee
from operator import and_

from ...graph.errors import BadParameter
from ...queries.parameters import nearest
from .bits import Rows
from .index import Index, Order
from .kinds import Kind, Sorting
from .values import Counts

ROWS = 50
LONGEST = 200
"""How long a text to filter by may be."""
MOST_CHOSEN = 8
"""How many values may be chosen at once, of all facets together."""
FEW = 8
"""Of things that are fewer than one in so many, all are sorted: sooner than they are met."""


@dataclass(frozen=True)
class Choice:
    """What was chosen: values of facets, a text, an order, and after which thing to go on."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    sort: str = ""
    after: str = ""

    @property
    def full(self) -> bool:
        """Whether no more values can be chosen."""
        return sum(map(len, self.values.values())) >= MOST_CHOSEN


@dataclass(frozen=True)
class Selection:
    """A page of a list: how many things are left, those it shows, and the counts of values."""

    number: int
    shown: Sequence[int]
    """The rows of the things that the page shows."""
    counts: Mapping[str, Counts]
    sort: Sorting
    before: int
    """How many things come before those that it shows."""
    after: str | None
    """The thing after which the next page begins."""


def choice(kind: Kind, index: Index, given: Mapping[str, Sequence[str]]) -> Choice:
    """Reads a choice from the parameters of an address; raises BadParameter."""
    values: dict[str, tuple[str, ...]] = {}
    for facet in kind.facets:
        chosen = tuple(dict.fromkeys(each for each in given.get(facet.name, ()) if each))
        if len(chosen) + sum(map(len, values.values())) > MOST_CHOSEN:
            raise BadParameter(facet.name, f"{len(chosen)} values", f"at most {MOST_CHOSEN} in all")
        known = index.facets[facet.name].place
        for each in chosen:
            if each not in known:
                raise BadParameter(
                    facet.name, each[:LONGEST], f"a value such as {next(iter(known), '…')}",
                    nearest(each[:LONGEST], known),
                )  # fmt: skip
        if chosen:
            values[facet.name] = chosen
    text, sort, after = (next(iter(given.get(name, ())), "") for name in ("q", "sort", "after"))
    if len(text) > LONGEST:
        raise BadParameter("q", f"{text[:40]}…", f"at most {LONGEST} characters")
    orders = [each.name for each in kind.sortings]
    if sort and sort not in orders:
        raise BadParameter(
            "sort", sort[:LONGEST], f"one of {', '.join(orders)}", nearest(sort, orders)
        )
    if after and after not in index.rows:
        raise BadParameter(
            "after", after[:LONGEST], f"the id of one of the {kind.name}",
            nearest(after[:LONGEST], index.rows),
        )  # fmt: skip
    return Choice(values, text.strip(), sort, after)


def select(kind: Kind, index: Index, chosen: Choice, lang: str) -> Selection:
    """Gives the page of a list that was chosen."""
    conditions = _conditions(index, chosen)
    left = _all_of(conditions, index)
    counts = {
        name: values.counted(
            # Of a facet that something is chosen of: how many there would be with another instead.
            _all_of({other: each for other, each in conditions.items() if other != name}, index)
            if name in conditions
            else left,
            map(values.place.__getitem__, chosen.values.get(name, ())),
        )
        for name, values in index.facets.items()
    }
    sort = sorting(kind, chosen)
    order = index.orders[sort.name, lang]
    start = order.places[index.rows[chosen.after]] + 1 if chosen.after else 0
    before, shown = _page(order, left, start)
    after = index.ids[shown[ROWS - 1]] if len(shown) > ROWS else None
    return Selection(left.number, shown[:ROWS], counts, sort, before, after)


def _page(order: Order, left: Rows, start: int) -> tuple[int, list[int]]:
    """Gives how many things are left before a place in an order, and those that follow: as many as
    fill a page, and one more if there is one."""
    if left.whole:
        return start, list(order.rows[start : start + ROWS + 1])
    if left.number * FEW < left.size:
        ranked = sorted(left.listed, key=order.places.__getitem__)
        before = bisect_left(ranked, start, key=order.places.__getitem__)
        return before, ranked[before : before + ROWS + 1]
    # No more is walked than it takes to fill the page.
    following = _kept(islice(order.rows, start, None), left)
    before = sum(map(left.flags.__getitem__, order.rows[:start]))
    return before, list(islice(following, ROWS + 1))


def sorting(kind: Kind, chosen: Choice) -> Sorting:
    """Gives the order that was chosen, else the first of the list."""
    return next((each for each in kind.sortings if each.name == chosen.sort), kind.sortings[0])


def remaining(kind: Kind, index: Index, chosen: Choice, lang: str) -> list[int]:
    """Gives the rows of all things that are left, in the order that was chosen."""
    rows = index.orders[sorting(kind, chosen).name, lang].rows
    return list(_kept(rows, _all_of(_conditions(index, chosen), index)))


def _conditions(index: Index, chosen: Choice) -> dict[str, int]:
    """Gives the things that each part of a choice leaves, as bits, by the name of the facet."""
    conditions = {}
    for name, wanted in chosen.values.items():
        values = index.facets[name]
        conditions[name] = values.having(map(values.place.__getitem__, wanted))
    if chosen.text:
        conditions["q"] = index.named(chosen.text)
    return conditions


def _all_of(conditions: Mapping[str, int], index: Index) -> Rows:
    """Gives the things that every condition leaves."""
    return Rows(reduce(and_, conditions.values(), (1 << len(index)) - 1), len(index))


def _kept(rows: Iterable[int], left: Rows) -> Iterator[int]:
    """Gives those of some rows that are left, one after the other."""
    rows, tested = tee(rows)
    return compress(rows, map(left.flags.__getitem__, tested))
