"""What every reader of statistics makes of its file: dimensions with their codes, and cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..defects import defect
from ..submission import Defect, Place

Role = Literal["measure", "area", "period", "breakdown"]
"""What a dimension tells cells apart by: `measure` is what is measured."""


@dataclass(frozen=True)
class Code:
    """A code of a dimension: its names, the code above it, and the unit of what it stands for."""

    id: str
    label_ja: str
    label_en: str = ""
    parent: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Dimension:
    """A dimension by the name that the file gives it, with all codes that the file lists."""

    id: str
    label_ja: str
    label_en: str = ""
    role: Role = "breakdown"
    codes: Mapping[str, Code] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Gives what a person may call the dimension by."""
        return tuple(name for name in (self.id, self.label_ja, self.label_en) if name)


@dataclass(frozen=True)
class Cell:
    """A cell: its code in each dimension, its value as it stands, and what is said beside it."""

    keys: Mapping[str, str]
    value: str
    place: Place
    unit: str | None = None
    status: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Origin:
    """The statistic that a table is of, as far as the file tells."""

    title_ja: str = ""
    title_en: str = ""
    publisher: str = ""
    year: str = ""
    url: str = ""


@dataclass
class Cube:
    """A table of statistics; `marks` are the signs that stand for no value, with their meaning."""

    file: str
    media: str
    id: str
    title_ja: str = ""
    title_en: str = ""
    page: str = ""
    origin: Origin = field(default_factory=Origin)
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)

    def add(
        self, code: str, place: Place | None = None, value: str | None = None, **words: object
    ) -> None:
        """Notes what is wrong with the table."""
        self.defects.append(defect(code, place or Place(self.file), value, (), None, **words))

    def label(self, dimension: str, code: str) -> str:
        """Gives what a code is called."""
        found = self.dimensions[dimension].codes.get(code)
        return found.label_ja or found.label_en if found else code
