"""The numbers of an answer as a chart: which columns it takes, and its Vega-Lite specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from ..graph.names import HKID, PREFIXES
from ..graph.store import Term
from ..graph.terms import python
from .charts.spec import HEIGHT, SCHEMA, WIDTHS, Spec, plain
from .charts.theme import CONFIG, SERIES
from .sparql_answer import Solutions

MOST_ROWS: Final = 60
"""How many rows a chart shows; more cannot be told apart."""
MOST_SERIES: Final = 4
LONGEST: Final = 28
"""How many characters of a name stand on an axis."""
BAR: Final = 20
TIMES: Final = frozenset(
    PREFIXES["xsd"] + name for name in ("date", "dateTime", "gYear", "gYearMonth")
)


@dataclass(frozen=True)
class Axes:
    """The columns that a chart takes: one that names its places, and those with its numbers."""

    names: str
    numbers: tuple[str, ...]
    in_time: bool


def axes(found: Solutions) -> Axes | None:
    """Gives the columns of a chart; none where an answer has no numbers, or nothing they are of."""
    if not 2 <= len(found.rows):
        return None
    numbers = [name for name in found.numeric() if not _in_time(found, name)]
    others = [
        name
        for name in found.names
        if name not in numbers and all(name in row for row in found.rows)
    ]
    if not numbers or not others:
        return None
    names = next((name for name in others if _in_time(found, name)), others[0])
    return Axes(names, tuple(numbers[:MOST_SERIES]), _in_time(found, names))


def chart(found: Solutions, title: str, width: str = "wide") -> Spec | None:
    """Gives the chart of an answer, if one can be drawn."""
    taken = axes(found)
    if taken is None:
        return None
    values = [
        {"place": place, "name": _shown(row[taken.names], found), "series": name,
         "value": float(str(python(row[name])))}
        for place, row in enumerate(found.rows[:MOST_ROWS])
        for name in taken.numbers
        if name in row
    ]  # fmt: skip
    drawn = _lines(taken, width) if taken.in_time else _bars(taken, len(values))
    return {
        "$schema": SCHEMA,
        "description": plain(title),
        "width": WIDTHS[width],
        "data": {"values": values},
        **drawn,
        "config": CONFIG,
    }


def _lines(taken: Axes, width: str) -> dict[str, Any]:
    return {
        "height": HEIGHT,
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "name", "type": "ordinal", "title": plain(taken.names),
                  "axis": {"labelAngle": -45 if width == "narrow" else 0, "labelOverlap": True}},
            "y": {"field": "value", "type": "quantitative", "title": None},
            **_colour(taken),
        },
    }  # fmt: skip


def _bars(taken: Axes, count: int) -> dict[str, Any]:
    return {
        "height": max(3, count) * BAR,
        "mark": "bar",
        "encoding": {
            "y": {"field": "name", "type": "nominal", "title": None, "sort": {"field": "place"},
                  "axis": {"labelLimit": 220}},
            "x": {"field": "value", "type": "quantitative", "title": plain(taken.numbers[0])
                  if len(taken.numbers) == 1 else None},
            **(_beside(taken) if len(taken.numbers) > 1 else {}),
            **_colour(taken),
        },
    }  # fmt: skip


def _beside(taken: Axes) -> dict[str, Any]:
    return {"yOffset": {"field": "series", "sort": list(taken.numbers)}}


def _colour(taken: Axes) -> dict[str, Any]:
    names = [plain(name) for name in taken.numbers]
    scale = {"domain": names, "range": list(SERIES[: len(names)])}
    legend = {} if len(names) > 1 else {"legend": None}
    return {"color": {"field": "series", "type": "nominal", "scale": scale, **legend}}


def _in_time(found: Solutions, name: str) -> bool:
    terms = [row[name] for row in found.rows if name in row]
    return bool(terms) and all(
        term.value.startswith(f"{HKID}period/")
        if isinstance(term, NamedNode)
        else isinstance(term, Literal) and term.datatype.value in TIMES
        for term in terms
    )


def _shown(term: Term, found: Solutions) -> str:
    text = plain(found.name(term))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
