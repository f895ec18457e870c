"""Why a thing was found: the text that has the words of the query, and where in it they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .folding import Folded, folded
from .grams import RUN, SHORT
from .texts import ABOUT, Text

AROUND: Final = 60
"""How many characters of a long text are shown before a match; after it, twice as many."""
_INFLECTION: Final = 3
"""By how many letters an English word may differ at its end: policy, policies."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text: it is what was looked for, or it stands between."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Match:
    """The text of a thing for which it was found: which of its texts, and its pieces."""

    field: str
    lang: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The text without its marks."""
        return "".join(piece.text for piece in self.pieces)


def match(texts: Sequence[Text], words: Iterable[str]) -> Match:
    """Gives the first of the texts, in their order, that has most of the words."""
    asked = tuple(words)
    best, most, spans = texts[0], -1, list[tuple[int, int]]()
    for text in texts:
        form = folded(text.value)
        places = [_places(form, word) or _parts(form, word) for word in asked]
        having = sum(1 for found in places if found)
        if having > most:
            best, most = text, having
            spans = _merged(form.span(*place) for found in places for place in found)
        if having == len(asked):
            break
    return Match(best.field, best.lang, tuple(_pieces(best, spans)))


def _places(form: Folded, word: str) -> list[tuple[int, int]]:
    """Gives where a word stands in a folded text; of an English word also an inflected form."""
    latin = word.isascii()
    before = "(?<![a-z0-9])" if latin else ""
    after = "(?![a-z0-9])" if latin and len(word) <= SHORT else ""
    pattern = re.escape(word)
    found = [place.span() for place in re.finditer(f"{before}{pattern}{after}", form.text)]
    if not found and latin and len(word) > _INFLECTION + 1:
        stem = re.escape(word[:-_INFLECTION])
        near = f"(?<![a-z0-9]){stem}[a-z]{{0,{_INFLECTION + 3}}}(?![a-z0-9])"
        found = [place.span() for place in re.finditer(near, form.text)]
    return found


def _parts(form: Folded, word: str) -> list[tuple[int, int]]:
    """Gives where the parts of a word such as ai-risk stand, where it does not stand whole."""
    runs = RUN.findall(word)
    return [place for run in runs for place in _places(form, run)] if len(runs) > 1 else []


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _pieces(text: Text, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Gives a text in pieces; of a long one what stands around the first match."""
    value, first, last = text.value, 0, len(text.value)
    if text.field == ABOUT and spans:
        first = max(0, spans[0][0] - AROUND)
        last = min(len(value), spans[0][1] + 2 * AROUND)
    elif text.field == ABOUT:
        last = min(last, 3 * AROUND)
    if first:
        yield Piece("…")
    at = first
    for start, end in spans:
        if start >= last:
            break
        if start > at:
            yield Piece(value[at:start])
        yield Piece(value[start:end], marked=True)
        at = max(at, end)
    if at < last:
        yield Piece(value[at:last])
    if max(at, last) < len(value):
        yield Piece("…")
