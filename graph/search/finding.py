"""What a query finds: the things with all its words, ranked, counted by kind, page by page.

A name that is the query comes first, then one that begins with it, one that has it, another name
of the thing, and what is said about it; within one rank challenges before policies before the
rest, and short names before long ones.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from ..names import shorten
from . import grams
from .folding import fold, printable
from .marks import Match, match
from .texts import ABOUT, ALT, KINDS, LABEL, Text

MOST: Final = 10_000
"""How many things are ranked; the rest is beyond anyone's patience, and a narrower query's."""
LONGEST: Final = 200
"""How many characters of a query are looked at."""
_NEAREST: Final = 5
_CANDIDATES: Final = 200
_ALIKE: Final = 0.6

_FIND: Final = """
WITH found AS MATERIALIZED (SELECT rowid AS id FROM words WHERE words MATCH :all LIMIT :most),
in_label AS MATERIALIZED (SELECT rowid AS id FROM words WHERE words MATCH :in_label),
in_alt AS MATERIALIZED (SELECT rowid AS id FROM words WHERE words MATCH :in_alt)
SELECT things.id, things.kind,
    CASE
        WHEN :query IN (label_ja, label_en) THEN 0
        WHEN substr(label_ja, 1, :length) = :query OR substr(label_en, 1, :length) = :query THEN 1
        WHEN things.id IN (SELECT thing FROM names WHERE name = :query) THEN 2
        WHEN things.id IN in_label THEN 3
        WHEN things.id IN in_alt THEN 4
        ELSE 5
    END AS rank
FROM found JOIN things USING (id)
ORDER BY rank, kind, length(label_ja), iri
"""


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its names, and the text for which it was found."""

    iri: str
    kind: str
    labels: Mapping[str, str]
    about: Mapping[str, str]
    """What is said about it, by language."""
    match: Match

    @property
    def id(self) -> str:
        """The short form of its IRI."""
        return shorten(self.iri)

    def label(self, lang: str) -> str:
        """Gives its name in a language, else what it is called at all."""
        return self.labels.get(lang) or next(iter(self.labels.values()), self.id)


@dataclass(frozen=True)
class Found:
    """A page of what a query found, how many there are of each kind, and else what is near."""

    query: str
    hits: tuple[Hit, ...]
    counts: Mapping[str, int]
    """How many were found of each kind."""
    total: int
    """How many were found of the kind that was asked for, or of all."""
    cut: bool
    """Whether there are more than were ranked."""
    shortened: bool
    """Whether the query was longer than what is looked at."""
    nearest: tuple[str, ...] = ()


def find(
    database: sqlite3.Connection,
    query: str,
    *,
    kind: str | None = None,
    lang: str = "ja",
    start: int = 0,
    limit: int = 20,
    typing: bool = False,
) -> Found:
    """Gives what has all words of a query; while it is being typed the last word may be a part."""
    text = " ".join(printable(query[: 4 * LONGEST]).split())
    asked, shortened = text[:LONGEST], len(text) > LONGEST or len(query) > 4 * LONGEST
    plain = fold(asked)
    words = grams.words(plain)
    if not words:
        return Found(asked, (), {}, 0, False, shortened)
    rows = _rows(database, plain, words, typing)
    counted = Counter(row[1] for row in rows)
    counts = {name: counted[place] for place, name in enumerate(KINDS) if counted[place]}
    wanted = [row[0] for row in rows if kind is None or KINDS[row[1]] == kind]
    hits = tuple(_hit(database, id, words, lang) for id in wanted[start : start + limit])
    nearest = () if rows else _near(database, plain, asked)
    return Found(asked, hits, counts, len(wanted), len(rows) >= MOST, shortened, nearest)


def _rows(
    database: sqlite3.Connection, plain: str, words: Sequence[str], typing: bool
) -> list[tuple[int, int, int]]:
    return database.execute(
        _FIND,
        {
            "all": grams.expression(words, typing=typing),
            "in_label": grams.expression(words, LABEL, typing),
            "in_alt": grams.expression(words, ALT, typing),
            "query": plain,
            "length": len(plain),
            "most": MOST,
        },
    ).fetchall()


def _hit(database: sqlite3.Connection, id: int, words: Sequence[str], lang: str) -> Hit:
    iri, kind = database.execute("SELECT iri, kind FROM things WHERE id = ?", (id,)).fetchone()
    rows = database.execute("SELECT field, lang, value FROM texts WHERE thing = ?", (id,))
    texts = [Text(*row) for row in rows]
    labels, about = (
        {text.lang: text.value for text in reversed(texts) if text.field == field}
        for field in (LABEL, ABOUT)
    )
    order = {LABEL: 0, ALT: 1, ABOUT: 2}
    texts.sort(key=lambda text: (order[text.field], text.lang not in (lang, "")))
    return Hit(iri, KINDS[kind], labels, about, match(texts, words))


def _near(database: sqlite3.Connection, plain: str, asked: str) -> tuple[str, ...]:
    """Gives the names most like a query that finds nothing, as they are written."""
    threes = {plain[place : place + 3] for place in range(len(plain) - 2)}
    if threes:
        wanted = " OR ".join('"' + each.replace('"', '""') + '"' for each in sorted(threes))
        rows = database.execute(
            "SELECT name FROM spellings WHERE spellings MATCH ? ORDER BY rank LIMIT ?",
            (wanted, _CANDIDATES),
        )
    else:
        rows = database.execute(
            "SELECT name FROM spellings WHERE length(name) < 6 AND substr(name, 1, 1) = ? LIMIT ?",
            (plain[:1], _CANDIDATES),
        )
    likeness = {name: SequenceMatcher(None, plain, name).ratio() for (name,) in rows}
    best = sorted(likeness, key=lambda name: (-likeness[name], name))
    near = [name for name in best if likeness[name] >= _ALIKE][:_NEAREST]
    written = (_written(database, name) for name in near)
    return tuple(dict.fromkeys(name for name in written if fold(name) != fold(asked)))


def _written(database: sqlite3.Connection, name: str) -> str:
    """Gives a folded name as a thing has it."""
    rows = database.execute(
        "SELECT value FROM texts WHERE field <> :about AND thing IN ("
        "SELECT id FROM things WHERE :name IN (label_ja, label_en) UNION "
        "SELECT thing FROM names WHERE name = :name)",
        {"about": ABOUT, "name": name},
    )
    return next((value for (value,) in rows if fold(value) == name), name)
