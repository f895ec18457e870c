"""Cells into JSON: each text checked against what its column holds, every fault collected."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import NamedNode

from ..graph.errors import BadPeriod, BadRow
from ..graph.periods import EXAMPLES, parse_period
from .columns import Column
from .defects import defect, said
from .references import References
from .submission import Defect, Place
from .tables import LIST_SEPARATOR, Row

Json = str | list[str]

LEXICAL: Final = {
    "xsd:decimal": (r"[-+]?[0-9]+(\.[0-9]+)?", "bad-decimal"),
    "xsd:integer": (r"[-+]?[0-9]+", "bad-integer"),
    "xsd:gYear": (r"[0-9]{4}", "bad-year"),
    "xsd:date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "bad-date"),
}
"""How the values of a datatype are written in a table, and what is wrong with others."""


class Fault(BadRow):
    """What is wrong with a row by its code in `defects.toml`; `words` fill in the sentence."""

    def __init__(
        self,
        row: Row,
        code: str,
        column: str | None,
        value: str | None,
        nearest: tuple[str, ...],
        words: Mapping[str, Any],
    ) -> None:
        super().__init__(row.file, row.line, said(code, **words), column, value, nearest)
        self.row = row
        self.code = code
        self.words = words

    def defect(self) -> Defect:
        """Gives it as a defect of the file, at its place, with the value as it stands there."""
        column = self.column and self.row.headers.get(self.column, self.column)
        place = Place(self.row.file, self.row.sheet, self.row.number, column)
        value = self.value
        if self.column is not None and value == self.row.cells.get(self.column):
            value = self.row.written.get(self.column, value)
        return defect(self.code, place, value, self.nearest, **self.words)


class Cells:
    """Reads cells, keeping what is wrong with them in `errors`."""

    def __init__(self, known: References) -> None:
        self.known = known
        self.errors: list[Fault] = []

    def fail(
        self,
        row: Row,
        code: str,
        column: str | None = None,
        value: str | None = None,
        nearest: tuple[str, ...] = (),
        **words: object,
    ) -> None:
        """Notes what is wrong with a row, or with a cell of it."""
        self.errors.append(Fault(row, code, column, value, nearest, words))

    def read(self, row: Row, column: Column, text: str) -> Json | None:
        """Gives the JSON value of a cell, or None where the cell is at fault."""
        if not column.many:
            return text if self._holds(row, column, text) else None
        parts = [part for part in map(str.strip, text.split(LIST_SEPARATOR)) if part]
        for place, part in enumerate(parts):
            if part in parts[:place]:
                self.fail(row, "listed-twice", column.name, part)
        return [part for part in dict.fromkeys(parts) if self._holds(row, column, part)]

    def _holds(self, row: Row, column: Column, text: str) -> bool:
        """Says whether a text may stand in a column, noting why not."""
        before = len(self.errors)
        if column.kind == "period":
            try:
                parse_period(text)
            except BadPeriod as error:
                words = {"problem": error.problem, "problem_ja": no_period(text)}
                self.fail(row, "bad-period", column.name, text, error.nearest, **words)
        elif column.kind is not None and not self.known.knows(column.kind, text):
            nearest = self.known.nearest(column.kind, text)
            code, said_of = self.known.missing(column.kind)
            self.fail(row, code, column.name, text, nearest, **said_of)
        elif column.choices and text not in column.choices:
            choices = ", ".join(column.choices)
            self.fail(row, "not-a-choice", column.name, text, choices=choices)
        elif column.datatype in LEXICAL:
            form, code = LEXICAL[column.datatype]
            if not re.fullmatch(form, text):
                self.fail(row, code, column.name, text)
        elif column.address and not is_address(text):
            self.fail(row, "bad-address", column.name, text)
        return len(self.errors) == before


def no_period(text: str) -> str:
    """Gives in Japanese why a text is no period.

    >>> no_period("2024-11-99")
    '2024年11月は30日までです'
    """
    found = re.fullmatch(r"(?:survey-)?([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", text, re.ASCII)
    if found is not None and int(found[1]) > 0:
        year, month = int(found[1]), int(found[2])
        if not 1 <= month <= 12:
            return f"{month}月という月はありません"
        return f"{year}年{month}月は{calendar.monthrange(year, month)[1]}日までです"
    return f"書き方は {EXAMPLES} のどれかです"


def is_address(text: str) -> bool:
    """Says whether a text is the address of a web page as RDF can hold it.

    >>> [is_address(text) for text in ("https://www.soumu.go.jp/", "soumu.go.jp", "http://a b/")]
    [True, False, False]
    """
    if not re.match(r"https?://[^/]", text):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
