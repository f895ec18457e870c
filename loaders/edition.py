"""An edition folder, its tables and its edition.toml, as a dataset of named graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad

from ..graph.errors import BadRow, BadTable, BadTables
from ..graph.names import graph, shorten, thing
from ..graph.ontology import code_lists
from ..graph.periods import describe, parse_period
from .about import empty, miscounted, read_about, refuse, unknown_publisher
from .cells import Cells
from .columns import columns, kinds
from .nodes import Node, derivations, quads
from .provenance import provenance
from .references import References
from .rows import Rows
from .series import EDITIONS
from .tables import Table, read_table


@dataclass(frozen=True)
class EditionDataset:
    """The statements of an edition in their graphs, and how many rows each table gave."""

    edition: str
    quads: tuple[Quad, ...]
    counts: dict[str, int]

    def graphs(self) -> dict[str, int]:
        """Gives the number of statements of each graph, by the short name of the graph."""
        return dict(sorted(Counter(_short(quad.graph_name) for quad in self.quads).items()))


def packaged_editions() -> list[Path]:
    """Gives the folders of the editions that come with the package, oldest first."""
    return sorted(path.parent for path in EDITIONS.glob("*/edition.toml"))


def edition_folder(named: str | Path) -> Path:
    """Gives a folder, or the packaged one of an edition whose code is given.

    >>> edition_folder("r07").name, edition_folder("here/r08").name
    ('r07', 'r08')
    """
    packaged = EDITIONS / str(named)
    here = Path(named)
    return packaged if not here.exists() and (packaged / "edition.toml").exists() else here


def load_edition(folder: Path, earlier: Iterable[Table] = ()) -> EditionDataset:
    """Loads an edition folder, whose rows may refer to those of tables of earlier editions.

    Whatever is wrong is raised at once: with its rows as BadTables, with the folder as BadEdition.
    """
    about = read_about(folder)
    tables = read_tables(folder)
    counts = {table.name: len(table.rows) for table in tables}
    before = list(earlier)
    problems = [*empty(folder), *miscounted(about["rows"], counts)]
    publisher = about["publisher_org_id"]
    if not known_ids([*before, *tables]).knows("organization", publisher):
        problems.append(unknown_publisher(publisher))
    if problems:
        refuse(folder, problems)
    rows = complete(about, tables, before)
    statements = [*quads(rows.nodes), *_periods(rows.periods)]
    statements += derivations(rows.nodes, about["id"])
    statements += provenance(about, tables, rows.nodes)
    return EditionDataset(about["id"], tuple(dict.fromkeys(statements)), counts)


def complete(about: dict[str, Any], tables: list[Table], earlier: Iterable[Table] = ()) -> Rows:
    """Completes the rows of an edition's tables, or raises everything that is wrong with them."""
    known = known_ids([*_without_merged(earlier, tables), *tables])
    known.add("whitepaper", about["id"])
    rows = Rows(about["id"], Cells(known))
    rows.nodes += _edition_nodes(about)
    rows.add(tables)
    errors: list[BadRow] = [error for table in tables for error in table.errors]
    errors += rows.cells.errors
    if errors:
        errors.sort(key=lambda error: (error.file, error.line))
        raise BadTables(tuple(errors))
    return rows


def read_tables(folder: Path) -> list[Table]:
    """Reads every table of a folder; names and columns that the context lacks are refused."""
    tables: list[Table] = []
    errors: list[BadTable] = []
    for path in sorted(folder.glob("*.csv")):
        try:
            table = read_table(path)
        except BadTable as error:
            errors.append(error)
            continue
        unknown = _unknown_names(table)
        errors += unknown
        if not unknown:
            tables.append(table)
    if errors:
        raise BadTables(tuple(errors))
    return tables


def known_ids(tables: Iterable[Table]) -> References:
    """Gives the ids that the rows of some tables may refer to."""
    known = References()
    known.add_quads(code_lists())
    for table in tables:
        if table.name in kinds():
            known.add_table(table)
    return known


def _without_merged(earlier: Iterable[Table], tables: Iterable[Table]) -> list[Table]:
    """Gives tables of earlier editions without the rows that are merged into others by now."""
    merged = {
        (row.cells.get("table"), row.cells.get("dropped_id"))
        for table in tables
        if table.name == "merges"
        for row in table.rows
    }
    return [
        replace(
            table,
            rows=tuple(
                row for row in table.rows if (table.name, row.cells.get("id")) not in merged
            ),
        )
        for table in earlier
    ]


def _unknown_names(table: Table) -> list[BadTable]:
    if table.name not in (*kinds(), "merges"):
        nearest = get_close_matches(table.name, [*kinds(), "merges"], n=1)
        return [BadTable(table.file, f"there is no table {table.name!r}", tuple(nearest))]
    known = columns(table.name)
    return [
        BadTable(
            table.file,
            f"column {column} is not in the context",
            tuple(get_close_matches(column, known, n=1)),
        )
        for column in table.columns
        if column not in known
    ]


def _edition_nodes(about: dict[str, Any]) -> list[Node]:
    """Gives what edition.toml says of the white paper and of documents that are no web pages."""
    edition = about["id"]
    body = {
        "type": "whitepapers",
        "id": edition,
        "title_ja": about["title_ja"],
        "title_en": about["title_en"],
        "published": about["published"].isoformat(),
        "publisher_org_id": about["publisher_org_id"],
    }
    if "page_url" in about:
        body["page_url"] = about["page_url"]
    nodes = [Node(edition, body)]
    for slug, document in about.get("documents", {}).items():
        iri = thing("document", slug).value
        body = {"type": "documents", "id": iri, "edition": edition, **document}
        nodes.append(Node(edition, body))
    return nodes


def _periods(used: Iterable[tuple[str, str]]) -> list[Quad]:
    """Describes each period in every graph that uses it, so that a graph explains itself."""
    return [
        Quad(triple.subject, triple.predicate, triple.object, graph(name))
        for name, period in sorted(used)
        for triple in describe(parse_period(period))
    ]


def _short(name: object) -> str:
    return shorten(name.value).removeprefix("hkg:") if isinstance(name, NamedNode) else ""
