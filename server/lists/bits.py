"""Sets of row numbers as the bits of one whole number: what two sets share is counted at once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from typing import Final

_TO_DIGITS: Final = bytes.maketrans(b"\0\1", b"01")
_FROM_DIGITS: Final = bytes.maketrans(b"01", b"\0\1")


def of_flags(flags: bytes | bytearray) -> int:
    """Gives a set from a byte for each row, 1 where the row is in it.

    >>> of_flags(bytes([1, 0, 1, 1]))
    13
    """
    return int(flags[::-1].translate(_TO_DIGITS), 2) if flags else 0


def of_rows(rows: Iterable[int], size: int) -> int:
    """Gives a set from row numbers below a size.

    >>> of_rows([0, 2, 3], 4)
    13
    """
    flags = bytearray(size)
    for row in rows:
        flags[row] = 1
    return of_flags(flags)


def flags_of(bits: int, size: int) -> bytes:
    """Gives a byte for each row below a size, 1 where the row is in a set.

    >>> list(flags_of(13, 5))
    [1, 0, 1, 1, 0]
    """
    return f"{bits:0{size}b}"[::-1].encode().translate(_FROM_DIGITS) if size else b""


class Rows:
    """A set of the rows below a size, and what is often wanted of it, worked out when it is."""

    def __init__(self, bits: int, size: int) -> None:
        self.bits = bits
        self.size = size
        self.number = bits.bit_count()
        self._flags: bytes | None = None
        self._listed: list[int] | None = None

    @property
    def whole(self) -> bool:
        """Whether every row is in it."""
        return self.number == self.size

    @property
    def flags(self) -> bytes:
        """A byte for each row, 1 where it is in the set."""
        if self._flags is None:
            self._flags = flags_of(self.bits, self.size)
        return self._flags

    @property
    def listed(self) -> list[int]:
        """The rows in the set, in their own order."""
        if self._listed is None:
            self._listed = list(compress(range(self.size), self.flags))
        return self._listed

    def others(self) -> Rows:
        """Gives the rows that are not in it."""
        return Rows(self.bits ^ ((1 << self.size) - 1), self.size)
