"""HTTP to a remote engine: one request, its answer whole, within a deadline and a size.

The engine is not trusted. It may answer byte by byte, without end, or break off; what does not
come whole and in time is an error. Redirects are not followed, compression is not asked for, and
what a URL says of name and password never shows in an error.
"""

from __future__ import annotations

import io
import mmap
import socket
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from ..errors import LimitExceeded, StoreUnavailable
from ..limits import NARROW

PIECE: Final = 1 << 16
IN_MEMORY: Final = 1 << 20
CONNECT_SECONDS: Final = 10.0
# Of a body that only says what went wrong.
REFUSAL_BYTES: Final = 64 * 1024


@dataclass(frozen=True)
class Reply:
    """A whole answer: its status, its headers by name in lower case, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes | mmap.mmap
    framed: bool
    """Whether the answer said where its body ends."""

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Wire:
    """Connections to the host of one URL, kept open between requests; any thread may ask."""

    def __init__(self, url: str) -> None:
        self._parts = address(url)
        self.most_idle = 1
        """How many connections are kept open between requests."""
        self._idle: list[HTTPConnection] = []
        self._lock = threading.Lock()
        self._closed = False

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
        seconds: float,
        most: int,
        once: bool = False,
    ) -> Reply:
        """Sends a request and gives the whole answer; `most` is the longest body in bytes.

        What must not arrive twice, such as an update, is sent `once`.
        """
        deadline = time.monotonic() + seconds
        connection, reused = (self._new(), False) if once else self._take()
        try:
            try:
                reply = _exchange(connection, method, target, headers, body, deadline, most)
            except _Stale:
                # The engine had closed the idle connection: nothing of the request was taken.
                connection.close()
                if not reused:
                    raise
                connection = self._new()
                reply = _exchange(connection, method, target, headers, body, deadline, most)
        except TimeoutError:
            connection.close()
            message = f"the engine at {self.host} did not end its answer within {seconds:g} s"
            raise LimitExceeded("time", message, NARROW) from None
        except (OSError, HTTPException, ValueError) as error:
            connection.close()
            said = f"{type(error).__name__}: {error}".rstrip(": ")
            raise StoreUnavailable(f"the engine at {self.host} broke off ({said})") from error
        except BaseException:
            connection.close()
            raise
        if once:
            connection.close()
        else:
            self._keep(connection)
        return reply

    @property
    def host(self) -> str:
        """The host and port of the engine."""
        return shown_host(self._parts)

    def close(self) -> None:
        """Closes the connections that are idle; those in use close at the end of theirs."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> tuple[HTTPConnection, bool]:
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        return self._new(), False

    def _keep(self, connection: HTTPConnection) -> None:
        with self._lock:
            room = not self._closed and len(self._idle) < self.most_idle
            if room and connection.sock is not None:
                self._idle.append(connection)
                return
        connection.close()

    def _new(self) -> HTTPConnection:
        host = self._parts.hostname or ""
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        return kind(host, self._parts.port, timeout=CONNECT_SECONDS)


class _Stale(ConnectionError):
    """A kept connection that turns out to have been closed before the request came through."""


def address(url: str) -> SplitResult:
    """Gives the parts of an engine's URL, or refuses what is none."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        valid = None
    if not valid:
        raise StoreUnavailable("the address of an engine is an http or https URL")
    return parts


def shown_host(parts: SplitResult) -> str:
    """Gives host and port of a URL, without the name and password that it may have.

    >>> shown_host(urlsplit("http://me:secret@db.example:8890/sparql"))
    'db.example:8890'
    """
    return parts.netloc.rpartition("@")[2]


def _exchange(
    connection: HTTPConnection,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: float,
    most: int,
) -> Reply:
    fresh = connection.sock is None
    if fresh:
        connection.timeout = min(CONNECT_SECONDS, _left(deadline))
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # http.client uses of a socket what there is of it in _TimedSocket.
        connection.sock = _TimedSocket(connection.sock)
    timed: Any = connection.sock
    timed.deadline = deadline
    try:
        connection.request(method, target, body, dict(headers))
        response = connection.getresponse()
    except (BrokenPipeError, ConnectionResetError) as error:
        # http.client.RemoteDisconnected, an answer that never began, is a ConnectionResetError.
        raise _Stale(str(error)) if not fresh else error from error
    with response:
        framed = response.length is not None or response.chunked
        whole = _body(response, most if response.status < 300 else REFUSAL_BYTES)
        found = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            connection.close()
    return Reply(response.status, found, whole, framed)


def _body(response: HTTPResponse, most: int) -> bytes | mmap.mmap:
    expected = response.length
    refusal = response.status >= 300
    size = 0
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        while piece := response.read1(PIECE):
            size += len(piece)
            if size > most:
                if refusal:
                    response.close()
                    break
                message = f"the engine's answer is longer than {most / 1e6:g} MB"
                raise LimitExceeded("size", message, NARROW)
            file.write(piece)
        if expected is not None and size < expected and not refusal:
            raise ConnectionError(f"{size:,} of {expected:,} bytes came")
        file.seek(0)
        if size <= IN_MEMORY:
            return file.read()
        # What is held in a file is read like bytes, and takes no memory that is not given back.
        file.flush()
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _TimedSocket:
    """A socket that waits for the engine no longer than until a deadline, all waits together."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._readers = 0
        self._closed = False
        self.deadline = 0.0

    def sendall(self, data: Any) -> None:
        self._sock.settimeout(_left(self.deadline))
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Incoming(self), PIECE)

    def receive(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self.deadline))
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        # As with any socket, what was opened to read from it may still be read to its end.
        self._closed = True
        if self._readers == 0:
            self._sock.close()

    def leave(self) -> None:
        self._readers -= 1
        if self._closed:
            self.close()


class _Incoming(io.RawIOBase):
    def __init__(self, sock: _TimedSocket) -> None:
        super().__init__()
        self._socket = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._socket.receive(buffer)

    def close(self) -> None:
        if not self.closed:
            self._socket.leave()
        super().close()
