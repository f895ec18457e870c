"""Folded text as the tokens of the index: words of alphabets, and the 1–2-grams of Japanese.

A run of kanji or kana becomes its pairs of neighbours and its last character: 災害対策 is 災害 害対
対策 策. A word of two kanji is then one token, a longer one a phrase, and a single character the
beginning of a token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

WIDE: Final = (
    "\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""The characters of scripts that leave no space between words."""
RUN: Final = re.compile(f"[{WIDE}]+|[^\\W_{WIDE}]+")
APART: Final = "\ue000"
"""Stands between two texts of a thing, so that no phrase reaches from one into the other."""
SHORT: Final = 2
"""A word of an alphabet this short is meant whole: AI is not the beginning of aid."""
MOST_WORDS: Final = 12


def tokens(text: str) -> str:
    """Gives a folded text as the index holds it.

    >>> tokens("生成aiの活用")
    '生成 成 ai の活 活用 用'
    """
    return " ".join(token for run in RUN.findall(text) for token in _of_run(run))


def joined(texts: Iterable[str]) -> str:
    """Gives several folded texts as the index holds them together."""
    return f" {APART} ".join(map(tokens, texts))


def words(text: str) -> tuple[str, ...]:
    """Gives the words of a folded query that can be looked for."""
    return tuple(dict.fromkeys(word for word in text.split() if RUN.search(word)))[:MOST_WORDS]


def expression(words: Iterable[str], column: str | None = None, typing: bool = False) -> str:
    """Gives what asks FTS5 for texts with all words; the last one may be unfinished while typing.

    >>> expression(["災害", "ai"])
    '("災害") AND ("ai")'
    >>> expression(["災"], "label")
    '{label} : (("災" *))'
    """
    each = list(words)
    phrases = [_phrase(word, typing and place == len(each) - 1) for place, word in enumerate(each)]
    asked = " AND ".join(f"({phrase})" for phrase in phrases)
    return f"{{{column}}} : ({asked})" if column else asked


def _phrase(word: str, unfinished: bool) -> str:
    runs = RUN.findall(word)
    found = [token for run in runs[:-1] for token in _of_run(run)]
    last = runs[-1]
    wide = re.match(f"[{WIDE}]", last) is not None
    if wide and len(last) > 1:
        found += list(_pairs(last))
        return f'"{" ".join(found)}"'
    found.append(last)
    beginning = wide or unfinished or len(last) > SHORT
    return f'"{" ".join(found)}"' + (" *" if beginning else "")


def _of_run(run: str) -> Iterator[str]:
    if re.match(f"[{WIDE}]", run) is None:
        yield run
        return
    yield from _pairs(run)
    yield run[-1]


def _pairs(run: str) -> Iterator[str]:
    return (run[place : place + 2] for place in range(len(run) - 1))
