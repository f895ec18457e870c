"""The SPARQL endpoint: queries, updates, the description of the service, and a page to try it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, request

from ...graph.store import Query
from ...graph.workers.revision import Update
from ..answers import stream
from ..description import describe
from ..negotiation import HTML, choose, offered, wants_page
from ..protocol import Asked, Description, Request, read
from ..querying import answer_of
from ..requests import protocol_request
from ..service import service
from ..sparql_page import page
from ..writing import update

bp = Blueprint("sparql", __name__)

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")


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
    query = asked.operation if isinstance(asked.operation, Query) else None
    body, status = page(query, said.url)
    return make_response(body, status)
