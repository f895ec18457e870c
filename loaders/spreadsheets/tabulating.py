"""Sheets into rows of tables: every filled row read, with all that is to be said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ...graph.progress import Told, counted
from ..cells import is_address
from ..columns import columns, kinds
from ..defects import defect, is_grave
from ..references import References, folded, is_name
from ..submission import VIOLATION, Defect
from ..tables import Row, Table
from .heading import Heading, heading
from .normalising import Normal
from .sheet import Remark, Sheet

_FOOTNOTE: Final = re.compile(r"[(（]?(注|※|\*|備考|出典|資料|出所|note|source)", re.I)


@dataclass
class Tabulated:
    """The rows of one sheet as a table, and what is to be said of the sheet."""

    sheet: Sheet
    read: Heading
    rows: list[Row] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    def table(self) -> Table:
        """Gives the sheet as the table that it is."""
        return Table(self.read.table, self.sheet.file, (), tuple(self.rows), (), "")


def headed(sheets: Iterable[Sheet], table: str | None) -> list[Tabulated]:
    """Gives the sheets that have a header; of the others their defects say why they have none."""
    found = ((sheet, heading(sheet, table)) for sheet in sheets)
    return [Tabulated(sheet, read) for sheet, read in found if read is not None]


def introduce(sheet: Tabulated, known: References) -> None:
    """Makes the things known that the rows of a sheet describe, with their names."""
    kind = kinds().get(sheet.read.table)
    places = {name: place for place, name in sheet.read.columns.items()}
    if kind is None or "id" not in places:
        return
    names = [place for name, place in places.items() if is_name(name)]
    for _, cells in sheet.sheet.rows[sheet.read.below :]:
        slug = _cell(cells, places["id"])
        if slug:
            known.add(kind, slug, filter(None, (_cell(cells, place) for place in names)))


def tabulate(sheet: Tabulated, known: References, told: Told | None = None) -> None:
    """Reads the rows of a sheet."""
    for number, cells in counted(sheet.sheet.rows[sheet.read.below :], told):
        row = read_row(sheet, number, cells, known)
        if row is not None:
            sheet.rows.append(row)


def read_row(sheet: Tabulated, number: int, cells: list[str], known: References) -> Row | None:
    """Reads a row, noting in the sheet what is to be said of it; None where it says nothing."""
    read = sheet.read
    texts = _texts(sheet, number, cells)
    if not any(texts.values()) or _is_footnote(sheet, number, cells):
        return None
    normal = Normal(read.table, known)
    _follow_links(sheet, number, texts, normal)
    normal.read(texts, read.units)
    if sheet.sheet.remarks:
        for place, name in read.columns.items():
            remarks = sheet.sheet.remarks.get((number, place), ())
            normal.remarks += ((name, remark) for remark in remarks)
    found = [_defect(sheet, number, name, remark, normal) for name, remark in normal.remarks]
    if any(map(str.strip, cells[read.width :])):
        where = sheet.sheet.place(number)
        found.append(defect("width", where, count=len(cells), columns=read.width))
    if normal.skip is not None:
        where = sheet.sheet.place(number, read.headers.get("value"))
        found.append(defect("row-without-value", where, mark=normal.skip or "-"))
    sheet.defects += found
    if normal.skip is not None:
        return None
    return Row(
        table=read.table,
        file=sheet.sheet.file,
        line=number,
        number=number,
        cells=normal.cells,
        sheet=sheet.sheet.name,
        headers={**read.headers, **normal.headers(read.headers)},
        written=normal.written,
        sound=all(each.severity != VIOLATION for each in found),
        faulty=frozenset(name for name, remark in normal.remarks if is_grave(remark.code)),
    )


def other_meanings(sheet: Tabulated, known: References) -> set[int]:
    """Finds the rows whose id a release uses for something else, and gives their numbers."""
    kind = kinds().get(sheet.read.table)
    others = [other for other in sorted(set(kinds().values())) if other not in (kind, "link")]
    refused = set()
    for row in sheet.rows:
        slug = row.cells.get("id")
        if kind is None or slug is None:
            continue
        place = sheet.sheet.place(row.number, row.headers.get("id"))
        names = {folded(name) for name in known.stored_names(kind, slug)}
        called = [text for name, text in row.cells.items() if is_name(name)]
        listed = [name for text in called for name in text.split(";")]
        if names and listed and not any(_alike(folded(name), names) for name in listed):
            shown = sorted(known.stored_names(kind, slug))[-1]
            found = defect("other-meaning", place, slug, known=shown, label=called[0])
            sheet.defects.append(found)
            refused.add(row.number)
        elif not names:
            for other in others:
                if known.stores(other, slug):
                    sheet.defects.append(defect("other-kind", place, slug, (), None, kind=other))
    return refused


def _alike(name: str, names: set[str]) -> bool:
    """Says whether a name has something in common with one of several: half of its letters."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)} or {name}
    for other in names:
        theirs = {other[i : i + 2] for i in range(len(other) - 1)} or {other}
        if (
            name in other
            or other in name
            or len(pairs & theirs) * 3 >= min(len(pairs), len(theirs))
        ):
            return True
    return False


def _defect(sheet: Tabulated, row: int, column: str, remark: Remark, normal: Normal) -> Defect:
    headers = sheet.read.headers
    header = headers.get(column) or normal.headers(headers).get(column, column)
    value = normal.written.get(column, "") if remark.value is None else remark.value
    place = sheet.sheet.place(row, header)
    return defect(remark.code, place, value, remark.nearest, **remark.words)


def _texts(sheet: Tabulated, number: int, cells: list[str]) -> dict[str, str]:
    """Gives the texts of a row by column, without what only shows from a cell beside it."""
    return {
        name: "" if (number, place) in sheet.sheet.sideways else _cell(cells, place)
        for place, name in sheet.read.columns.items()
    }


def _is_footnote(sheet: Tabulated, number: int, cells: list[str]) -> bool:
    """Says whether a row is a note below the table, noting that it was passed over."""
    said = list({cell.strip() for cell in cells} - {""})
    if len(said) != 1 or len(sheet.read.columns) < 3 or not _FOOTNOTE.match(said[0]):
        return False
    sheet.defects.append(defect("footnote-passed-over", sheet.sheet.place(number), said[0]))
    return True


def _follow_links(sheet: Tabulated, number: int, texts: dict[str, str], normal: Normal) -> None:
    """Takes the address that a cell leads to where its text is none."""
    if not sheet.sheet.links:
        return
    for place, name in sheet.read.columns.items():
        link = sheet.sheet.links.get((number, place))
        about = columns(sheet.read.table).get(name)
        if link and about is not None and about.address and not is_address(texts[name]):
            normal.remarks.append((name, Remark("link-read", texts[name], {"read": link})))
            texts[name] = link


def _cell(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
