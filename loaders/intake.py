"""Files that someone hands in, each read by what it is: tables, workbooks, RDF, statistics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from ..graph.eras import western_year
from ..graph.limits import Limits
from ..graph.names import expand
from ..graph.periods import describe, parse_period
from .cells import Cells
from .compiled import said_by
from .nodes import Node
from .rdf import Parse, rdf_format, read_rdf
from .references import References
from .rows import Rows
from .series import EDITIONS
from .spreadsheets.headers import MERGES
from .spreadsheets.opening import opened
from .spreadsheets.sheet import Opened
from .spreadsheets.tabulating import Tabulated, headed, introduce, other_meanings, tabulate
from .statistics.reading import read_statistics
from .submission import Defect, Place, Placed, Replaced, Submission, SubmittedFile, joined

OWN: Final = "submission"
"""What the graph of a submission is called until it has its number."""

_SECTIONS: Final = tuple(NamedNode(expand(name)) for name in ("hk:placedIn", "hk:describedIn"))


def read(
    files: Sequence[tuple[str, bytes]],
    known: References,
    table: str | None = None,
    edition: str | None = None,
    parse: Parse | None = None,
    limits: Limits | None = None,
) -> Submission:
    """Gives what some files say together; whatever is wrong with them is in the defects."""
    tables: list[tuple[str, bytes]] = []
    statistics, others = read_statistics(files, known.copy())
    parts = [statistics]
    for name, content in others:
        if rdf_format(name) is not None:
            parts.append(read_rdf(name, content, parse, limits))
        else:
            tables.append((name, content))
    if tables:
        parts.append(_read_tables(tables, known.copy(), table, edition))
    return joined(parts)


def _read_tables(
    files: Sequence[tuple[str, bytes]],
    known: References,
    table: str | None,
    edition: str | None,
) -> Submission:
    """Reads all tables together, so that rows of one may refer to rows of another."""
    everything = [(name, content, opened(name, content)) for name, content in files]
    sheets: dict[str, list[Tabulated]] = {
        name: headed(found.sheets, table) for name, _, found in everything
    }
    together = [sheet for found in sheets.values() for sheet in found]
    for sheet in together:
        introduce(sheet, known)
    cells = Cells(known)
    rows = Rows(edition or newest_edition(known), cells, OWN)
    for sheet in together:
        tabulate(sheet, known)
        refused = other_meanings(sheet, known)
        sheet.rows = [row for row in sheet.rows if row.number not in refused]
    rows.add(sheet.table() for sheet in together)
    defects = [defect for _, _, found in everything for defect in _defects(found)]
    defects += [each for sheet in together for each in sheet.defects]
    defects += [fault.defect() for fault in cells.errors]
    counted = [
        SubmittedFile(name, found.media, sha256(content).hexdigest(), _count(sheets[name]))
        for name, content, found in everything
    ]
    return _submission(counted, rows, defects)


def _defects(found: Opened) -> list[Defect]:
    return [*found.defects, *(each for sheet in found.sheets for each in sheet.defects)]


def _count(sheets: Iterable[Tabulated]) -> int:
    return sum(
        any(map(str.strip, cells))
        for sheet in sheets
        for _, cells in sheet.sheet.rows[sheet.read.below :]
    )


def _submission(
    files: Sequence[SubmittedFile], rows: Rows, defects: Iterable[Defect]
) -> Submission:
    """Gives the completed rows as statements, each with its place."""
    quads: dict[Quad, None] = {}
    places: dict[Placed, Place] = {}
    things: dict[NamedNode, None] = {}
    replaces: set[Replaced] = set()
    for node in rows.nodes:
        subject = node.subject()
        if node.is_its_row():
            things[subject] = None
        for column, triple in said_by(node):
            quads[Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())] = None
            if node.row is not None:
                place = _place(node, column)
                key = (str(triple.subject)[1:-1], triple.predicate.value)
                places.setdefault((*key, getattr(triple.object, "value", None)), place)
                places.setdefault((*key, None), place)
                if triple.subject == subject and node.is_its_row():
                    replaces.update(_replaced(subject, triple.predicate))
        if node.table() == MERGES:
            replaces.update(_all_of(subject, rows.cells.known))
        if node.row is not None:
            row = Place(node.row.file, node.row.sheet, node.row.number)
            places.setdefault((subject.value, None, None), row)
    for policy, listed in rows.addressed().items():
        replaces.update(_links_gone(policy, listed, rows.cells.known))
    for _, period in sorted(rows.periods):
        for triple in describe(parse_period(period)):
            quads[Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())] = None
    ordered = sorted(
        defects, key=lambda each: (each.place.file, each.place.sheet or "", each.place.row or 0)
    )
    return Submission(
        tuple(files), tuple(quads), tuple(things), frozenset(replaces), tuple(ordered), places
    )


def _replaced(subject: NamedNode, predicate: NamedNode) -> list[Replaced]:
    """Gives of what a cell says all: a section is described or placed, never both."""
    both = _SECTIONS if predicate in _SECTIONS else (predicate,)
    return [(subject, each) for each in both]


def _all_of(subject: NamedNode, known: References) -> set[Replaced]:
    """Gives all that a release says of a thing, of which nothing else is to be said."""
    return {(subject, quad.predicate) for quad in known.stored_quads(subject)}


def _links_gone(policy: str, listed: set[str], known: References) -> set[Replaced]:
    """Gives all of the links of a release to challenges that a policy's row no longer lists."""
    linked = known.addressed(policy)
    gone = (link for challenge in linked.keys() - listed for link in linked[challenge])
    return {each for link in gone for each in _all_of(link, known)}


def _place(node: Node, column: str) -> Place:
    """Gives the cell that a statement of a node is due to, or its row."""
    row = node.row
    assert row is not None
    name = {"described_section_id": "section_id", "figure_id": "figure_no"}.get(column, column)
    header = row.headers.get(name)
    return Place(row.file, row.sheet, row.number, header)


def newest_edition(known: References) -> str:
    """Gives the code of the newest white paper that is known, else of the newest packaged one."""
    packaged = [path.parent.name for path in EDITIONS.glob("*/edition.toml")]
    return max([*packaged, *known.slugs("whitepaper")], key=_year)


def _year(edition: str) -> int:
    letter, number = edition[:1], edition[1:]
    return (western_year(letter, int(number)) or 0) if number.isdecimal() else 0
