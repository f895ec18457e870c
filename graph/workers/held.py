"""The beginning of an answer, kept back until it is known whether the rest will follow."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator
from typing import IO, Final

SPILLED_PIECE: Final = 256 * 1024


class Held:
    """Pieces in memory up to a size, and then in an unnamed temporary file."""

    def __init__(self, in_memory: int) -> None:
        self._in_memory = in_memory
        self._pieces: deque[bytes] = deque()
        self._file: IO[bytes] | None = None
        self._read = False
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Keeps a piece."""
        self.size += len(piece)
        if self._file is None and self.size > self._in_memory:
            self._file = tempfile.TemporaryFile(buffering=0)
            self._file.write(b"".join(self._pieces))
            self._pieces.clear()
        if self._file is None:
            self._pieces.append(piece)
        else:
            self._file.write(piece)

    def __iter__(self) -> Iterator[bytes]:
        """Gives what was kept, in order, and lets go of it.

        An iterator that is asked for its iterator is itself, as often as it is asked.
        """
        if self._file is not None and not self._read:
            self._file.seek(0)
        self._read = True
        return self

    def __next__(self) -> bytes:
        piece = b""
        if self._file is not None:
            piece = self._file.read(SPILLED_PIECE)
        elif self._pieces:
            piece = self._pieces.popleft()
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Forgets what was kept."""
        self._pieces.clear()
        if self._file is not None:
            self._file.close()
            self._file = None
