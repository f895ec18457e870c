"""What someone hands in, read whole: its statements, where each stands, and all its defects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad

if TYPE_CHECKING:
    from ..graph.limits import Limits
    from ..graph.progress import Told
    from .rdf import Parse
    from .references import References

VIOLATION: Final = "violation"
WARNING: Final = "warning"
INFO: Final = "info"
SEVERITIES: Final = (VIOLATION, WARNING, INFO)
"""How grave a defect is, the gravest first; only a violation keeps a submission out."""


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in a file, as a person who opens it sees it.

    The header is row 1; the column is the header's text as it stands in the file.

    >>> str(Place("policies.xlsx", "施策", 3, "所管"))
    'policies.xlsx, 施策, row 3, 所管'
    """

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        row = None if self.row is None else f"row {self.row}"
        return ", ".join(part for part in (self.file, self.sheet, row, self.column) if part)


@dataclass(frozen=True)
class Defect:
    """Something wrong, doubtful or changed in a file: where, what stands there, how to mend it.

    `code` is a name such as `unknown-column`; `nearest` are the right things most like the value.
    """

    place: Place
    code: str
    value: str | None
    message_ja: str
    message_en: str
    hint_ja: str = ""
    hint_en: str = ""
    nearest: tuple[str, ...] = ()
    severity: str = VIOLATION


@dataclass(frozen=True)
class SubmittedFile:
    """A file as it came: its name, media type, hash, and the rows that were read in it."""

    name: str
    media: str
    sha256: str
    rows: int


Replaced = tuple[NamedNode, NamedNode]
"""A subject and a property of which a submission says all that is to be said."""

Placed = tuple[str, str | None, str | None]
"""What a place is known of: a subject, and its property and value where it is a cell's."""


@dataclass(frozen=True)
class Submission:
    """What some files say together.

    Statements of the default graph belong to the submission's own graph, others to the graph that
    they name. A table's cell takes the place of what was said before: `replaces` says of what. Of
    a property with texts in several languages that is what was said in the same language.
    """

    files: tuple[SubmittedFile, ...] = ()
    quads: tuple[Quad, ...] = ()
    things: tuple[NamedNode, ...] = ()
    replaces: frozenset[Replaced] = frozenset()
    defects: tuple[Defect, ...] = ()
    places: Mapping[Placed, Place] = field(default_factory=dict, repr=False)

    def place(
        self, subject: str, path: str | None = None, value: str | None = None
    ) -> Place | None:
        """Gives the narrowest place known of a statement: its cell, else its row, else None."""
        for key in ((subject, path, value), (subject, path, None), (subject, None, None)):
            if key in self.places:
                return self.places[key]
        return None

    def is_whole(self) -> bool:
        """Says whether nothing in the files keeps them from being taken over."""
        return not any(defect.severity == VIOLATION for defect in self.defects)


def joined(parts: Iterable[Submission]) -> Submission:
    """Gives several submissions as one; the first place of a statement is kept."""
    together = list(parts)
    places: dict[Placed, Place] = {}
    for part in together:
        for key, place in part.places.items():
            places.setdefault(key, place)
    return Submission(
        files=tuple(each for part in together for each in part.files),
        quads=tuple(dict.fromkeys(quad for part in together for quad in part.quads)),
        things=tuple(dict.fromkeys(thing for part in together for thing in part.things)),
        replaces=frozenset().union(*(part.replaces for part in together)),
        defects=tuple(defect for part in together for defect in part.defects),
        places=places,
    )


def read_submission(
    files: Sequence[tuple[str, bytes]],
    known: References,
    *,
    table: str | None = None,
    edition: str | None = None,
    parse: Parse | None = None,
    limits: Limits | None = None,
    told: Told | None = None,
) -> Submission:
    """Gives what some files, each a name and its content, say together.

    `known` are the things that rows may refer to; `table` is the kind of a table whose name does
    not tell it; `edition` is the white paper that `evidence` means by its own, the newest unless
    it is named. RDF is read within `limits`, by `parse` where a worker pool is there to do it. What
    is wrong with the files is in the defects, never raised. The share of their content that is
    read is told.
    """
    # Every reader of a kind of file gives a submission, so that they come after it.
    from .intake import read

    return read(files, known, table, edition, parse, limits, told)
