"""Tables of numbers as they come out of a PDF: rows of values below a line of column headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from .codes import axis
from .dates import dated
from .evidence import title_of_table
from .figures import HOME, Figure, Left, status
from .ledger import Ledger
from .lines import Line, written
from .outline import Outline, Scope
from .quantities import NUMBER, amount, doubtful
from .titles import Title
from .units import NoUnit, counters, in_units

_CELL: Final = re.compile(rf"(?P<sign>[△▲-]?)(?P<number>{NUMBER})(?P<unit>%|割|倍)?")
_NONE: Final = re.compile(r"[-–—…*]|n/?a")
_UNIT_HEAD: Final = re.compile(r"\(?(?:単位[::]?\s?)?(千|万|百万|億|十億|兆)?([^\s()0-9]{1,8})\)")
_YEAR_HEAD: Final = re.compile(
    r"(?:[^\s0-9()]{0,2}(?:元|[0-9]{1,2})|(?:19|20)[0-9]{2})(?:年度?)?(?:\(([^()]*)\))?"
)
_SIZE: Final = re.compile(r"\s*\(?[NnＮ]\s?=\s?([0-9][0-9,]*)\)?\s*\Z")
_FRAGMENT: Final = 20


@dataclass(frozen=True)
class _Row:
    label: str
    size: str
    cells: tuple[str, ...]
    line: Line
    more: tuple[Line, ...]


@dataclass(frozen=True)
class _Column:
    """A column: its printed heading, and the period where the heading is one."""

    heading: str
    period: str
    words: str


def read_grids(
    ledger: Ledger,
    outline: Outline,
    titles: Sequence[Title],
    year: int,
    separated: Collection[str] = (),
) -> tuple[list[Figure], list[Left]]:
    """Reads the tables of each scope; scales are furniture, rows without headings are left."""
    figures: list[Figure] = []
    left: list[Left] = []
    for scope in outline.scopes:
        ledger.furnish(line for line in scope.lines if ledger.free(line) and _is_scale(line.text))
        for head, rows in _tables([line for line in scope.lines if ledger.free(line)]):
            if head is None:
                left += [Left(row.line.number, "header") for row in rows]
                continue
            table = _Table(scope, head, rows, titles, year, separated)
            read, unread = table.read()
            figures += read
            left += unread
            if read:
                for line in [head, *(each for row in rows for each in (row.line, *row.more))]:
                    ledger.take(line)
    return figures, left


class _Table:
    def __init__(
        self,
        scope: Scope,
        head: Line,
        rows: list[_Row],
        titles: Sequence[Title],
        year: int,
        separated: Collection[str],
    ) -> None:
        self.scope, self.head, self.rows, self.year = scope, head, rows, year
        self.separated = separated
        self.unit, self.columns = _head(head.text, len(rows[0].cells))
        self.row_axis = axis([row.label for row in rows])
        self.column_axis = axis([column.heading for column in self.columns])
        by = {found[0] for found in (self.row_axis, self.column_axis) if found is not None}
        headings = [column.heading for column in self.columns]
        self.title, self.period = title_of_table(scope, head, by, headings, titles)

    def read(self) -> tuple[list[Figure], list[Left]]:
        figures: list[Figure] = []
        left: list[Left] = []
        for row_number, row in enumerate(self.rows):
            for column_number, cell in enumerate(row.cells):
                if _NONE.fullmatch(cell):
                    continue
                read = self._cell(row, row_number, column_number, cell)
                if isinstance(read, Left):
                    left.append(read)
                else:
                    figures.append(read)
        return figures, left

    def _cell(self, row: _Row, row_number: int, column_number: int, cell: str) -> Figure | Left:
        """Reads a cell, or says why not."""
        line, column = row.line.number, self.columns[column_number]
        match = _CELL.fullmatch(cell)
        period = column.period or self.period
        if match is None or not period:
            return Left(line, "period" if match else "number", cell)
        if doubtful(match["number"], self.separated):
            return Left(line, "separator", cell)
        scale, counter = ("", match["unit"]) if match["unit"] else self.unit
        try:
            value, unit = in_units(_number(match, scale, self.separated), scale, counter)
        except NoUnit as error:
            return Left(line, "ambiguous-unit" if error.ambiguous else "unit", cell)
        breakdown, outside = self._breakdown(row, row_number, column_number)
        area = breakdown.pop("area", "")
        note = (f"標本数（N）は{row.size}。", f"N = {row.size}.") if row.size else ("", "")
        return Figure(
            self._label(outside),
            period,
            area or HOME,
            format(value, "f"),
            unit,
            cell,
            line,
            breakdown,
            status=status(period, column.words, self.year),
            number=self.title.number if self.title else "",
            definition="" if self.title else self._untitled(),
            note=note,
            area_printed=bool(area),
        )

    def _breakdown(
        self, row: _Row, row_number: int, column_number: int
    ) -> tuple[dict[str, str], list[str]]:
        """Gives the codes of a cell's row and column, and the headings that are no codes."""
        breakdown: dict[str, str] = {}
        outside: list[str] = []
        column = self.columns[column_number]
        for found, index, heading in (
            (self.row_axis, row_number, row.label),
            (self.column_axis, column_number, "" if column.period else column.heading),
        ):
            if found is not None:
                breakdown[found[0]] = found[1][index]
            elif heading:
                outside.append(heading)
        return breakdown, outside

    def _label(self, outside: list[str]) -> str:
        """Gives what a cell measures: the title with the headings that are no codes."""
        title = self.title.label if self.title else f"題名のない表（{self._headings()}）"
        suffix = f"（{'、'.join(map(written, outside))}）" if outside else ""
        return title + suffix

    def _headings(self) -> str:
        return written("・".join(row.label for row in self.rows))

    def _untitled(self) -> str:
        columns = "、".join(column.heading for column in self.columns)
        return f"題名の印字がない表。行は{self._headings()}、列は{written(columns)}。"


