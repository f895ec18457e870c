"""The ids that rows may refer to: those of the tables, of a release, and of the code lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from ..graph.names import HKID, expand, term, thing
from ..graph.ontology import code_lists
from .columns import kinds
from .tables import LIST_SEPARATOR, Table

_NAMES: Final = tuple(
    NamedNode(expand(name)) for name in ("rdfs:label", "skos:prefLabel", "skos:altLabel")
)
_MOST_COMPARED: Final = 20_000
"""With more names than these, finding the nearest would take longer than reading the file."""


class References:
    """The known ids of each kind, each with the names by which people call the thing.

    What a store describes is known, too; it is looked up there when it is asked for.

    >>> known = References()
    >>> known.add("organization", "mic", ["総務省", "Ministry of Internal Affairs"])
    >>> known.nearest("organization", "総務省"), known.named("organization", "総務省")
    (('mic',), ('mic',))
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        self._names: dict[str, dict[str, set[str]]] = {}
        self._named: dict[str, dict[str, set[str]]] = {}
        self._tables: dict[str, str] = {}
        self._nearest: dict[tuple[str, str], tuple[str, ...]] = {}
        self._stored: dict[tuple[str, str], bool] = {}

    def copy(self) -> References:
        """Gives references that know the same, to which more can be added."""
        other = References(self._store)
        for kind, known in self._names.items():
            for slug, names in known.items():
                other.add(kind, slug, names)
        other._tables = dict(self._tables)
        return other

    def slugs(self, kind: str) -> set[str]:
        """Gives all known ids of a kind that has few, such as white papers."""
        return {*self._names.get(kind, ()), *self._all_stored(kind)}

    def add(self, kind: str, slug: str, names: Iterable[str] = ()) -> None:
        """Makes an id known, with more names where it already was."""
        called = self._names.setdefault(kind, {}).setdefault(slug, set())
        for name in names:
            called.add(name)
            self._named.setdefault(kind, {}).setdefault(folded(name), set()).add(slug)

    def add_table(self, table: Table) -> None:
        """Makes the ids of a table's rows known."""
        kind = kinds()[table.name]
        self._tables[kind] = table.file
        for row in table.rows:
            if "id" in row.cells:
                names = (row.cells.get(name, "") for name in table.columns if is_name(name))
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
        return slug in self._names.get(kind, ()) or self.stores(kind, slug)

    def stores(self, kind: str, slug: str) -> bool:
        """Says whether the store, if there is one, describes the thing of an id."""
        if (kind, slug) not in self._stored:
            self._stored[kind, slug] = self.describes(kind, slug)
        return self._stored[kind, slug]

    def describes(self, kind: str, slug: str) -> bool:
        """Says the same, and remembers nothing: for ids of which each is asked for once."""
        if self._store is None or not slug:
            return False
        found = self._store.quads_for_pattern(thing(kind, slug), None, None, None)
        return next(found, None) is not None

    def introduces(self, kind: str, slug: str) -> bool:
        """Says whether an id is one of those that were added, whatever the store has."""
        return slug in self._names.get(kind, ())

    def stored_quads(
        self,
        subject: NamedNode | None,
        predicate: NamedNode | None = None,
        value: NamedNode | None = None,
    ) -> list[Quad]:
        """Gives what the store says, where there is one."""
        if self._store is None:
            return []
        return list(self._store.quads_for_pattern(subject, predicate, value, None))

    def addressed(self, policy: str) -> dict[str, list[NamedNode]]:
        """Gives the challenges that a policy is linked to in the store, with those links."""
        found: dict[str, list[NamedNode]] = {}
        for quad in self.stored_quads(None, term("subject"), thing("policy", policy)):
            link = quad.subject
            if isinstance(link, NamedNode):
                said = {each.predicate: each.object for each in self.stored_quads(link)}
                challenge = said.get(term("object"))
                if said.get(term("relation")) == term("addresses") and challenge is not None:
                    slug = str(challenge).rstrip(">").rpartition("/")[2]
                    found.setdefault(slug, []).append(link)
        return found

    def stored_names(self, kind: str, slug: str) -> set[str]:
        """Gives the names by which the store calls a thing."""
        if self._store is None:
            return set()
        return {
            quad.object.value
            for name in _NAMES
            for quad in self._store.quads_for_pattern(thing(kind, slug), name, None, None)
            if isinstance(quad.object, Literal)
        }

    def named(self, kind: str, name: str) -> tuple[str, ...]:
        """Gives the ids of the things that bear a name, however wide its letters are."""
        found = set(self._named.get(kind, {}).get(folded(name), ()))
        return tuple(sorted(found | self._stored_under(kind, name)))

    def _stored_under(self, kind: str, name: str) -> set[str]:
        if self._store is None:
            return set()
        under = HKID + kind + "/"
        return {
            quad.subject.value.removeprefix(under)
            for label in _NAMES
            for said in (Literal(name), Literal(name, language="ja"), Literal(name, language="en"))
            for quad in self._store.quads_for_pattern(None, label, said, None)
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(under)
        }

    def missing(self, kind: str) -> tuple[str, dict[str, Any]]:
        """Gives what is wrong with an unknown id of a kind, and the words to say it with."""
        if kind in self._tables:
            return "unknown-id", {"file": self._tables[kind]}
        is_thing = kind in kinds().values()
        return "unknown-thing" if is_thing else "unknown-code", {"kind": kind}

    def nearest(self, kind: str, slug: str) -> tuple[str, ...]:
        """Gives the known id that is most like a text, by itself or by a name of its thing."""
        # One wrong id often stands in thousands of rows.
        if (kind, slug) not in self._nearest:
            self._nearest[kind, slug] = self._find_nearest(kind, slug)
        return self._nearest[kind, slug]

    def _find_nearest(self, kind: str, slug: str) -> tuple[str, ...]:
        known = {**self._names.get(kind, {}), **self._all_stored(kind)}
        if len(known) > _MOST_COMPARED:
            return ()
        close = get_close_matches(slug, known, n=1, cutoff=0.6)
        if close:
            return (close[0],)
        named = {name: known_slug for known_slug, names in known.items() for name in names}
        close = get_close_matches(slug, named, n=1, cutoff=0.6)
        return (named[close[0]],) if close else ()

    def _all_stored(self, kind: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        if self._store is None:
            return found
        under = HKID + kind + "/"
        for label in _NAMES:
            for quad in self._store.quads_for_pattern(None, label, None, None):
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(under):
                    slug = quad.subject.value.removeprefix(under)
                    found.setdefault(slug, set()).add(getattr(quad.object, "value", ""))
                if len(found) > _MOST_COMPARED:
                    return {}
        return found


def known_to(store: Store | None) -> References:
    """Gives the ids that are known to a store, such as a release's, and those of the code lists."""
    known = References(store)
    known.add_quads(code_lists())
    return known


def is_name(column: str) -> bool:
    """Says whether a column holds what people call a thing."""
    return "label" in column or column.startswith("title_") and column != "title_status"


def folded(name: str) -> str:
    """Gives what two writings of a name have in common, whatever their width, case and spaces.

    >>> folded("ＩＣＴ　白書") == folded("ict白書")
    True
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
