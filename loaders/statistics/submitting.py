"""A table of statistics as a submission: its observations, its code lists, its places."""

from __future__ import annotations

from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from ...graph.names import term
from ...graph.periods import describe, parse_period
from ..cells import Cells
from ..compiled import TYPE, said_by
from ..references import References
from ..rows import Rows
from ..submission import Place, Placed, Replaced, Submission, SubmittedFile
from ..tables import Row, Table
from .cube import Cube
from .description import Description
from .observing import Observing

_OF_VALUE: Final = tuple(term(name).value for name in ("value", "printedValue", "unit"))

ANY: Final = "submission"
"""What stands for the graph of a submission until it has its number."""


def submitted(cube: Cube, said: Description, known: References, sha256: str) -> Submission:
    """Gives what a table says, or all that is wrong with it and its description."""
    cube.defects += said.defects
    observing = Observing(cube, said, known)
    observing.make()
    file = SubmittedFile(cube.file, cube.media, sha256, len(cube.cells))
    rows = Rows("", Cells(known), ANY)
    rows.add(_tables(observing.rows))
    defects = [*cube.defects, *(fault.defect() for fault in rows.cells.errors)]
    statements: dict[Quad, None] = {}
    things: dict[NamedNode, None] = {}
    replaces: set[Replaced] = set()
    places: dict[Placed, Place] = {}
    for node in rows.nodes:
        triples = [triple for _, triple in said_by(node)]
        statements |= dict.fromkeys(map(_own, triples))
        if node.row is None:
            continue
        subject = node.subject()
        things[subject] = None
        places |= _places(node.row, subject.value)
        if node.row.table == "observations":
            # A table says all that is to be said of an observation.
            replaces.update((subject, triple.predicate) for triple in triples)
    replaces = {(subject, name) for subject, name in replaces if name != TYPE}
    for _, period in sorted(rows.periods):
        statements |= dict.fromkeys(map(_own, describe(parse_period(period))))
    statements |= dict.fromkeys(observing.codes.statements)
    return Submission(
        (file,), tuple(statements), tuple(things), frozenset(replaces), tuple(defects), places
    )


def _tables(rows: list[Row]) -> list[Table]:
    names = dict.fromkeys(row.table for row in rows)
    return [
        Table(name, "", (), tuple(row for row in rows if row.table == name), (), "")
        for name in names
    ]


def _own(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())


def _places(row: Row, subject: str) -> dict[Placed, Place]:
    """Gives the places of what a row says: its row, and of a value its cell."""
    number = row.number or None
    places: dict[Placed, Place] = {(subject, None, None): Place(row.file, row.sheet, number)}
    column = row.headers.get("value")
    if column:
        at = Place(row.file, row.sheet, number, column)
        places |= {(subject, name, None): at for name in _OF_VALUE}
    return places
