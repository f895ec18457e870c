"""What a SPARQL text is, by the keywords outside of its brackets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..errors import QueryRefused
from .lexer import Token, position
from .tail import MODIFIERS, Tail

QUERY_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATE_FORMS: Final = (
    "INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the guard learnt of a text on its way."""

    form: str
    """SELECT, ASK, CONSTRUCT or DESCRIBE; for an update the form of its first operation."""
    names_dataset: bool = False
    """Whether the text itself has FROM, USING or WITH."""
    limit: int | None = None
    offset: int = 0
    tail: tuple[int, int] | None = None
    """For SELECT: where LIMIT and OFFSET stand, or would stand."""
    loads: tuple[tuple[int, int], ...] = ()
    """For an update: where LOAD SILENT stands, which must not be run and may fail in silence."""

    @property
    def is_update(self) -> bool:
        """Whether the text is an update."""
        return self.form in UPDATE_FORMS


class Clauses:
    """Follows the keywords of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.form = ""
        self._names_dataset = False
        self._tail = Tail()

    def take(self, token: Token) -> None:
        """Takes a token that is outside of all brackets."""
        kind, said, start, _ = token
        if kind == "number":
            self._tail.number(said, start)
        if kind != "word":
            return
        word = said.upper()
        if not self.form:
            # The engine does not ask for a space after a keyword.
            forms = (form for form in (*QUERY_FORMS, *UPDATE_FORMS) if word.startswith(form))
            self.form = next(forms, "")
        self._names_dataset |= word in ("FROM", "USING", "WITH")
        if word not in MODIFIERS and any(modifier in word for modifier in MODIFIERS):
            # The engine would take it, and the limit of rows could not be put in its place.
            message = f"{said!r} is to be written with a space before the number"
            raise QueryRefused(message, *position(self._text, start))
        self._tail.word(word, start)

    def facts(self, length: int, loads: list[tuple[int, int]]) -> Facts:
        """Gives what was learnt of a text of that length; LOAD SILENT stands in those places."""
        known = self.form == "SELECT"
        return Facts(
            self.form,
            self._names_dataset,
            self._tail.limit if known else None,
            self._tail.offset if known else 0,
            self._tail.span(length) if known else None,
            tuple(loads),
        )
