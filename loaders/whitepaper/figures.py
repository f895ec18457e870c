"""A printed figure: a value with its unit, of what, when and where, and the line that prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ...graph.periods import parse_period
from .quantities import Quantity
from .words import any_of

HOME: Final = "JP"
"""A figure that names no area is of the country whose white paper it is."""


@dataclass(frozen=True)
class Figure:
    """A figure as it was read, ready to become an observation.

    `area_printed` is False where its area is only taken to be that of the white paper.
    """

    label: str
    period: str
    area: str
    value: str
    unit: str
    printed: str
    line: int
    breakdown: dict[str, str] = field(default_factory=dict)
    status: str = "actual"
    precision: str = "exact"
    number: str = ""
    definition: str = ""
    note: tuple[str, str] = ("", "")
    area_printed: bool = False

    def key(self) -> tuple[str, ...]:
        """Gives what two figures share that measure the same thing."""
        parts = sorted(f"{name}={code}" for name, code in self.breakdown.items())
        return (self.label, self.unit, self.period, self.area, *parts)


@dataclass(frozen=True)
class Left:
    """A figure that was seen but could not be placed: its line, why, and the words in question."""

    line: int
    kind: str
    what: str = ""


def status(period: str, words: str, year: int) -> str:
    """Gives whether a value is actual, an estimate, a forecast or a target, by the words beside it
    and the year of the white paper.

    >>> status("2030", "に達すると予測されている", 2025), status("2023", "となる見込み", 2025)
    ('forecast', 'estimate')
    >>> status("FY2030", "とする目標", 2025), status("2050", "", 2025), status("2024", "", 2025)
    ('target', 'forecast', 'actual')
    """
    start = parse_period(period).start.year
    if any_of("target").search(words):
        return "target"
    if any_of("forecast").search(words):
        return "forecast" if start >= year else "estimate"
    return "forecast" if start > year else "actual"


def plain(quantity: Quantity) -> str:
    """Gives the number of a quantity as a table cell has it."""
    return format(quantity.value, "f")


def conflicts(figures: Sequence[Figure]) -> dict[int, Figure]:
    """Gives, by their index, the figures that print another value for what one before measures."""
    first: dict[tuple[str, ...], Figure] = {}
    found: dict[int, Figure] = {}
    for index, figure in enumerate(figures):
        known = first.setdefault(figure.key(), figure)
        if known.value != figure.value:
            found[index] = known
    return found
