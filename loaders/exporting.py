"""The graph as tables again: for each thing the row from which the same statements would come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from ..graph.errors import BadPeriod
from ..graph.names import GRAPH, HKID, expand, term, thing
from ..graph.periods import parse_period
from .columns import Column, columns, context, kinds
from .compiled import TYPE, Statement, classes, statements
from .figures import printed_number
from .rows import LEVELS
from .spreadsheets.forms import number
from .spreadsheets.headers import MERGES, header_of
from .tables import LIST_SEPARATOR

TABLES: Final = (
    "sections",
    "challenges",
    "organizations",
    "sources",
    "indicators",
    "observations",
    "policies",
    "policy_indicators",
    "milestones",
    "links",
    MERGES,
)
"""The tables of an edition, those first to whose rows others refer."""

APART: Final = ("inferred", "ontology", "provenance")
"""Graphs, and beginnings of their names, in which nothing is said by a row of a table."""

_NEVER: Final = (date.min, date.min)
_ADDRESSES: Final = term("addresses")
_REPLACED: Final = NamedNode(expand("dcterms:isReplacedBy"))
_KANA: Final = dict(zip("aiueo", "アイウエオ", strict=True))
_SECTION: Final = re.compile(r".+?-p([^-]+)(?:-c([^-]+))?(?:-s([^-]+))?(?:-(.+))?")

Record = dict[str, str]
_Place = tuple[int, str, tuple[date, date]]
_Said = dict[NamedNode, list[NamedNode | Literal]]


class Exporter:
    """Gives the rows of the tables from the statements of a store.

    `default` says that the store's default graph has statements of its own, as that of a plain
    release has; of a merged one it repeats the named graphs, with what follows from them.
    `left_out` counts things of other IRIs than ours, which no row can name.
    """

    def __init__(self, store: Store, default: bool = False) -> None:
        self._store = store
        self._default = default
        self.left_out = 0
        self._levels = {classes()[level.capitalize()]: level for level in LEVELS}

    def header(self, table: str) -> tuple[str, ...]:
        """Gives the columns of a table."""
        return header_of(table)

    def rows(self, table: str) -> list[Record]:
        """Gives the rows of a table in the order of their ids; sections in that of reading."""
        found = self._merges() if table == MERGES else self._things(table)
        return [row for _, row in sorted(found, key=lambda each: (each[0], [*each[1].values()]))]

    def row(self, table: str, slug: str) -> Record | None:
        """Gives the row of one thing of a table by its id, or None where there is no such thing."""
        subject = thing(kinds()[table], slug)
        said = self._said(subject)
        if classes()[table] not in said.get(TYPE, []) and table != "sections":
            return None
        return self._row(table, subject, said, slug) if said else None

    def _things(self, table: str) -> Iterator[tuple[_Place, Record]]:
        under = f"{HKID}{kinds()[table]}/"
        for subject in self._of(classes()[table]):
            if not subject.value.startswith(under):
                self.left_out += 1
                continue
            said = self._said(subject)
            if table in ("links", "policy_indicators"):
                addresses = _ADDRESSES in said.get(term("relation"), [])
                if addresses != (table == "links"):
                    continue
            slug = subject.value.rpartition("/")[2]
            row = self._row(table, subject, said, slug)
            yield _place(row, slug), row

    def _of(self, of: NamedNode) -> list[NamedNode]:
        quads = self._quads(None, TYPE, of)
        return list(dict.fromkeys(q.subject for q in quads if isinstance(q.subject, NamedNode)))

    def _quads(
        self, subject: NamedNode | None, predicate: NamedNode | None, value: NamedNode | None
    ) -> Iterator[Quad]:
        """Gives the statements that rows have made, once for each graph that has them."""
        for quad in self._store.quads_for_pattern(subject, predicate, value, None):
            if isinstance(quad.graph_name, DefaultGraph):
                if self._default:
                    yield quad
            elif not getattr(quad.graph_name, "value", "").removeprefix(GRAPH).startswith(APART):
                yield quad

    def _said(self, subject: NamedNode) -> _Said:
        said: _Said = {}
        for quad in self._quads(subject, None, None):
            known = said.setdefault(quad.predicate, [])
            if isinstance(quad.object, NamedNode | Literal) and quad.object not in known:
                known.append(quad.object)
        return said

    def _row(self, table: str, subject: NamedNode, said: _Said, slug: str) -> Record:
        own = context()[table]["@context"]
        row: Record = {}
        for name in self.header(table):
            about, column = statements(table).get(name), columns(table)[name]
            if name == "id":
                row[name] = slug
            elif name == "addresses_challenge_ids":
                row[name] = LIST_SEPARATOR.join(self._addressed(subject))
            elif name == "section_id":
                places = [*said.get(term("describedIn"), []), *said.get(term("placedIn"), [])]
                row[name] = _listed(map(_slug, places))
            elif about is not None and about.reverse:
                speakers = self._quads(None, about.property, subject)
                row[name] = _listed(_slug(quad.subject) for quad in speakers)
            elif about is not None:
                row[name] = _cell(column, about, said, own.get(name) or context()[name])
            else:
                row[name] = ""
        if table == "sections":
            row |= self._levels_of(subject, said, slug)
        if table == "observations":
            row |= self._printed(row, said)
        return row

    def _addressed(self, policy: NamedNode) -> list[str]:
        """Gives the challenges to which links of a policy lead."""
        found: set[str] = set()
        for quad in self._quads(None, term("subject"), policy):
            if isinstance(quad.subject, NamedNode):
                said = self._said(quad.subject)
                if _ADDRESSES in said.get(term("relation"), []):
                    found.update(map(_slug, said.get(term("object"), [])))
        return sorted(found)

    def _levels_of(self, subject: NamedNode, said: _Said, slug: str) -> Record:
        """Gives the numbers of a section, which its id has; else its place among its siblings."""
        found = _SECTION.fullmatch(slug)
        if found is not None:
            numbers = dict(zip(LEVELS, found.groups(default=""), strict=True))
            parts = numbers["subsection"].split("-")
            numbers["subsection"] = "-".join(_KANA.get(part, part) for part in parts)
            return numbers
        types = [each for each in said.get(TYPE, []) if isinstance(each, NamedNode)]
        level = next((self._levels[each] for each in types if each in self._levels), "")
        return {level: "1"} if level else {}

    def _printed(self, row: Record, said: _Said) -> Record:
        """Gives the cells of an observation as they are printed, zeros and Roman numerals too."""
        cells: Record = {}
        figures = [each for each in said.get(term("figure"), []) if isinstance(each, NamedNode)]
        numbers = [text for each in figures for text in self._said(each).get(term("number"), [])]
        cells["figure_no"] = _listed(printed_number(each.value) for each in numbers)
        # The engine keeps 83.0 as 83; the printed form has the zero still.
        printed = number(row["printed_value"]).value if row["printed_value"] else ""
        if printed and _same(printed, row["value"]):
            cells["value"] = printed
        return cells

    def _merges(self) -> Iterator[tuple[_Place, Record]]:
        """Gives the rows of what was merged away: both ids, and why."""
        tables = {kind: table for table, kind in reversed(list(kinds().items()))}
        about = statements(MERGES)
        for quad in self._quads(None, _REPLACED, None):
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode):
                continue
            kind, _, slug = quad.subject.value.removeprefix(HKID).partition("/")
            said = self._said(quad.subject)
            reasons = {
                name: _cell(columns(MERGES)[name], about[name], said, context()[name])
                for name in ("reason_ja", "reason_en")
            }
            table = tables.get(kind, kind)
            row = {"table": table, "dropped_id": slug, "kept_id": _slug(quad.object), **reasons}
            yield (0, f"{table}/{slug}", _NEVER), row


def _place(row: Record, slug: str) -> _Place:
    """Gives what a row is sorted by: its place in reading, its policy and date, or its id."""
    if "policy_id" not in row:
        return (int(row.get("position") or 0), slug, _NEVER)
    try:
        day = parse_period(row["date"])
    except (KeyError, BadPeriod):
        return (0, row["policy_id"], _NEVER)
    return (0, row["policy_id"], (day.start, day.end))


def _cell(column: Column, about: Statement, said: _Said, entry: object) -> str:
    """Gives the text of a cell from what is said by its property."""
    language = entry.get("@language") if isinstance(entry, Mapping) else None
    found = []
    for each in said.get(about.property, []):
        if isinstance(each, Literal):
            if language is None or each.language == language:
                found.append(each.value)
        elif column.choices:
            words = [word for word in column.choices if about.make(word) == each]
            found.append(words[0] if words else each.value)
        elif column.kind is not None:
            if each.value.startswith(f"{HKID}{column.kind}/"):
                found.append(_slug(each))
        else:
            found.append(each.value)
    return _listed(found)


def _listed(parts: Iterable[str]) -> str:
    return LIST_SEPARATOR.join(sorted(set(parts)))


def _slug(each: object) -> str:
    return each.value.rpartition("/")[2] if isinstance(each, NamedNode) else ""


def _same(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False
