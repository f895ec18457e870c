"""The answer to a query as a drawing at an address of its own: a page needs no script for it."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...graph.errors import BadParameter
from ...graph.store import Query
from ..answer_chart import chart
from ..charts.service import drawings
from ..charts.spec import WIDTHS
from ..charts.theme import STYLE_HASH
from ..language import language, text
from ..service import service
from ..sparql_answer import Solutions, solutions
from ..sparql_page import ASKED_AS

bp = Blueprint("query_chart", __name__)

POLICY = f"default-src 'none'; style-src '{STYLE_HASH}'; frame-ancestors 'none'"
"""What a drawing may load: nothing; and the one style in it is named by what it says."""


@bp.get("/charts/query.svg")
def drawing() -> Response:
    """Draws the numbers of the answer to `?query=`."""
    asked = request.args.get("query", "")
    width = request.args.get("width", "wide")
    if width not in WIDTHS:
        raise BadParameter("width", width, " or ".join(WIDTHS))
    lang, store = language(), service().store
    defaults, names = (
        tuple(request.args.getlist(f"{name}-graph-uri")) for name in ("default", "named")
    )
    answer = store.answer(Query(asked, ASKED_AS, defaults, names))
    try:
        found = solutions(b"".join(answer.chunks), store, lang) if answer.form != "graph" else False
    finally:
        answer.close()
    title = str(text("sparql.title", lang))
    spec = chart(found, title, width) if isinstance(found, Solutions) else None
    if spec is None:
        raise BadParameter("query", None, "one whose answer has a column of numbers")
    # What strangers ask is not kept on disk; the cache of answers has it for a while.
    drawn = drawings().svg(None, spec, title, str(text("sparql.chart", lang)))
    response = Response(drawn, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = POLICY
    return response
