"""Search: what has the words of a query, why it was found, by kind, and names while one types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for

from ...graph.errors import BadParameter
from ...graph.releases.release import Release
from ...graph.search.finding import Found, Hit, find
from ...graph.search.texts import KINDS
from ...queries.parameters import nearest
from ..foreign_search import candidates
from ..language import language, link
from ..negotiation import HTML, JSON, choose
from ..searching import index_of
from ..service import service
from ..things import address

bp = Blueprint("search", __name__)

PER_PAGE: Final = 20
SUGGESTED: Final = 8
LAST_PAGE: Final = 500
NOTHING: Final = Found("", (), {}, 0, False, False)


@bp.get("/search")
def page() -> Response:
    """Gives what has all words of `?q=`, as a page or as JSON."""
    media = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    kind, number = _kind(), _page()
    found = _found(kind=kind, start=(number - 1) * PER_PAGE, limit=PER_PAGE)
    last = min(LAST_PAGE, -(-found.total // PER_PAGE))
    if media is JSON:
        return jsonify(_said(found, kind, number, last))
    body = render_template(
        "search/page.html",
        found=found,
        asked=found.query,
        foreign=service().is_remote,
        everything=sum(found.counts.values()),
        kind=kind,
        page=number,
        last=last,
        first=(number - 1) * PER_PAGE + 1,
    )
    return make_response(body)


@bp.get("/search/suggest")
def suggest() -> Response:
    """Gives a few names that go with what was typed so far of `?q=`, as JSON."""
    found = _found(limit=SUGGESTED, typing=True)
    lang = language()
    return jsonify(
        [
            {
                "label": hit.label(lang),
                "id": hit.id,
                "iri": hit.iri,
                "kind": hit.kind,
                "address": address(hit.iri),
                "matched": hit.match.text,
            }
            for hit in found.hits
        ]
    )


def _found(**options: Any) -> Found:
    query = request.args.get("q", "")
    if service().is_remote and query.strip():
        with candidates(service().store, query) as some:
            found = find(some.index, query, lang=language(), **options)
        return replace(found, cut=found.cut or some.cut)
    number = service().number()
    if number is None or not query.strip():
        return NOTHING
    release = Release(service().data.path, number)
    return find(index_of(release), query, lang=language(), **options)


def _kind() -> str | None:
    kind = request.args.get("kind") or None
    if kind is not None and kind not in KINDS:
        raise BadParameter("kind", kind, f"one of {', '.join(KINDS)}", nearest(kind, KINDS))
    return kind


def _page() -> int:
    said = request.args.get("page", "1")
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:9]) <= LAST_PAGE:
        raise BadParameter("page", said, f"a number from 1 to {LAST_PAGE}")
    return int(said)


def _said(found: Found, kind: str | None, number: int, last: int) -> Mapping[str, Any]:
    """Gives what was found as programs read it."""
    onward = link("search.page", q=found.query, kind=kind, page=number + 1, format="json")
    return {
        "query": found.query,
        "shortened": found.shortened,
        "total": found.total,
        "cut": found.cut,
        "kind": kind,
        "counts": found.counts,
        "hits": [_hit(hit) for hit in found.hits],
        "nearest": found.nearest,
        "next": onward if number < last else None,
    }


def _hit(hit: Hit) -> Mapping[str, Any]:
    marks: list[tuple[int, int]] = []
    at = 0
    for piece in hit.match.pieces:
        if piece.marked:
            marks.append((at, at + len(piece.text)))
        at += len(piece.text)
    return {
        "id": hit.id,
        "iri": hit.iri,
        "address": url_for("search.page", _external=True).removesuffix("/search")
        + address(hit.iri),
        "kind": hit.kind,
        "label": hit.labels,
        "matched": {
            "in": hit.match.field,
            "lang": hit.match.lang,
            "text": hit.match.text,
            "marks": marks,
        },
    }
