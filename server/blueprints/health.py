"""For those who run the service: is it alive, is it ready, and what has it done so far."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from ...graph.errors import HakushoError
from ...queries.catalogue import catalogue
from ..budget import BUDGET, Budget
from ..cache import CACHE, AnswerCache
from ..metrics import exposition
from ..service import service

bp = Blueprint("health", __name__)

PLAIN = "text/plain; charset=utf-8"


@bp.get("/healthz")
def alive() -> Response:
    """Says that the process answers."""
    return _plain("ok\n")


@bp.get("/readyz")
def ready() -> Response:
    """Says whether questions are answered: there is a release, and a worker has read it."""
    number = service().number()
    if number is None and not service().is_remote:
        return _plain("no release yet\n", 503)
    try:
        catalogue().holds(service().store, "things/anything")
    except HakushoError as error:
        return _plain(f"not ready: {error}\n", 503)
    return _plain("another engine\n" if number is None else f"release {number}\n")


@bp.get("/metrics")
def metrics() -> Response:
    """Gives counters in the text format of Prometheus."""
    cache: AnswerCache = current_app.extensions[CACHE]
    budget: Budget | None = current_app.extensions.get(BUDGET)
    return _plain(exposition(service(), cache, budget), content_type="text/plain; version=0.0.4")


def _plain(body: str, status: int = 200, content_type: str = PLAIN) -> Response:
    response = Response(body, status, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response
