"""Queries answered before Flask: what programs ask most takes the shortest way to the store.

It answers what the `sparql` blueprint would, with the same headers. Updates, pages, the service
description and every other address are passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from ..graph.store import Query
from .answers import Opened, opened
from .headers import EVERY, FOR_GOOD, OPEN_TO_ALL, VARY, WHOLE
from .negotiation import HTML, wants_page
from .protocol import FORM_TYPE, QUERY_TYPE, Request, content_type, read
from .querying import answer_of
from .service import Service

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH: Final = "/sparql"
KEPT_BODY: Final = 1024 * 1024
"""A form up to this length is read here, and handed on when it turns out to be an update."""

Refuse = Callable[["WSGIEnvironment", Exception], "WSGIApplication"]


class FastPath:
    """A WSGI application that answers SPARQL queries and passes on all else."""

    def __init__(self, app: WSGIApplication, service: Service, refuse: Refuse) -> None:
        self._app = app
        self._service = service
        self._refuse = refuse
        self._headers = [
            *EVERY.items(),
            *OPEN_TO_ALL.items(),
            ("Vary", ", ".join(VARY)),
        ]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = _query_request(environ)
        if request is None:
            return self._app(environ, start_response)
        try:
            asked = read(request)
            if not isinstance(asked.operation, Query) or asked.format in HTML.names:
                return self._app(environ, start_response)
            service = self._service.at(asked.release)
            answer = answer_of(service.store, asked.operation, request.accept, asked.format)
            begun = opened(answer)
        except Exception as error:
            # As Flask does: this is the edge, and nothing but a problem may leave by it.
            return self._refuse(environ, error)(environ, start_response)
        headers = [*self._headers, *begun.headers]
        if not any(name == "Cache-Control" for name, _ in begun.headers):
            headers.append(("Cache-Control", FOR_GOOD if asked.release else WHOLE))
        start_response("200 OK", headers)
        # A short answer is all there, and what gave it is done with it.
        return begun.pieces if type(begun.pieces) is list else _Body(begun)


class _Body:
    """The pieces of an answer, which is stopped when whoever reads them leaves."""

    def __init__(self, begun: Opened) -> None:
        self._begun = begun

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._begun.pieces)

    def close(self) -> None:
        """Stops the answer, whether or not it was read to its end."""
        self._begun.answer.close()


def _query_request(environ: WSGIEnvironment) -> Request | None:
    """Gives the request of what can only be a query, or may turn out to be one by its form."""
    if environ.get("PATH_INFO") != PATH:
        return None
    method = environ["REQUEST_METHOD"]
    accept: str | None = environ.get("HTTP_ACCEPT")
    body = b""
    said = environ.get("CONTENT_TYPE", "")
    if method == "POST":
        length = environ.get("CONTENT_LENGTH", "")
        known = length.isdigit() and int(length) <= KEPT_BODY
        if not known or content_type(said)[0] not in (QUERY_TYPE, FORM_TYPE):
            return None
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(body)
    elif method != "GET" or wants_page(accept):
        return None
    # WSGI gives bytes as Latin-1; what is not ASCII among them is taken for UTF-8.
    query_string = environ.get("QUERY_STRING", "").encode("latin-1").decode("utf-8", "replace")
    coding: str = environ.get("HTTP_CONTENT_ENCODING", "")
    return Request(method, query_string, said, lambda: body, _address(environ), accept, coding)


def _address(environ: WSGIEnvironment) -> str:
    host = environ.get("HTTP_HOST")
    if not host:
        host = f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    root: Any = environ.get("SCRIPT_NAME", "")
    return f"{environ['wsgi.url_scheme']}://{host}{root}{PATH}"
