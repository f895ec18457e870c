"""The quality of a release as a page shows it: each check counted, by part and by challenge.

What is counted and listed stands in `queries/quality/`: a check is a question of that folder with
the parameters `section` and `challenge`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from ..graph.store import Row, Store
from ..graph.terms import text
from ..queries.catalogue import ask, catalogue
from ..queries.header import Question
from .remembered import remembered

By = Literal["section", "challenge"]

FOLDER: Final = "quality/"
DEPTH: Final = 2
"""How deep parts of the white paper are told apart: part, chapter, section."""
ORDER: Final = (
    "policies-without-indicator",
    "indicators-without-recent-value",
    "conflicting-values",
    "assigned-links",
    "single-language",
)
"""The order in which the checks are shown; one that is not named comes after them."""


@dataclass
class Group:
    """A part of the white paper or a challenge: how many things each check finds there."""

    id: str
    label: str
    level: int
    counts: Mapping[str, int]
    below: list[Group] = field(default_factory=list)

    def all(self) -> Iterator[Group]:
        """Gives the group and all below it, as they stand."""
        yield self
        for group in self.below:
            yield from group.all()


def checks() -> list[Question]:
    """Gives the questions that are checks, in the order in which they are shown."""
    found = [
        each
        for each in catalogue()
        if each.id.startswith(FOLDER) and each.parameter("section") and each.parameter("challenge")
    ]
    known = {name: place for place, name in enumerate(ORDER)}
    return sorted(found, key=lambda each: (known.get(name_of(each), len(known)), each.id))


def name_of(check: Question) -> str:
    """Gives the name by which the counts know a check."""
    return check.id.removeprefix(FOLDER)


@dataclass(frozen=True)
class Counts:
    """What the checks find: in all there is, and group by group."""

    total: Mapping[str, int]
    groups: Sequence[Group]

    @property
    def all(self) -> list[Group]:
        """The groups and all below them, as they stand."""
        return [each for top in self.groups for each in top.all()]


def counts(store: Store, by: By, lang: str) -> Counts:
    """Gives what the checks find, by part of the white paper or by challenge; once a release."""
    total, found = remembered(("quality", by), lambda: counted(store, by))
    grouped = parts if by == "section" else challenges
    groups = remembered(("quality", by, lang), lambda: grouped(store, lang, found))
    return Counts(total, groups)


def counted(store: Store, by: By) -> tuple[Mapping[str, int], Mapping[str, Mapping[str, int]]]:
    """Gives the counts of all checks: of all there is, and group by group."""
    column = {"section": "part", "challenge": "challenge"}[by]
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    asked = (f"quality/by-{by}", f"quality/language-by-{by}")
    for row in [row for id in asked for row in ask(store, id).rows]:
        id = text(row[column]) if column in row else ""
        groups[id][text(row["check"])] = int(text(row["things"]))
    total: dict[str, int] = defaultdict(int)
    for id, counts in groups.items():
        if not id or id.startswith("whitepaper/"):
            for check, number in counts.items():
                total[check] += number
    return total, groups


def parts(store: Store, lang: str, counts: Mapping[str, Mapping[str, int]]) -> list[Group]:
    """Gives the parts of the white papers in which a check finds something, as a tree."""
    rows = ask(store, "editions/outline", lang=lang).rows
    return _tree(rows, "part", "parent", counts, DEPTH)


def challenges(store: Store, lang: str, counts: Mapping[str, Mapping[str, int]]) -> list[Group]:
    """Gives the challenges at which a check finds something, as a tree."""
    rows = ask(store, "matrix/challenges", lang=lang).rows
    return _tree(rows, "challenge", "broader", counts, len(rows))


def _tree(
    rows: list[Row],
    column: str,
    above: str,
    counts: Mapping[str, Mapping[str, int]],
    depth: int,
) -> list[Group]:
    known = {text(row[column]) for row in rows}
    below: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parent = text(row[above]) if above in row else ""
        below[parent if parent in known else ""].append(row)

    def grow(parent: str, level: int) -> list[Group]:
        if level > depth:
            return []
        found = []
        for row in below[parent]:
            id = text(row[column])
            if not counts.get(id):
                continue
            group = Group(id, text(row[f"{column}Label"]), level, counts[id])
            group.below = grow(id, level + 1)
            found.append(group)
        return found

    return grow("", 0)
