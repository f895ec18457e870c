"""What the packaged editions already know by name, so that a proposal uses the ids they have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from ..series import EDITIONS
from ..tables import LIST_SEPARATOR, Row, read_table
from .lines import narrow

NAMES: Final = (
    *(f"{name}_{lang}" for name in ("label", "alt_labels", "title") for lang in ("ja", "en")),
    "kind",
)
"""The columns that say what a thing is called."""


@dataclass(frozen=True)
class Known:
    """Ids by name, of sources by title and year, of indicators by name and unit; names by id."""

    organizations: dict[str, str] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)
    indicators: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    names: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def organization(self, name: str) -> str:
        """Gives the id of an organization, '' where it is not known."""
        return self.organizations.get(key(name), "")

    def challenge(self, label: str) -> str:
        """Gives the id of a challenge, '' where it is not known."""
        return self.challenges.get(key(label), "")

    def indicator(self, label: str, unit: str) -> str:
        """Gives the id of an indicator measured in a unit, '' where it is not known."""
        return self.indicators.get((key(label), unit), "")

    def named(self, table: str, slug: str) -> dict[str, str]:
        """Gives the names and the kind of what a row is about, nothing where it is not known."""
        return self.names.get((table, slug), {})

    def source(self, title: str, year: str) -> str:
        """Gives the id of a source; one of no year is every year's, '' where it is not known."""
        plain = key(re.sub(r"[（(](?:19|20)[0-9]{2}[)）]", "", title))
        return self.sources.get((plain, year), "")


def key(name: str) -> str:
    """Gives a name without what is written now so, now so: spaces, brackets' width, case.

    >>> key("通信利用動向調査（世帯編）") == key("通信利用動向調査 (世帯編)")
    True
    """
    return re.sub(r"\s", "", narrow(name)).casefold()


@cache
def packaged(folder: Path | None = None) -> Known:
    """Gives what the newest packaged edition, or the tables of a folder, know by name."""
    newest = folder or sorted(path.parent for path in EDITIONS.glob("*/edition.toml"))[-1]
    known = Known()
    for name in ("organizations", "challenges", "indicators", "sources"):
        for row in _rows(newest, name):
            kept = {column: cell for column, cell in row.cells.items() if column in NAMES}
            known.names[name, row.cells["id"]] = kept
    for row in _rows(newest, "organizations"):
        known.organizations.update(dict.fromkeys(_names(row), row.cells["id"]))
    for row in _rows(newest, "challenges"):
        known.challenges.update(dict.fromkeys(_names(row), row.cells["id"]))
    for row in _rows(newest, "indicators"):
        unit = row.cells.get("unit_id", "")
        known.indicators.update(dict.fromkeys(((n, unit) for n in _names(row)), row.cells["id"]))
    for row in _rows(newest, "sources"):
        title, year = row.cells.get("title_ja", ""), row.cells.get("year", "")
        plain = key(re.sub(r"[（(](?:19|20)[0-9]{2}[)）]", "", title))
        known.sources[plain, year] = row.cells["id"]
    return known


def _rows(folder: Path, name: str) -> tuple[Row, ...]:
    path = folder / f"{name}.csv"
    return read_table(path).rows if path.exists() else ()


def _names(row: Row) -> list[str]:
    cells = [row.cells.get("label_ja", ""), row.cells.get("label_en", "")]
    for column in ("alt_labels_ja", "alt_labels_en"):
        cells += row.cells.get(column, "").split(LIST_SEPARATOR)
    return [key(cell) for cell in cells if cell.strip()]
