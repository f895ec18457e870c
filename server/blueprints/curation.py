"""Validation for everyone: files in, a report out by row and column; nothing is changed by it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from ...graph.errors import HakushoError
from ...loaders.columns import kinds
from ..handed import NothingHandedIn, handed_in, kept, table_of
from ..headers import NOT_KEPT
from ..judging import judge
from ..language import language
from ..negotiation import HTML, Media, choose
from ..reports.formats import FORMS, form
from ..reports.view import view
from ..service import service
from ..written_report import THINGS, short

bp = Blueprint("curation", __name__)

MEDIA: Final = tuple(
    HTML if each.name == "html" else Media(each.name, each.media_type, ("page",), each.name)
    for each in sorted(FORMS, key=lambda each: each.name != "json")
)
"""The forms of a report; a program that says nothing gets JSON."""


@bp.get("/validate")
def page() -> str:
    """Shows the form with which files are handed in to be checked."""
    return _form()


@bp.post("/validate")
def validate() -> Response:
    """Checks files beside the current release, and tells what is wrong and what would change."""
    media = choose(MEDIA, request.headers.get("Accept"), request.args.get("format"))
    limits = service().limits
    if media is HTML:
        return _page_of(limits.upload_bytes)
    report = judge(service().data.path, handed_in(limits.upload_bytes), table_of(), limits)
    answer = make_response(form(media.name).write(report, language()))
    answer.content_type = media.content_type
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


def _page_of(limit: int) -> Response:
    try:
        files = handed_in(limit)
        report = judge(service().data.path, files, table_of(), service().limits)
    except NothingHandedIn as error:
        return make_response(_form(error), 400)
    shown = view(report, language())
    answer = make_response(
        render_template(
            "curation/report.html",
            report=short(shown),
            more=max(0, len(shown.things) - THINGS),
            more_findings=max(0, len(shown.findings) - THINGS),
            kept=kept(files),
            table=table_of() or "",
            writable=bool(service().tokens),
        )
    )
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


def _form(error: HakushoError | None = None) -> str:
    return render_template(
        "curation/validate.html",
        tables=[name for name in kinds() if name != "merges"],
        error=error,
        limit=service().limits.upload_bytes // 1_000_000,
        writable=bool(service().tokens),
    )
