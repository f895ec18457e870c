"""SDMX-CSV, 1.0 and 2.0: one row for each observation, the names of its columns as codes.

https://github.com/sdmx-twg/sdmx-csv
"""

from __future__ import annotations

from typing import Final

from ..spreadsheets.sheet import Sheet
from .cube import Cell, Code, Cube, Dimension
from .sdmx_json import ROLES, SCALE, STATUS, UNITS, slug, unit_of

MEDIA: Final = "application/vnd.sdmx.data+csv"
HEADS: Final = ("DATAFLOW", "STRUCTURE")
"""How the header begins in version 1.0 and in 2.0."""

ABOUT: Final = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION")
VALUE: Final = "OBS_VALUE"
ATTRIBUTES: Final = (
    STATUS,
    SCALE,
    *UNITS,
    "DECIMALS",
    "OBS_COMMENT",
    "COMMENT_OBS",
    "OBS_CONF",
    "CONF_STATUS",
    "TIME_FORMAT",
    "BASE_PER",
)
"""Columns that say something of an observation rather than which it is."""


def is_sdmx(sheet: Sheet) -> bool:
    """Says whether a sheet is SDMX-CSV."""
    if not sheet.rows:
        return False
    header = [_name(column)[0] for column in sheet.rows[0][1]]
    return header[:1] != [] and header[0] in HEADS and VALUE in header


def read_sdmx(sheet: Sheet) -> Cube:
    """Gives the table of a sheet."""
    written = sheet.rows[0][1]
    header = [_name(column) for column in written]
    names = [name for name, _ in header]
    flow = sheet.rows[1][1] if len(sheet.rows) > 1 else []
    at = names.index("STRUCTURE_ID") if "STRUCTURE_ID" in names else 0
    cube = Cube(sheet.file, MEDIA, f"sdmx-{slug(flow[at] if at < len(flow) else sheet.file)}")
    dimensions = [
        place
        for place, name in enumerate(names)
        if name not in (*ABOUT, VALUE, *ATTRIBUTES) and not name.startswith("OBS_")
    ]
    codes: dict[int, dict[str, Code]] = {place: {} for place in dimensions}
    value = names.index(VALUE)
    for number, record in sheet.rows[1:]:
        if len(record) != len(names):
            cube.add("width", sheet.place(number), None, count=len(record), columns=len(names))
            continue
        keys = {}
        for place in dimensions:
            code = _code(record[place])
            codes[place].setdefault(code.id, code)
            keys[names[place]] = code.id
        about = {
            name: _code(record[place]).id
            for place, name in enumerate(names)
            if name in ATTRIBUTES and record[place].strip()
        }
        cube.cells.append(
            Cell(
                keys,
                record[value].strip(),
                sheet.place(number, written[value]),
                unit=unit_of(about),
                status=about.get(STATUS),
                note=about.get("OBS_COMMENT") or about.get("COMMENT_OBS"),
            )
        )
    for place in dimensions:
        name, label = header[place]
        role = ROLES.get(name.upper(), "breakdown")
        cube.dimensions[name] = Dimension(name, label or name, label, role, codes[place])
    return cube


def _name(column: str) -> tuple[str, str]:
    """Gives the id and the label of a column: `REF_AREA: Reference area` has both."""
    name, _, label = column.strip().partition(":")
    return name.strip().removesuffix("[]"), label.strip()


def _code(cell: str) -> Code:
    name, separator, label = cell.strip().partition(": ")
    if not separator:
        return Code(name, "")
    japanese = any(ord(letter) > 0x2E7F for letter in label)
    return Code(name, label if japanese else "", "" if japanese else label)
