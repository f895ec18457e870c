"""The SPARQL endpoint: queries, updates, the description of the service, and a page to try it."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request

from ...graph.errors import HakushoError, InvalidQuery
from ...graph.store import Form, Query
from ...graph.workers.revision import Update
from ...queries.binding import form as form_of
from ...queries.catalogue import question
from ...queries.catalogue_rdf import query_of
from ..answers import shown_json, shown_text, stream
from ..description import describe
from ..language import link
from ..negotiation import HTML, by_form, choose, named, offered, wants_page
from ..problems import problem_of
from ..protocol import FORMS, Asked, Description, Request, read
from ..querying import answer_of
from ..requests import protocol_request
from ..service import service
from ..writing import update

bp = Blueprint("sparql", __name__)

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
PAGE_TYPES: Final[dict[Form, str]] = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "text/turtle",
}
EXAMPLE: Final = "matrix/challenges"


@bp.route("/sparql", methods=METHODS)
def endpoint() -> Response:
    """Answers a SPARQL 1.1 Protocol request."""
    said = protocol_request(service().limits.upload_bytes)
    asked = read(said)
    if isinstance(asked.operation, Update):
        token = service().tokens.allow(request.headers.get("Authorization"), "publish")
        update(service(), asked.operation, token.name)
        return Response(status=204)
    if _wants_page(said, asked):
        return _page(asked, said)
    if isinstance(asked.operation, Description):
        media = choose(offered("graph"), said.accept, asked.format)
        return stream(describe(service(), said.url, media))
    found = service() if said.method in ("GET", "HEAD") else service().at(asked.release)
    return stream(answer_of(found.store, asked.operation, said.accept, asked.format))


def _wants_page(said: Request, asked: Asked) -> bool:
    if said.method == "POST":
        return False
    return asked.format in HTML.names if asked.format else wants_page(said.accept)


def _page(asked: Asked, said: Request) -> Response:
    shown: dict[str, Any] = {"table": None, "holds": None, "rdf": None, "error": None}
    status, text = 200, _example()
    if isinstance(asked.operation, Query):
        text = asked.operation.text
        try:
            shown |= _shown(asked.operation)
        except HakushoError as error:
            problem = problem_of(error)
            status = problem.status
            line = error.line if isinstance(error, InvalidQuery) else None
            shown |= {"error": problem, "detail": str(error), "line": line}
    response = make_response(
        render_template(
            "sparql/page.html",
            text=text,
            endpoint=said.url,
            media_types=offered("graph"),
            media_type=lambda name: named(name, offered(*FORMS)).media_type,
            formats=_formats(text) if isinstance(asked.operation, Query) and status == 200 else [],
            **shown,
        )
    )
    response.status_code = status
    return response


def _shown(query: Query) -> dict[str, Any]:
    """Gives the answer to a query as the page shows it."""
    asked = Query(query.text, PAGE_TYPES, query.default_graphs, query.named_graphs, query.base_iri)
    answer = service().store.answer(asked)
    try:
        if answer.form == "graph":
            return {"rdf": shown_text(answer.chunks)}
        found = shown_json(b"".join(answer.chunks))
        return {"holds": found} if isinstance(found, bool) else {"table": found}
    finally:
        answer.close()


def _formats(text: str) -> list[tuple[str, str]]:
    arguments = request.args.to_dict(flat=False)
    return [
        (media.name, link("sparql.endpoint", **{**arguments, "format": media.name}))
        for media in offered(form_of(text))
        if by_form(FORMS, format=media.name)
    ]


def _example() -> str:
    """Gives a query to begin with: one of the catalogue, without its header."""
    return query_of(question(EXAMPLE)).strip()
