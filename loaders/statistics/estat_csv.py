"""The e-Stat API's answer in CSV (getSimpleStatsData 3.0): what it says of the table, then rows."""

from __future__ import annotations

from typing import Final

from ..spreadsheets.sheet import Sheet
from .cube import Cell, Code, Cube, Dimension, Origin
from .estat_json import PAGE, ROLES

MEDIA: Final = "text/csv"
VALUES: Final = "VALUE"
"""What stands alone on the line before the header."""


def is_estat(sheet: Sheet) -> bool:
    """Says whether a sheet is an answer of the e-Stat API."""
    return _header(sheet) is not None or any(
        record and record[0] == "ERROR_MSG" for _, record in sheet.rows[:5]
    )


def read_estat(sheet: Sheet) -> Cube:
    """Gives the table of an answer."""
    start = _header(sheet)
    about = {record[0]: record[1:] for _, record in sheet.rows[:start] if record}
    number = _first(about, "TABLE_INF")
    cube = Cube(sheet.file, MEDIA, f"estat-{number.lower()}" if number else "estat")
    if start is None:
        cube.add("estat-error", None, None, problem=_first(about, "ERROR_MSG") or "-")
        return cube
    cube.title_ja = " ".join(_last(about, "TITLE").split())
    cube.page = PAGE.format(number) if number else ""
    cube.origin = Origin(
        title_ja=_first(about, "STATISTICS_NAME") or _last(about, "STAT_NAME"),
        publisher=_last(about, "GOV_ORG"),
        year=_first(about, "SURVEY_DATE")[:4].strip("0"),
        url=cube.page,
    )
    header = sheet.rows[start][1]
    _rows(cube, sheet, start, header)
    return cube


def _rows(cube: Cube, sheet: Sheet, start: int, header: list[str]) -> None:
    codes: dict[str, dict[str, Code]] = {}
    names: dict[str, str] = {}
    pairs: list[tuple[str, int, int]] = []
    for at, column in enumerate(header):
        if column.endswith("_code"):
            name = column.removesuffix("_code")
            named = at + 1 < len(header) and not header[at + 1].endswith("_code")
            named = named and header[at + 1] not in ("unit", "value", "annotation")
            pairs.append((name, at, at + 1 if named else at))
            names[name] = header[at + 1] if named else name
            codes[name] = {}
    value = header.index("value")
    unit = header.index("unit") if "unit" in header else None
    note = header.index("annotation") if "annotation" in header else None
    for number, record in sheet.rows[start + 1 :]:
        if len(record) != len(header):
            place = sheet.place(number)
            cube.add("width", place, None, count=len(record), columns=len(header))
            continue
        keys = {name: record[at] for name, at, _ in pairs}
        for name, at, label in pairs:
            codes[name].setdefault(record[at], Code(record[at], record[label]))
        cube.cells.append(
            Cell(
                keys,
                record[value].strip(),
                sheet.place(number, "value"),
                unit=record[unit] if unit is not None else None,
                note=record[note].strip() or None if note is not None else None,
            )
        )
    for name, _, _ in pairs:
        role = ROLES.get(name, "breakdown")
        cube.dimensions[name] = Dimension(name, names[name], "", role, codes[name])


def _header(sheet: Sheet) -> int | None:
    """Gives the place of the header: after the line VALUE, or at the top where that is left out."""
    for at, (_, record) in enumerate(sheet.rows[:200]):
        if "value" in record and any(column.endswith("_code") for column in record):
            return at
    return None


def _first(about: dict[str, list[str]], key: str) -> str:
    return next(iter(about.get(key, [])), "").strip()


def _last(about: dict[str, list[str]], key: str) -> str:
    """Gives the name on a line that has a code before it."""
    return next((cell for cell in reversed(about.get(key, [])) if cell.strip()), "").strip()
