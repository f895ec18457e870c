"""A description to fill in for a file of statistics: its dimensions, and the codes it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from ..packing import bare
from ..spreadsheets import forms
from ..spreadsheets.opening import opened
from .cube import Cube, Dimension
from .description import Description
from .placing import placed
from .reading import TABLES, cubes_of
from .words import column_called

MOST_CODES: Final = 200
"""How many codes of a dimension are listed."""

_HEAD: Final = """\
# {name} の説明です。<山括弧>の中を埋め、行頭の # を外してください。要らない行は消せます。
# What {name} is. Fill in what stands in <angle brackets> and take away the `#` before it; lines
# that are not needed can go. `hakusho load {name} {beside}` checks both.
"""
_MEASURED: Final = (
    "\n# どの指標の値か：既にある指標の id。The indicator of each: the id of one that there is.\n"
)
_NEW: Final = """
# 新しい指標なら、このように。A new indicator is described so:
# [indicators.{code}]
# id = "<new-id>"
# label_ja = "<名称>"
# label_en = "<name>"
# definition_ja = "<定義>"
# definition_en = "<definition>"
# unit_id = "<percent>"
# section_id = "<r07-p2-c1-s11>"
"""


def skeleton(name: str, content: bytes) -> str | None:
    """Gives the description to fill in for a file, None where it has no table of values."""
    cubes = cubes_of(name, content, Description())
    if cubes:
        return "".join(_of_cube(cubes[0], name))
    if PurePath(bare(name)).suffix.lower() not in TABLES:
        return None
    sheets = opened(name, content).sheets
    found = [(number, cells) for sheet in sheets[:1] for number, cells in sheet.rows]
    for number, cells in found:
        header = [cell.strip() for cell in cells]
        if sum(forms.period(cell) is not None for cell in header) > 1:
            return "".join(_of_wide(name, number, header))
    return None


def beside(name: str) -> str:
    """Gives the name of the file that describes another.

    >>> beside("data/use.csv")
    'use.toml'
    """
    return PurePath(bare(name)).stem + ".toml"


def _of_cube(cube: Cube, name: str) -> Iterator[str]:
    columns = placed(cube, Description())
    yield _HEAD.format(name=PurePath(name).name, beside=beside(name))
    if not cube.page:
        yield 'page_url = "<https://…>"\n'
    if not cube.origin.title_ja:
        yield 'source_id = "<id of a source>"\n'
    measures = [each for each in cube.dimensions.values() if columns.get(each.id) == "indicator"]
    if not measures:
        yield '# indicator_id = "<id of an indicator>"\n'
    for measure in measures:
        yield f"{_MEASURED}[indicators]\n"
        for code in list(measure.codes.values())[:MOST_CODES]:
            unit = f"（{code.unit}）" if code.unit else ""
            label = code.label_ja or code.label_en
            yield f'# {_key(code.id)} = "<indicator-id>"   # {label}{unit}\n'
        first = next(iter(measure.codes), "code")
        yield _NEW.format(code=_key(first))
    for dimension in cube.dimensions.values():
        if columns.get(dimension.id) not in ("indicator", "period"):
            yield from _of_dimension(dimension, columns.get(dimension.id))


def _of_dimension(dimension: Dimension, column: str | None) -> Iterator[str]:
    yield f"\n# {dimension.label_ja or dimension.id}\n"
    yield f"[dimensions.{_key(dimension.id)}]\n"
    yield f'column = "{column or "none"}"\n'
    yield "# 一覧のコードに当たるものがあれば。Where a code is one of our lists:\n"
    pairs = [f'{_key(code.id)} = "<code>"' for code in list(dimension.codes.values())[:3]]
    yield f"# codes = {{ {', '.join(pairs)} }}\n"


def _of_wide(name: str, number: int, header: list[str]) -> Iterator[str]:
    yield _HEAD.format(name=PurePath(name).name, beside=beside(name))
    for key, example in (
        ("indicator_id", "id of an indicator"),
        ("unit_id", "percent"),
        ("source_id", "id of a source"),
        ("page_url", "https://…"),
    ):
        yield f'# {key} = "<{example}>"\n'
    yield f"\n[rows]\nheader = {number}\n"
    yield "\n# 列が表す内訳（age、area など）。使わない列は none。The breakdown of each column.\n"
    yield "[dimensions]\n"
    for text in header:
        if text and forms.period(text) is None:
            yield f'{_key(text)} = "{column_called(text) or "none"}"\n'


def _key(text: str) -> str:
    """Gives a text as a key of TOML."""
    plain = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if plain else json.dumps(text, ensure_ascii=False)
