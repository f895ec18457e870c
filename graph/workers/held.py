"""The beginning of an answer, kept back until it is known whether the rest will follow."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Final

SPILLED_PIECE: Final = 256 * 1024


class Held:
    """Pieces in memory up to a size, and then in an unnamed temporary file."""

    def __init__(self, in_memory: int) -> None:
        self._in_memory = in_memory
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Keeps a piece."""
        self.size += len(piece)
        if self._file is None and self.size > self._in_memory:
            self._file = tempfile.TemporaryFile(buffering=0)
            self._file.write(b"".join(self._pieces))
            self._pieces = []
        if self._file is None:
            self._pieces.append(piece)
        else:
            self._file.write(piece)

    def __iter__(self) -> Iterator[bytes]:
        """Gives what was kept, in order, and lets go of it."""
        if self._file is not None:
            self._file.seek(0)
        self._pieces.reverse()
        return self

    def __next__(self) -> bytes:
        piece = b""
        if self._file is not None:
            piece = self._file.read(SPILLED_PIECE)
        elif self._pieces:
            piece = self._pieces.pop()
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Forgets what was kept."""
        self._pieces = []
        if self._file is not None:
            self._file.close()
            self._file = None
