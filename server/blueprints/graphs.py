"""The graphs: SPARQL 1.1 Graph Store HTTP Protocol, by `?graph=`, `?default` or their own address.

The graph `https://w3id.org/hakusho/graph/NAME` has the address `/graphs/NAME` on whatever host
serves it, and may be named by that address too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request
from pyoxigraph import DefaultGraph, NamedNode, Triple

from ...graph.errors import LimitExceeded, UnknownThing
from ...graph.names import GRAPH, shorten
from ...graph.store import Query
from ...queries.catalogue import catalogue
from .. import writing
from ..answers import capped, stream
from ..description import describe
from ..named_release import PARAMETER
from ..negotiation import HTML, choose, offered
from ..protocol import MalformedRequest, UnsupportedContent, content_type
from ..requests import body
from ..service import service
from ..tokens import Token
from ..writing import GraphName, Written

bp = Blueprint("graphs", __name__)

READ: Final = offered("graph")
FORM: Final = "multipart/form-data"


@bp.get("/graphs")
def index() -> Response:
    """Gives the graph that the parameters name, or the list of graphs."""
    if request.args.keys() & {"graph", "default"}:
        return _content(_named())
    media = choose((HTML, *READ), request.headers.get("Accept"), request.args.get("format"))
    if media is not HTML:
        return stream(describe(service(), request.base_url, media))
    manifest = service().manifest()
    return make_response(
        render_template(
            "graphs/index.html",
            default=manifest.triples if manifest else None,
            graphs=[(name, shorten(name), count) for name, count in service().graphs().items()],
            media_types=READ,
        )
    )


@bp.put("/graphs")
@bp.put("/graphs/<path:name>")
def put(name: str | None = None) -> Response:
    """Replaces the content of a graph."""
    token = _allowed()
    graph = _named(name)
    return _done(writing.put(service(), graph, _triples(graph), token.name), graph)


@bp.post("/graphs")
@bp.post("/graphs/<path:name>")
def post(name: str | None = None) -> Response:
    """Adds to the content of a graph; without one named, makes a new graph."""
    token = _allowed()
    if name is None and not request.args.keys() & {"graph", "default"}:
        graph: GraphName = NamedNode(f"{GRAPH}new-{secrets.token_hex(8)}")
    else:
        graph = _named(name)
    return _done(writing.post(service(), graph, _triples(graph), token.name), graph)


@bp.delete("/graphs")
@bp.delete("/graphs/<path:name>")
def delete(name: str | None = None) -> Response:
    """Removes a graph."""
    token = _allowed()
    writing.delete(service(), _named(name), token.name)
    return Response(status=204)


@bp.get("/graphs/<path:name>")
def direct(name: str) -> Response:
    """Gives the graph at its own address."""
    return _content(_named(name))


def _allowed() -> Token:
    if PARAMETER in request.args:
        raise MalformedRequest("a graph is written in the current release, and names no other")
    return service().tokens.allow(request.headers.get("Authorization"), "publish")


def _named(name: str | None = None) -> GraphName:
    """Gives the graph that a request names, by its address or by its parameters."""
    asked = [*(f"graph={iri}" for iri in request.args.getlist("graph"))]
    asked += ["default"] if "default" in request.args else []
    if name is not None:
        if asked:
            raise MalformedRequest("the address is that of a graph already, so it names no other")
        return _graph(GRAPH + quote(name, safe="/~@!$&'()*+,;=:"))
    if len(asked) != 1:
        raise MalformedRequest("name one graph: ?graph=IRI or ?default")
    if asked == ["default"]:
        return DefaultGraph()
    iri = request.args["graph"]
    here = request.host_url + "graphs/"
    return _graph(GRAPH + iri.removeprefix(here) if iri.startswith(here) else iri)


def _graph(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise MalformedRequest(f"graph: {iri!r} is not an absolute IRI") from error


def _content(graph: GraphName) -> Response:
    if not writing.exists(service(), graph):
        raise UnknownThing(shorten(graph.value) if isinstance(graph, NamedNode) else "default")
    media = choose(READ, request.headers.get("Accept"), request.args.get("format"))
    named = (graph.value,) if isinstance(graph, NamedNode) else ()
    text = catalogue().text("graphs/content")
    answer = service().store.answer(Query(text, {"graph": media.media_type}, named))
    if capped(answer):
        answer.close()
        # Half a graph that looks whole could be written back in its place.
        raise LimitExceeded(
            "rows", "the graph has more triples than one answer may", "ask for parts by SPARQL"
        )
    return stream(answer)


def _triples(graph: GraphName) -> list[Triple]:
    """Gives the triples of the request's body, of all its parts where it has several."""
    base = graph.value if isinstance(graph, NamedNode) else request.base_url
    return [
        triple
        for media_type, document in _documents()
        for triple in service().read(document, media_type, base)
    ]


def _documents() -> Iterator[tuple[str, bytes]]:
    limit = service().limits.upload_bytes
    said = request.headers.get("Content-Type", "")
    media_type, charset = content_type(said)
    accepted = tuple(media.media_type for media in READ)
    coding = request.headers.get("Content-Encoding", "identity")
    if coding != "identity":
        raise UnsupportedContent(f"{said} in {coding}", accepted)
    if media_type == FORM:
        request.max_content_length = limit
        for _, part in request.files.items(multi=True):
            kind, part_charset = content_type(part.content_type or "")
            yield _readable(kind, part_charset), part.stream.read()
    else:
        yield _readable(media_type, charset), body(limit)


def _readable(media_type: str, charset: str) -> str:
    for media in READ:
        if media_type in (media.media_type, *media.aliases) and charset in ("", "utf-8"):
            return media.media_type
    raise UnsupportedContent(media_type, tuple(media.media_type for media in READ))


def _done(written: Written, graph: GraphName) -> Response:
    response = Response(status=201 if written.new else 204)
    if isinstance(graph, NamedNode) and graph.value.startswith(GRAPH):
        response.location = request.host_url + "graphs/" + graph.value.removeprefix(GRAPH)
    elif isinstance(graph, NamedNode):
        response.location = f"{request.base_url}?graph={quote(graph.value, safe='')}"
    return response
