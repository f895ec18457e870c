"""A chart as a Vega-Lite specification, the data in it: the same that anyone may download."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from .panels import MOST_GROUPS, Panel, Point
from .theme import CONFIG, INK, PAPER, SERIES, SHAPES, SOFT

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"
WIDTHS: Final = {"wide": 680, "narrow": 330}
HEIGHT: Final = 260
BAR: Final = 22
SMALL: Final = (132, 34)
FORMATS: Final = {"year": "%Y", "fiscal-year": "%Y", "date": "%Y-%m-%d"}
YEARS: Final = ("year", "fiscal-year")
TRUNCATED: Final = 0.75
"""An axis of lines begins above zero where the lowest value is at least this part of the top."""

Spec = dict[str, Any]


def plain(text: str) -> str:
    """Gives a text without the characters that draw nothing and could disorder what does.

    >>> plain("a\\x07b\\u202ec")
    'abc'
    """
    return "".join(each for each in text if unicodedata.category(each) not in ("Cc", "Cf", "Cs"))


def specification(panel: Panel, title: str, axis: str, width: str = "wide") -> Spec:
    """Gives the specification of a chart; `axis` names its type of period."""
    values = [_value(panel, point) for point in panel.points]
    if panel.kind == "lines":
        drawn = _lines(panel, values, axis, width)
    else:
        drawn = _bars(panel, values, width)
    return {
        "$schema": SCHEMA,
        "description": plain(title),
        "usermeta": {"credit": "総務省「情報通信白書」を加工して作成"},
        "width": WIDTHS[width],
        "data": {"values": values},
        **drawn,
        "config": CONFIG,
    }


def small(line: Sequence[Point], title: str) -> Spec:
    """Gives the specification of a line as small as a word, its last actual value marked."""
    actual = [point for point in line if point.reading.actual] or list(line)
    last = max(actual, key=lambda point: point.reading.period)
    values: list[Spec] = [
        {"at": point.reading.period.start.isoformat(), "value": float(point.value),
         "awaited": point.reading.awaited, "last": point is last}
        for point in line
    ]  # fmt: skip
    values += [{**each, "awaited": True, "last": False} for each in values if each["last"]]
    rank = last.reading.unit.id == "unit/rank"
    y = {"field": "value", "type": "quantitative", "axis": None,
         "scale": {"zero": False, "reverse": rank}}  # fmt: skip
    x = {"field": "at", "type": "temporal", "axis": None, "scale": {"type": "utc"}}
    return {
        "$schema": SCHEMA,
        "description": plain(title),
        "width": SMALL[0],
        "height": SMALL[1],
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "color": SERIES[0], "strokeWidth": 1.6},
             "transform": [{"filter": "!datum.awaited"}]},
            {"mark": {"type": "line", "color": SERIES[0], "strokeWidth": 1.4, "strokeDash": [3, 2]},
             "transform": [{"filter": "datum.awaited"}]},
            {"mark": {"type": "point", "filled": True, "color": SERIES[1], "size": 36,
                      "opacity": 1},
             "transform": [{"filter": "datum.last"}]},
        ],
        "config": CONFIG,
    }  # fmt: skip


def _value(panel: Panel, point: Point) -> Spec:
    reading = point.reading
    start = reading.period.start
    return {
        "period": reading.period.id,
        # A fiscal year stands at its year: there is no other type of period on the axis.
        "at": f"{start.year}-01-01" if panel.type in YEARS else start.isoformat(),
        "series": plain(point.series),
        "value": float(point.value),
        "printed": plain(reading.shown),
        "status": plain(reading.status.label),
        "awaited": reading.awaited,
        "target": reading.status.id == "observation-status/target",
        "source": plain(reading.source.label) if reading.source else "",
        "page": reading.page,
    }


def _lines(panel: Panel, values: list[Spec], axis: str, width: str) -> Spec:
    numbers = [each["value"] for each in values]
    low, high = min(numbers), max(numbers)
    rank = panel.unit.id == "unit/rank"
    places = sorted({each["at"] for each in values})
    x: Spec = {
        "field": "at",
        "type": "temporal",
        "scale": {"type": "utc", "padding": 14},
        "axis": {"title": plain(axis), "format": FORMATS.get(panel.type, "%Y-%m"),
                 "labelOverlap": "greedy", "labelSeparation": 8},
    }  # fmt: skip
    if len(places) <= 12:
        x["axis"]["values"] = places
    elif panel.type in YEARS:
        x["axis"]["tickCount"] = {"interval": "year", "step": 1 if len(places) < 20 else 5}
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": not rank and not truncated(low, high), "reverse": rank, "nice": True},
        "axis": {"title": plain(panel.unit.label), "format": ",~f"},
    }
    names = list(dict.fromkeys(each["series"] for each in values))
    several = len(names) > 1
    encoding: Spec = {"x": x, "y": y}
    if several:
        legend = {"columns": 1 if width == "narrow" else 3, "symbolFillColor": None}
        scale = {"domain": names, "range": list(SERIES[: len(names)])}
        encoding["color"] = {"field": "series", "type": "nominal", "scale": scale, "legend": legend}
        points: Spec = {
            "shape": {"field": "series", "type": "nominal", "legend": legend,
                      "scale": {"domain": names, "range": list(SHAPES[: len(names)])}},
        }  # fmt: skip
    else:
        encoding["color"] = {"value": SERIES[0]}
        points = {}
    awaited = "datum.awaited && !datum.target"
    return {
        "height": HEIGHT,
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "line"}, "transform": [{"filter": "!datum.awaited"}]},
            {"mark": {"type": "line", "strokeDash": [5, 4]}, "data": {"values": _bridged(values)}},
            {"mark": {"type": "point", "filled": True, "size": 52, "opacity": 1},
             "transform": [{"filter": "!datum.awaited"}], "encoding": points},
            {"mark": {"type": "point", "filled": True, "fill": PAPER, "size": 52, "opacity": 1,
                      "strokeWidth": 2},
             "transform": [{"filter": awaited}],
             "encoding": {**points, **_stroked(encoding)}},
            {"mark": {"type": "point", "filled": False, "shape": "diamond", "size": 110,
                      "opacity": 1, "strokeWidth": 2},
             "transform": [{"filter": "datum.target"}]},
        ],
    }  # fmt: skip


def _stroked(encoding: Spec) -> Spec:
    """Gives the colour of a point as that of its outline, so that it is seen to be hollow."""
    return {"color": None, "stroke": encoding["color"]}


def _bridged(values: Sequence[Spec]) -> list[Spec]:
    """Gives the points of the dashed lines: forecasts, each from the last value before it."""
    found: list[Spec] = []
    for name in dict.fromkeys(each["series"] for each in values):
        line = sorted((v for v in values if v["series"] == name), key=lambda each: each["at"])
        ahead = [each for each in line if each["awaited"] and not each["target"]]
        before = [each for each in line if not each["awaited"]]
        if ahead:
            earlier = [each for each in before if each["at"] < ahead[0]["at"]]
            found += earlier[-1:] + ahead
    return found


def truncated(low: float, high: float) -> bool:
    """Tells whether an axis of lines begins above zero (or ends below it)."""
    return (low > 0 and low >= TRUNCATED * high) or (high < 0 and high <= TRUNCATED * low)


def _bars(panel: Panel, values: list[Spec], width: str) -> Spec:
    group = _group(panel, values)
    rows = list(dict.fromkeys(each["row"] for each in values))
    groups = list(dict.fromkeys(each["group"] for each in values)) if group else []
    if set(groups) == {each["period"] for each in values}:
        groups.sort()
    height = len(rows) * (BAR if not groups else 10 + 14 * len(groups))
    ordered = all(each["row"][:1].isdigit() for each in values)
    limit = 210 if width == "wide" else 118
    y: Spec = {
        "field": "row",
        "type": "nominal",
        "sort": rows if groups or ordered else {"op": "max", "field": "value",
                                                "order": "descending"},
        "axis": {"title": None, "labelLimit": limit, "labelColor": INK},
        "scale": {"paddingInner": 0.3 if not groups else 0.22},
    }  # fmt: skip
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": {"title": plain(panel.unit.label), "format": ",~f", "grid": True,
                 "tickCount": 4, "domain": False},
    }  # fmt: skip
    encoding: Spec = {"y": y, "x": x}
    bar: Spec = {"color": {"value": SERIES[0]}}
    if groups:
        encoding["yOffset"] = {"field": "group", "type": "nominal", "sort": groups}
        scale = {"domain": groups, "range": list(SERIES[: len(groups)])}
        bar["color"] = {"field": "group", "type": "nominal", "scale": scale,
                        "legend": {"columns": 1 if width == "narrow" else 3}}  # fmt: skip
    label: Spec = {"text": {"field": "printed"}, "color": {"value": SOFT}}
    wide = WIDTHS[width] - min(limit, max(map(_breadth, rows)))
    return {
        "width": wide,
        "height": max(height, 40),
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "bar"}, "transform": [{"filter": "!datum.awaited"}],
             "encoding": bar},
            {"mark": {"type": "bar", "filled": False, "strokeWidth": 1.6, "strokeDash": [4, 3]},
             "transform": [{"filter": "datum.awaited"}], "encoding": bar},
            {"mark": {"type": "text", "align": "left", "dx": 5, "baseline": "middle",
                      "fontSize": 11},
             "encoding": label},
        ],
    }  # fmt: skip


def _breadth(label: str) -> int:
    """Gives about how wide a label is, in the letters of charts."""
    return sum(12 if unicodedata.east_asian_width(each) in "FWA" else 7 for each in label)


def _group(panel: Panel, values: list[Spec]) -> bool:
    """Gives each value its row and, where that makes the chart shorter, its group."""
    periods = list(dict.fromkeys(each["period"] for each in values))
    for each, point in zip(values, panel.points, strict=True):
        label = point.reading.period
        each["row"] = each["series"] or label.id
        each["group"] = label.id
    if len(periods) > 1:
        names = {each["series"] for each in values}
        if len(names) == 1:
            for each in values:
                each["row"], each["group"] = each["period"], ""
            return False
        if len(periods) > MOST_GROUPS:
            for each in values:
                each["row"] = f"{each['series']} {each['period']}"
            return False
        return True
    if len(panel.dimensions) == 2 and not panel.apart:
        codes = [
            {code.iri: code.label for point in panel.points
             for property, code in point.reading.breakdown if property == dimension.iri}
            for dimension in panel.dimensions
        ]  # fmt: skip
        inner = min((0, 1), key=lambda place: len(codes[place]))
        full = all(
            {dimension.iri for dimension in panel.dimensions}
            <= {property for property, _ in point.reading.breakdown}
            for point in panel.points
        )
        if full and len(codes[inner]) <= MOST_GROUPS and len(codes[inner]) > 1:
            for each, point in zip(values, panel.points, strict=True):
                told = dict(point.reading.breakdown)
                each["row"] = plain(told[panel.dimensions[1 - inner].iri].label)
                each["group"] = plain(told[panel.dimensions[inner].iri].label)
            return True
    return False
