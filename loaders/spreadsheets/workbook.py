"""XLSX workbooks: made sure of before they are unpacked, then read as their cells show."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from ..defects import defect
from ..submission import Place
from .headers import is_apart
from .parts import DAMAGED, Refused, check_parts
from .sheet import MOST_COLUMNS, Opened, Remark, Sheet
from .shown import Shown, shown

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ />]")


def open_workbook(file: str, content: bytes) -> Opened:
    """Gives the sheets of a workbook that are no explanations or lists of codes."""
    opened = Opened(XLSX)
    try:
        names, formulas = _inspected(content)
        for code, sign in (
            ("macros-ignored", "vbaproject.bin"),
            ("external-links", "externallink"),
        ):
            if any(sign in name.lower() for name in names):
                opened.defects.append(defect(code, Place(file)))
        opened.sheets += _sheets(file, content, formulas, opened)
    except Refused as error:
        opened.defects.append(defect(error.code, Place(file), **error.words))
    return opened


def _inspected(content: bytes) -> tuple[list[str], bool]:
    """Gives the names of a workbook's parts, and whether it has formulas, or refuses it."""
    formulas = False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            check_parts(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    data = archive.read(part)
                    _check_xml(part.filename, data)
                    if part.filename.startswith("xl/worksheets/"):
                        formulas = formulas or _FORMULA.search(data) is not None
    except DAMAGED as error:
        raise Refused("bad-zip", problem=str(error) or type(error).__name__) from None
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("not-a-workbook", problem="it is a ZIP file of something else")
    return names, formulas


def _check_xml(name: str, data: bytes) -> None:
    """Refuses a part that declares entities, in whichever encoding."""
    for encoding in ("ascii", "utf-16-le", "utf-16-be"):
        if "<!DOCTYPE".encode(encoding) in data or "<!ENTITY".encode(encoding) in data:
            raise Refused("declares-entities", member=name)


def _sheets(file: str, content: bytes, formulas: bool, opened: Opened) -> Iterator[Sheet]:
    # openpyxl takes a third of a second to import, which CSV need not wait for.
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # It warns of what it does not keep, such as drop-down lists; we write nothing back.
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), data_only=True)
            written = load_workbook(BytesIO(content)) if formulas else None
        sheets = list(book.worksheets)
        for place, worksheet in enumerate(sheets):
            code = _apart(worksheet, alone=len(sheets) == 1)
            if code is not None:
                where = Place(file, worksheet.title)
                opened.defects.append(defect(code, where))
            elif worksheet.max_row and any(
                any(row) for row in worksheet.iter_rows(values_only=True)
            ):
                yield _sheet(file, worksheet, written.worksheets[place] if written else None)
    except DAMAGED as error:
        raise Refused("not-a-workbook", problem=str(error) or type(error).__name__) from None


def _apart(worksheet: Any, alone: bool) -> str | None:
    """Gives the code of why a sheet is passed over, None where it is read."""
    if worksheet.sheet_state != "visible" and not is_apart(worksheet.title):
        return "hidden-sheet"
    return "sheet-passed-over" if is_apart(worksheet.title) and not alone else None


def _sheet(file: str, worksheet: Any, written: Any) -> Sheet:
    if worksheet.max_column > MOST_COLUMNS:
        most = {"row": 1, "count": worksheet.max_column, "most": MOST_COLUMNS}
        raise Refused("too-many-columns", **most)
    sheet = Sheet(file, worksheet.title)
    filled: dict[int, list[str]] = {}
    for number, cells in enumerate(worksheet.iter_rows(), start=1):
        row = [""] * len(cells)
        for place, cell in enumerate(cells):
            formula = written is not None and written.cell(number, place + 1).data_type == "f"
            if cell.value is None and not formula:
                continue
            read = shown(cell.value, cell.number_format or "General", cell.data_type)
            row[place] = read.text
            _remark(sheet, (number, place), read, formula)
            link = getattr(cell.hyperlink, "target", None)
            if link:
                sheet.links[number, place] = str(link)
        filled[number] = row
    _spread(sheet, worksheet, filled)
    sheet.rows = [(number, row) for number, row in filled.items() if any(map(str.strip, row))]
    return sheet


def _remark(sheet: Sheet, at: tuple[int, int], read: Shown, formula: bool) -> None:
    """Notes what is to be said of a cell: that it is a formula, an error, a date, a percentage."""
    remarks = []
    if read.error:
        remarks.append(Remark("formula-error", read.text))
    elif formula and not read.text:
        remarks.append(Remark("formula-without-value", "="))
    elif formula:
        remarks.append(Remark("formula-read", read.text))
    if read.code:
        remarks.append(Remark(read.code, read.stored, {"read": read.text}))
    if remarks:
        sheet.remarks[at] = remarks


def _spread(sheet: Sheet, worksheet: Any, filled: dict[int, list[str]]) -> None:
    """Gives each cell of a merged one its text; what spreads sideways is for headers alone."""
    for merged in worksheet.merged_cells.ranges:
        text = filled[merged.min_row][merged.min_col - 1]
        if not text:
            continue
        rows = range(merged.min_row, merged.max_row + 1)
        if len(rows) > 1:
            words = {"count": len(rows)}
            at = (merged.min_row, merged.min_col - 1)
            sheet.remarks.setdefault(at, []).append(Remark("merged-read", text, words))
        for number in rows:
            for place in range(merged.min_col - 1, merged.max_col):
                if number in filled and place < len(filled[number]):
                    filled[number][place] = text
                    if place >= merged.min_col:
                        sheet.sideways.add((number, place))
