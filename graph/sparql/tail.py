"""The end of a SELECT query: its LIMIT and OFFSET, and where they stand or would stand."""

from __future__ import annotations

from typing import Final

MODIFIERS: Final = ("LIMIT", "OFFSET")


class Tail:
    """Follows the tokens outside of all brackets, after the query's pattern."""

    def __init__(self) -> None:
        self.limit: int | None = None
        self.offset = 0
        self._waiting: str | None = None
        self._start: int | None = None
        self._end = 0
        self._values: int | None = None

    def word(self, word: str, start: int) -> None:
        """Takes a keyword, in capitals."""
        if word in MODIFIERS:
            self._waiting = word
            if self._start is None:
                self._start = start
        elif word == "VALUES":
            self._values = start

    def number(self, said: str, start: int) -> None:
        """Takes a number."""
        if self._waiting is None or not said.isdecimal():
            return
        if self._waiting == "LIMIT":
            self.limit = int(said)
        else:
            self.offset = int(said)
        self._waiting = None
        self._end = start + len(said)

    def span(self, length: int) -> tuple[int, int]:
        """Gives the part of a text of that length which LIMIT and OFFSET take, or are to take."""
        if self._start is not None:
            return self._start, self._end
        end = length if self._values is None else self._values
        return end, end
