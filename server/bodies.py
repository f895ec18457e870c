"""Requests that are slow to arrive: few threads at once wait for their bodies, so others answer.

A thread that reads a body waits as long as its client likes to take. So only a part of all threads
may be at that, and of one client a smaller part; who comes beyond waits a moment and is told to
come again. What has no body is never kept waiting.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from ..graph.errors import TooBusy
from ..graph.limits import Limits
from .budget import client_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE: Final = 0.1
"""Seconds that a request waits until another has come: it waits in a thread, too."""
RETRY_SECONDS: Final = 1
SHORT: Final = 1024 * 1024
"""A body up to this length is read here and now: what keeps a thread is then the client alone."""
# Beside the threads that wait for queries, some for pages, which ask several, and for bodies.
_MORE_THREADS: Final = 24

Refuse = Callable[["WSGIEnvironment", Exception], "WSGIApplication"]


def threads(limits: Limits) -> int:
    """Gives how many requests a process works on at once: more than there may be queries."""
    return limits.places + limits.slow_workers + limits.slow_queue + _MORE_THREADS


class Bodies:
    """A WSGI application that lets few requests at once be read by another one."""

    def __init__(self, app: WSGIApplication, most: int, proxies: int, refuse: Refuse) -> None:
        self._app = app
        self._most = max(2, most // 2)
        self._most_of_one = max(2, most // 4)
        self._proxies = proxies
        self._refuse = refuse
        self._free = threading.Condition()
        self._reading: Counter[str] = Counter()
        self._all = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") in ("", "0") and (
            "HTTP_TRANSFER_ENCODING" not in environ
        ):
            return self._app(environ, start_response)
        client = client_of(environ, self._proxies)
        with self._free:
            if not self._free.wait_for(lambda: self._may_read(client), PATIENCE):
                error = TooBusy("too many requests are still being sent", RETRY_SECONDS)
                return self._refuse(environ, error)(environ, start_response)
            self._reading[client] += 1
            self._all += 1
        said = environ.get("CONTENT_LENGTH", "")
        length = int(said) if said.isdigit() else None
        body = _Body(environ["wsgi.input"], length, lambda: self._done(client))
        try:
            if length is not None and length <= SHORT:
                environ["wsgi.input"] = BytesIO(body.read(length))
                body.done()
            else:
                environ["wsgi.input"] = body
            return self._app(environ, start_response)
        finally:
            # Nobody reads a request any more whose answer has begun.
            body.done()

    def _may_read(self, client: str) -> bool:
        return self._all < self._most and self._reading[client] < self._most_of_one

    def _done(self, client: str) -> None:
        with self._free:
            self._all -= 1
            self._reading[client] -= 1
            if not self._reading[client]:
                del self._reading[client]
            self._free.notify_all()


class _Body:
    """A request's body, which says when all of it has come."""

    def __init__(self, body: Any, length: int | None, done: Callable[[], None]) -> None:
        self._body = body
        self._left = length
        self._done: Callable[[], None] | None = done

    def read(self, size: int = -1) -> bytes:
        """Gives so many bytes, or all that are left."""
        return self._took(self._body.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        """Gives the next line."""
        return self._took(self._body.readline(size), size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        """Gives the lines that are left."""
        return list(self)

    def __iter__(self) -> _Body:
        return self

    def __next__(self) -> bytes:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def done(self) -> None:
        """Says that nothing more is read, once."""
        done, self._done = self._done, None
        if done is not None:
            done()

    def _took(self, piece: bytes, size: int) -> bytes:
        if self._left is not None:
            self._left -= len(piece)
        if self._left == 0 or (not piece and size != 0):
            self.done()
        return piece
