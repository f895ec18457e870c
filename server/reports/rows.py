"""A report as CSV: one row each time that something is wrong."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from ...graph.names import shorten
from ...loaders.checking.report import Report

COLUMNS: Final = (
    "severity", "code", "file", "sheet", "row", "column", "value", "thing", "property",
    "message", "hint", "nearest",
)  # fmt: skip


def rows(report: Report, lang: str) -> str:
    """Gives a report as a CSV file with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for found in report.findings:
        for each in found.occurrences:
            place = each.place
            cells = (
                found.severity,
                found.code,
                place and place.file,
                place and place.sheet,
                place and place.row,
                place and place.column,
                found.value,
                each.node and shorten(each.node),
                found.path and shorten(found.path),
                found.message(lang),
                found.hint(lang),
                ";".join(map(shorten, found.nearest)),
            )
            writer.writerow("" if cell is None else harmless(str(cell)) for cell in cells)
    return out.getvalue()


def harmless(text: str) -> str:
    """Gives a text that no spreadsheet takes for a formula; a number stays as it is.

    >>> harmless("=1+1"), harmless("-5.2"), harmless("施策")
    ("'=1+1", '-5.2', '施策')
    """
    if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(
        r"[-+]?[0-9]+(\.[0-9]+)?", text
    ):
        return "'" + text
    return text
