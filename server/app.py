"""The application: `create_app` puts blueprints, problems, languages and the cache together."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from flask import Flask, Response, request, url_for

from ..graph.errors import HakushoError
from . import error_answers, language
from .blueprints import (
    charts,
    compare,
    completions,
    curation,
    explorer,
    forms,
    graphs,
    health,
    linked_data,
    lists,
    network,
    problems,
    proposals,
    provenance,
    quality,
    query_chart,
    questions,
    releases,
    resources,
    search,
    sparql,
)
from .bodies import Bodies, threads
from .budget import BUDGET, Budget, Budgeted
from .cache import CACHE, RELEASE, AnswerCache
from .called import document_name, graph_name, reason
from .dates import day, moment, month
from .fastpath import FastPath
from .harmless import harmless
from .headers import EVERY, FOR_GOOD, NOT_KEPT, OPEN_TO_ALL, PREFLIGHT, VARY, WHOLE
from .negotiation import HTML
from .part_number import own_number, whole_number
from .request_log import RequestLog, to_stderr, writer
from .service import KEY, Service, answering, find_release
from .settings import Settings
from .things import address

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

BLUEPRINTS: Final = (
    charts.bp,
    compare.bp,
    completions.bp,
    curation.bp,
    explorer.bp,
    forms.bp,
    graphs.bp,
    health.bp,
    linked_data.bp,
    lists.bp,
    network.bp,
    problems.bp,
    proposals.bp,
    provenance.bp,
    quality.bp,
    query_chart.bp,
    questions.bp,
    releases.bp,
    resources.bp,
    search.bp,
    sparql.bp,
)
LONG_NAME: Final = 40
"""How many characters of the last part of an address a list shows."""
MENU: Final = (
    ("matrix", "explorer.home"),
    ("lists", "lists.overview"),
    ("outline", "explorer.outline"),
    ("compare", "compare.page"),
    ("search", "search.page"),
    ("network", "network.page"),
    ("questions", "questions.index"),
    ("sparql", "sparql.endpoint"),
    ("ontology", "resources.ontology"),
    ("contribute", "curation.page"),
    ("quality", "quality.page"),
)
OPEN: Final = (
    "sparql",
    "graphs",
    "questions",
    "releases",
    "resources",
    "search",
    "network",
    "completions",
    "linked_data",
)
"""The blueprints whose answers any web page may read."""


def create_app(
    service: Service,
    settings: Settings | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Flask:
    """Gives the application that answers from a service's store."""
    app = Flask(__name__)
    app.extensions[KEY] = service
    app.jinja_env.finalize = harmless
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    error_answers.register(app)
    language.register(app)
    app.before_request(find_release)
    app.after_request(_finish)
    app.context_processor(_words)
    app.add_template_filter(language.here, "here")
    app.add_template_filter(_host, "host")
    app.add_template_filter(day, "day")
    for named in (document_name, graph_name, moment, month, own_number, reason, whole_number):
        app.add_template_filter(named)
    _lay_around(app, service, settings or Settings(), clock)
    return app


def _lay_around(
    app: Flask, service: Service, settings: Settings, clock: Callable[[], float]
) -> None:
    """Lays around Flask, from the inside: the fast path, the budget, the cache and the log."""

    def refuse(environ: WSGIEnvironment, error: Exception) -> Response:
        return _refusal(app, environ, error)

    layers: WSGIApplication = FastPath(app.wsgi_app, service, refuse)
    if settings["budget_seconds"]:
        budget, proxies = Budget(settings["budget_seconds"], clock), settings["trusted_proxies"]
        layers = Budgeted(layers, budget, proxies, lambda env: _known(service, env), refuse)
        app.extensions[BUDGET] = budget
    # Nothing says when what another engine holds has changed.
    cache_bytes = 0 if settings["store"] else settings["cache_bytes"]
    layers = answers = AnswerCache(layers, service.state, _release_of_code(), cache_bytes)
    app.extensions[CACHE] = answers
    layers = Bodies(layers, threads(service.limits), settings["trusted_proxies"], refuse)
    requests, slow_seconds = writer(settings["request_log"]), settings["slow_seconds"]
    if requests or slow_seconds:
        layers = RequestLog(
            layers,
            lambda env: None if service.is_remote else env.get(RELEASE),
            requests,
            requests or to_stderr,
            slow_seconds,
        )
    app.wsgi_app = layers  # type: ignore[method-assign]


def _known(service: Service, environ: WSGIEnvironment) -> bool:
    """Tells whether a request shows a token of ours: who holds one is trusted with our time."""
    shown = environ.get("HTTP_AUTHORIZATION")
    if shown is None:
        return False
    try:
        service.tokens.allow(shown, "propose")
    except HakushoError:
        return False
    return True


def _refusal(app: Flask, environ: WSGIEnvironment, error: Exception) -> Response:
    """Gives the problem that a request which never came to Flask is answered with."""
    with app.request_context(environ):
        return app.process_response(error_answers.answer_problem(error))


def _words() -> dict[str, Any]:
    found = answering()
    return {
        "address": address,
        "asset": _asset,
        "menu": MENU,
        "release": found.number(),
        "named_release": found.release,
        "version": tool_version(),
    }


def _finish(response: Response) -> Response:
    """Adds the headers that every answer has."""
    for name, value in EVERY.items():
        response.headers.setdefault(name, value)
    if request.blueprint in OPEN:
        response.headers.update(OPEN_TO_ALL)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    if "Cache-Control" not in response.headers:
        reading = request.method in ("GET", "HEAD") or (
            request.blueprint == "sparql" and request.method == "POST"
        )
        whole = response.status_code == 200 and reading
        for_good = answering().release is not None and response.mimetype != HTML.media_type
        kept = FOR_GOOD if for_good else WHOLE
        response.headers["Cache-Control"] = kept if whole else NOT_KEPT
    response.vary.update(VARY)
    return response


@cache
def _asset(name: str) -> str:
    """Gives the address of a static file, which changes when its content does."""
    content = (Path(__file__).parent / "static" / name).read_bytes()
    return url_for("static", filename=name, v=hashlib.sha256(content).hexdigest()[:10])


@cache
def tool_version() -> str:
    """Gives the version of hakusho."""
    try:
        return version("hakusho")
    except PackageNotFoundError:
        return "0"


@cache
def _release_of_code() -> str:
    """Gives what tells this code's answers from another's: its files as they are now."""
    here = Path(__file__).parent
    digest = hashlib.sha256(tool_version().encode())
    for folder, pattern in ((here, "**/*"), (here.parent / "queries", "**/*.rq")):
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc" and "frontend" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _host(address: str) -> str:
    """Gives an address as a list shows it: the host and the last part of the path, not too long."""
    _, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    last = unquote(path.rstrip("/").rpartition("/")[2])
    if len(last) > LONG_NAME:
        last = f"{last[: LONG_NAME - 12]}…{last[-11:]}"
    return f"{host} … {last}" if last else host
