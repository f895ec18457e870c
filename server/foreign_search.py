"""Search where another engine answers, of whose texts there is no index.

The engine is asked for the things whose texts have the longest word of the query as it may be
spelled; those are then searched as a release is, with the same folding, ranks and marks. What is
only found by folding the engine's own texts further, such as half-width kana, is missed.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, Quad

from ..graph.search.finding import LONGEST
from ..graph.search.index import connect, write
from ..graph.search.texts import entries, kind_of
from ..graph.store import Store
from ..queries.catalogue import ask
from .searching import Index

MOST: Final = 1_000
"""How many things the engine names at most; it is the limit of the question."""
AT_ONCE: Final = 200
ENDING: Final = 3
"""How many letters of an English word may be its ending."""
WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
KATAKANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}
HIRAGANA: Final = {other: code for code, other in KATAKANA.items()}


@dataclass(frozen=True)
class Candidates:
    """An index of the things that a query may mean, and whether there may be more of them."""

    index: Index
    cut: bool


@contextmanager
def candidates(store: Store, query: str) -> Iterator[Candidates]:
    """Gives what an engine holds that a query may mean, for as long as it is searched."""
    words = spellings(query)
    named = ask(store, "things/having-word", word=words).rows if words else []
    found = [
        row["thing"]
        for row in named
        if isinstance(row["thing"], NamedNode) and kind_of(row["thing"].value)
    ]
    texts = pyoxigraph.Store()
    for start in range(0, len(found), AT_ONCE):
        for row in ask(store, "things/texts", thing=found[start : start + AT_ONCE]).rows:
            subject, property = row["thing"], row["property"]
            if isinstance(subject, NamedNode) and isinstance(property, NamedNode):
                texts.add(Quad(subject, property, row["text"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search"
        write(path, entries(texts))
        with closing(connect(path)) as index:
            yield Candidates(index, len(named) == MOST)


def spellings(query: str) -> list[str]:
    """Gives how the longest word of a query may be spelled, in small letters.

    >>> spellings("the Policies")
    ['polic', 'ｐｏｌｉｃ']
    >>> spellings("サーバー")
    ['サーバ', 'さーば']
    """
    plain = unicodedata.normalize("NFKC", query[:LONGEST]).lower()
    word = max(plain.split(), key=len, default="")
    if word.isascii() and word.isalpha() and len(word) > 2 * ENDING:
        word = word[:-ENDING]
    word = word.rstrip("ー") or word
    tables: tuple[dict[int, int], ...] = ({}, WIDE, KATAKANA, HIRAGANA)
    return list(dict.fromkeys(word.translate(table) for table in tables if word))
