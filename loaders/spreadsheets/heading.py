"""Where the header of a sheet is, over one line or several, and which table it is of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

from ..defects import defect
from ..rows import REQUIRED
from .forms import unit_code
from .headers import all_tables, folded, loose_names, names_of, table_called
from .sheet import Sheet

_SEARCHED: Final = 20
"""So many filled lines may stand above the end of a header."""

_MOST_LINES: Final = 3
_IN_UNIT: Final = re.compile(
    r"(.+?)[(（［\[](?:単位[:：]?\s?)?([^()（）\[\]［］]+)[)）\]］]\s*\Z", re.S
)


_LOOSE: Final = {
    "observations": ("dimensions", "period_type", "note"),
    "links": ("reason",),
    "policy_indicators": ("reason",),
    "merges": ("reason",),
}
"""The tables that may have the loose columns, and which."""


_UNIT_ABOVE: Final = re.compile(r"単位\s?[:：]\s?([^\s()（）、。]+)")


@dataclass
class Heading:
    """What was found of a header: the table, what each column is, and the rows below it.

    `columns` has the column by its place, `headers` the text as it stands in the file, `units`
    the unit that a header gives its whole column; `width` is how many cells a row may have.
    """

    table: str
    columns: dict[int, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    below: int = 0
    width: int = 0


@dataclass(frozen=True)
class _Candidate:
    table: str
    first: int
    lines: int
    matched: int
    unknown: int
    texts: tuple[str, ...]

    def rank(self) -> tuple[int, int, int, int]:
        """Orders candidates: more columns known, then fewer unknown, fewer lines, higher up."""
        return (self.matched, -self.unknown, -self.lines, -self.first)


def heading(sheet: Sheet, table: str | None = None) -> Heading | None:
    """Finds the header of a sheet, noting in the sheet what is wrong or was decided.

    The table is the one that is given, else that after which the sheet or file is named, else the
    one whose columns the header has.
    """
    if not sheet.rows:
        sheet.add("no-header")
        return None
    stem = re.sub(r"\.[A-Za-z0-9.]+$", "", sheet.file.rpartition("/")[2])
    named = table or (table_called(sheet.name) if sheet.name else None) or table_called(stem)
    best = _best(sheet, [named] if named else _fitting(sheet))
    if best is None or not best.matched:
        if named is None:
            sheet.add("unknown-table", tables=", ".join(all_tables()))
        else:
            _unknown(sheet, named, sheet.rows[0][1])
        return None
    if named is None:
        sheet.defects.append(defect("table-guessed", sheet.place(), table=best.table))
    if best.first:
        sheet.defects.append(defect("lines-above-header", sheet.place(), count=best.first))
    return _read(sheet, _repeated(sheet, best))


def _repeated(sheet: Sheet, found: _Candidate) -> _Candidate:
    """Gives a header with the lines below it that name its columns again in another way."""
    columns = [_column(found.table, text) if text else None for text in found.texts]
    lines = found.lines
    for _, cells in sheet.rows[found.first + lines : found.first + _MOST_LINES]:
        again = [
            _column(found.table, cell.strip()) == column
            for cell, column in zip(cells, columns, strict=False)
            if cell.strip()
        ]
        if len(again) < 2 or not all(again):
            break
        lines += 1
    return replace(found, lines=lines)


def _fitting(sheet: Sheet) -> list[str]:
    """Gives the tables whose rows a sheet can have: those that need no column it lacks."""
    found = []
    for table in all_tables():
        best = _best(sheet, [table])
        if best is not None and best.matched >= 2:
            known = {names_of(table).get(folded(text)) for text in best.texts}
            if known >= set(REQUIRED.get(table, ("id",))):
                found.append(table)
    return found


def _best(sheet: Sheet, tables: Sequence[str]) -> _Candidate | None:
    """Gives the likeliest header of a sheet as one of some tables."""
    candidates = [
        _candidate(sheet, table, first, lines)
        for table in tables
        for first in range(min(_SEARCHED, len(sheet.rows)))
        for lines in range(1, _MOST_LINES + 1)
        if first + lines <= len(sheet.rows)
    ]
    return max(candidates, key=_Candidate.rank, default=None)


def _candidate(sheet: Sheet, table: str, first: int, lines: int) -> _Candidate:
    rows = [cells for _, cells in sheet.rows[first : first + lines]]
    width = max(map(len, rows))
    texts = []
    for place in range(width):
        stacked = [cells[place].strip() if place < len(cells) else "" for cells in rows]
        texts.append(_joined(table, stacked))
    known = [text for text in texts if text and _column(table, text) is not None]
    distinct = {_column(table, text) for text in known}
    filled = [text for text in texts if text]
    # A line of values below a header must not be taken into it, whatever it joins to.
    whole = all(
        sum(_column(table, cell.strip()) is not None for cell in cells if cell.strip())
        for cells in rows[1:]
    ) or _spans(rows)
    matched = len(distinct) if whole else 0
    return _Candidate(table, first, lines, matched, len(filled) - len(known), tuple(texts))


def _spans(rows: list[list[str]]) -> bool:
    """Says whether the upper line of a header stands over groups of the lower one."""
    upper = [cell.strip() for cell in rows[0]]
    return any(one and one == other for one, other in zip(upper, upper[1:], strict=False))


def _joined(table: str, stacked: list[str]) -> str:
    """Gives the header of a column from its lines: one that names it, else all of them together."""
    parts = [text for text in dict.fromkeys(stacked) if text]
    for text in reversed(parts):
        if _column(table, text) is not None:
            if len(parts) > 1 and _column(table, "".join(parts)) is not None:
                return "".join(parts)
            return text
    return "".join(parts)


def _column(table: str, header: str) -> str | None:
    """Gives the column of a table that a header means, or None."""
    names, key = names_of(table), folded(header)
    # A text whose language shows goes before one of whose language its header speaks.
    loose = loose_names().get(key)
    if loose in _LOOSE.get(table, ()):
        return loose
    if key in names:
        return names[key]
    unit = _IN_UNIT.match(header)
    if unit is not None and names.get(folded(unit[1])) == "value" and unit_code(unit[2]):
        return "value"
    return None


def _read(sheet: Sheet, found: _Candidate) -> Heading:
    number = sheet.rows[found.first + found.lines - 1][0]
    read = Heading(found.table, below=found.first + found.lines, width=len(found.texts))
    below = sheet.rows[read.below :]
    filled = {place for _, cells in below for place, cell in enumerate(cells) if cell.strip()}
    renamed = []
    for place, text in enumerate(found.texts):
        if not text:
            if place in filled:
                sheet.add("column-without-name", number, number=place + 1)
            continue
        column = _column(found.table, text)
        if column is None:
            _unknown(sheet, found.table, [text], number)
        elif column in read.headers:
            first = next(at for at, name in read.columns.items() if name == column) + 1
            sheet.add("same-column-twice", number, text, first=first, second=place + 1, column=text)
        else:
            read.columns[place], read.headers[column] = column, text
            unit = _IN_UNIT.match(text)
            if column == "value" and unit is not None and unit_code(unit[2]):
                read.units[column] = unit[2]
            if folded(text) != folded(column):
                renamed.append(f"{text} → {column}")
    if "value" in read.headers and "unit_id" not in read.headers and not read.units:
        _unit_above(sheet, found, read)
    if renamed:
        sheet.add("headers-read", number, read=", ".join(renamed))
    _check_required(sheet, read, number)
    if not below:
        sheet.add("no-rows")
    return read


def _unit_above(sheet: Sheet, found: _Candidate, read: Heading) -> None:
    """Takes the unit of all values from a line above the header, such as （単位：億円）."""
    for number, cells in sheet.rows[: found.first]:
        said = _UNIT_ABOVE.search(" ".join(cells))
        if said is not None and unit_code(said[1]):
            read.units["value"] = said[1]
            sheet.add("unit-above", number, said[0], read=said[1])


def _unknown(sheet: Sheet, table: str, texts: Sequence[str], row: int | None = None) -> None:
    """Notes columns that a table does not have, with the likeliest that it has."""
    for text in texts:
        if text.strip():
            names = names_of(table)
            close = get_close_matches(folded(text), names, n=1, cutoff=0.6)
            nearest = tuple(names[name] for name in close)
            place = sheet.place(row or sheet.rows[0][0], text)
            sheet.defects.append(
                defect("unknown-column", place, text, nearest, column=text, table=table)
            )


def _check_required(sheet: Sheet, read: Heading, row: int) -> None:
    missing = [
        name for name in REQUIRED.get(read.table, ("id",)) if name not in read.columns.values()
    ]
    for name in missing:
        if name == "table":
            # The table of a merge can mostly be told by its ids.
            continue
        sheet.defects.append(
            defect("missing-column", sheet.place(row), None, column=name, table=read.table)
        )
