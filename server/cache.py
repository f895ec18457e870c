"""Answers kept ahead of Flask: by release and request, bounded in bytes, with ETag and 304.

A release never changes, so an answer of it never does: the release and the request together are
the validator of every page. An answer is kept when its status is 200, its Cache-Control says
`public` and it was sent to its end; what was cut short or says `no-store` never is.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from .compression import WORTH, Coding, compressed, is_text, wanted
from .named_release import named

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CACHE: Final = "hakusho.cache"
"""The name of the cache among an application's extensions."""

RELEASE: Final = "hakusho.release"
"""The name, in a request's environment, of the release that it names, else of the current one."""

Headers = list[tuple[str, str]]

VARIES: Final = "Accept, Accept-Language, Accept-Encoding"
QUERY_TYPES: Final = ("application/x-www-form-urlencoded", "application/sparql-query")
KEYED_BODY: Final = 64 * 1024
"""A query sent by POST is kept too when its body is no longer than this."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is kept: its status, its headers, its body and how many bytes it takes."""

    status: str
    headers: Headers
    body: bytes
    size: int


class AnswerCache:
    """A WSGI application that answers from memory what another one has answered before."""

    def __init__(
        self,
        app: WSGIApplication,
        release: Callable[[], int | None],
        version: str,
        max_bytes: int,
    ) -> None:
        self._app = app
        self._release = release
        self._version = version
        self._max_bytes = max_bytes
        self._max_entry = max_bytes // 8
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._lock = Lock()
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        release = self._release()
        asked = named(environ)
        environ[RELEASE] = release if asked is None else asked
        # What a release that is named answers stays the same when the next one comes.
        key = self._key(environ, str(release) if asked is None else f"at {asked}")
        if key is None:
            return self._app(environ, start_response)
        etag = f'W/"{key[:12].hex()}"'
        if _matches(environ.get("HTTP_IF_NONE_MATCH", ""), etag):
            # Only a whole answer of this release to this very request was ever given this tag.
            start_response("304 Not Modified", [("ETag", etag), ("Vary", VARIES)])
            return []
        kept = self._get(key)
        if kept is None:
            passing = release if asked is None else None
            return self._asked(environ, start_response, key, etag, passing)
        start_response(kept.status, kept.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]

    def _key(self, environ: WSGIEnvironment, state: str) -> bytes | None:
        """Gives the key of a request, or none for one that is not to be kept."""
        method = environ["REQUEST_METHOD"]
        if "HTTP_AUTHORIZATION" in environ:
            return None
        body = b""
        if method == "POST":
            found = _query_body(environ)
            if found is None:
                return None
            body = found
        elif method not in ("GET", "HEAD"):
            return None
        coding = wanted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        get = environ.get
        # No part of a request's head can hold a line feed, so the parts cannot run together.
        head = (
            f"{self._version}\n{state}\n{'POST' if method == 'POST' else 'GET'}\n"
            f"{get('SCRIPT_NAME', '')}\n{get('PATH_INFO', '')}\n{get('QUERY_STRING', '')}\n"
            f"{get('CONTENT_TYPE', '') if body else ''}\n{get('wsgi.url_scheme', '')}\n"
            f"{coding.name if coding else ''}\n{get('HTTP_HOST', '')}\n"
            f"{get('HTTP_ACCEPT', '')}\n{get('HTTP_ACCEPT_LANGUAGE', '')}\n"
        ).encode("utf-8", "surrogateescape")
        return hashlib.blake2b(head + body, digest_size=24).digest()

    def _get(self, key: bytes) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                self.misses += 1
            else:
                self.hits += 1
                self._kept.move_to_end(key)
            return kept

    def _put(self, key: bytes, kept: Kept) -> None:
        if kept.size > self._max_entry:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self.bytes += kept.size - (before.size if before else 0)
            self._kept[key] = kept
            while self.bytes > self._max_bytes:
                _, dropped = self._kept.popitem(last=False)
                self.bytes -= dropped.size

    def _asked(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        key: bytes,
        etag: str,
        release: int | None,
    ) -> Iterable[bytes]:
        head: list[tuple[str, Headers]] = []

        def begin(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            head[:] = [(status, headers)]
            return _no_writing

        pieces = self._app(environ, begin)
        if type(pieces) is list:
            # A short answer, all of it: most answers to programs are.
            return self._short(environ, start_response, key, etag, release, pieces, *head[0])
        answer = iter(pieces)
        # An application may say its head as late as with its first piece.
        first = next(answer, b"")
        status, headers = head[0]
        keep = _public(status, headers)
        if keep and environ["REQUEST_METHOD"] != "POST":
            headers.append(("ETag", etag))
        coding = wanted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding is not None and len(first) >= WORTH and _shrinks(headers):
            headers = [each for each in headers if each[0].lower() != "content-length"]
            headers.append(("Content-Encoding", coding.name))
        else:
            coding = None
        body = _Pieces(first, answer, getattr(pieces, "close", None), coding)
        if keep and environ["REQUEST_METHOD"] != "HEAD":
            body.keep(
                self._max_entry, lambda whole: self._keep(key, status, headers, whole, release)
            )
        start_response(status, headers)
        return body

    def _short(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        key: bytes,
        etag: str,
        release: int | None,
        pieces: list[bytes],
        status: str,
        headers: Headers,
    ) -> Iterable[bytes]:
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        keep, method = _public(status, headers), environ["REQUEST_METHOD"]
        if keep and method != "POST":
            headers.append(("ETag", etag))
        coding = wanted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding is not None and len(body) >= WORTH and _shrinks(headers):
            body = b"".join(compressed([body], coding))
            headers = [each for each in headers if each[0].lower() != "content-length"]
            headers += [("Content-Encoding", coding.name), ("Content-Length", str(len(body)))]
        if keep and method != "HEAD":
            self._keep(key, status, headers, body, release)
        start_response(status, headers)
        return [body]

    def _keep(
        self, key: bytes, status: str, headers: Headers, body: bytes, release: int | None
    ) -> None:
        if release is not None and self._release() != release:
            # Which of the two releases answered is not known any more.
            return
        sized = [each for each in headers if each[0].lower() != "content-length"]
        sized.append(("Content-Length", str(len(body))))
        self._put(key, Kept(status, sized, body, len(body) + 60 * len(sized)))


class _Pieces:
    """The pieces of an answer on their way out, compressed where wanted and gathered to be kept."""

    def __init__(
        self,
        first: bytes,
        rest: Iterator[bytes],
        close: Callable[[], object] | None,
        coding: Coding | None,
    ) -> None:
        whole = _after(first, rest)
        self._pieces = whole if coding is None else compressed(whole, coding)
        self._close = close
        self._gathered: bytearray | None = None
        self._limit = 0
        self._done: Callable[[bytes], None] | None = None

    def keep(self, limit: int, done: Callable[[bytes], None]) -> None:
        """Hands the whole body over once it was sent to its end, unless it is too long."""
        self._gathered, self._limit, self._done = bytearray(), limit, done

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if self._gathered is not None:
                self._gathered += piece
                if len(self._gathered) > self._limit:
                    self._gathered = None
            yield piece
        if self._gathered is not None and self._done is not None:
            self._done(bytes(self._gathered))

    def close(self) -> None:
        """Ends the answer, whether or not it was sent to its end."""
        if self._close is not None:
            self._close()


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _query_body(environ: WSGIEnvironment) -> bytes | None:
    """Gives the body of a query sent by POST, and leaves it to be read again."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("PATH_INFO") != "/sparql" or kind not in QUERY_TYPES or not length.isdigit():
        return None
    if int(length) > KEYED_BODY:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _matches(header: str, etag: str) -> bool:
    return any(each.strip() in (etag, etag[2:]) for each in header.split(",")) if header else False


def _public(status: str, headers: Headers) -> bool:
    if not status.startswith("200"):
        return False
    for name, value in headers:
        # By length first: this is asked of each header of each answer.
        if len(name) == len("cache-control") and name.lower() == "cache-control":
            return "public" in value
    return False


def _shrinks(headers: Headers) -> bool:
    said = {name.lower(): value for name, value in headers}
    return "content-encoding" not in said and is_text(said.get("content-type", ""))


def _no_writing(data: bytes) -> object:
    raise NotImplementedError("answers are given as pieces, not written")
