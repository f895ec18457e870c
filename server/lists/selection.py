"""What a reader chose of a list: the things that are left, counted, in order, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...graph.errors import BadParameter
from ...queries.parameters import nearest
from .index import Index, Item, fold
from .kinds import Kind, Sorting

ROWS = 50
LONGEST = 200
"""How long a text to filter by may be."""
MOST_CHOSEN = 8
"""How many values may be chosen at once, of all facets together."""


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
    """A page of a list: its things, how many there are, and the counts of each facet's values."""

    items: Sequence[Item]
    shown: Sequence[Item]
    counts: Mapping[str, Mapping[str, int]]
    sort: Sorting
    before: int
    after: str | None


def choice(kind: Kind, index: Index, given: Mapping[str, Sequence[str]]) -> Choice:
    """Reads a choice from the parameters of an address; raises BadParameter."""
    values: dict[str, tuple[str, ...]] = {}
    for facet in kind.facets:
        chosen = tuple(dict.fromkeys(each for each in given.get(facet.name, ()) if each))
        if len(chosen) + sum(map(len, values.values())) > MOST_CHOSEN:
            raise BadParameter(facet.name, f"{len(chosen)} values", f"at most {MOST_CHOSEN} in all")
        known = index.values[facet.name]
        for each in chosen:
            if each not in known:
                raise BadParameter(
                    facet.name, each[:LONGEST], f"a value of {kind.name}",
                    nearest(each[:LONGEST], known),
                )  # fmt: skip
        if chosen:
            values[facet.name] = chosen
    text, sort, after = (next(iter(given.get(name, ())), "") for name in ("q", "sort", "after"))
    if len(text) > LONGEST:
        raise BadParameter("q", f"{text[:40]}…", f"at most {LONGEST} characters")
    orders = [each.name for each in kind.sortings]
    if sort and sort not in orders:
        raise BadParameter("sort", sort[:LONGEST], " or ".join(orders), nearest(sort, orders))
    if after and after not in index.items:
        raise BadParameter(
            "after", after[:LONGEST], f"the id of one of the {kind.name}",
            nearest(after[:LONGEST], index.items),
        )  # fmt: skip
    return Choice(values, text.strip(), sort, after)


def select(kind: Kind, index: Index, chosen: Choice, lang: str) -> Selection:
    """Gives the page of a list that was chosen."""
    wanted = fold(chosen.text)
    named = [item for item in index.items.values() if wanted in item.folded]
    passes = {
        facet.name: {
            item.id for item in named
            if not item.facets[facet.name].isdisjoint(chosen.values[facet.name])
        }
        for facet in kind.facets
        if facet.name in chosen.values
    }  # fmt: skip
    left = [item for item in named if all(item.id in each for each in passes.values())]
    counts = {}
    for facet in kind.facets:
        # A facet counts what there would be with one value of its own chosen instead.
        others = [each for name, each in passes.items() if name != facet.name]
        those = (
            left
            if facet.name not in passes
            else [item for item in named if all(item.id in each for each in others)]
        )
        counts[facet.name] = Counter(value for item in those for value in item.facets[facet.name])
    sort = next((each for each in kind.sortings if each.name == chosen.sort), kind.sortings[0])
    left.sort(key=lambda item: item.id)
    left.sort(key=lambda item: _key(item, sort, lang), reverse=sort.descending)
    start = 0
    if chosen.after:
        start = _after(index.items[chosen.after], left, sort, lang)
    shown = left[start : start + ROWS]
    more = start + ROWS < len(left)
    return Selection(left, shown, counts, sort, start, shown[-1].id if more and shown else None)


def _after(last: Item, left: Sequence[Item], sort: Sorting, lang: str) -> int:
    """Gives how many things come up to the last one seen, whether or not it is among them."""
    key = _key(last, sort, lang)
    for place, item in enumerate(left):
        own = _key(item, sort, lang)
        beyond = own < key if sort.descending else own > key
        if beyond or (own == key and item.id > last.id):
            return place
    return len(left)


def _key(item: Item, sort: Sorting, lang: str) -> tuple[int, str]:
    if sort.by == "label":
        return 0, fold(item.label(lang))
    if sort.by in item.counts:
        return item.counts[sort.by], ""
    years = item.said.get(sort.by, ())
    # What has no year comes last in either order.
    return 0, max(years, default="0000" if sort.descending else "9999")
