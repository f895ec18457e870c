"""Observations of which every cell was read before, written out without being read again."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from ..graph.names import thing
from .columns import breakdowns
from .compiled import TYPE, classes, statements
from .nodes import Node
from .spreadsheets.heading import Heading
from .submission import Defect

_KEY: Final = ("indicator_id", "period", "area")
_PRINTED: Final = ("page_url", "evidence", "figure_no")
"""The columns whose cells are right or wrong together."""

_WRITTEN: Final = ("value", "printed_value", "note_ja", "note_en")
"""The columns in which hardly a text stands twice."""

_DECIMAL: Final = re.compile(r"(?!-0(\.0*)?$)-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,9})?")
"""A number that a store writes as it stands, but for the zeros at its end."""

_PLAIN: Final = re.compile(r"[^\s\x00-\x1f\\\"'\x7f][^\x00-\x1f\\\"\x7f]{3,}(?<!\s)")
"""A text that N-Quads have as it is, and that can be no mark of nothing."""

_MOST: Final = 100_000
_SHARES: Final = 8


class _Cell(NamedTuple):
    """What a cell was read as: its id, the ends of its statements, what was said of it."""

    slug: str
    ends: tuple[str, ...]
    said: tuple[tuple[str, str], ...]


_NOTHING: Final = _Cell("", (), ())


class Ids:
    """The ids of very many rows, in 16 bytes each: only their hashes are kept.

    >>> ids = Ids()
    >>> for row, slug in ((2, "a"), (3, "b"), (4, "a")):
    ...     ids.add(slug, row)
    >>> list(ids.twice())
    [(4, 2)]

    `there` are the rows of which `is_there` said that their ids were known before.
    """

    def __init__(self) -> None:
        self.is_there: Callable[[str], bool] = lambda slug: False
        self.there = array("q")
        self._hashes = array("q")
        self._rows = array("q")

    def add(self, slug: str, row: int) -> None:
        """Keeps the id of a row."""
        self._hashes.append(hash(slug))
        self._rows.append(row)
        if self.is_there(slug):
            self.there.append(row)

    def twice(self) -> Iterator[tuple[int, int]]:
        """Gives the rows whose id an earlier row has, with the first that has it."""
        again = set().union(*map(self._again, range(_SHARES)))
        first: dict[int, int] = {}
        for place, hashed in enumerate(self._hashes):
            if hashed in again:
                row = self._rows[place]
                if hashed in first:
                    yield row, first[hashed]
                first.setdefault(hashed, row)

    def _again(self, share: int) -> set[int]:
        """Gives the hashes of one share that come more than once; all would take much memory."""
        seen: set[int] = set()
        again: set[int] = set()
        for hashed in self._hashes:
            if hashed % _SHARES == share:
                (again if hashed in seen else seen).add(hashed)
        return again


class Remembered:
    """The cells of a table of observations by their columns and texts.

    `said` has what is to be said of the last row that was written out, as severities and codes.
    """

    def __init__(self, read: Heading, graph: str) -> None:
        self.said: list[tuple[str, str]] = []
        self._about = statements("observations")
        self._headers = read.headers
        self._places = {name: place for place, name in read.columns.items()}
        self._width = read.width
        self._end = f" {graph} .\n"
        known = {*self._about, "figure_no"} - {"section_id", "id"}
        self._usable = set(read.headers) <= known and not read.units
        single = [name for name in self._places if name not in (*_PRINTED, *_WRITTEN)]
        self._single = [(self._places[name], name) for name in single]
        self._cells: dict[str, dict[str, _Cell]] = {name: {} for name in single}
        self._printed: dict[tuple[str, ...], _Cell] = {}
        # The columns of an id in their order, of those that the table has.
        self._key = [name for name in (*_KEY, *breakdowns()) if name in self._places]
        names = (classes()["observations"], classes()["CubeObservation"])
        self._types = tuple(self._ended(f"{TYPE} {name}") for name in names)
        self._around = {name: self._ends_around(name) for name in _WRITTEN}
        self._subject = str(thing("observation", "_")).removesuffix("_>")
        self._breakdowns = [(name, name.replace("_", "-")) for name in self._key[len(_KEY) :]]

    def text(self, number: int, cells: Sequence[str], ids: Ids) -> str | None:
        """Gives a row's statements as N-Quads, or None where it has to be read; its id is kept."""
        if not self._usable or len(cells) != self._width:
            return None
        printed = self._printed.get(self._printed_in(cells))
        written = self._written(cells)
        if printed is None or written is None:
            return None
        ends = [*self._types, *printed.ends, *written]
        said, slugs = [*printed.said], {}
        for place, name in self._single:
            cell = self._cells[name].get(cells[place])
            if cell is None:
                return None
            slugs[name] = cell.slug
            ends += cell.ends
            if cell.said:
                said += cell.said
        slug = self._slug(slugs, printed.slug)
        ids.add(slug, number)
        self.said = said
        # An id of ours needs no escape in an IRI.
        subject = f"{self._subject}{slug}>"
        return subject + subject.join(ends)

    def add(self, cells: Sequence[str], node: Node, found: Iterable[Defect]) -> None:
        """Remembers the cells of a row that was read, with what was said of them."""
        if not self._usable or len(cells) != self._width or len(self._printed) > _MOST:
            return
        said: dict[str | None, list[tuple[str, str]]] = {}
        for each in found:
            said.setdefault(each.place.column, []).append((each.severity, each.code))
        if not said.keys() <= set(self._headers.values()):
            return
        for place, name in self._single:
            if len(self._cells[name]) < _MOST:
                remarks = said.get(self._headers[name], ())
                self._cells[name][cells[place]] = self._cell(name, node, remarks)
        remarks = [each for name in _PRINTED for each in said.get(self._headers.get(name, "-"), ())]
        page = str(node.body["page_url"])
        names = ("page_url", "evidence", "figure_id")
        ends = tuple(end for name in names for end in self._cell(name, node, ()).ends)
        hashed = sha256(page.encode()).hexdigest()[:8]
        self._printed[self._printed_in(cells)] = _Cell(hashed, ends, tuple(remarks))

    def _cell(self, name: str, node: Node, said: Iterable[tuple[str, str]]) -> _Cell:
        value = node.body.get(name)
        if value is None:
            return _NOTHING
        about = self._about[name]
        texts = [value] if isinstance(value, str) else value
        ends = tuple(self._ended(f"{about.property} {about.make(text)}") for text in texts)
        return _Cell(texts[0], ends, tuple(said))

    def _ended(self, text: str) -> str:
        return f" {text}{self._end}"

    def _printed_in(self, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(cells[self._places[name]] for name in _PRINTED if name in self._places)

    def _slug(self, slugs: dict[str, str], page: str) -> str:
        """Gives the id of an observation, as `Rows` puts it together."""
        key = [slugs[name] for name in _KEY]
        for name, part in self._breakdowns:
            if slugs[name]:
                key.append(f"{part}-{slugs[name]}")
        return "_".join([*key, page])

    def _written(self, cells: Sequence[str]) -> list[str] | None:
        """Gives the ends of what is said by value and texts, or None where they need reading."""
        value = cells[self._places["value"]] if "value" in self._places else ""
        if not _DECIMAL.fullmatch(value):
            return None
        number = value.rstrip("0").removesuffix(".") if "." in value else value
        texts = {"value": number, "printed_value": value}
        for name in _WRITTEN[1:]:
            text = cells[self._places[name]] if name in self._places else ""
            if text and text != value:
                if not _PLAIN.fullmatch(text):
                    return None
                texts[name] = text
        return [text.join(self._around[name]) for name, text in texts.items()]

    def _ends_around(self, name: str) -> tuple[str, str]:
        """Gives what stands before and after a text that needs no escape."""
        about = self._about[name]
        before, after = str(about.make("_")).split("_", 1)
        return f" {about.property} {before}", f"{after}{self._end}"
