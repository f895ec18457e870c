"""Files recognised as statistics, and what they say as a submission."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Final

from ..defects import defect
from ..packing import BadPacking, bare, unpacked
from ..references import References
from ..spreadsheets.opening import opened
from ..spreadsheets.sheet import Opened, Sheet
from ..submission import Place, Submission, SubmittedFile, joined
from . import estat_csv, estat_json, sdmx_csv, sdmx_json
from .cube import Cube
from .description import Description, beside, read_description
from .submitting import submitted
from .wide import read_wide

TABLES: Final = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm")
MOST: Final = 200_000_000
"""How many bytes a file may have when it is uncompressed."""

HEAD: Final = 65_536
MARKS: Final = (b"OBS_VALUE", b"_code", b"ERROR_MSG")
"""What stands in the first bytes of SDMX-CSV and of the CSV of e-Stat."""

Files = Sequence[tuple[str, bytes]]


def read_statistics(files: Files, known: References) -> tuple[Submission, list[tuple[str, bytes]]]:
    """Gives what the statistics among some files say, and the files that are none of them.

    A TOML file belongs to the file of its name: `use.toml` describes `use.csv`. A table that is
    described by one is statistics; without one an e-Stat or SDMX file is.
    """
    named = dict(files)
    parts: list[Submission] = []
    left: list[tuple[str, bytes]] = []
    used: set[str] = set()
    for name, content in files:
        if name.lower().endswith(".toml"):
            continue
        described = beside(name, named)
        said = Description()
        if described is not None:
            said = read_description(described, named[described])
        cubes = cubes_of(name, content, said)
        if cubes is None:
            left.append((name, content))
            continue
        if described is not None:
            used.add(described)
        digest = sha256(content).hexdigest()
        parts += [submitted(cube, said, known, digest) for cube in cubes]
    for name, content in files:
        if name.lower().endswith(".toml") and name not in used:
            file = SubmittedFile(name, "application/toml", sha256(content).hexdigest(), 0)
            parts.append(Submission((file,), defects=(defect("describes-nothing", Place(name)),)))
    return joined(parts), left


def cubes_of(name: str, content: bytes, said: Description) -> list[Cube] | None:
    """Gives the tables of a file, None where it is no statistics."""
    if bare(name) != name:
        try:
            content = unpacked(content, MOST)
        except BadPacking:
            return None
    ending = PurePath(bare(name)).suffix.lower()
    if ending == ".json":
        return _of_json(name, content)
    if ending not in TABLES or not (said.file or any(mark in content[:HEAD] for mark in MARKS)):
        return None
    found: Opened = opened(name, content)
    sheets = _wanted(found.sheets, said)
    cubes = [cube for cube in (_of_sheet(sheet, found, said) for sheet in sheets) if cube]
    if not cubes:
        return None
    cubes[0].defects += found.defects
    return cubes


def _of_json(name: str, content: bytes) -> list[Cube] | None:
    try:
        text = content.decode("utf-8-sig")
        document: Any = json.loads(text, parse_float=Decimal)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    if estat_json.is_estat(document):
        return [estat_json.read_estat(name, document, text)]
    if sdmx_json.is_sdmx(document):
        return [sdmx_json.read_sdmx(name, document)]
    return None


def _of_sheet(sheet: Sheet, found: Opened, said: Description) -> Cube | None:
    if sdmx_csv.is_sdmx(sheet):
        return sdmx_csv.read_sdmx(sheet)
    if estat_csv.is_estat(sheet):
        return estat_csv.read_estat(sheet)
    if not said.file:
        return None
    stem = "-".join(filter(None, (PurePath(sheet.file).stem, sheet.name)))
    return read_wide(sheet, found.media, f"table-{_slug(stem)}", said)


def _wanted(sheets: Sequence[Sheet], said: Description) -> Sequence[Sheet]:
    named = said.rows.get("sheet")
    return sheets if named is None else [sheet for sheet in sheets if sheet.name == named]


def _slug(text: str) -> str:
    plain = "-".join(
        filter(None, "".join(c if c.isalnum() else "-" for c in text.lower()).split("-"))
    )
    return plain if plain.isascii() else sha256(text.encode()).hexdigest()[:8]
