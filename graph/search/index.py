"""The index itself: one SQLite file with the texts of a release's things and their tokens."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from .folding import fold
from .grams import joined
from .texts import ABOUT, ALT, KINDS, LABEL, Entry

VERSION: Final = 1
"""The version of the index and of the folding it was made with; another is made anew."""

_BATCH: Final = 5_000
_TABLES: Final = """
CREATE TABLE things (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL,
    label_ja TEXT NOT NULL, label_en TEXT NOT NULL
);
CREATE TABLE names (thing INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TABLE texts (
    thing INTEGER NOT NULL, field TEXT NOT NULL, lang TEXT NOT NULL, value TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(
    label, alt, about, content = '',
    tokenize = "porter unicode61 remove_diacritics 0 categories 'L* N* Co'"
);
CREATE VIRTUAL TABLE spellings USING fts5(name, tokenize = "trigram");
"""
# Made when all rows are there: faster than keeping them in order on the way.
_INDEXES: Final = """
CREATE INDEX names_by_name ON names (name);
CREATE INDEX names_by_thing ON names (thing);
CREATE INDEX texts_by_thing ON texts (thing);
INSERT INTO words (words) VALUES ('optimize');
"""
_LATIN: Final = re.compile(r"[a-z][a-z0-9-]{3,}")


def write(path: Path, entries: Iterable[Entry]) -> int:
    """Writes an index of things to a new file and gives how many they are."""
    with closing(sqlite3.connect(path)) as database:
        # Nobody reads the file before it is whole, so a crash costs nothing but another try.
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        count = 0
        spelled: set[str] = set()
        coming = enumerate(entries, 1)
        while batch := list(islice(coming, _BATCH)):
            _put(database, batch, spelled)
            count += len(batch)
        database.executescript(_INDEXES)
        database.execute(f"PRAGMA user_version = {VERSION}")
        database.commit()
    return count


def connect(path: Path) -> sqlite3.Connection:
    """Opens an index for reading, in whichever thread asks."""
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def readable(path: Path) -> bool:
    """Tells whether a file is an index of this version."""
    try:
        with closing(connect(path)) as database:
            return bool(database.execute("PRAGMA user_version").fetchone()[0] == VERSION)
    except sqlite3.Error:
        return False


def count_of(database: sqlite3.Connection) -> int:
    """Gives how many things can be found."""
    return int(database.execute("SELECT COUNT(*) FROM things").fetchone()[0])


def iris_of(database: sqlite3.Connection, start: int, limit: int) -> list[str]:
    """Gives the IRIs of some of the things that can be found, in their order."""
    rows = database.execute(
        "SELECT iri FROM things WHERE id > ? ORDER BY id LIMIT ?", (start, limit)
    )
    return [iri for (iri,) in rows]


def _put(database: sqlite3.Connection, batch: list[tuple[int, Entry]], spelled: set[str]) -> None:
    plain = [(id, entry, _folded(entry)) for id, entry in batch]
    database.executemany(
        "INSERT INTO things VALUES (?, ?, ?, ?, ?)",
        (
            (id, entry.iri, KINDS.index(entry.kind), *_labels(entry, texts))
            for id, entry, texts in plain
        ),
    )
    database.executemany(
        "INSERT INTO texts VALUES (?, ?, ?, ?)",
        ((id, text.field, text.lang, text.value) for id, entry in batch for text in entry.texts),
    )
    database.executemany(
        "INSERT INTO names VALUES (?, ?)",
        ((id, name) for id, _, texts in plain for name in texts[ALT]),
    )
    database.executemany(
        "INSERT INTO words (rowid, label, alt, about) VALUES (?, ?, ?, ?)",
        ((id, *(joined(texts[field]) for field in (LABEL, ALT, ABOUT))) for id, _, texts in plain),
    )
    new = {
        spelling
        for _, _, texts in plain
        for name in (*texts[LABEL], *texts[ALT])
        for spelling in (name, *_LATIN.findall(name))
    } - spelled
    spelled |= new
    database.executemany("INSERT INTO spellings VALUES (?)", ((name,) for name in sorted(new)))


def _folded(entry: Entry) -> dict[str, list[str]]:
    """Gives the texts of a thing folded, by what they are to it."""
    found: dict[str, list[str]] = {LABEL: [], ALT: [], ABOUT: []}
    for text in entry.texts:
        found[text.field].append(fold(text.value))
    return found


def _labels(entry: Entry, texts: dict[str, list[str]]) -> tuple[str, str]:
    """Gives the folded labels in Japanese and English; one of no language counts as Japanese."""
    langs = [text.lang for text in entry.texts if text.field == LABEL]
    said = dict(zip(reversed(langs), reversed(texts[LABEL]), strict=True))
    return said.get("ja", said.get("", "")), said.get("en", "")
