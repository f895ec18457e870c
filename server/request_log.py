"""A log of requests as lines of JSON, and of slow queries with their text.

What a line never has: an address's query string, a token or any other header's text. A query is
told by a hash, by which the same one is known again; its text stands only beside a slow one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from ..graph.errors import HakushoError
from .protocol import FORM_TYPE, QUERY_TYPE, content_type

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOG: Final = logging.getLogger(__name__)
STDERR: Final = "-"
"""The name of the log that goes to the standard error output."""
REQUEST_ID: Final = "X-Request-Id"
GOOD_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
LONGEST_PATH: Final = 500

Write = Callable[[str], None]
Headers = list[tuple[str, str]]


class LogNotWritable(HakushoError):
    """A file that no log can be written to."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"cannot write the request log to {self.path} ({self.reason})"


class RequestLog:
    """A WSGI application that writes down what is asked of another one and how it ended."""

    def __init__(
        self,
        app: WSGIApplication,
        release: Callable[[WSGIEnvironment], int | None],
        requests: Write | None,
        slow: Write,
        slow_seconds: float,
        clock: Callable[[], float] = time.perf_counter,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._release = release
        self._requests = requests
        self._slow = slow
        self._slow_seconds = slow_seconds
        self._clock = clock
        self._now = now

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun, at = self._clock(), self._now()
        given: str = environ.get("HTTP_X_REQUEST_ID", "")
        # It need not be hard to guess, only different.
        new = f"{random.getrandbits(64):016x}"
        request_id = given if given and GOOD_ID.fullmatch(given) else new
        said = {"status": 500, "length": -1}

        def begin(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            said["status"] = int(status.partition(" ")[0])
            said["length"] = next(
                (int(value) for name, value in headers if name.lower() == "content-length"), -1
            )
            # The headers may be those of a kept answer, which is not ours to change.
            return start_response(status, [*headers, (REQUEST_ID, request_id)])

        def end(size: int, whole: bool) -> None:
            seconds = self._clock() - begun
            slow = 0 < self._slow_seconds <= seconds
            if self._requests is None and not slow:
                return
            line: dict[str, Any] = {
                "time": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
                "id": request_id,
                "method": environ["REQUEST_METHOD"],
                "path": environ.get("PATH_INFO", "")[:LONGEST_PATH],
                "status": said["status"],
                "seconds": round(seconds, 6),
                "bytes": size,
                "release": self._release(environ),
            }
            # A client that has all of the announced length may leave before it is told the end.
            if not whole and size != said["length"]:
                line["broken"] = True
            self._write(line, slow, environ)

        try:
            pieces = self._app(environ, begin)
        except BaseException:
            end(0, False)
            raise
        if isinstance(pieces, list):
            end(sum(map(len, pieces)), True)
            return pieces
        return _Measured(pieces, end)

    def _write(self, line: dict[str, Any], slow: bool, environ: WSGIEnvironment) -> None:
        text = _query_text(environ)
        if text is not None:
            line["query"] = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        if self._requests is not None:
            self._requests(_written({"log": "request", **line}))
        if slow and text is not None:
            self._slow(_written({"log": "slow-query", **line, "text": text}))


class _Measured:
    """The pieces of an answer, counted; how it ended is told once."""

    def __init__(self, pieces: Iterable[bytes], end: Callable[[int, bool], None]) -> None:
        self._pieces = pieces
        self._end = end
        self._size = 0
        self._told = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._size += len(piece)
            yield piece
        self._tell(True)

    def close(self) -> None:
        """Ends the answer, and writes down that it broke off if its end has not come."""
        try:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()
        finally:
            self._tell(False)

    def _tell(self, whole: bool) -> None:
        if not self._told:
            self._told = True
            self._end(self._size, whole)


def writer(name: str | None) -> Write | None:
    """Gives what writes a line to the log of that name, or refuses a file that cannot be had."""
    if not name:
        return None
    if name == STDERR:
        return to_stderr
    path = Path(name).expanduser()
    try:
        _append(path, b"")
    except OSError as error:
        raise LogNotWritable(str(path), error.strerror or str(error)) from error

    def write(line: str) -> None:
        try:
            _append(path, line.encode())
        except OSError as error:
            # A full disk is no reason to answer nobody.
            LOG.error("a line of the request log is lost: %s", error)

    return write


def to_stderr(line: str) -> None:
    """Writes a line to the standard error output."""
    sys.stderr.write(line)
    sys.stderr.flush()


def _append(path: Path, content: bytes) -> None:
    # Opened for each line: who rotates logs may move the file away at any time, and one write in
    # append mode keeps the lines of several processes apart.
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        os.write(file, content)
    finally:
        os.close(file)


def _written(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=True) + "\n"


def _query_text(environ: WSGIEnvironment) -> str | None:
    """Gives the query that a request carries, where whoever answered it has left it to be read."""
    if environ.get("PATH_INFO") != "/sparql":
        return None
    kind = content_type(environ.get("CONTENT_TYPE", ""))[0]
    body = b""
    if environ["REQUEST_METHOD"] == "POST" and kind in (FORM_TYPE, QUERY_TYPE):
        stream = environ["wsgi.input"]
        body = stream.getvalue() if isinstance(stream, BytesIO) else b""
        if kind == QUERY_TYPE:
            return str(body, "utf-8", "replace")
    for encoded in (environ.get("QUERY_STRING", ""), body.decode("latin-1")):
        try:
            found: list[str] = parse_qs(encoded, max_num_fields=1_000).get("query", [])
        except ValueError:
            continue
        if found:
            return found[0]
    return None
