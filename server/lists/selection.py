"""What a reader chose of a list: the things that are left, counted, in order, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ...graph.errors import BadParameter
from ...queries.parameters import nearest
from .index import Index, Item, key_of
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
    sort = next((each for each in kind.sortings if each.name == chosen.sort), kind.sortings[0])
    places = index.places(sort, lang)
    named = index.named(chosen.text) if chosen.text else None
    passes = {
        name: set().union(*(index.having[name][value] for value in values))
        for name, values in chosen.values.items()
    }
    conditions = [*passes.values(), *([named] if named is not None else [])]
    ids = set.intersection(*conditions) if conditions else index.items
    left = [index.items[id] for id in sorted(ids, key=places.__getitem__)]
    counts = index.totals
    if conditions:
        counts = {
            facet.name: _counted(facet.name, index, left, passes, named) for facet in kind.facets
        }
    start = 0
    if chosen.after:
        start = _after(index.items[chosen.after], left, sort, lang)
    shown = left[start : start + ROWS]
    more = start + ROWS < len(left)
    return Selection(left, shown, counts, sort, start, shown[-1].id if more and shown else None)


def _after(last: Item, left: Sequence[Item], sort: Sorting, lang: str) -> int:
    """Gives how many things come up to the last one seen, whether or not it is among them."""
    key = key_of(last, sort, lang)
    for place, item in enumerate(left):
        own = key_of(item, sort, lang)
        beyond = own < key if sort.descending else own > key
        if beyond or (own == key and item.id > last.id):
            return place
    return len(left)


def _counted(
    facet: str,
    index: Index,
    left: Sequence[Item],
    passes: Mapping[str, set[str]],
    named: set[str] | None,
) -> Mapping[str, int]:
    """Counts the values of a facet: how many there would be with one of them chosen instead."""
    those: Iterable[Item] = left
    if facet in passes:
        others = [each for name, each in passes.items() if name != facet]
        others += [named] if named is not None else []
        if not others:
            return index.totals[facet]
        those = [index.items[id] for id in set.intersection(*others)]
    return Counter(value for item in those for value in item.facets[facet])
