"""Sheets as they stand in a file: rows of cells, whatever they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from ..defects import defect
from ..submission import Defect, Place

MOST_COLUMNS: Final = 16_384
MOST_ROWS: Final = 1_048_576
"""What a sheet of Excel can have."""


@dataclass(frozen=True)
class Remark:
    """What is to be said of a cell: a code of `defects.toml`, the value, the words.

    The value is None where the cell's own text is meant.
    """

    code: str
    value: str | None = None
    words: dict[str, Any] = field(default_factory=dict)
    nearest: tuple[str, ...] = ()


@dataclass
class Sheet:
    """The filled rows of a sheet by the number that a person sees beside them.

    `remarks` are of cells, by row number and column from 0, as are `links`, the addresses that
    cells lead to, and `sideways`, the cells that only show the text of one to their left.
    """

    file: str
    name: str | None = None
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    remarks: dict[tuple[int, int], list[Remark]] = field(default_factory=dict)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    sideways: set[tuple[int, int]] = field(default_factory=set)
    defects: list[Defect] = field(default_factory=list)

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Gives a place in the sheet."""
        return Place(self.file, self.name, row, column)

    def add(
        self, code: str, row: int | None = None, value: str | None = None, **words: Any
    ) -> None:
        """Notes a defect of the sheet or of one of its rows."""
        self.defects.append(defect(code, self.place(row), value, **words))


@dataclass
class Opened:
    """What opening a file gave: its sheets, and what is wrong with the file as a whole."""

    media: str
    sheets: list[Sheet] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
