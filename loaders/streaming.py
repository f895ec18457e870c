"""Large tables as N-Quads, piece by piece: the memory used does not grow with the file.

A row is read as any row that is handed in. What its cells were read as is then remembered, and a
row of which every cell is remembered is written out without being read again: the same text in
the same column says the same. Rows must not refer to rows of their own table.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO, Final

from pyoxigraph import Quad, Store

from ..graph.names import graph
from ..graph.periods import describe, parse_period
from ..graph.releases.lines import load_lines
from ..graph.releases.merge import normal
from .cells import Cells
from .columns import kinds
from .compiled import quads_of
from .intake import newest_edition
from .references import References
from .remembering import Ids, Remembered
from .rows import Rows
from .spreadsheets.heading import heading
from .spreadsheets.separated import decoded_head
from .spreadsheets.sheet import Sheet
from .spreadsheets.tabulating import Tabulated, read_row
from .submission import VIOLATION, Defect
from .tables import Row

TABLES: Final = ("observations", "milestones", "policy_indicators")
"""The tables that are streamed; of no other do editions or statistics have very many rows."""

CHUNK: Final = 12 * 2**20
"""So many bytes are handed on together: some 60,000 statements, which the engine loads at once."""

_HEAD: Final = 64
_MOST_DEFECTS: Final = 1_000
_MOST_BESIDE: Final = 500_000

Progress = Callable[[int], None]
"""Is told how many rows have been read since it was last told."""


class _Streamed(Rows):
    """Rows that remember of each thing only the hash of its id and its row."""

    def __init__(self, edition: str, cells: Cells, target: str) -> None:
        super().__init__(edition, cells, target)
        self.ids = Ids()

    def check_unique(self, row: Row, slug: str) -> None:
        """Keeps the id, which is looked at when all are there."""
        self.ids.add(slug, row.number)


class TableStream:
    """A table read row by row; its numbers and defects are whole once `chunks` is at its end.

    `defects` are the first thousand of each code, `counts` counts them all. Which rows are of one
    thing is known at the end; the statements of all of them have been given by then.
    """

    def __init__(
        self,
        name: str,
        file: BinaryIO,
        known: References,
        target: str,
        *,
        table: str | None = None,
        edition: str | None = None,
    ) -> None:
        self.name = name
        self.rows = 0
        self.things = 0
        self.statements = 0
        self.defects: list[Defect] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self._file = file
        self._known = known.copy()
        self._target = target
        self._named = table
        self._sheet = Sheet(name)
        edition = edition or newest_edition(known)
        self._is_first = not known.knows("whitepaper", edition)
        self._known.add("whitepaper", edition)
        self._completed = _Streamed(edition, Cells(self._known), target)
        self._periods: set[str] = set()
        self._beside: set[int] = set()
        self._kind = ""

    def is_whole(self) -> bool:
        """Says whether nothing that was found keeps the table from being taken over."""
        return not any(severity == VIOLATION for severity, _ in self.counts)

    def chunks(self, size: int = CHUNK, progress: Progress | None = None) -> Iterator[bytes]:
        """Gives the statements of the rows as N-Quads, so many bytes at a time.

        Each comes once, as a store writes it, unless rows speak of more things than are remembered.
        """
        head = decoded_head(self._file, self._sheet)
        if head is None:
            self._note(self._sheet.defects)
            return
        encoding, separator = head
        text = TextIOWrapper(self._file, encoding, newline="")
        reader = csv.reader(text, delimiter=separator, strict=True)
        try:
            yield from self._chunks(enumerate(reader, start=1), size, progress)
        except csv.Error as error:
            self._sheet.add("bad-csv", line=reader.line_num, problem=str(error))
        except UnicodeDecodeError:
            self._sheet.add("bad-encoding", line=reader.line_num + 1)
        finally:
            text.detach()
        self._check_unique()
        self._note(self._sheet.defects)

    def _chunks(
        self, records: Iterator[tuple[int, list[str]]], size: int, progress: Progress | None
    ) -> Iterator[bytes]:
        first = [(number, cells) for number, cells in islice(records, _HEAD) if any(cells)]
        self._sheet.rows = first
        read = heading(self._sheet, self._named)
        if read is None or read.table not in TABLES:
            if read is not None:
                self._sheet.add("not-streamed", tables=", ".join(TABLES))
            return
        sheet = Tabulated(self._sheet, read)
        self._kind = kinds()[read.table]
        self._completed.ids.is_there = partial(self._known.describes, self._kind)
        remembered = (
            Remembered(read, str(graph(self._target))) if read.table == "observations" else None
        )
        waiting: list[str] = []
        held = told = 0
        for number, cells in _chained(first[read.below :], records):
            if not any(cells):
                continue
            self.rows += 1
            text = remembered.text(number, cells, self._completed.ids) if remembered else None
            if text is None:
                text = self._read(sheet, number, cells, remembered)
            elif remembered is not None:
                self.things += 1
                self.counts.update(remembered.said)
            waiting.append(text)
            held += len(text)
            if held >= size:
                yield self._joined(waiting)
                held = 0
                if progress is not None:
                    progress(self.rows - told)
                    told = self.rows
        yield self._joined(waiting)
        if progress is not None:
            progress(self.rows - told)

    def _joined(self, waiting: list[str]) -> bytes:
        text = "".join(waiting)
        waiting.clear()
        self.statements += text.count("\n")
        return text.encode()

    def _read(
        self, sheet: Tabulated, number: int, cells: list[str], remembered: Remembered | None
    ) -> str:
        """Reads a row as any is read, and remembers its cells where nothing is wrong with it."""
        row = read_row(sheet, number, cells, self._known)
        rows = self._completed
        if row is not None:
            rows.complete(row)
        if self._is_first and rows.nodes:
            rows.introduce(self._target, rows.edition)
        found = [*sheet.defects, *(fault.defect() for fault in rows.cells.errors)]
        nodes = list(rows.nodes)
        sheet.defects.clear()
        rows.cells.errors.clear()
        rows.nodes.clear()
        self._note(found)
        own = [node for node in nodes if node.is_its_row()]
        self.things += len(own)
        if own and remembered is not None:
            remembered.add(cells, own[0], found)
        # As many rows as speak of another thing, such as of their page, would say the same of it.
        beside = [quad for node in nodes if not node.is_its_row() for quad in quads_of(node)]
        new = [quad for quad in (*beside, *self._new_periods()) if self._is_new(quad)]
        quads = normal([*new, *(quad for node in own for quad in quads_of(node))])
        return "".join(f"{quad} .\n" for quad in quads)

    def _is_new(self, quad: Quad) -> bool:
        hashed = hash(quad)
        if hashed in self._beside:
            return False
        if len(self._beside) < _MOST_BESIDE:
            self._beside.add(hashed)
        return True

    def _new_periods(self) -> Iterator[Quad]:
        """Gives what describes the periods that no earlier row has named."""
        for _, period in self._completed.periods:
            if period not in self._periods:
                self._periods.add(period)
                for triple in describe(parse_period(period)):
                    yield Quad(triple.subject, triple.predicate, triple.object, graph(self._target))
        self._completed.periods.clear()

    def _check_unique(self) -> None:
        """Notes the rows that describe what an earlier one does, or what was there before."""
        for row, first in self._completed.ids.twice():
            where = f"{self._sheet.file}:{first}"
            self._sheet.add("same-thing-twice", row, kind=self._kind, where=where)
            self.things -= 1
        for row in self._completed.ids.there:
            self._sheet.add("already-there", row, kind=self._kind)

    def _note(self, found: list[Defect]) -> None:
        for each in found:
            self.counts[each.severity, each.code] += 1
            if self.counts[each.severity, each.code] <= _MOST_DEFECTS:
                self.defects.append(each)


def load_table(store: Store, stream: TableStream, progress: Progress | None = None) -> None:
    """Loads the statements of a table into a store while the rows after them are read.

    The store has them whether or not the table is whole in the end: it should be one that is
    thrown away, or published, once that is known.
    """
    load_lines(store, stream.chunks(progress=progress))


def _chained(
    first: list[tuple[int, list[str]]], records: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield from first
    yield from records
