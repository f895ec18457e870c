"""What changed between two editions' tables: things new, gone, renamed or moved, and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from ..graph.names import HKID, term
from ..graph.ontology import code_lists
from ..graph.terms import python
from .about import read_about
from .columns import breakdowns, kinds
from .edition import read_tables
from .tables import Row, Table

HOWS: Final = ("new", "dropped", "merged", "renamed", "moved", "revised")
"""How a thing may have changed: `revised` is a number that is another now."""

COMPARED: Final = ("policies", "challenges", "indicators")
"""The tables whose things keep their ids from edition to edition."""

SUPERSEDED: Final = "superseded"

Series = tuple[str, ...]
"""What a number is of: indicator, period, area and breakdowns."""


@dataclass(frozen=True)
class EditionChange:
    """A change: of what kind of thing, how, which, and what was said before and is said after."""

    kind: str
    how: str
    id: str
    label_ja: str = ""
    label_en: str = ""
    before: str = ""
    after: str = ""


def changes(old: Path, new: Path) -> list[EditionChange]:
    """Gives what changed from one edition's folder to another's, by kind and in their order."""
    before, after = _Edition(old), _Edition(new)
    moved = _moved(before, after)
    found = [*_sections(before, after, moved)]
    for table in COMPARED:
        found += _things(table, before, after, moved)
    found += _numbers(before, after)
    return found


class _Edition:
    """The tables of an edition by their names, and the rows of each by their ids."""

    def __init__(self, folder: Path) -> None:
        self.id = str(read_about(folder)["id"])
        self._tables: Mapping[str, Table] = {each.name: each for each in read_tables(folder)}
        self.sections = self.by_id("sections")

    def rows(self, table: str) -> tuple[Row, ...]:
        return self._tables[table].rows if table in self._tables else ()

    def by_id(self, table: str) -> dict[str, Row]:
        return {row.cells["id"]: row for row in self.rows(table) if "id" in row.cells}

    def number(self, section: str) -> str:
        """Gives a section without the edition, so that it can be found in another: p2-c2-s5."""
        return section.removeprefix(f"{self.id}-")

    def titles(self) -> dict[str, str]:
        """Gives the titles of the sections by their numbers."""
        return {
            self.number(slug): row.cells.get("title_ja", "") for slug, row in self.sections.items()
        }

    def place(self, row: Row) -> str:
        """Gives where a row's thing stands: its section's number and title."""
        section = row.cells.get("section_id", "")
        titled = self.sections.get(section)
        title = titled.cells.get("title_ja", "") if titled else ""
        return f"{self.number(section)} {title}".strip()


def _moved(before: _Edition, after: _Edition) -> dict[str, str]:
    """Gives the numbers of sections that moved, with those that they had before.

    Titles such as まとめ stand in many chapters: only one that left its place has moved.
    """
    old, new = before.titles(), after.titles()
    found: dict[str, str] = {}
    for number, title in new.items():
        if old.get(number) == title:
            continue
        gone = [each for each, was in old.items() if was == title and new.get(each) != title]
        if len(gone) == 1 and gone[0] not in found.values():
            found[number] = gone[0]
    return found


def _sections(
    before: _Edition, after: _Edition, moved: Mapping[str, str]
) -> Iterator[EditionChange]:
    """Finds sections by their numbers, and those that moved by their titles."""
    old, new = before.titles(), after.titles()
    left = set(moved.values())
    stayed = {number for number in new if number in old and number not in moved} - left
    for slug, row in after.sections.items():
        number = after.number(slug)
        if number in moved:
            yield _change("part", "moved", row, moved[number], number)
        elif number not in stayed:
            yield _change("part", "new", row, "", number)
        elif old[number] != new[number]:
            yield _change("part", "renamed", row, old[number], new[number])
    for slug, row in before.sections.items():
        if before.number(slug) not in left | stayed:
            yield _change("part", "dropped", row, before.number(slug), "")


def _things(
    table: str, before: _Edition, after: _Edition, sections: Mapping[str, str]
) -> Iterator[EditionChange]:
    """Finds things by their ids; of one that was merged it is said into which.

    One that moved together with its section is not told of.
    """
    old, new, kind = before.by_id(table), after.by_id(table), kinds()[table]
    merged = {
        row.cells.get("dropped_id"): row.cells.get("kept_id", "")
        for row in after.rows("merges")
        if row.cells.get("table") == table
    }
    for slug, row in new.items():
        was = old.get(slug)
        if was is None:
            yield _change(kind, "new", row, "", after.place(row))
            continue
        for language in ("ja", "en"):
            one, two = (each.cells.get(f"label_{language}", "") for each in (was, row))
            # A row may leave the name to the edition before.
            if two and one != two:
                yield _change(kind, "renamed", row, one, two)
                break
        there, here = (each.cells.get("section_id", "") for each in (was, row))
        number = after.number(here)
        if before.number(there) not in (number, sections.get(number)):
            yield _change(kind, "moved", _named(row, was), before.place(was), after.place(row))
    for slug, row in old.items():
        if slug in merged:
            yield _change(kind, "merged", row, slug, merged[slug])
        elif slug not in new:
            yield _change(kind, "dropped", row, before.place(row), "")


def _numbers(before: _Edition, after: _Edition) -> Iterator[EditionChange]:
    """Finds what both print for one indicator, period, area and breakdown, with no value alike."""
    old, new = _series(before.rows("observations")), _series(after.rows("observations"))
    was, now = before.by_id("indicators"), after.by_id("indicators")
    for key, rows in new.items():
        if key not in old:
            continue
        values, others = ({_value(row) for row in some} for some in (old[key], rows))
        if values.isdisjoint(others):
            printed = [", ".join(dict.fromkeys(map(_printed, some))) for some in (old[key], rows)]
            rows_of = [some[key[0]] for some in (was, now) if key[0] in some]
            cells = {name: text for row in rows_of for name, text in row.cells.items()}
            yield EditionChange(
                "observation",
                "revised",
                "_".join(key),
                cells.get("label_ja", ""),
                cells.get("label_en", ""),
                *printed,
            )


def _series(rows: Iterable[Row]) -> dict[Series, list[Row]]:
    found: dict[Series, list[Row]] = {}
    for row in rows:
        if row.cells.get("status") == SUPERSEDED:
            continue
        parts = [row.cells.get(name, "") for name in ("indicator_id", "period", "area")]
        parts += [f"{name}-{row.cells[name]}" for name in breakdowns() if name in row.cells]
        found.setdefault(tuple(parts), []).append(row)
    return found


def _value(row: Row) -> tuple[str, Decimal | str]:
    """Gives a row's value in its base unit, so that 1兆 and 10,000億 are alike."""
    unit, text = row.cells.get("unit_id", ""), row.cells.get("value", "")
    try:
        base, times = _units().get(unit, (unit, Decimal(1)))
        return base, (Decimal(text) * times).normalize()
    except InvalidOperation:
        return unit, text


