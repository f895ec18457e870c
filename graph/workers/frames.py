"""Messages over a socket pair: one byte of kind, four of length, then the bytes themselves."""

from __future__ import annotations

import select
import socket
import struct
import time
from typing import Final

HEADER: Final = struct.Struct("!cI")
BUFFER_SIZE: Final = 128 * 1024
TICK: Final = 0.1
"""Seconds after which a read that waits for nothing in particular looks at the clock."""


class ChannelClosed(ConnectionError):
    """The other end is gone: its process ended or closed the socket."""


class Channel:
    """One end of a socket pair that carries whole messages; one thread uses it at a time."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(True)
        # A read that gives up by itself saves asking, before each one, whether there is anything.
        timeout = struct.pack("ll", 0, int(TICK * 1e6))
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
        self._socket = end
        self._poll = select.poll()
        self._poll.register(end, select.POLLIN)
        self._buffer = bytearray(BUFFER_SIZE)
        self._rest = b""

    @property
    def socket(self) -> socket.socket:
        """The socket itself."""
        return self._socket

    def send_descriptor(self, content: bytes, descriptor: int) -> None:
        """Sends a few bytes and with them an open file."""
        socket.send_fds(self._socket, [content], [descriptor])

    def receive_descriptor(self, until: float) -> tuple[bytes, int | None]:
        """Gives the bytes that came with an open file, and the file; none where that failed."""
        while True:
            if not self._poll.poll(max(0, (until - time.monotonic()) * 1000)):
                raise TimeoutError
            try:
                content, descriptors, _, _ = socket.recv_fds(self._socket, 4096, 1)
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChannelClosed(str(error)) from error
            if not content:
                raise ChannelClosed("the other end has closed the socket")
            return content, descriptors[0] if descriptors else None

    def send(self, kind: bytes, *parts: bytes | memoryview) -> None:
        """Sends one message, and waits while the other end does not read."""
        length = sum(map(len, parts))
        try:
            sent = self._socket.sendmsg([HEADER.pack(kind, length), *parts])
            if sent < HEADER.size + length:
                whole = memoryview(HEADER.pack(kind, length) + b"".join(parts))
                self._socket.sendall(whole[sent:])
        except OSError as error:
            raise ChannelClosed(str(error)) from error

    def receive(self, until: float | None = None) -> tuple[bytes, bytes]:
        """Gives the kind and the content of the next message.

        `until` is a moment of `time.monotonic`: past it TimeoutError is raised, and what has come
        so far is kept for the next call.
        """
        while len(self._rest) < HEADER.size:
            self._read(until)
        kind, length = HEADER.unpack_from(self._rest)
        end = HEADER.size + length
        if len(self._rest) < end:
            self._read_to(end, until)
        content, self._rest = self._rest[HEADER.size : end], self._rest[end:]
        return kind, content

    def close(self) -> None:
        """Closes this end."""
        self._socket.close()

    def _read_to(self, end: int, until: float | None) -> None:
        # Long messages are gathered piece by piece, so that no piece is copied twice.
        pieces, have = [self._rest], len(self._rest)
        try:
            while have < end:
                self._rest = b""
                self._read(until)
                pieces.append(self._rest)
                have += len(self._rest)
        finally:
            self._rest = b"".join(pieces)

    def _read(self, until: float | None) -> None:
        size = self._wait_and_read(until)
        if not size:
            raise ChannelClosed("the other end has closed the socket")
        piece = bytes(memoryview(self._buffer)[:size])
        self._rest = self._rest + piece if self._rest else piece

    def _wait_and_read(self, until: float | None) -> int:
        while True:
            wait = TICK if until is None else until - time.monotonic()
            if wait < TICK and not self._poll.poll(max(0, wait * 1000)):
                raise TimeoutError
            try:
                return self._socket.recv_into(self._buffer)
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChannelClosed(str(error)) from error
