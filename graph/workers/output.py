"""Where a worker writes an answer: it goes out in pieces, and counts against a limit.

An answer that fits one message is an `A`. A longer one is an `H`, pieces `D` and an `E`. What goes
wrong is an `X`, whatever was sent before it.
"""

from __future__ import annotations

from typing import IO, Final, cast

from ..errors import HakushoError
from ..store import Form
from .frames import Channel

PIECE: Final = 64 * 1024
FORMS: Final[tuple[Form, ...]] = ("solutions", "boolean", "graph")


class Output:
    """A file to write an answer to, with the channel at its other end."""

    def __init__(self, channel: Channel, limit: int, overrun: HakushoError) -> None:
        self._channel = channel
        self._limit = limit
        self._overrun = overrun
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._sent = 0
        self._tail = b""
        self._marks = 0
        self.form: Form = "solutions"
        self.mark = b""
        """What is to be counted, where it matters how many rows there are."""

    @property
    def begun(self) -> bool:
        """Whether anything was written."""
        return bool(self._sent or self._pieces)

    @property
    def file(self) -> IO[bytes]:
        """Itself: of a file, the engine uses no more than there is here."""
        return cast(IO[bytes], self)

    def write(self, piece: bytes) -> int:
        """Takes a piece of the answer."""
        self._pieces.append(piece)
        self._waiting += len(piece)
        if self._waiting >= PIECE:
            begins = self._sent == 0
            taken = self._taken()
            if begins:
                self._channel.send(b"H", bytes((FORMS.index(self.form),)))
            self._channel.send(b"D", taken)
            if self.mark:
                self._marks += self._count(taken)
        return len(piece)

    def flush(self) -> None:
        """Does nothing: pieces go out when there is enough of them."""

    def finish(self, capped: bool = False) -> None:
        """Sends what is left and that it is the end."""
        if self._sent == 0:
            head = bytes((FORMS.index(self.form), capped))
            self._channel.send(b"A", head, self._taken())
        else:
            self._channel.send(b"D", self._taken())
            self._channel.send(b"E", bytes((capped,)))

    def may_have(self, rows: int) -> bool:
        """Whether so many rows may have been written: marks are never fewer than rows less one."""
        if not self.mark or self._sent + self._waiting < rows:
            return False
        return self._marks + self._count(b"".join(self._pieces)) + 1 >= rows

    def _count(self, taken: bytes) -> int:
        seen = self._tail + taken
        self._tail = seen[len(seen) - len(self.mark) + 1 :]
        return seen.count(self.mark)

    def _taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces, self._waiting = [], 0
        self._sent += len(taken)
        if self._sent > self._limit:
            raise self._overrun
        return taken
