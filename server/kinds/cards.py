"""Indicators as a page about something else shows them: the latest value, and a line if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...graph.errors import BadPeriod
from ...graph.names import expand
from ...graph.periods import parse_period
from ...graph.store import Row, Store
from ...graph.terms import text
from ...queries.catalogue import ask
from ..things import names, text_of

LINE: Final = 3
"""From how many periods on there is a line worth drawing."""


@dataclass(frozen=True)
class Card:
    """An indicator with its latest value as printed, of when and of what, and the page."""

    id: str
    label: str
    printed: str = ""
    unit: str = ""
    period: str = ""
    series: str = ""
    page: str = ""
    others: int = 0
    """How many series more have a latest value."""
    line: bool = False


def cards(store: Store, indicators: Sequence[tuple[str, str]], lang: str) -> list[Card]:
    """Gives a card for each indicator, given by id and label, in that order."""
    if not indicators:
        return []
    ids = [id for id, _ in indicators]
    latest: dict[str, list[Row]] = {}
    for row in ask(store, "indicators/latest", indicator=ids).rows:
        latest.setdefault(text(row["indicator"]), []).append(row)
    lengths: dict[str, int] = {}
    for row in ask(store, "indicators/lengths", indicator=ids).rows:
        id = text(row["indicator"])
        lengths[id] = max(lengths.get(id, 0), int(text(row["periods"])))
    best = {id: max(rows, key=_rank) for id, rows in latest.items()}
    observations = [row["observation"] for row in best.values()]
    series = {}
    if observations:
        series = {
            text(row["observation"]): text(row["seriesLabel"])
            for row in ask(
                store, "indicators/series-names", observation=observations, lang=lang
            ).rows
        }
    terms = [text_of(row, name) for row in best.values() for name in ("unit", "period")]
    labels = names(store, terms, lang)

    def card(id: str, label: str) -> Card:
        row = best.get(id)
        line = lengths.get(id, 0) >= LINE
        if row is None:
            return Card(id, label, line=line)
        unit, period = (labels.get(text_of(row, name)) for name in ("unit", "period"))
        return Card(
            id,
            label,
            text(row["printed"]),
            text(unit) if unit else "",
            text(period) if period else text(row["period"]),
            series.get(text(row["observation"]), ""),
            text_of(row, "page"),
            len({text(each["observation"]) for each in latest[id]}) - 1,
            line,
        )

    return [card(id, label) for id, label in indicators]


def value(card: Card) -> str:
    """Gives the value of a card with its unit, where the print leaves that out."""
    if not card.printed or card.unit in card.printed or card.unit in ("", "1"):
        return card.printed
    return card.printed + ("" if card.unit == "%" else " ") + card.unit


def _rank(row: Row) -> tuple[object, ...]:
    """Ranks latest values: the later, then the total, then the least broken down comes first."""
    observation = text_of(row, "observation")
    try:
        end = parse_period(text_of(row, "period").removeprefix(expand("hkid:period/"))).end
    except BadPeriod:
        return (), False, 0, observation
    return (end,), "total" in observation, -observation.count("_"), observation
