"""What goes on one chart: readings of one type of period and one base unit, line by line.

年度 and 年 are never on one axis. A series is one line unless two of its readings for the same
period differ: then each source, or each page where the source is the same, has a line of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal
from urllib.parse import urlsplit

from ...graph.names import HKID
from ...graph.periods import Period
from ..called import document_name, edition_name
from .readings import AREA, Named, Reading, Readings

DOCUMENT: Final = HKID + "document/"
MOST_LINES = 7
"""With more series than this, lines can no longer be told apart: bars take their place."""
LINE = 3
"""From how many periods on there is a line worth drawing."""
MOST_GROUPS = 6
"""How many colours a group of bars has at most."""

Kind = Literal["lines", "bars"]


@dataclass(frozen=True)
class Point:
    """A reading on a chart: which line it is on and its value in the chart's unit."""

    reading: Reading
    series: str
    value: Decimal


@dataclass(frozen=True)
class Panel:
    """One chart: what it is called in an address, its unit, its points and how it is drawn."""

    id: str
    type: str
    unit: Named
    points: tuple[Point, ...]
    kind: Kind
    apart: bool = False
    """Whether a series has several lines because its readings differ."""
    dimensions: tuple[Named, ...] = ()

    @property
    def series(self) -> list[str]:
        """The names of its lines, each once."""
        return list(dict.fromkeys(point.series for point in self.points))

    @property
    def periods(self) -> list[Period]:
        """Its periods, oldest first."""
        return sorted({point.reading.period for point in self.points})

    @property
    def joined(self) -> int:
        """How many sources the points of one line come from, at most."""
        sources: dict[str, set[str]] = {}
        for point in self.points:
            if point.reading.source:
                sources.setdefault(point.series, set()).add(point.reading.source.iri)
        return max(map(len, sources.values()), default=0)


def panels(found: Readings) -> list[Panel]:
    """Gives the charts of an indicator, that with most points first; one point makes no chart."""
    groups: dict[tuple[str, str], list[Reading]] = {}
    for reading in found.all:
        groups.setdefault((reading.period.type, reading.base), []).append(reading)
    several = Counter(type for type, _ in groups)
    made = []
    for (type, base), those in groups.items():
        slug = type if several[type] == 1 else f"{type}_{base.rpartition('/')[2]}"
        panel = _panel(slug, type, those, found)
        if len(panel.points) > 1:
            made.append(panel)
    return sorted(made, key=lambda panel: (-len(panel.points), panel.id))


def main_line(found: Readings) -> tuple[Point, ...]:
    """Gives the points of the line that stands for an indicator: of those long enough to draw, the
    one that reaches furthest, the total before its parts."""
    lines: dict[tuple[str, str], list[Point]] = {}
    for panel in panels(found):
        for point in panel.points:
            lines.setdefault((panel.id, point.series), []).append(point)

    def rank(line: Sequence[Point]) -> tuple[object, ...]:
        ends = [point.reading.period for point in line if point.reading.actual]
        periods = len({point.reading.period for point in line})
        last = max(ends, default=_last(line))
        code = "_".join(code.id for _, code in line[0].reading.breakdown)
        return bool(ends), periods >= LINE, last, _is_total(line[0].reading), periods, code

    best = max(lines.values(), key=rank, default=[])
    return tuple(sorted(best, key=lambda point: point.reading.period))


def _last(line: Sequence[Point]) -> Period:
    return max(point.reading.period for point in line)


def latest(found: Readings) -> list[Reading]:
    """Gives the latest actual reading of each series and type of period, the latest first."""
    best: dict[tuple[object, ...], Reading] = {}
    for reading in found.all:
        if not reading.actual:
            continue
        key = (*(code.iri for _, code in reading.breakdown), reading.period.type)
        if key not in best or best[key].period < reading.period:
            best[key] = reading
    # A total tells more than any of its parts.
    ordered = sorted(best.values(), key=lambda each: not _is_total(each))
    return sorted(ordered, key=lambda each: each.period, reverse=True)


def _is_total(reading: Reading) -> bool:
    codes = [code.iri for property, code in reading.breakdown if property != AREA]
    return all(code.rpartition("/")[2].startswith(("total", "all")) for code in codes)


def conflicts(readings: Iterable[Reading]) -> list[list[Reading]]:
    """Gives the groups of readings of the same thing and period whose values differ."""
    same: dict[tuple[object, ...], list[Reading]] = {}
    for reading in readings:
        key = (*(code.iri for _, code in reading.breakdown), reading.period, reading.base)
        same.setdefault(key, []).append(reading)
    return [group for group in same.values() if len({each.normalized for each in group}) > 1]


def page_name(address: str, lang: str = "ja") -> str:
    """Gives a short name of a page: the edition where the address says so, else the host.

    >>> page_name("https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r06/html/nd215220.html")
    '令和6年版 nd215220'
    >>> page_name("https://w3id.org/hakusho/id/document/r07-overview", "en")
    '2025 edition, overview'
    """
    if address.startswith(DOCUMENT):
        return document_name(address, lang)
    parts = urlsplit(address)
    path = [part for part in parts.path.split("/") if part]
    last = path[-1].rpartition(".")[0] or path[-1] if path else ""
    if "whitepaper" in path:
        after = path[path.index("whitepaper") + 1 :]
        edition = next((part for part in after if part[:1] in "rh" and part[1:].isdigit()), "")
        if edition:
            return f"{edition_name(edition, lang)} {last}"
    return f"{parts.hostname or ''} {last}".strip()


def _panel(slug: str, type: str, those: list[Reading], found: Readings) -> Panel:
    unit, scale = _unit(those)
    series: dict[str, list[Reading]] = {}
    for reading in those:
        series.setdefault(found.series(reading), []).append(reading)
    points: list[Point] = []
    apart = False
    for name, line in series.items():
        differing = conflicts(line)
        apart = apart or bool(differing)
        seen: set[tuple[str, Period, Decimal]] = set()
        for reading in line:
            label = _line_name(name, reading, differing)
            key = (label, reading.period, reading.normalized)
            # Two pages that print the same value are one point; the table has both.
            if key not in seen:
                seen.add(key)
                points.append(Point(reading, label, reading.normalized / scale))
    lines = {point.series for point in points}
    longest = max(Counter(point.series for point in points).values(), default=0)
    few = len({point.reading.period for point in points}) < 2 or longest < 2
    kind: Kind = "bars" if few or len(lines) > MOST_LINES else "lines"
    return Panel(slug, type, unit, tuple(points), kind, apart, tuple(found.dimensions))


def _line_name(series: str, reading: Reading, differing: Sequence[Sequence[Reading]]) -> str:
    if not differing:
        return series
    sources = {each.source.iri if each.source else "" for group in differing for each in group}
    pages = {each.page for group in differing for each in group}
    if len(sources) > 1 and all(
        len({each.source for each in group}) == len(group) for group in differing
    ):
        said = reading.source.label if reading.source else page_name(reading.page, reading.lang)
    elif reading.page in pages:
        said = page_name(reading.page, reading.lang)
    else:
        return series
    return f"{series} [{said}]" if series else said


def _unit(those: Sequence[Reading]) -> tuple[Named, Decimal]:
    """Gives the unit that most readings are in, and its scale."""
    counted = Counter((reading.unit, reading.scale) for reading in those)
    (unit, scale), _ = min(counted.items(), key=lambda item: (-item[1], item[0][0].iri))
    return unit, scale
