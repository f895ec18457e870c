"""Every error is answered as a problem: RFC 9457 JSON, or a page to who would rather read one."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Flask, Response, json, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ..graph.errors import (
    HakushoError,
    InvalidData,
    InvalidQuery,
    TooBusy,
    UnknownRelease,
    UnknownThing,
)
from ..graph.names import expand, shorten
from ..graph.terms import text as label_of
from ..graph.validation.findings import Finding
from .budget import OverBudget
from .language import language, text
from .negotiation import wants_page
from .problems import INTERNAL, Problem, problem_of
from .protocol import WrongMethod
from .refusals import in_words
from .service import service
from .things import headings

LOG: Final = logging.getLogger(__name__)
RETRY_SECONDS: Final = 5
MOST_FINDINGS: Final = 100
FACTS: Final = (
    "line", "column", "limit", "hint", "offered", "nearest", "allowed", "accepted", "name", "got",
    "expected", "asked",
)  # fmt: skip
"""The attributes of an error that go into its JSON under the same name."""


def answer_problem(error: Exception) -> Response:
    """Gives the response that tells a client what is wrong."""
    problem = problem_of(error)
    lang = language()
    said: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title[lang],
        "status": problem.status,
        "detail": _detail(error, problem, lang),
        "instance": request.path,
    }
    if problem is INTERNAL:
        said["incident"] = secrets.token_hex(4)
        LOG.error("incident %s at %s", said["incident"], request.path, exc_info=error)
    for fact in FACTS:
        value = getattr(error, fact, None)
        if value not in (None, "", ()) and not isinstance(error, HTTPException):
            said[fact] = list(value) if isinstance(value, tuple) else value
    if isinstance(error, InvalidData):
        said["findings"] = [_finding(each) for each in error.findings[:MOST_FINDINGS]]
    return _response(error, problem, said)


def _finding(finding: Finding) -> dict[str, Any]:
    """Gives a violation as JSON and the page have it, its words in both languages."""
    return {
        "node": finding.node,
        "id": shorten(finding.node),
        "path": finding.path,
        "value": finding.value,
        "message": {"ja": finding.message_ja, "en": finding.message_en},
        "hint": {"ja": finding.hint_ja, "en": finding.hint_en},
        "nearest": [shorten(each) for each in finding.nearest],
        "shape": finding.shape,
    }


def _detail(error: Exception, problem: Problem, lang: str) -> str:
    if isinstance(error, UnknownRelease):
        # Where the data folder is, is nobody's business.
        said = {"number": error.number, "nearest": ", ".join(error.nearest)}
        if error.pruned:
            return text("past.pruned", lang, **said).unescape()
        if error.nearest:
            return text("past.unknown", lang, **said).unescape()
        return text("past.none", lang, **said).unescape()
    if isinstance(error, InvalidData) and lang == "ja":
        return f"規則に合わないところが{len(error.findings)}件あります"
    if isinstance(error, HakushoError):
        return str(error)
    return problem.help[lang]


def _on_a_page(error: Exception, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Gives what a page shows of a problem: in the reader's language, near things named."""
    lang = language()
    shows = dict(said)
    if isinstance(error, HakushoError) and said["detail"] == str(error):
        shows["detail"] = in_words(error, lang)
        if isinstance(error, InvalidQuery) and error.line is not None:
            place = text("sparql.place", lang, line=error.line, column=error.column or 1).unescape()
            shows["detail"] = f"{place}：{shows['detail']}" if lang == "ja" else str(error)
    if isinstance(error, UnknownThing):
        # The nearest are listed by their names.
        shows["detail"] = in_words(UnknownThing(error.asked), lang)
        shows["named"] = _named(error.nearest, lang)
    return shows


def _named(ids: Sequence[str], lang: str) -> Mapping[str, str]:
    """Gives the labels of things by id; none while the store has no answer."""
    try:
        found = headings(service().store, [expand(each) for each in ids], lang)
    except HakushoError:
        return {}
    return {shorten(iri): label_of(label) for iri, label in found.items()}


def _response(error: Exception, problem: Problem, said: Mapping[str, Any]) -> Response:
    if wants_page(request.headers.get("Accept")):
        body = render_template("problem.html", problem=problem, said=_on_a_page(error, said))
        response = Response(body, problem.status, content_type="text/html; charset=utf-8")
    else:
        body = json.dumps(said, ensure_ascii=False)
        response = Response(body, problem.status, content_type="application/problem+json")
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    if isinstance(error, WrongMethod):
        response.headers["Allow"] = ", ".join(error.allowed)
    elif isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="hakusho"'
    if problem.status in (429, 503):
        seconds = error.retry_after if isinstance(error, TooBusy | OverBudget) else RETRY_SECONDS
        response.headers["Retry-After"] = str(seconds)
    return response


def register(app: Flask) -> None:
    """Makes an application answer every error as a problem."""
    app.register_error_handler(HakushoError, answer_problem)
    app.register_error_handler(HTTPException, answer_problem)
    app.register_error_handler(Exception, answer_problem)
