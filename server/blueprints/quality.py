"""The quality of the data: what is missing, old or in conflict, by part and by challenge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from ...graph.errors import BadParameter, UnknownQuestion
from ...graph.names import shorten
from ...graph.store import Row, Store
from ...graph.terms import text
from ...queries.catalogue import catalogue, question
from ...queries.parameters import nearest, term_of
from ..answers import Shown, rows_of, shown
from ..language import language
from ..negotiation import HTML, JSON, choose
from ..printed import read_out
from ..quality import FOLDER, By, Group, checks, counts, name_of
from ..service import service
from ..things import heading_of, names, number_of, text_of, value_of

bp = Blueprint("quality", __name__, url_prefix="/quality")

GIVEN = ("section", "challenge")
ROWS = 60
"""How many rows of a list one page shows."""


@bp.get("")
def page() -> Response:
    """Shows how much each check finds, in all, by part of the white paper or by challenge."""
    media = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    store, lang = service().store, language()
    by = _by()
    found = counts(store, by, lang)
    if media is JSON:
        return jsonify(
            {
                "checks": {name_of(each): each.title for each in checks()},
                "by": by,
                "total": found.total,
                "groups": [_said(each) for each in found.all],
            }
        )
    return make_response(
        render_template(
            "quality/index.html",
            by=by,
            checks=[(name_of(each), each) for each in checks()],
            total=found.total,
            rows=found.all,
        )
    )


@bp.get("/<name>")
def check(name: str) -> Response:
    """Lists what one check finds, in all or within a part or a challenge."""
    asked = next((each for each in checks() if name_of(each) == name), None)
    if asked is None:
        known = [name_of(each) for each in checks()]
        raise UnknownQuestion(FOLDER + name, tuple(FOLDER + each for each in nearest(name, known)))
    store, lang = service().store, language()
    given = {each: request.args.get(each) or None for each in GIVEN}
    rows = rows_of(store, asked.id, {**given, "lang": lang})
    start = _start(len(rows))
    here = rows[start : start + ROWS]
    table = shown(asked, here, lang)
    return make_response(
        render_template(
            "quality/check.html",
            check=asked,
            name=name,
            given=given,
            within=[
                (each, *_named(store, each, given[each], lang)) for each in GIVEN if given[each]
            ],
            table=Shown(table.columns, table.rows, len(rows)),
            pairs=_pairs(store, rows[start : start + ROWS], lang)
            if "otherPage" in asked.columns
            else [],
            start=start,
            many=ROWS,
        )
    )


def _pairs(store: Store, rows: Sequence[Row], lang: str) -> list[dict[str, Any]]:
    """Gives each row by column, to be shown as two values side by side, and both read out."""
    pages = {text_of(row, name) for row in rows for name in ("page", "otherPage")}
    named = names(store, sorted(pages), lang)
    return [
        {
            name: value_of(row[name], row.get(f"{name}Label") or named.get(text_of(row, name)))
            for name in row
        }
        | {
            "one": _reading(row, "printed", "unitLabel", "amount", lang),
            "other": _reading(row, "otherPrinted", "otherUnitLabel", "otherAmount", lang),
        }
        for row in rows
    ]


def _reading(
    row: Row, printed: str, unit: str, amount: str, lang: str
) -> dict[str, tuple[str, str]]:
    value = number_of(row, amount)
    return {"read": read_out(text_of(row, printed), text_of(row, unit), value, lang)}


def _by() -> By:
    by = request.args.get("by") or "section"
    if by == "challenge":
        return "challenge"
    if by != "section":
        raise BadParameter("by", by, "section or challenge")
    return "section"


def _start(total: int) -> int:
    given = request.args.get("start") or "0"
    if not given.isascii() or not given.isdecimal() or len(given) > 9:
        raise BadParameter("start", given, "a number from 0 on")
    return int(given) if int(given) < max(1, total) else 0


def _named(store: Store, name: str, given: str | None, lang: str) -> tuple[str, str]:
    """Gives the id and the label of the part or challenge that a list is narrowed to."""
    parameter = question("links/of-cell").parameter(name)
    if parameter is None or given is None:
        return "", ""
    iri = text_of({"thing": term_of(parameter, given)}, "thing")
    id = shorten(iri)
    rows = catalogue().ask(store, "things/heading", {"thing": iri, "lang": lang}).rows
    return id, text(heading_of(rows[0], lang)) if rows else id


def _said(group: Group) -> dict[str, Any]:
    return {"id": group.id, "label": group.label, "level": group.level, "counts": group.counts}
