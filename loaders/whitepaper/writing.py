"""A proposal as files: tables with the columns of the packaged ones, and the account of lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from ...graph.errors import HakushoError
from ..series import EDITIONS
from ..tables import read_table
from .proposal import Cells, Proposal

UNREAD: Final = ("file", "line", "text", "kind", "why_ja", "why_en")
LINES: Final = ("file", "line", "outcome", "target")
FIGURES: Final = (
    "number",
    "figure_no",
    "title_ja",
    "brackets_ja",
    "period",
    "section_id",
    "page_url",
    "line",
)


class ProposalNotWritten(HakushoError):
    """A folder into which a proposal cannot be written."""

    def __init__(self, path: Path, problem: str, problem_ja: str) -> None:
        super().__init__(path, problem, problem_ja)
        self.path = path
        self.problem = problem
        self.problem_ja = problem_ja

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


def write(proposal: Proposal, folder: Path) -> list[Path]:
    """Writes a proposal into a folder and gives its files; what is there is never overwritten.

    `unread.csv` is no table of an edition: a folder that still has it is refused as one.
    """
    files = list(_files(proposal))
    there = [name for name, _, _ in files if (folder / name).exists()]
    if there:
        raise ProposalNotWritten(
            folder / there[0],
            "is there already, perhaps with someone's work; choose another folder",
            "既にある。誰かの作業かもしれないので上書きしない。別のフォルダを指定する",
        )
    written = []
    try:
        for name, columns, rows in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            written.append(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ProposalNotWritten(
            folder, f"cannot be written ({reason})", f"書き込めない（{reason}）"
        ) from None
    return written


def _files(proposal: Proposal) -> Iterator[tuple[str, Sequence[str], Iterable[Cells]]]:
    for table, rows in proposal.tables.items():
        yield f"{table}.csv", _columns(table, rows), rows
    yield "unread.csv", UNREAD, proposal.unread
    yield "account/lines.csv", LINES, proposal.lines
    yield "account/figures.csv", FIGURES, proposal.figures


def _columns(table: str, rows: Iterable[Cells]) -> list[str]:
    """Gives the columns of the packaged table, and the breakdowns that it does not use yet."""
    packaged = _packaged(table)
    more = {column for row in rows for column in row if column not in packaged}
    place = packaged.index("value") if "value" in packaged else len(packaged)
    return [*packaged[:place], *sorted(more), *packaged[place:]]


@cache
def _packaged(table: str) -> tuple[str, ...]:
    newest = sorted(path.parent for path in EDITIONS.glob("*/edition.toml"))[-1]
    return read_table(newest / f"{table}.csv").columns
