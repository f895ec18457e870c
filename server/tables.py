"""Tables on the console and in files: for people to read, and as JSON, CSV or TSV to work with."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Final

from ..graph.errors import UnsupportedFormat

FORMATS: Final = ("table", "json", "csv", "tsv")
"""How a table can be written; the first is for people."""

_WIDE: Final = 10_000

Cell = str | int | float | bool | Decimal | date | None


@dataclass(frozen=True)
class Table:
    """Rows under named columns; `headings` are their names for people."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    headings: Sequence[str] = ()
    title: str = ""


def write(table: Table, format: str, output: IO[str] | None = None) -> None:
    """Writes a table in a format, to the standard output unless told otherwise."""
    out = output or sys.stdout
    if format == "table":
        _for_people(table, out)
    elif format == "json":
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        out.write(json.dumps(rows, ensure_ascii=False, indent=2, default=_number_or_text) + "\n")
    elif format in ("csv", "tsv"):
        dialect = "excel" if format == "csv" else "excel-tab"
        writer = csv.writer(out, dialect, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(
            ["" if cell is None else _shown(cell) for cell in row] for row in table.rows
        )
    else:
        raise UnsupportedFormat(format, FORMATS)


def _for_people(table: Table, out: IO[str]) -> None:
    # Whoever wants no table need not wait for what draws one.
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    # On a screen, what is too wide is folded; in a file or a pipe nobody can see where it ends.
    console = Console(
        file=out, width=None if out.isatty() else _WIDE, highlight=False, soft_wrap=False
    )
    drawn = Drawn(title=table.title or None, title_justify="left", box=None, pad_edge=False)
    for index, heading in enumerate(table.headings or table.columns):
        cells = [row[index] for row in table.rows]
        numbers = bool(cells) and all(
            isinstance(cell, int | float | Decimal | None) for cell in cells
        )
        drawn.add_column(
            Text(heading, "bold"), justify="right" if numbers else "left", overflow="fold"
        )
    for row in table.rows:
        drawn.add_row(*(Text("" if cell is None else _shown(cell)) for cell in row))
    console.print(drawn)


def _shown(cell: Cell) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _number_or_text(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)
