"""Tables as files: CSV in, rows with their file and line out."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Final

from ..graph.errors import BadRow, BadTable

ENCODINGS: Final = ("utf-8-sig", "cp932")
"""UTF-8 with or without a byte order mark, then what Japanese spreadsheets save by default."""

LIST_SEPARATOR: Final = ";"


@dataclass(frozen=True)
class Row:
    """A row: its cells by column, empty ones left out, and where it stands.

    `line` is the line of the file, `number` counts rows with the header as 1 (RFC 7111). Where
    cells were read as something else than what is written, `written` has that, and `headers` what
    the columns are called in the file. A row that is not `sound` is read for its faults alone,
    and of its `faulty` columns the fault is known.
    """

    table: str
    file: str
    line: int
    number: int
    cells: Mapping[str, str]
    sheet: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    written: Mapping[str, str] = field(default_factory=dict, compare=False)
    sound: bool = True
    faulty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """A table: its name, columns and rows, and the hash of the file that it was read from."""

    name: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    errors: tuple[BadRow, ...]
    sha256: str


def read_table(path: Path, name: str | None = None) -> Table:
    """Reads a CSV file; its name without the extension is that of the table.

    Rows of another width than the header are set aside in `errors`; what is no table at all
    raises BadTable.
    """
    data = path.read_bytes()
    return parse_table(data, path.name, name or path.stem)


def parse_table(data: bytes, file: str, name: str) -> Table:
    """Reads the bytes of a CSV file.

    >>> text = "id,label_ja\\r\\nnotice,ノーティス\\r\\n"
    >>> table = parse_table(text.encode("cp932"), "policies.csv", "policies")
    >>> table.columns, table.rows[0].line, dict(table.rows[0].cells)
    (('id', 'label_ja'), 2, {'id': 'notice', 'label_ja': 'ノーティス'})
    """
    records = _records(_text(data, file), file)
    _, header = next(records, (0, []))
    columns = tuple(cell.strip() for cell in header)
    _check_header(columns, file)
    rows, errors = [], []
    for number, (line, record) in enumerate(records, start=2):
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        if len(cells) != len(columns):
            problem = f"has {len(cells)} cells where the header has {len(columns)}"
            errors.append(BadRow(file, line, problem))
            continue
        filled = {key: cell for key, cell in zip(columns, cells, strict=True) if cell}
        rows.append(Row(name, file, line, number, filled))
    return Table(name, file, columns, tuple(rows), tuple(errors), sha256(data).hexdigest())


def _text(data: bytes, file: str) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadTable(file, "is neither in UTF-8 nor in Shift_JIS (CP932)")


def _records(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Gives the records of a CSV text, each with the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTable(file, f"line {reader.line_num} is not CSV: {error}") from None


def _check_header(columns: tuple[str, ...], file: str) -> None:
    if not any(columns):
        raise BadTable(file, "has no header")
    for place, column in enumerate(columns, start=1):
        if not column:
            raise BadTable(file, f"column {place} has no name")
        if column in columns[: place - 1]:
            raise BadTable(file, f"column {column} stands in the header twice")