def _printed(row: Row) -> str:
    return f"{row.cells.get('printed_value', '')} {row.cells.get('unit_id', '')}".strip()


def _named(row: Row, was: Row) -> Row:
    """Gives a row with the names of the edition before where it leaves them to that."""
    names = {name: text for name, text in was.cells.items() if name.startswith("label_")}
    return Row(row.table, row.file, row.line, row.number, {**names, **row.cells})


def _change(kind: str, how: str, row: Row, before: str, after: str) -> EditionChange:
    cells = row.cells
    ja, en = (cells.get(f"label_{lang}") or cells.get(f"title_{lang}", "") for lang in ("ja", "en"))
    return EditionChange(kind, how, cells.get("id", ""), ja, en, before, after)


@cache
def _units() -> dict[str, tuple[str, Decimal]]:
    """Gives the base unit of each unit and how many of it make one."""
    bases: dict[str, str] = {}
    times: dict[str, Decimal] = {}
    under = HKID + "unit/"
    for quad in code_lists():
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(under):
            continue
        slug = quad.subject.value.removeprefix(under)
        if quad.predicate == term("baseUnit") and isinstance(quad.object, NamedNode):
            bases[slug] = quad.object.value.removeprefix(under)
        elif quad.predicate == term("multiplier"):
            times[slug] = Decimal(str(python(quad.object)))
    return {slug: (bases[slug], times[slug]) for slug in bases.keys() & times.keys()}
