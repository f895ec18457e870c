"""What is said of a table of statistics in a small TOML file beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any, Final

from ..columns import breakdowns, columns
from ..defects import defect
from ..submission import Defect, Place

COMMON: Final = (
    "page_url evidence source_id unit_id status precision area period indicator_id figure_no "
    "note_ja note_en"
).split()
"""Keys whose value every observation of the table gets, called as the columns of observations."""

SECTIONS: Final = "rows periods dimensions indicator indicators source units".split()
OTHERS: Final = ("scale", "fiscal_years")
OF_ROWS: Final = ("sheet", "header", "first", "last")
OF_PERIODS: Final = ("columns", "names")
KINDS: Final = {int: "3", list: '["2023", "2024"]', dict: '{ "R6" = "FY2024" }'}
"""How what must be of a kind is written."""

OF_DIMENSIONS: Final = ("column", "codes")
LEFT_OUT: Final = "none"
"""The column of a dimension that tells nothing apart."""


@dataclass(frozen=True)
class Mapped:
    """Which column a dimension is, and which id each of its codes or names stands for."""

    column: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """A description; `file` is empty where there is none, and says nothing then."""

    file: str = ""
    common: Mapping[str, str] = field(default_factory=dict)
    scale: Decimal = Decimal(1)
    fiscal_years: bool = False
    rows: Mapping[str, Any] = field(default_factory=dict)
    periods: Mapping[str, Any] = field(default_factory=dict)
    dimensions: Mapping[str, Mapped] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()

    def of(self, *names: str) -> Mapped:
        """Gives what is said of a dimension, by whichever of its names."""
        return next((self.dimensions[name] for name in names if name in self.dimensions), Mapped())

    def place(self, key: str) -> Place:
        """Gives where a key stands."""
        return Place(self.file, row=self.lines.get(key), column=key)


def beside(name: str, files: Mapping[str, bytes]) -> str | None:
    """Gives the file that describes another: that of the same name with .toml.

    >>> beside("a/use.csv", {"a/use.toml": b""}), beside("use.csv.gz", {"use.csv.toml": b""})
    ('a/use.toml', 'use.csv.toml')
    """
    path = PurePath(name)
    for candidate in (f"{name}.toml", str(path.with_suffix(".toml"))):
        if candidate in files:
            return candidate
    return None


def read_description(file: str, content: bytes) -> Description:
    """Gives the description in a file, with everything that is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
        said = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        wrong = defect("bad-description", Place(file), None, problem=str(error))
        return Description(file, defects=(wrong,))
    reader = _Reader(file, text)
    return reader.read(said)


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.defects: list[Defect] = []
        self.lines: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), start=1):
            key = line.partition("=")[0].strip().strip("[]").replace('"', "")
            self.lines.setdefault(key, number)

    def read(self, said: Mapping[str, Any]) -> Description:
        self._known("", said, (*COMMON, *SECTIONS, *OTHERS))
        common = {key: self._text(key, said[key]) for key in COMMON if key in said}
        parts = {name: self._table(name, said.get(name, {})) for name in SECTIONS}
        self._known("rows.", parts["rows"], OF_ROWS)
        self._known("periods.", parts["periods"], OF_PERIODS)
        self._of_kind("rows", parts["rows"], {"header": int, "first": int, "last": int})
        self._of_kind("periods", parts["periods"], {"columns": list, "names": dict})
        indicators = {
            str(code): self._record(f"indicators.{code}", each, "indicators")
            for code, each in parts["indicators"].items()
        }
        if parts["indicator"]:
            indicators[""] = self._record("indicator", parts["indicator"], "indicators")
        return Description(
            self.file,
            common,
            self._scale(said.get("scale", 1)),
            said.get("fiscal_years", False) is True,
            parts["rows"],
            parts["periods"],
            {name: self._mapped(name, each) for name, each in parts["dimensions"].items()},
            indicators,
            self._record("source", parts["source"], "sources"),
            {name: str(unit) for name, unit in parts["units"].items()},
            self.lines,
            tuple(self.defects),
        )

    def _known(self, prefix: str, said: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in said:
            if key not in known:
                nearest = tuple(get_close_matches(key, known, n=1))
                keys = ", ".join(known)
                self._wrong("unknown-key", prefix + key, key, nearest, keys=keys)

    def _of_kind(self, section: str, said: dict[str, Any], kinds: Mapping[str, type]) -> None:
        """Takes out of a section what is not of the kind that it must be, and tells of it."""
        for key, kind in kinds.items():
            if key in said and type(said[key]) is not kind:
                value = str(said.pop(key))
                self._wrong("not-of-its-kind", f"{section}.{key}", value, kind=KINDS[kind])

    def _mapped(self, name: str, said: Any) -> Mapped:
        if isinstance(said, str):
            said = {"column": said}
        said = self._table(f"dimensions.{name}", said)
        self._known(f"dimensions.{name}.", said, OF_DIMENSIONS)
        column = said.get("column")
        offered = (*breakdowns(), "area", "period", "indicator", LEFT_OUT)
        if column is not None and column not in offered:
            nearest = tuple(get_close_matches(str(column), offered, n=1))
            key = f"dimensions.{name}"
            self._wrong(
                "unknown-dimension", key, str(column), nearest, dimensions=", ".join(offered)
            )
            column = None
        codes = self._table(f"dimensions.{name}.codes", said.get("codes", {}))
        return Mapped(column, {str(code): str(meant) for code, meant in codes.items()})

    def _record(self, key: str, said: Any, table: str) -> dict[str, str]:
        """Reads what becomes a row of a table: an id alone stands for a thing that there is."""
        if isinstance(said, str):
            return {"id": said}
        record = {}
        known = ("id", *columns(table))
        for name, value in self._table(key, said).items():
            if name not in known:
                nearest = tuple(get_close_matches(name, known, n=1))
                where = f"{key}.{name}"
                self._wrong("unknown-column", where, name, nearest, table=table, column=name)
            else:
                many = isinstance(value, list)
                record[name] = ";".join(map(str, value)) if many else self._text(name, value)
        return record

    def _table(self, key: str, said: Any) -> dict[str, Any]:
        if isinstance(said, dict):
            return said
        self._wrong("not-a-section", key, str(said))
        return {}

    def _text(self, key: str, said: Any) -> str:
        if isinstance(said, dict | list | bool):
            self._wrong("not-a-text", key, str(said))
            return ""
        return str(said)

    def _scale(self, said: Any) -> Decimal:
        if isinstance(said, int | float) and not isinstance(said, bool) and said > 0:
            return Decimal(str(said))
        self._wrong("bad-scale", "scale", str(said))
        return Decimal(1)

    def _wrong(
        self, code: str, key: str, value: str, nearest: tuple[str, ...] = (), **words: object
    ) -> None:
        line = self.lines.get(key) or self.lines.get(key.rpartition(".")[2])
        place = Place(self.file, row=line, column=key)
        self.defects.append(defect(code, place, value, nearest, None, **words))
