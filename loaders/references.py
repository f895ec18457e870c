"""The ids that rows may refer to: those of the tables, and the codes of the code lists."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode, Quad

from ..graph.names import HKID, expand
from .columns import kinds
from .tables import LIST_SEPARATOR, Table

_NAMES = {NamedNode(expand(name)) for name in ("rdfs:label", "skos:prefLabel", "skos:altLabel")}


class References:
    """The known ids of each kind, each with the names by which people call the thing.

    >>> known = References()
    >>> known.add("organization", "mic", ["総務省", "Ministry of Internal Affairs"])
    >>> known.nearest("organization", "総務省")
    ('mic',)
    """

    def __init__(self) -> None:
        self._names: dict[str, dict[str, set[str]]] = {}
        self._tables: dict[str, str] = {}
        self._nearest: dict[tuple[str, str], tuple[str, ...]] = {}

    def add(self, kind: str, slug: str, names: Iterable[str] = ()) -> None:
        """Makes an id known, with more names where it already was."""
        self._names.setdefault(kind, {}).setdefault(slug, set()).update(names)

    def add_table(self, table: Table) -> None:
        """Makes the ids of a table's rows known."""
        kind = kinds()[table.name]
        self._tables[kind] = table.file
        for row in table.rows:
            if "id" in row.cells:
                names = (row.cells.get(name, "") for name in table.columns if "label" in name)
                listed = (name for cell in names for name in cell.split(LIST_SEPARATOR))
                self.add(kind, row.cells["id"], filter(None, listed))

    def add_quads(self, quads: Iterable[Quad]) -> None:
        """Makes the things known that some statements describe, such as the codes of a list."""
        for quad in quads:
            if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(HKID):
                continue
            kind, _, slug = quad.subject.value.removeprefix(HKID).partition("/")
            if isinstance(quad.object, Literal) and quad.predicate in _NAMES:
                self.add(kind, slug, [quad.object.value])
            else:
                self.add(kind, slug)

    def knows(self, kind: str, slug: str) -> bool:
        """Says whether there is such an id."""
        return slug in self._names.get(kind, ())

    def missing(self, kind: str) -> str:
        """Gives the end of the sentence that an unknown id begins."""
        if kind in self._tables:
            return f"is in no row of {self._tables[kind]}"
        return f"is no known {kind}" if kind in kinds().values() else f"is no code of {kind}"

    def nearest(self, kind: str, slug: str) -> tuple[str, ...]:
        """Gives the known id that is most like a text, by itself or by a name of its thing."""
        # One wrong id often stands in thousands of rows.
        if (kind, slug) not in self._nearest:
            self._nearest[kind, slug] = self._find_nearest(kind, slug)
        return self._nearest[kind, slug]

    def _find_nearest(self, kind: str, slug: str) -> tuple[str, ...]:
        known = self._names.get(kind, {})
        close = get_close_matches(slug, known, n=1, cutoff=0.6)
        if close:
            return (close[0],)
        named = {name: known_slug for known_slug, names in known.items() for name in names}
        close = get_close_matches(slug, named, n=1, cutoff=0.6)
        return (named[close[0]],) if close else ()
