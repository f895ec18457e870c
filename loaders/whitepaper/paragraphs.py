"""Lines joined into paragraphs and cut into sentences, each place traced back to its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .ledger import Ledger
from .lines import CIRCLED, Line
from .outline import Outline, Scope

_STARTS: Final = re.compile(rf"[※{CIRCLED}【(（]|[0-9]+\s|図表|注[:：0-9]")
_MOST_LINES: Final = 100
_REMEMBERED: Final = 20
_CUT: Final = re.compile(r".*(?:[てにをはがのとで、も]|から|より|及び|など|や)\Z")


@dataclass(frozen=True)
class Sentence:
    """A sentence: its text, the lines it stands on, and the sentences before it in its paragraph.

    `cut` says that it seems to go on somewhere else.
    """

    text: str
    starts: tuple[tuple[int, Line], ...]
    scope: Scope
    before: tuple[str, ...]
    cut: bool

    def line(self, place: int) -> Line:
        """Gives the line on which a place of the text stands."""
        return [line for start, line in self.starts if start <= place or start == 0][-1]


@dataclass(frozen=True)
class Paragraph:
    """Lines that are read together, and the sentences that they make."""

    lines: tuple[Line, ...]
    sentences: tuple[Sentence, ...]


def paragraphs(ledger: Ledger, outline: Outline) -> Iterator[Paragraph]:
    """Gives the paragraphs of the lines of which nothing has been made yet."""
    for scope in outline.scopes:
        current: list[Line] = []
        for line in scope.lines:
            free = ledger.free(line) and not line.blank
            full = len(current) >= _MOST_LINES
            if current and (not free or full or _begins(line, current[-1])):
                yield _paragraph(current, scope)
                current = []
            if free:
                current.append(line)
        if current:
            yield _paragraph(current, scope)


def _begins(line: Line, before: Line) -> bool:
    """Says whether a line begins a paragraph rather than goes on with the one before it."""
    if line.bullet or line.tag or line.number != before.number + 1:
        return True
    return before.text.endswith("。") or _STARTS.match(line.text) is not None


def _paragraph(lines: Sequence[Line], scope: Scope) -> Paragraph:
    text, starts = "", []
    for line in lines:
        foreign = re.match(r"[A-Za-z0-9]", text[-1:]) and re.match(r"[A-Za-z]", line.text)
        text += " " if foreign else ""
        starts.append((len(text), line))
        text += line.text
    sentences: list[Sentence] = []
    before: list[str] = []
    for start, end in _sentences(text):
        within = text[start:end]
        inside = [(max(at - start, 0), line) for at, line in starts if at < end]
        first = [index for index, (at, _) in enumerate(inside) if at == 0][-1]
        whole = text[end : end + 1] == "。" or not _CUT.fullmatch(within)
        said = tuple(before[-_REMEMBERED:])
        sentences.append(Sentence(within, tuple(inside[first:]), scope, said, cut=not whole))
        before.append(within)
    return Paragraph(tuple(lines), tuple(sentences))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Gives the stretches between full stops outside of brackets and quotes."""
    depth, start = 0, 0
    for place, character in enumerate(text):
        depth += (character in "「『(") - (character in "」』)")
        if character == "。" and depth <= 0:
            if text[start:place].strip():
                yield start, place
            start, depth = place + 1, 0
    if text[start:].strip():
        yield start, len(text)
