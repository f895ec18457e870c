"""A table of statistics as a submission: its observations, its code lists, its places."""

from __future__ import annotations

from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from ...graph.names import expand, term
from ...graph.periods import describe, parse_period
from ..cells import Cells
from ..nodes import Node, quads
from ..references import References
from ..rows import Rows
from ..submission import Place, Placed, Submission, SubmittedFile
from ..tables import Row, Table
from .cube import Cube
from .description import Description
from .observing import Observing

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
    statements = [_own(quad) for quad in quads(rows.nodes)]
    for _, period in sorted(rows.periods):
        for triple in describe(parse_period(period)):
            statements.append(Quad(triple.subject, triple.predicate, triple.object))
    statements += observing.codes.statements
    mine = [node for node in rows.nodes if node.row is not None]
    things = tuple(dict.fromkeys(node.subject() for node in mine))
    return Submission(
        (file,),
        tuple(dict.fromkeys(statements)),
        things,
        frozenset(
            (node.subject(), quad.predicate)
            for node, quad in _told_of(mine, statements)
            if quad.predicate.value != expand("rdf:type")
        ),
        tuple(defects),
        _places(mine),
    )


def _tables(rows: list[Row]) -> list[Table]:
    names = dict.fromkeys(row.table for row in rows)
    return [
        Table(name, "", (), tuple(row for row in rows if row.table == name), (), "")
        for name in names
    ]


def _own(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def _told_of(nodes: list[Node], statements: list[Quad]) -> list[tuple[Node, Quad]]:
    """Gives what is said of each observation, which is all that is to be said of it."""
    observed = {node.subject(): node for node in nodes if node.table() == "observations"}
    return [
        (observed[quad.subject], quad)
        for quad in statements
        if isinstance(quad.subject, NamedNode) and quad.subject in observed
    ]


def _places(nodes: list[Node]) -> dict[Placed, Place]:
    places: dict[Placed, Place] = {}
    for node in nodes:
        assert node.row is not None
        row, subject = node.row, node.subject().value
        number = row.number or None
        places.setdefault((subject, None, None), Place(row.file, row.sheet, number))
        column = row.headers.get("value")
        if column:
            at = Place(row.file, row.sheet, number, column)
            for name in ("value", "printedValue", "unit"):
                places.setdefault((subject, term(name).value, None), at)
    return places
