"""Indicators as a page about something else shows them: the latest value, and a line if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ...graph.errors import BadPeriod
from ...graph.names import expand
from ...graph.periods import parse_period
from ...graph.store import Row, Store
from ...graph.terms import text
from ...queries.catalogue import ask
from ..charts.panels import LINE
from ..printed import with_unit
from ..things import names, text_of


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
    ids = [NamedNode(expand(id)) for id, _ in indicators]
    latest: dict[str, list[Row]] = {}
    for row in ask(store, "indicators/latest", indicator=ids).rows:
        latest.setdefault(text(row["indicator"]), []).append(row)
    lengths: dict[tuple[str, str], int] = {}
    for row in ask(store, "indicators/lengths", indicator=ids).rows:
        key = text(row["indicator"]), text(row["series"])
        lengths[key] = max(lengths.get(key, 0), int(text(row["periods"])))
    lines = {id for (id, _), periods in lengths.items() if periods >= LINE}
    observations = [row["observation"] for rows in latest.values() for row in rows]
    series: dict[str, Row] = {}
    if observations:
        asked = ask(store, "indicators/series-names", observation=observations, lang=lang)
        series = {text(row["observation"]): row for row in asked.rows}

    def rank(row: Row) -> tuple[object, ...]:
        """Ranks latest values as the line is chosen that is drawn beside them."""
        observation = text(row["observation"])
        told = series.get(observation, {})
        key = text(row["indicator"]), text(told["series"]) if told else ""
        periods = lengths.get(key, 0)
        code = observation.split("_", 2)[-1].rpartition("_")[0]
        return periods >= LINE, _end(row), is_total(code), periods, code

    best = {id: max(rows, key=rank) for id, rows in latest.items()}
    terms = [text_of(row, name) for row in best.values() for name in ("unit", "period")]
    labels = names(store, terms, lang)

    def card(id: str, label: str) -> Card:
        row = best.get(id)
        line = id in lines
        if row is None:
            return Card(id, label, line=line)
        unit, period = (labels.get(text_of(row, name)) for name in ("unit", "period"))
        return Card(
            id,
            label,
            text(row["printed"]),
            text(unit) if unit else "",
            text(period) if period else text(row["period"]),
            text(told["seriesLabel"]) if (told := series.get(text(row["observation"]))) else "",
            text_of(row, "page"),
            len({text(each["observation"]) for each in latest[id]}) - 1,
            line,
        )

    return [card(id, label) for id, label in indicators]


def value(card: Card) -> str:
    """Gives the value of a card with its unit, where the print leaves that out."""
    return with_unit(card.printed, card.unit)


def is_total(code: str) -> bool:
    """Tells whether area and breakdown, as an observation's id has them, are those of a total.

    >>> is_total("JP_broadcaster-all"), is_total("JP_age-total_medium-tv"), is_total("JP")
    (True, False, True)
    """
    return all(part.rpartition("-")[2] in ("total", "all") for part in code.split("_")[1:])


def _end(row: Row) -> str:
    try:
        return parse_period(
            text_of(row, "period").removeprefix(expand("hkid:period/"))
        ).end.isoformat()
    except BadPeriod:
        return ""
