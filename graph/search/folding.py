"""Text folded so that what a reader takes for the same word is the same: width, case, kana, ー.

サーバ, サーバー and ｻｰﾊﾞｰ fold alike, and so do AI and ＡＩ, あ and ア, é and e.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

KATAKANA: Final = "\u30a1-\u30fa"
_HIRAGANA: Final = range(0x3041, 0x3097)
_TO_KATAKANA: Final = 0x60
# The prolonged sound mark, and its narrow form.
_LONG: Final = "ー"
_LONGS: Final = "ー\uff70"
_VOICED: Final = "\uff9e\uff9f"
_SPACES: Final = re.compile(" {2,}")
_BETWEEN_KANA: Final = re.compile(f"(?<=[{KATAKANA}])[・=](?=[{KATAKANA}])")


@dataclass(frozen=True)
class Folded:
    """A folded text, and for each of its characters which of the original it comes from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Gives the part of the original that a part of the folded text comes from."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    """Gives a text folded.

    >>> fold("ｻｲﾊﾞｰ　Security") == fold("サイバ security")
    True
    >>> fold("サーバー") == fold("さーば")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_TABLE)
    return _BETWEEN_KANA.sub("", _SPACES.sub(" ", plain)).strip()


def folded(text: str) -> Folded:
    """Gives a text folded, with the way back to the original.

    >>> found = folded("新しいｻｰﾊﾞｰ")
    >>> found.text
    '新シイサバ'
    >>> found.span(3, 5)
    (3, 8)
    """
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        if text[start] in _LONGS and ends:
            # It is part of the sound before it, and is marked with that.
            ends[-1] = end
        for character in _plain(text[start:end]):
            if character == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            starts.append(start)
            ends.append(end)
    if characters and characters[-1] == " ":
        characters.pop()
    whole = "".join(characters)
    dropped = {found.start() for found in _BETWEEN_KANA.finditer(whole)}
    kept = [place for place in range(len(whole)) if place not in dropped]
    return Folded(
        "".join(whole[place] for place in kept),
        tuple(starts[place] for place in kept),
        tuple(ends[place] for place in kept),
    )


def printable(text: str) -> str:
    """Gives a text without control characters and marks of direction, which nobody typed to find.

    >>> printable("a\\x00b\\u202ec")
    'abc'
    """
    return "".join(each for each in text if each.isprintable() or each in " \u3000")


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Gives the places of characters, each with the marks that belong to it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and (text[place] in _VOICED or unicodedata.combining(text[place])):
            continue
        if start < len(text):
            yield start, place
        start = place


@lru_cache(maxsize=16_384)
def _plain(cluster: str) -> str:
    """Gives a character in the one form that all its variants have."""
    return unicodedata.normalize("NFKC", cluster).casefold().translate(_TABLE)


class _Table(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _character(chr(code))
        return found


def _character(character: str) -> str:
    if character == _LONG:
        return ""
    if ord(character) in _HIRAGANA:
        return chr(ord(character) + _TO_KATAKANA)
    kind = unicodedata.category(character)
    if kind in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return " " if character in "\t\n\r" else ""
    if kind.startswith("Z"):
        return " "
    if "LATIN" in unicodedata.name(character, ""):
        return unicodedata.normalize("NFD", character)[0]
    return character


_TABLE: Final = _Table()
