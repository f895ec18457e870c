"""The application: `create_app` puts blueprints, problems, languages and the cache together."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request, url_for

from . import error_answers, language
from .answers import CAPPED
from .blueprints import explorer, graphs, health, problems, questions, resources, sparql
from .cache import CACHE, AnswerCache
from .service import KEY, Service
from .things import address

BLUEPRINTS: Final = (
    explorer.bp,
    graphs.bp,
    health.bp,
    problems.bp,
    questions.bp,
    resources.bp,
    sparql.bp,
)
MENU: Final = (
    ("matrix", "explorer.home"),
    ("outline", "explorer.outline"),
    ("questions", "questions.index"),
    ("sparql", "sparql.endpoint"),
    ("ontology", "resources.ontology"),
)
OPEN_TO_ALL: Final = ("sparql", "graphs", "questions", "resources")
"""The blueprints whose answers any web page may read; none of them ever sees a credential."""
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(service: Service, cache_bytes: int = 64 * 1024 * 1024) -> Flask:
    """Gives the application that answers from a service's store."""
    app = Flask(__name__)
    app.extensions[KEY] = service
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    error_answers.register(app)
    language.register(app)
    app.after_request(_finish)
    app.context_processor(lambda: _words(service))
    app.add_template_filter(language.here, "here")
    app.add_template_filter(_host, "host")
    answers = AnswerCache(app.wsgi_app, service.number, _release_of_code(), cache_bytes)
    app.extensions[CACHE] = answers
    app.wsgi_app = answers  # type: ignore[method-assign]
    return app


def _words(service: Service) -> dict[str, Any]:
    return {
        "address": address,
        "asset": _asset,
        "menu": MENU,
        "release": service.number(),
        "version": tool_version(),
    }


def _finish(response: Response) -> Response:
    """Adds what every answer has: who may read it, how long it holds, what a page may load."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.blueprint in OPEN_TO_ALL:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = f"ETag, Link, Location, {CAPPED}"
        if request.method == "OPTIONS":
            _preflight(response)
    if "Cache-Control" not in response.headers:
        reading = request.method in ("GET", "HEAD") or request.blueprint == "sparql"
        whole = response.status_code == 200 and reading and request.method != "OPTIONS"
        # Kept by everyone, and asked after each time: the tag says whether it still holds.
        response.headers["Cache-Control"] = "public, no-cache" if whole else "no-store"
    response.vary.update(("Accept", "Accept-Language", "Accept-Encoding"))
    return response


def _preflight(response: Response) -> None:
    # Authorization is not among them: another site's page cannot write with a visitor's token.
    response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Max-Age"] = "86400"


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
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _host(address: str) -> str:
    """Gives an address as a list shows it: the host and the last part of the path."""
    _, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    last = path.rstrip("/").rpartition("/")[2]
    return f"{host} … {last}" if last else host
