"""What a page of a list offers to choose: the facets with their values, counts and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from ..language import kept, link
from .index import Index
from .kinds import Facet, Kind
from .labels import SAFE, Labels, safe
from .selection import Choice, Selection


@dataclass(frozen=True)
class Entry:
    """A value of a facet: its name, how many things have it, and the address that chooses it, if
    another can be chosen. Name and address are as they stand in a page."""

    label: str
    count: int
    href: str
    chosen: bool
    level: int = 0


@dataclass(frozen=True)
class Group:
    """A facet with its values."""

    name: str
    entries: Sequence[Entry]

    @property
    def chosen(self) -> list[Entry]:
        """The values that are chosen."""
        return [entry for entry in self.entries if entry.chosen]


def groups(
    kind: Kind, index: Index, chosen: Choice, found: Selection, labels: Mapping[str, Labels]
) -> list[Group]:
    """Gives the facets of a list that have values to choose."""
    made = [
        Group(facet.name, _entries(kind, facet, index, chosen, found, labels[facet.name]))
        for facet in kind.facets
    ]
    return [group for group in made if group.entries]


def address(of: Kind, chosen: Choice, /, **changes: object) -> str:
    """Gives the address of the list with something of the choice changed, from its first page."""
    state: dict[str, object] = {name: list(values) for name, values in chosen.values.items()}
    state |= {"q": chosen.text or None, "sort": chosen.sort or None}
    state |= changes
    return link("lists.page", of=of.name, **{name: value for name, value in state.items() if value})


def _entries(
    kind: Kind, facet: Facet, index: Index, chosen: Choice, found: Selection, labels: Labels
) -> list[Entry]:
    values, counts = index.facets[facet.name], found.counts[facet.name]
    now = {values.place[value] for value in chosen.values.get(facet.name, ())}
    offered = values.offered(counts)
    if not now.issubset(offered):
        offered = sorted(now.union(offered))
    before, after = _around(kind, facet, chosen)

    def href(place: int) -> str:
        if place in now:
            left = [each for each in chosen.values[facet.name] if each != values.names[place]]
            return safe(address(kind, chosen, **{facet.name: left}))
        return "" if chosen.full else f"{before}{labels.queries[place]}{after}"

    entries = [
        Entry(
            labels.texts[place],
            counts.get(place, 0),
            href(place),
            place in now,
            values.levels[place],
        )
        for place in offered
    ]
    if facet.form == "year":
        entries.sort(key=lambda entry: entry.label, reverse=True)
    elif facet.form == "thing":
        entries.sort(key=lambda entry: (-entry.count, entry.label))
    return entries


def _around(kind: Kind, facet: Facet, chosen: Choice) -> tuple[str, str]:
    """Gives what stands before and after a value in the address that chooses it as well.

    It is the address that `address` gives: made once for a facet, not once for each value.
    """
    pairs = [(name, value) for name, values in chosen.values.items() for value in values]
    own = [place for place, (name, _) in enumerate(pairs) if name == facet.name]
    middle = own[-1] + 1 if own else len(pairs)
    rest = [*pairs[middle:]]
    rest += [(name, value) for name, value in (("q", chosen.text), ("sort", chosen.sort)) if value]
    if not own:
        # A facet that nothing was chosen of comes after all that was.
        pairs, rest = pairs + rest, []
    else:
        pairs = pairs[:middle]
    before = "&".join([*_written(pairs), f"{facet.name}="])
    after = "&".join(["", *_written(rest), *([kept()] if kept() else [])])
    return safe(f"{url_for('lists.page', of=kind.name)}?{before}"), safe(after)


def _written(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [urlencode([pair], safe=SAFE) for pair in pairs]
