"""The outline of a white paper: its parts, chapters and sections, and where each line is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from . import numerals
from .ledger import Ledger
from .lines import Line, written

Place = tuple[int, ...]
"""The numbers of part, chapter, section and below: (2, 1, 10)."""

_NUMERAL: Final = numerals.PATTERN
_HEADING: Final = re.compile(
    rf"第\s?({_NUMERAL})\s?([部章節])(?:[:\s]\s*|(?=[「『一-鿿ァ-ヶA-Za-z0-9])|\Z)(.*)"
)
_RUNNING: Final = re.compile(rf"\(\s?第\s?({_NUMERAL})\s?部[^()]*\)\s*(.*?)(?:\s+[0-9]{{1,3}})?")
_BELOW: Final = (
    re.compile(r"([0-9]{1,2})[.\s]\s*(?![0-9(])(.+)"),
    re.compile(r"\(([0-9]{1,2})\)\s*(.+)"),
)
_LEVELS: Final = "部章節"
_LEADER: Final = re.compile(r"(?:[.…‥・]{2,}\s*|\s{2,})[0-9]{1,4}\Z")
_NO_TITLE: Final = re.compile(
    r"(?:[はがをにでのとへや]|から|まで|及び|以降|[・、,～~]|第\s?[0-9一二三ⅠⅡIV]+\s?[部章節]).*"
    r"|.*(?:。|を?参照|のとおり|とおり|いる|した|ある)\)?"
)
_UNFINISHED: Final = re.compile(r".*(?:[のをにとがはやへで・、「(及]|及び|並びに|から)")
_TOO_LONG: Final = 80


@dataclass(frozen=True)
class Section:
    """A part, chapter, section or subsection: its place, its title, and the line that names it."""

    place: Place
    title: str
    line: int


@dataclass
class Scope:
    """A stretch of lines under one heading or on one page, with its title and its place."""

    title: str
    place: Place
    lines: list[Line] = field(default_factory=list)


@dataclass
class Outline:
    """The sections by their place, and the scopes in the order of the text."""

    sections: dict[Place, Section] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=lambda: [Scope("", ())])

    def place_of(self, scope: Scope) -> Place:
        """Gives the section of a scope: that of its heading, or the only one of its title."""
        if len(scope.place) > 1 and scope.place in self.sections:
            return scope.place
        named = [
            place
            for place, section in self.sections.items()
            if place[: len(scope.place)] == scope.place and _same(section.title, scope.title)
        ]
        return named[0] if len(named) == 1 else scope.place[:1]


def section_id(edition: str, place: Place) -> str:
    """Gives the id of a section.

    >>> section_id("r08", (2, 1, 10)), section_id("r08", (1, 2, 3, 1, 2))
    ('r08-p2-c1-s10', 'r08-p1-c2-s3-1-2')
    """
    letters = ("p", "c", "s", "", "")
    parts = (f"{letter}{number}" for letter, number in zip(letters, place, strict=False))
    return "-".join([edition, *parts])


def place_of_address(address: str) -> Place:
    """Gives the place that the file name of a page of the white paper's site tells.

    >>> place_of_address("https://example.org/r07/html/nd21a210.html"), place_of_address("x.txt")
    ((2, 1, 10, 2, 1), ())
    """
    found = re.search(r"\bn[a-z]([1-9])([1-9])([0-9a-z])([0-9a-z])([0-9a-z])[0-9]\.", address)
    if found is None:
        return ()
    numbers = [int(found[group], 36) for group in range(1, 6)]
    return tuple(numbers[: numbers.index(0)] if 0 in numbers else numbers)


def read_outline(ledger: Ledger, edition: str, hint: Place = ()) -> Outline:
    """Reads the headings of a text and says in which scope each line is.

    `hint` is where the address of a page places it; it fills the gap where a page does not print
    the number of its chapter.
    """
    reader = _Reader(ledger, edition, hint)
    reader.read()
    return reader.outline


class _Reader:
    def __init__(self, ledger: Ledger, edition: str, hint: Place) -> None:
        self.ledger = ledger
        self.edition = edition
        self.hint = hint
        self.outline = Outline()
        self.place: Place = ()

    def read(self) -> None:
        page = 1
        for index, line in enumerate(self.ledger.lines):
            if line.page != page:
                page = line.page
                self.outline.scopes.append(Scope("", self.place))
            if self.ledger.free(line):
                self._read_line(index, line)
            self.outline.scopes[-1].lines.append(line)

    def _read_line(self, index: int, line: Line) -> None:
        running = _RUNNING.fullmatch(line.text)
        if running is not None:
            self._run(line, running)
            return
        heading = _HEADING.fullmatch(line.text)
        if heading is not None and not line.bullet.strip():
            self._head(index, line, heading)
        elif heading is None and len(self.place) >= 3:
            self._head_below(line)

    def _run(self, line: Line, running: re.Match[str]) -> None:
        """Notes a running head: it names the part and the subject of a page."""
        part = numerals.number(running[1])
        if part is not None and self.place[:1] != (part,):
            self.place = (part,)
        # What section the page belongs to, it does not say.
        self.outline.scopes.append(Scope(written(running[2]), self.place[:1]))
        self.ledger.furnish([line])

    def _head(self, index: int, line: Line, heading: re.Match[str]) -> None:
        numeral, level = numerals.number(heading[1]), _LEVELS.index(heading[2])
        title, more = self._title(index, _LEADER.sub("", heading[3]).strip())
        if numeral is None or len(title) > _TOO_LONG or _NO_TITLE.fullmatch(title):
            return
        above = self.place[:level]
        if len(above) < level:
            hinted = self.hint[: level + 1]
            if len(hinted) != level + 1 or hinted[-1] != numeral or hinted[: len(above)] != above:
                what = f"{heading[0]}の上の{_LEVELS[len(above)]}が示されていない"
                self.ledger.leave(line, "heading", what=written(what))
                return
            above = hinted[:level]
        if not title:
            self.ledger.leave(line, "heading", what=f"{heading[0]}に題がない")
            return
        self.place = (*above, numeral)
        self._add(index, line, title, more)

    def _head_below(self, line: Line) -> None:
        """Reads a numbered heading below a section, where its number is the one that is due."""
        for depth, form in enumerate(_BELOW, start=3):
            found = form.fullmatch(line.text)
            if found is None or len(self.place) < depth:
                continue
            numeral, title = int(found[1]), found[2].strip()
            marked = line.tag.startswith("h")
            due = self.place[depth] + 1 if len(self.place) > depth else 1
            fits = len(title) <= (_TOO_LONG if marked else 40) and "http" not in title
            if fits and (marked or numeral == due) and not _NO_TITLE.fullmatch(title):
                self.place = (*self.place[:depth], numeral)
                self._add(line.number - 1, line, title, [])
            return

    def _title(self, index: int, title: str) -> tuple[str, list[Line]]:
        """Gives a title with the lines on which it goes on, where it is broken."""
        more: list[Line] = []
        for following in self._following(index):
            if title and not _open(title):
                break
            if following.bullet or _HEADING.fullmatch(following.text):
                break
            if _NO_TITLE.fullmatch(following.text) or len(following.text) > 40:
                break
            title += following.text
            more.append(following)
        return title, more

    def _following(self, index: int) -> Iterator[Line]:
        """Gives the lines after one, across one blank line, as far as nothing was made of them."""
        blanks = 0
        for line in self.ledger.lines[index + 1 : index + 6]:
            blanks = blanks + 1 if line.blank else 0
            if blanks > 1 or (not line.blank and not self.ledger.free(line)):
                return
            if not line.blank:
                yield line

    def _add(self, index: int, line: Line, title: str, more: list[Line]) -> None:
        """Notes a section, or that a line names again one that is known."""
        title = written(title)
        known = self.outline.sections.get(self.place)
        if known is not None and not _same(known.title, title):
            rest = next(self._following(index), None)
            whole = title + written(rest.text) if rest else title
            if rest is None or not _same(known.title, whole):
                self.ledger.leave(line, "conflict", what=title, other=known.title)
                self.outline.scopes.append(Scope(title, self.place))
                return
            title, more = whole, [rest]
        if known is None:
            self.outline.sections[self.place] = Section(self.place, title, line.number)
        self.outline.scopes.append(Scope(title, self.place))
        for each in (line, *more):
            self.ledger.take(each, f"sections/{section_id(self.edition, self.place)}")


def _open(title: str) -> bool:
    """Says whether a title must go on: a bracket is open, or it ends in a particle."""
    opened = sum(title.count(mark) for mark in "「『(")
    closed = sum(title.count(mark) for mark in "」』)")
    return opened > closed or _UNFINISHED.fullmatch(title) is not None


def _same(first: str, second: str) -> bool:
    return bool(first) and re.sub(r"\s", "", first) == re.sub(r"\s", "", second)
