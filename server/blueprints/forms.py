"""Forms for one thing at a time, made from the shapes: a policy, an observation, a source, any."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request

from ...graph.names import shorten
from ...graph.names import thing as iri_of
from ...graph.terms import text
from ...loaders.columns import kinds
from ...loaders.exporting import TABLES
from ...loaders.forms import class_label, fields, table_of
from ...queries.catalogue import catalogue
from ..handed import kept
from ..headers import NOT_KEPT
from ..judging import judge
from ..language import language, link
from ..reports.view import view
from ..row_forms import Values, asked, placed, row_of, written
from ..service import service
from ..things import headings
from ..written_report import short

bp = Blueprint("forms", __name__, url_prefix="/forms")

MOST: Final = 20_000
"""How many characters may be put into one field."""


@bp.get("")
def index() -> str:
    """Lists the forms there are."""
    found = {kinds()[table]: class_label(table) for table in reversed(TABLES) if table in kinds()}
    return render_template(
        "forms/index.html",
        kinds=[(kind, label[language()]) for kind, label in reversed(found.items())],
    )


@bp.get("/<kind>")
def page(kind: str) -> str:
    """Shows the form for a new thing of a kind."""
    table = table_of(kind)
    given = {each.name: request.args.getlist(each.name) for each in fields(table)}
    return _shown(kind, None, {name: values for name, values in given.items() if values})


@bp.get("/<kind>/<path:slug>")
def edit(kind: str, slug: str) -> str:
    """Shows the form for a thing that there is, with what is said of it."""
    return _shown(kind, slug, _there(kind, slug))


@bp.post("/<kind>")
@bp.post("/<kind>/<path:slug>")
def check(kind: str, slug: str | None = None) -> Response:
    """Checks what was put in: shows it with what is wrong, or what it would change."""
    table = table_of(kind)
    before = None if slug is None else _there(kind, slug)
    values = {
        each.name: [part.strip()[:MOST] for part in request.form.getlist(each.name) if part.strip()]
        for each in fields(table)
    }
    if slug is not None and "id" in values:
        values["id"] = [slug]
    files = [(f"{table}.csv", written(table, values, before))]
    report = judge(service().data.path, files, table, service().limits)
    answer = make_response(_shown(kind, slug, values, report=report, files=files))
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


def _there(kind: str, slug: str) -> Values:
    """Gives what is said of a thing, by the fields of its form."""
    found = row_of(service().data.current(), table_of(kind), slug)
    if found is None:
        raise catalogue().missing(service().store, f"{kind}/{slug}")
    return found


def _name(iri: str, lang: str) -> str:
    """Gives what to call a thing: its label, or what it relates, or its id."""
    label = headings(service().store, [iri], lang).get(iri)
    return text(label) if label is not None else shorten(iri).partition("/")[2]


def _shown(kind: str, slug: str | None, values: Values, **checked: Any) -> str:
    table, lang = table_of(kind), language()
    shown = asked(service().store, table, values, lang)
    report, files = checked.get("report"), checked.get("files", [])
    rest = [] if report is None else placed(report, shown, lang)
    return render_template(
        "forms/form.html",
        kind=kind,
        slug=slug,
        name=None if slug is None else _name(iri_of(kind, slug).value, lang),
        table=table,
        thing=None if slug is None else iri_of(kind, slug).value,
        label=class_label(table)[lang],
        fields=[each for each in shown if not each.field.extra],
        extra=[each for each in shown if each.field.extra],
        report=None if report is None else short(view(report, lang)),
        rest=rest,
        kept=kept(files),
        action=link("forms.check", kind=kind, slug=slug),
        writable=bool(service().tokens),
    )
