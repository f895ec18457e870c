"""Charts: drawings made here from specifications, and the specifications themselves."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from ...graph.errors import BadParameter
from ...graph.names import thing
from ...queries.catalogue import catalogue
from ..charts.compared import apart, together
from ..charts.panels import Panel, main_line, panels
from ..charts.pictures import Picture, axis_title, picture, small_picture, titled
from ..charts.readings import Readings, names_of, readings
from ..charts.service import drawings
from ..charts.spec import WIDTHS, specification
from ..charts.theme import STYLE_HASH
from ..language import language
from ..service import service

bp = Blueprint("charts", __name__, url_prefix="/charts")

SVG = "image/svg+xml"
POLICY = f"default-src 'none'; style-src '{STYLE_HASH}'; frame-ancestors 'none'"
"""What a drawing may load: nothing; and the one style in it is named by what it says."""


@bp.get("/indicator/<slug>/<name>.svg")
def indicator(slug: str, name: str) -> Response:
    """Draws a chart of an indicator: that of one type of period, or `small`."""
    label, found = _read(slug)
    if name == "small":
        line = main_line(found)
        if not line:
            raise _no_chart(slug, name, found)
        return _drawn(small_picture(line, label, language()))
    return _drawn(picture(_panel(slug, name, found), label, language(), _width()))


@bp.get("/indicator/<slug>/<name>.vl.json")
def indicator_specification(slug: str, name: str) -> Response:
    """Gives the Vega-Lite specification of a chart, its data in it."""
    label, found = _read(slug)
    panel = _panel(slug, name, found)
    spec = specification(panel, label, axis_title(panel.type, language()), _width())
    response = Response(
        json.dumps(spec, ensure_ascii=False, indent=2) + "\n", content_type="application/json"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{panel.id}.vl.json"'
    return response


@bp.get("/compare.svg")
def compared() -> Response:
    """Draws the main lines of two indicators on one chart, or that of one alone."""
    ids = [request.args[name] for name in ("a", "b") if request.args.get(name)]
    read = [_read(each.removeprefix("indicator/")) for each in ids]
    lines = [(label, main_line(found)) for label, found in read]
    why = apart(lines[0][1], lines[-1][1]) if lines else "few"
    if why:
        raise BadParameter("b", ids[-1] if ids else None, f"another of the same kind ({why})")
    panel = together(lines)
    title = " × ".join(label for label, _ in lines)
    return _drawn(titled(panel, title, language(), _width()))


def _read(slug: str) -> tuple[str, Readings]:
    store, lang, node = service().store, language(), thing("indicator", slug)
    if not catalogue().knows(store, node):
        raise catalogue().missing(store, f"indicator/{slug}")
    label = names_of(store, [node.value], lang).get(node.value, slug)
    return label, readings(store, NamedNode(node.value), lang)


def _panel(slug: str, name: str, found: Readings) -> Panel:
    for panel in panels(found):
        if panel.id == name:
            return panel
    raise _no_chart(slug, name, found)


def _no_chart(slug: str, name: str, found: Readings) -> BadParameter:
    offered = ", ".join(panel.id for panel in panels(found)) or "none: there are too few values"
    return BadParameter("chart", name, f"a chart of indicator/{slug}: {offered}")


def _width() -> str:
    width = request.args.get("width", "wide")
    if width not in WIDTHS:
        raise BadParameter("width", width, " or ".join(WIDTHS))
    return width


def _drawn(found: Picture) -> Response:
    svg = drawings().svg(service().number(), found.spec, found.title, found.description)
    response = Response(svg, content_type=f"{SVG}; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return response
