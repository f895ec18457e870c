"""Cells into JSON: each text checked against what its column holds, every fault collected."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

from ..graph.errors import BadPeriod, BadRow
from ..graph.periods import parse_period
from .columns import Column
from .references import References
from .tables import LIST_SEPARATOR, Row

Json = str | list[str]

LEXICAL: Final = {
    "xsd:decimal": (r"[-+]?[0-9]+(\.[0-9]+)?", "is no decimal number such as 54.7"),
    "xsd:integer": (r"[-+]?[0-9]+", "is no whole number"),
    "xsd:gYear": (r"[0-9]{4}", "is no year such as 2024"),
    "xsd:date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "is no date such as 2024-11-05"),
}
"""How the values of a datatype are written in a table, and the sentence for what is not so."""


class Cells:
    """Reads cells, keeping what is wrong with them in `errors`."""

    def __init__(self, known: References) -> None:
        self.known = known
        self.errors: list[BadRow] = []

    def fail(
        self,
        row: Row,
        problem: str,
        column: str | None = None,
        value: str | None = None,
        nearest: tuple[str, ...] = (),
    ) -> None:
        """Notes what is wrong with a row, or with a cell of it."""
        self.errors.append(BadRow(row.file, row.line, problem, column, value, nearest))

    def read(self, row: Row, column: Column, text: str) -> Json | None:
        """Gives the JSON value of a cell, or None where the cell is at fault."""
        if not column.many:
            return text if self._holds(row, column, text) else None
        parts = [part for part in map(str.strip, text.split(LIST_SEPARATOR)) if part]
        for place, part in enumerate(parts):
            if part in parts[:place]:
                self.fail(row, "is listed twice", column.name, part)
        return [part for part in dict.fromkeys(parts) if self._holds(row, column, part)]

    def _holds(self, row: Row, column: Column, text: str) -> bool:
        """Says whether a text may stand in a column, noting why not."""
        before = len(self.errors)
        if column.kind == "period":
            try:
                parse_period(text)
            except BadPeriod as error:
                problem = f"is no period: {error.problem}"
                self.fail(row, problem, column.name, text, error.nearest)
        elif column.kind is not None and not self.known.knows(column.kind, text):
            nearest = self.known.nearest(column.kind, text)
            self.fail(row, self.known.missing(column.kind), column.name, text, nearest)
        elif column.choices and text not in column.choices:
            self.fail(row, f"is none of {', '.join(column.choices)}", column.name, text)
        elif column.datatype in LEXICAL:
            form, problem = LEXICAL[column.datatype]
            if not re.fullmatch(form, text):
                self.fail(row, problem, column.name, text)
        elif column.address and not is_address(text):
            self.fail(row, "is no web address", column.name, text)
        return len(self.errors) == before


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
