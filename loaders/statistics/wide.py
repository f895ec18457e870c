"""Wide tables: periods across, and a row for each age, country or other breakdown."""

from __future__ import annotations

from typing import Final

from ...graph.errors import BadPeriod
from ...graph.periods import parse_period
from ..spreadsheets import forms
from ..spreadsheets.sheet import Sheet
from .cube import Cell, Code, Cube, Dimension
from .description import LEFT_OUT, Description
from .times import as_fiscal

PERIOD: Final = "period"


def read_wide(sheet: Sheet, media: str, name: str, said: Description) -> Cube:
    """Gives the table of a sheet as its description has it."""
    cube = Cube(sheet.file, media, name)
    start = _start(cube, sheet, said)
    if start is None:
        return cube
    header = [cell.strip() for cell in sheet.rows[start][1]]
    periods = _periods(cube, sheet, sheet.rows[start][0], header, said)
    dimensions = {at: text for at, text in enumerate(header) if _is_dimension(text, said)}
    for missing in said.dimensions.keys() - set(dimensions.values()) - {LEFT_OUT}:
        if said.dimensions[missing].column != LEFT_OUT:
            cube.add("no-such-column", said.place(f"dimensions.{missing}"), missing)
    for at, text in enumerate(header):
        if text and at not in periods and at not in dimensions and not _left_out(text, said):
            cube.add("column-without-role", sheet.place(sheet.rows[start][0], text), text)
    codes: dict[str, dict[str, Code]] = {text: {} for text in dimensions.values()}
    _rows(cube, sheet, start, header, periods, dimensions, codes, said)
    for text in dimensions.values():
        cube.dimensions[text] = Dimension(text, text, codes=codes[text])
    times = {period: Code(period, "") for period in periods.values()}
    cube.dimensions[PERIOD] = Dimension(PERIOD, PERIOD, role="period", codes=times)
    if not cube.cells and not cube.defects:
        cube.add("no-cells")
    return cube


def _start(cube: Cube, sheet: Sheet, said: Description) -> int | None:
    """Gives the place of the header among the filled rows."""
    wanted = said.rows.get("header")
    for at, (number, _) in enumerate(sheet.rows):
        if wanted is None or number == wanted:
            return at
    if wanted is None:
        cube.add("no-cells")
    else:
        cube.add("no-such-row", said.place("header"), str(wanted))
    return None


def _periods(
    cube: Cube, sheet: Sheet, row: int, header: list[str], said: Description
) -> dict[int, str]:
    """Gives the columns of periods by their places."""
    named = said.periods.get("names", {})
    listed = said.periods.get("columns")
    found: dict[int, str] = {}
    for at, text in enumerate(header):
        if not text or _is_dimension(text, said) or _left_out(text, said):
            continue
        if listed is not None and text not in listed and text not in named:
            continue
        period = str(named[text]) if text in named else forms.period(text)
        if period is None:
            if listed is not None:
                cube.add("bad-period-column", sheet.place(row, text), text)
            continue
        period = as_fiscal(period) if said.fiscal_years else period
        try:
            found[at] = parse_period(period).id
        except BadPeriod:
            cube.add("bad-period-column", sheet.place(row, text), text)
    for missing in (text for text in (*named, *(listed or ())) if text not in header):
        cube.add("no-such-column", said.place("periods"), missing)
    if not found and not cube.defects:
        cube.add("no-period-columns", sheet.place(row))
    return found


def _rows(
    cube: Cube,
    sheet: Sheet,
    start: int,
    header: list[str],
    periods: dict[int, str],
    dimensions: dict[int, str],
    codes: dict[str, dict[str, Code]],
    said: Description,
) -> None:
    first, last = said.rows.get("first"), said.rows.get("last")
    above: dict[str, str] = {}
    for number, cells in sheet.rows[start + 1 :]:
        if (first is not None and number < first) or (last is not None and number > last):
            continue
        record = [cell.strip() for cell in cells]
        record += [""] * (len(header) - len(record))
        if not any(record[at] for at in periods):
            cube.add("row-without-values", sheet.place(number), next(filter(None, record), None))
            continue
        keys = {text: record[at] for at, text in dimensions.items()}
        if len(keys) > 1 and any(keys.values()):
            # A heading that stands for several rows is written beside the first.
            keys = {text: code or above.get(text, "") for text, code in keys.items()}
        empty = [text for text, code in keys.items() if not code]
        for text in empty:
            cube.add("no-code", sheet.place(number, text), None, dimension=text)
        if empty:
            continue
        above = keys
        for text, code in keys.items():
            codes[text].setdefault(code, Code(code, code))
        for at, period in periods.items():
            if record[at]:
                place = sheet.place(number, header[at])
                cube.cells.append(Cell({**keys, PERIOD: period}, record[at], place))


def _is_dimension(text: str, said: Description) -> bool:
    return text in said.dimensions and said.dimensions[text].column != LEFT_OUT


def _left_out(text: str, said: Description) -> bool:
    return text in said.dimensions and said.dimensions[text].column == LEFT_OUT
