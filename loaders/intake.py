"""Files that someone hands in, each read by what it is: tables, workbooks, RDF, statistics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from ..graph.eras import western_year
from ..graph.limits import Limits
from ..graph.names import expand
from ..graph.periods import describe, parse_period
from ..graph.progress import Told, counted, parts
from .archives import unzipped
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
from .tables import Row

OWN: Final = "submission"
"""What the graph of a submission is called until it has its number."""

_OWN_GRAPH: Final = DefaultGraph()
_SECTIONS: Final = tuple(NamedNode(expand(name)) for name in ("hk:placedIn", "hk:describedIn"))


def read(
    files: Sequence[tuple[str, bytes]],
    known: References,
    table: str | None = None,
    edition: str | None = None,
    parse: Parse | None = None,
    limits: Limits | None = None,
    told: Told | None = None,
) -> Submission:
    """Gives what some files say together; whatever is wrong with them is in the defects."""
    taken_apart, refused = unzipped(files)
    statistics, others = read_statistics(taken_apart, known.copy())
    documents = [each for each in others if rdf_format(each[0]) is not None]
    tables = [each for each in others if rdf_format(each[0]) is None]
    found = [statistics, Submission(defects=tuple(refused))]
    numbers, *each_document, rest = parts(
        told,
        (
            _size(taken_apart) - _size(others),
            *(len(content) for _, content in documents),
            _size(tables),
        ),
    )
    numbers(1.0)
    for (name, content), heard in zip(documents, each_document, strict=True):
        found.append(read_rdf(name, content, parse, limits))
        heard(1.0)
    if tables:
        found.append(_read_tables(tables, known.copy(), table, edition, rest))
    rest(1.0)
    return joined(found)


def _size(files: Iterable[tuple[str, bytes]]) -> int:
    return sum(len(content) for _, content in files)


def _read_tables(
    files: Sequence[tuple[str, bytes]],
    known: References,
    table: str | None,
    edition: str | None,
    told: Told,
) -> Submission:
    """Reads all tables together, so that rows of one may refer to rows of another."""
    everything = [(name, content, opened(name, content)) for name, content in files]
    sheets: dict[str, list[Tabulated]] = {
        name: headed(found.sheets, table) for name, _, found in everything
    }
    together = [sheet for found in sheets.values() for sheet in found]
    count = sum(len(sheet.sheet.rows) for sheet in together)
    for sheet in together:
        introduce(sheet, known)
    cells = Cells(known)
    rows = Rows(edition or newest_edition(known), cells, OWN)
    # Tables may be the first that a store hears of the white paper that they are about.
    is_first = not known.knows("whitepaper", rows.edition)
    known.add("whitepaper", rows.edition)
    *each_sheet, completing, stating = parts(
        told, (*(2 * len(sheet.sheet.rows) for sheet in together), count, 4 * count)
    )
    for sheet, heard in zip(together, each_sheet, strict=True):
        tabulate(sheet, known, heard)
        refused = other_meanings(sheet, known)
        sheet.rows = [row for row in sheet.rows if row.number not in refused]
    rows.add(sheet.table() for sheet in together)
    completing(1.0)
    if is_first and rows.nodes:
        rows.introduce(OWN, rows.edition)
    defects = [defect for _, _, found in everything for defect in _defects(found)]
    defects += [each for sheet in together for each in sheet.defects]
    defects += [fault.defect() for fault in cells.errors]
    read_files = [
        SubmittedFile(name, found.media, sha256(content).hexdigest(), _count(sheets[name]))
        for name, content, found in everything
    ]
    return _submission(read_files, rows, defects, stating)


def _defects(found: Opened) -> list[Defect]:
    return [*found.defects, *(each for sheet in found.sheets for each in sheet.defects)]


def _count(sheets: Iterable[Tabulated]) -> int:
    return sum(
        any(map(str.strip, cells))
        for sheet in sheets
        for _, cells in sheet.sheet.rows[sheet.read.below :]
    )


def _submission(
    files: Sequence[SubmittedFile], rows: Rows, defects: Iterable[Defect], told: Told
) -> Submission:
    """Gives the completed rows as statements, each with its place."""
    gathered = _Gathered(rows.cells.known)
    for node in counted(rows.nodes, told):
        gathered.add(node)
    for policy, listed in rows.addressed().items():
        gathered.replaces |= _links_gone(policy, listed, rows.cells.known)
    for _, period in sorted(rows.periods):
        for triple in describe(parse_period(period)):
            gathered.keep(triple)
    ordered = sorted(
        defects, key=lambda each: (each.place.file, each.place.sheet or "", each.place.row or 0)
    )
    return Submission(
        tuple(files),
        tuple(gathered.quads),
        tuple(gathered.things),
        frozenset(gathered.replaces),
        tuple(ordered),
        gathered.places,
    )


class _Gathered:
    """The statements of completed rows, where each stands, and what they take the place of."""

    def __init__(self, known: References) -> None:
        self.quads: dict[Quad, None] = {}
        self.places: dict[Placed, Place] = {}
        self.things: dict[NamedNode, None] = {}
        self.replaces: set[Replaced] = set()
        self._known = known

    def keep(self, triple: Triple) -> None:
        """Keeps a statement that no row alone makes."""
        self.quads[Quad(triple.subject, triple.predicate, triple.object, _OWN_GRAPH)] = None

    def add(self, node: Node) -> None:
        """Keeps the statements of a node."""
        if node.row is None:
            for _, triple in said_by(node):
                self.keep(triple)
            return
        subject, own = node.subject(), node.is_its_row()
        if own:
            self.things[subject] = None
        places: dict[str, Place] = {}
        for column, triple in said_by(node):
            self.keep(triple)
            place = places.get(column) or places.setdefault(column, _place(node.row, column))
            about, path = str(triple.subject)[1:-1], triple.predicate.value
            self.places.setdefault((about, path, getattr(triple.object, "value", None)), place)
            self.places.setdefault((about, path, None), place)
            if own and triple.subject == subject:
                self.replaces.update(_replaced(subject, triple.predicate))
        if node.table() == MERGES:
            self.replaces |= _all_of(subject, self._known)
        row = Place(node.row.file, node.row.sheet, node.row.number)
        self.places.setdefault((subject.value, None, None), row)


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


def _place(row: Row, column: str) -> Place:
    """Gives the cell that a statement of a row is due to, or the row."""
    name = {"described_section_id": "section_id", "figure_id": "figure_no"}.get(column, column)
    return Place(row.file, row.sheet, row.number, row.headers.get(name))


def newest_edition(known: References) -> str:
    """Gives the code of the newest white paper that is known, else of the newest packaged one."""
    packaged = [path.parent.name for path in EDITIONS.glob("*/edition.toml")]
    return max([*packaged, *known.slugs("whitepaper")], key=_year)


def _year(edition: str) -> int:
    letter, number = edition[:1], edition[1:]
    return (western_year(letter, int(number)) or 0) if number.isdecimal() else 0
