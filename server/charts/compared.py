"""Two indicators on one chart, where that says something true: one unit, one type of period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from .panels import Panel, Point

Apart = Literal["unit", "type", "few"]


def apart(first: Sequence[Point], second: Sequence[Point]) -> Apart | None:
    """Gives why two lines cannot share a chart, or nothing where they can."""
    if not first or not second:
        return "few"
    if first[0].reading.base != second[0].reading.base:
        return "unit"
    if first[0].reading.period.type != second[0].reading.period.type:
        return "type"
    return None


def together(named: Sequence[tuple[str, Sequence[Point]]]) -> Panel:
    """Gives the chart of some lines in the unit of the first, each under the name given for it."""
    first = named[0][1][0].reading
    points: list[Point] = []
    for name, line in named:
        for point in line:
            series = f"{name} [{point.series}]" if point.series else name
            points.append(
                replace(point, series=series, value=point.reading.normalized / first.scale)
            )
    return Panel("compare", first.period.type, first.unit, tuple(points), "lines")
