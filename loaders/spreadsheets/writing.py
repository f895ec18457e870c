"""Rows written as CSV or as a workbook, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

BOM: Final = b"\xef\xbb\xbf"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program compute a cell of a CSV file that it opens."""

NEUTRAL: Final = "'"
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST: Final = 60


def neutral(text: str) -> str:
    """Gives a cell that no spreadsheet program computes.

    >>> neutral("=HYPERLINK(0)"), neutral("-5.2"), neutral("総務省")
    ("'=HYPERLINK(0)", "'-5.2", '総務省')
    """
    return NEUTRAL + text if text.startswith(_FORMULA) else text


def as_csv(
    header: Sequence[str],
    rows: Iterable[Mapping[str, str]],
    excel: bool = False,
    above: Iterable[Sequence[str]] = (),
) -> bytes:
    """Gives a table as CSV in UTF-8; for Excel it has a byte order mark and no formulas.

    `above` are further lines of headers, written before that of the columns' ids.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n" if excel else "\n")
    writer.writerows(above)
    writer.writerow(header)
    for row in rows:
        cells = [row.get(name, "") for name in header]
        writer.writerow(map(neutral, cells) if excel else cells)
    return (BOM if excel else b"") + text.getvalue().encode()


def workbook() -> Workbook:
    """Gives a workbook without a sheet."""
    # openpyxl takes a third of a second to import.
    from openpyxl import Workbook

    book = Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    return book


def write_line(sheet: Worksheet, row: int, cells: Iterable[str]) -> None:
    """Writes the cells of a row as the texts that they are."""
    for column, text in enumerate(cells, start=1):
        if text:
            cell: Any = sheet.cell(row, column)
            cell.value = _UNWRITABLE.sub("", text)
            # A text that begins with = would be a formula otherwise.
            cell.data_type = "s"


def header_style(sheet: Worksheet, rows: int, below: str) -> None:
    """Makes the first rows of a sheet its header, which stays when one scrolls."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for row in sheet.iter_rows(min_row=1, max_row=rows):
        for cell in row:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DCE6F1")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = below


def fit_widths(sheet: Worksheet, rows: int = 50) -> None:
    """Makes each column as wide as its first texts, full-width letters counting twice."""
    from openpyxl.utils import get_column_letter

    for column in range(1, sheet.max_column + 1):
        texts = (str(sheet.cell(row, column).value or "") for row in range(1, rows))
        widest = max(
            (sum(1 if char.isascii() else 2 for char in text) for text in texts), default=0
        )
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(max(widest + 2, 10), _WIDEST)


def saved(book: Workbook) -> bytes:
    """Gives a workbook as a file; the same content gives the same bytes but for the time in it."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def as_workbook(tables: Iterable[tuple[str, Sequence[str], Iterable[Mapping[str, str]]]]) -> bytes:
    """Gives tables as a workbook with a sheet for each: its name, its header, its rows."""
    book = workbook()
    for name, header, rows in tables:
        sheet: Any = book.create_sheet(name)
        write_line(sheet, 1, header)
        for number, row in enumerate(rows, start=2):
            write_line(sheet, number, (row.get(column, "") for column in header))
        header_style(sheet, 1, "A2")
        fit_widths(sheet)
        sheet.auto_filter.ref = sheet.dimensions
    return saved(book)
