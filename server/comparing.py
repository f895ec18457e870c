"""Two things of a kind beside each other: what they share, and what only one of them has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from ..graph.names import expand
from ..graph.store import Row, Store
from ..graph.terms import text
from ..queries.catalogue import ask


@dataclass(frozen=True)
class Entry:
    """A thing in a comparison, with a number for each side where there is one to tell."""

    id: str
    label: str
    numbers: tuple[str, ...] = ()


@dataclass
class Shares:
    """Things of one kind: those of both, those of the first alone and those of the second."""

    name: str
    both: list[Entry] = field(default_factory=list)
    first: list[Entry] = field(default_factory=list)
    second: list[Entry] = field(default_factory=list)


def challenges(store: Store, a: str, b: str, lang: str) -> list[Shares]:
    """Compares two challenges by their policies and indicators, narrower challenges included."""
    found = []
    for name, question, column in (
        ("policies", "policies/of-challenge", "policy"),
        ("indicators", "challenges/indicators", "indicator"),
    ):
        sides = [
            _labels(ask(store, question, challenge=_node(each), lang=lang).rows, column)
            for each in (a, b)
        ]
        found.append(_shares(name, sides))
    return found


def editions(store: Store, a: str, b: str, lang: str) -> list[Shares]:
    """Compares two editions by the indicators whose values were taken from their pages."""
    rows = ask(store, "editions/indicators", edition=[_node(a), _node(b)], lang=lang).rows
    sides: list[dict[str, str]] = [{}, {}]
    counts: dict[str, list[str]] = {}
    for row in rows:
        place = 0 if text(row["edition"]) == a else 1
        id = text(row["indicator"])
        sides[place][id] = text(row["indicatorLabel"])
        counts.setdefault(id, ["0", "0"])[place] = text(row["values"])
    return [_shares("indicators", sides, counts)]


def _node(id: str) -> NamedNode:
    return NamedNode(expand(id))


def _labels(rows: Sequence[Row], column: str) -> dict[str, str]:
    return {text(row[column]): text(row[f"{column}Label"]) for row in rows}


def _shares(
    name: str,
    sides: Sequence[Mapping[str, str]],
    counts: Mapping[str, Sequence[str]] | None = None,
) -> Shares:
    shares = Shares(name)
    first, second = sides
    for id, label in sorted({**first, **second}.items(), key=lambda item: item[1]):
        entry = Entry(id, label, tuple((counts or {}).get(id, ())))
        if id in first and id in second:
            shares.both.append(entry)
        else:
            (shares.first if id in first else shares.second).append(entry)
    return shares