def _number(match: re.Match[str], scale: str, separated: Collection[str]) -> Decimal:
    digits = match["number"]
    if doubtful(digits):
        digits = digits.replace(".", ",") if not doubtful(digits, separated) else digits
    return (-1 if match["sign"] else 1) * amount(digits + scale)


def _tables(lines: Sequence[Line]) -> Iterator[tuple[Line | None, list[_Row]]]:
    """Gives the tables among some lines, each with the line of its column headings."""
    before: list[Line] = []
    rows: list[_Row] = []
    pieces: list[Line] = []
    for line in lines:
        if line.blank:
            continue
        row = _row(line, pieces if rows else [])
        if row is not None and (not rows or len(row.cells) == len(rows[0].cells)):
            rows.append(row)
            pieces = []
        elif rows and row is None and len(pieces) < 3 and _is_piece(line):
            pieces.append(line)
        else:
            yield from _closed(before, rows)
            before += [*(each.line for each in rows), *pieces]
            rows, pieces = ([row] if row is not None else []), []
            before += [line] if row is None else []
    yield from _closed(before, rows)


def _closed(before: list[Line], rows: list[_Row]) -> Iterator[tuple[Line | None, list[_Row]]]:
    """Gives a table that has ended, where its rows are one."""
    if not rows:
        return
    head = before[-1] if before and _head(before[-1].text, len(rows[0].cells))[1] else None
    dated_head = head is not None and all(
        column.period for column in _head(head.text, len(rows[0].cells))[1]
    )
    if len(rows) > 1 or dated_head:
        yield head, list(rows)


def _row(line: Line, pieces: Sequence[Line]) -> _Row | None:
    """Gives the row that a line is, with the lines before it on which its label is broken."""
    tokens = _tokens(line.text)
    start = len(tokens)
    while start and (_CELL.fullmatch(tokens[start - 1]) or _NONE.fullmatch(tokens[start - 1])):
        start -= 1
    cells = tuple(tokens[start:])
    if len(cells) < 2 or not any(map(_CELL.fullmatch, cells)) or all(map(_year, cells)):
        return None
    label = " ".join(dict.fromkeys(tokens[:start])) or "".join(piece.text for piece in pieces)
    size = _SIZE.search(label)
    label = _SIZE.sub("", label)
    # A group's name that the row repeats: 全年代 全年代.
    label = " ".join(dict.fromkeys(label.split()))
    if not label or len(label) > 40 or "。" in label:
        return None
    more = tuple(pieces) if not start else ()
    return _Row(label, size[1] if size else "", cells, line, more)


def _head(text: str, width: int) -> tuple[tuple[str, str], list[_Column]]:
    """Gives the unit and the columns that a line of headings names; no columns where it is none."""
    unit = ("", "")
    for found in _UNIT_HEAD.finditer(text):
        if counters().fullmatch(found[2]):
            unit = (found[1] or "", found[2])
            text = text.replace(found[0], " ", 1)
    tokens = _tokens(text)
    if len(tokens) == width + 1:
        tokens = tokens[1:]
    columns = [_column(token) for token in tokens]
    plain = not any(_CELL.fullmatch(column.heading) for column in columns if not column.period)
    return unit, columns if len(columns) == width and plain else []


def _column(token: str) -> _Column:
    year = _YEAR_HEAD.fullmatch(token)
    bare = re.sub(r"\([^()]*\)\Z", "", token)
    period = (dated(bare) or "") if year else ""
    return _Column(token, period, year[1] or "" if year and period else "")


def _tokens(text: str) -> list[str]:
    """Splits a row: at tabs where there are any, else at spaces."""
    return [
        token.strip() for token in (text.split("\t") if "\t" in text else text.split()) if token
    ]


def _year(token: str) -> bool:
    return bool(_YEAR_HEAD.fullmatch(token)) and bool(dated(re.sub(r"\([^()]*\)\Z", "", token)))


def _is_piece(line: Line) -> bool:
    """Says whether a line may be a piece of a row's label."""
    return len(line.text) <= _FRAGMENT and not re.search(r"[0-9。、]", line.text)


def _is_scale(text: str) -> bool:
    """Says whether a line is the scale of a chart: 0% 20% 40% 60%, in equal steps from nought."""
    cells = [_CELL.fullmatch(token) for token in text.split()]
    if len(cells) < 4 or not all(cells):
        return False
    numbers = [amount(cell["number"]) for cell in cells if cell is not None]
    steps = {after - before for before, after in pairwise(numbers)}
    return numbers[0] == 0 and len(steps) == 1 and steps != {Decimal(0)}
