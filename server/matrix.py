"""The policy × challenge matrix as a page shows it: rows in tree order, cells with what they count.

A cell counts distinct policies with a recorded link, narrower challenges and smaller parts of the
white paper included. An empty cell says that no link is recorded here, never that there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from ..graph.names import expand
from ..graph.store import Row, Store
from ..graph.terms import text
from ..queries.catalogue import ask

COLUMNS = {"chapter": "part/{}-p2-c2", "feature": "part/{}-p1"}
"""The chapter on policies and the part of the special feature, whose numbers all editions share."""

PACKAGED = "r07"
"""The edition whose matrix is shown, empty, where none is recorded."""

SHADES = (1, 3, 6, 11, 21)
"""From how many policies on a cell takes the next darker shade."""


@dataclass(frozen=True)
class Column:
    """A section of the chapter on policies, or the part of the special feature."""

    id: str
    label: str
    feature: bool


@dataclass(frozen=True)
class Cell:
    """How many policies link a challenge and a part, and how many of them by a page's own words."""

    column: Column
    policies: int = 0
    stated: int = 0

    @property
    def shade(self) -> int:
        """From 0, no link recorded, to the darkest."""
        return sum(self.policies >= least for least in SHADES)


@dataclass
class Challenge:
    """A row: a challenge with its cells, and the rows of the narrower ones."""

    id: str
    label: str
    policies: int
    cells: list[Cell]
    level: int = 0
    narrower: list[Challenge] = field(default_factory=list)

    def below(self) -> Iterator[Challenge]:
        """Gives all narrower challenges in tree order."""
        for challenge in self.narrower:
            yield challenge
            yield from challenge.below()

    @property
    def empty(self) -> int:
        """How many of its cells have no link recorded."""
        return sum(not cell.policies for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    """The whole matrix: its columns and the top challenges, each with all below it."""

    columns: Sequence[Column]
    top: Sequence[Challenge]

    @property
    def rows(self) -> list[Challenge]:
        """All rows in tree order."""
        return [row for top in self.top for row in (top, *top.below())]

    @property
    def empty(self) -> int:
        """How many cells have no link recorded."""
        return sum(row.empty for row in self.rows)


@dataclass(frozen=True)
class Edition:
    """A white paper whose outline is recorded: its id, such as r07, and its title."""

    id: str
    label: str


def editions(store: Store, lang: str) -> list[Edition]:
    """Gives the white papers that there is a matrix of, the newest first."""
    return [
        Edition(text(row["edition"]).removeprefix("whitepaper/"), text(row["editionLabel"]))
        for row in ask(store, "editions/with-outline", lang=lang).rows
    ]


def matrix(store: Store, lang: str, edition: str | None = None) -> Matrix:
    """Gives the matrix of an edition in a store's graph, the newest unless one is named, its
    labels in a language."""
    if edition is None:
        there = editions(store, lang)
        edition = there[0].id if there else PACKAGED
    # As terms: where an edition has no such parts, there are no columns, and nothing is wrong.
    asked = {name: NamedNode(expand(part.format(edition))) for name, part in COLUMNS.items()}
    columns = [
        Column(text(row["column"]), text(row["columnLabel"]), text(row["isFeature"]) == "true")
        for row in ask(store, "matrix/columns", lang=lang, **asked).rows
    ]
    # The sections of the chapter come first, as they stand; the special feature closes the table.
    columns.sort(key=lambda column: column.feature)
    rows = ask(store, "matrix/challenges", lang=lang).rows
    narrower: Mapping[str, list[Row]] = defaultdict(list)
    for row in rows:
        narrower[text(row["broader"]) if "broader" in row else ""].append(row)

    broader = {text(row["challenge"]): text(row["broader"]) for row in rows if "broader" in row}
    counted = _counted(store, broader, edition)

    def grow(above: str, level: int) -> list[Challenge]:
        found = []
        for row in narrower[above]:
            id = text(row["challenge"])
            cells = [
                Cell(column, *map(len, counted.get((id, column.id), ()))) for column in columns
            ]
            challenge = Challenge(
                id, text(row["challengeLabel"]), _count(row, "policies"), cells, level
            )
            challenge.narrower = grow(id, level + 1)
            found.append(challenge)
        return found

    return Matrix(columns, grow("", 0))


def _counted(
    store: Store, broader: Mapping[str, str], edition: str
) -> Mapping[tuple[str, str], tuple[set[str], set[str]]]:
    """Gives, for each challenge and part, the policies with a link, and those a page states."""
    paper = NamedNode(expand(f"whitepaper/{edition}"))
    within = {
        text(row["part"]): text(row["parent"])
        for row in ask(store, "editions/outline", lang="ja", edition=paper).rows
    }
    counted: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in ask(store, "matrix/links").rows:
        policy, stated = text(row["policy"]), text(row["assertion"]) == "hk:stated"
        for challenge in _up(text(row["challenge"]), broader):
            for part in _up(text(row["part"]), within):
                linked, said = counted[challenge, part]
                linked.add(policy)
                if stated:
                    said.add(policy)
    return counted


def _up(id: str, above: Mapping[str, str]) -> Iterator[str]:
    """Gives an id and all that is above it."""
    seen: set[str] = set()
    while id and id not in seen:
        seen.add(id)
        yield id
        id = above.get(id, "")


def _count(row: Row, name: str) -> int:
    return int(text(row[name]))
