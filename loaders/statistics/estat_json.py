"""The e-Stat API's answer in JSON (getStatsData 3.0): its class inventory and its values.

https://www.e-stat.go.jp/api/api-info/e-stat-manual3-0
"""

from __future__ import annotations

import re
from typing import Any, Final

from ..submission import Place
from .cube import Cell, Code, Cube, Dimension, Origin, Role
from .shapes import members, texts

ROOT: Final = "GET_STATS_DATA"
MEDIA: Final = "application/json"
PAGE: Final = "https://www.e-stat.go.jp/dbview?sid={}"
ROLES: Final[dict[str, Role]] = {"tab": "measure", "area": "area", "time": "period"}
"""What the attributes of a value stand for, where they are no classification (cat01 to cat15)."""

_VALUE: Final = re.compile(r'"\$"\s*:')


def is_estat(document: Any) -> bool:
    """Says whether a JSON document is an answer of the e-Stat API with values."""
    return isinstance(document, dict) and isinstance(document.get(ROOT), dict)


def read_estat(file: str, document: Any, text: str) -> Cube:
    """Gives the table of an answer; what the API answered instead of one is its defect."""
    answer = document[ROOT]
    data = members(answer.get("STATISTICAL_DATA"))
    table = members(data.get("TABLE_INF"))
    number = str(table.get("@id") or members(answer.get("PARAMETER")).get("STATS_DATA_ID") or "")
    cube = Cube(file, MEDIA, f"estat-{number.lower()}" if number else "estat")
    result = members(answer.get("RESULT"))
    if str(result.get("STATUS", 0)) not in ("0", "1", "2") or not data:
        cube.add("estat-error", None, None, problem=_text(result.get("ERROR_MSG")) or "-")
        return cube
    cube.title_ja = _text(table.get("TITLE"))
    cube.page = PAGE.format(number) if number else ""
    cube.origin = Origin(
        title_ja=_text(table.get("STATISTICS_NAME")) or _text(table.get("STAT_NAME")),
        publisher=_text(table.get("GOV_ORG")),
        year=_text(table.get("SURVEY_DATE"))[:4].strip("0"),
        url=cube.page,
    )
    for each in _list(members(data.get("CLASS_INF")).get("CLASS_OBJ")):
        dimension = _dimension(each)
        cube.dimensions[dimension.id] = dimension
    values = members(data.get("DATA_INF"))
    for note in _list(values.get("NOTE")):
        cube.marks[str(note.get("@char", ""))] = _text(note)
    _cells(cube, _list(values.get("VALUE")), text)
    _check_whole(cube, members(data.get("RESULT_INF")))
    return cube


def _dimension(said: dict[str, Any]) -> Dimension:
    name = str(said.get("@id", ""))
    codes = [
        Code(
            str(each.get("@code", "")),
            str(each.get("@name", "")),
            parent=texts(each).get("@parentCode"),
            unit=texts(each).get("@unit"),
        )
        for each in _list(said.get("CLASS"))
    ]
    role = ROLES.get(name, "breakdown")
    return Dimension(
        name, str(said.get("@name", name)), "", role, {code.id: code for code in codes}
    )


def _cells(cube: Cube, values: list[dict[str, Any]], text: str) -> None:
    # Of a file on one line the place of a value among the others tells more than its line.
    start = text.find('"VALUE"')
    found = [match.start() for match in _VALUE.finditer(text, max(start, 0))]
    lines = _lines(text, found) if len(found) == len(values) else [None] * len(values)
    for number, (value, line) in enumerate(zip(values, lines, strict=True), start=1):
        place = Place(cube.file, row=line, column=f"VALUE[{number}]")
        keys = {name: str(value[f"@{name}"]) for name in cube.dimensions if f"@{name}" in value}
        for name in cube.dimensions.keys() - keys.keys():
            cube.add("no-code", place, None, dimension=name)
        if len(keys) == len(cube.dimensions):
            cube.cells.append(
                Cell(
                    keys,
                    _text(value),
                    place,
                    unit=texts(value).get("@unit"),
                    note=texts(value).get("@annotation"),
                )
            )


def _lines(text: str, starts: list[int]) -> list[int | None]:
    lines: list[int | None] = []
    line, done = 1, 0
    for start in starts:
        line += text.count("\n", done, start)
        done = start
        lines.append(line)
    return lines


def _check_whole(cube: Cube, result: dict[str, Any]) -> None:
    """Says so where the answer is a part of the table only."""
    total, until = str(result.get("TOTAL_NUMBER", "")), str(result.get("TO_NUMBER", ""))
    if total.isdecimal() and until.isdecimal() and int(until) < int(total):
        cube.add("estat-part", None, None, until=until, total=total)


def _list(said: Any) -> list[dict[str, Any]]:
    """Gives a list of objects: the API writes one alone without a list."""
    some = said if isinstance(said, list) else [said]
    return [each for each in some if isinstance(each, dict)]


def _text(said: Any) -> str:
    """Gives a text, which stands alone or, with a code beside it, under `$`."""
    return str(members(said).get("$", "") if isinstance(said, dict) else said or "").strip()
