"""A chart as it is drawn: its specification, and its title and description for those who do not
see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..language import text
from .panels import Panel, Point, main_line, panels
from .readings import Readings
from .spec import WIDTHS, Spec, small, specification

LINES = 12
"""Of how many lines the ends are told."""
BETWEEN = " → "


@dataclass(frozen=True)
class Picture:
    """What is drawn and what is said with it."""

    spec: Spec
    title: str
    description: str


def picture(panel: Panel, label: str, lang: str, width: str) -> Picture:
    """Gives the picture of a chart of an indicator, under its label."""
    unit = panel.unit.label
    title = f"{label}（{unit}）" if lang == "ja" else f"{label} ({unit})"
    return titled(panel, title, lang, width)


def titled(panel: Panel, title: str, lang: str, width: str) -> Picture:
    """Gives the picture of a chart under a title."""
    spec = specification(panel, title, axis_title(panel.type, lang), width)
    return Picture(spec, title, told(panel.points, lang))


def small_picture(line: Sequence[Point], label: str, lang: str) -> Picture:
    """Gives the picture of a line as small as a word."""
    return Picture(small(line, label), label, told(line, lang))


def pictures(found: Readings, label: str, lang: str) -> Iterator[Picture]:
    """Gives every picture that pages show of an indicator, the widest first."""
    line = main_line(found)
    for width in WIDTHS:
        yield from (picture(panel, label, lang, width) for panel in panels(found))
    if line:
        yield small_picture(line, label, lang)


def axis_title(type: str, lang: str) -> str:
    """Gives the name of a type of period, as the axis bears it."""
    return str(text(f"chart.{type}", lang))


def told(points: Sequence[Point], lang: str) -> str:
    """Gives the first and last value of each line, for those who do not see it."""
    lines: dict[str, list[Point]] = {}
    for point in points:
        lines.setdefault(point.series, []).append(point)
    said = []
    for name, line in list(lines.items())[:LINES]:
        line.sort(key=lambda point: point.reading.period)
        ends = [line[0]] if len(line) == 1 else [line[0], line[-1]]
        between = BETWEEN.join(
            f"{point.reading.period.label_ja if lang == 'ja' else point.reading.period.label_en} "
            f"{point.reading.shown}"
            for point in ends
        )
        said.append(f"{name}: {between}" if name else between)
    return str(text("chart.description", lang, lines="; ".join(said)))
