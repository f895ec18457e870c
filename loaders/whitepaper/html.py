"""A white paper's HTML page as lines, one for each heading, paragraph, caption or table row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from .lines import BULLETS, Line, narrow

BLOCKS: Final = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table "
    "tbody tfoot thead title tr ul".split()
)
HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6".split())
FRAMES: Final = frozenset("nav header footer".split())
"""What frames a page and is no part of its text."""

_OPENING: Final = re.compile(r"<!--|<[A-Za-z/!?]")
_SILENT: Final = frozenset("script style noscript template svg".split())
_CELLS: Final = frozenset(("td", "th"))


@dataclass(frozen=True)
class Page:
    """The lines of a web page, those that only frame it, and its own address where it names one."""

    lines: tuple[Line, ...]
    frame: tuple[Line, ...]
    address: str


def is_html(text: str, file: str) -> bool:
    """Says whether a text is a web page, by its name or its beginning.

    >>> is_html("<!DOCTYPE html><p>x", "page"), is_html("第1章", "a.txt")
    (True, False)
    """
    beginning = text[:1000].lstrip("\ufeff \t\r\n").lower()
    return file.lower().endswith((".html", ".htm", ".xhtml")) or beginning.startswith(
        ("<!doctype html", "<html", "<?xml")
    )


def page_of(text: str) -> Page:
    """Gives the lines of a web page.

    >>> page = page_of("<h2>第１節 甲</h2><p>乙<sup>3</sup>は５割。<p>丙<nav>前へ</nav>")
    >>> [(line.text, line.tag) for line in page.lines], [line.text for line in page.frame]
    ([('第1節 甲', 'h2'), ('乙は5割。', 'p'), ('丙', 'p'), ('前へ', 'nav')], ['前へ'])
    """
    reader = _Reader()
    reader.feed(_without_open_ends(text))
    reader.close()
    reader.flush()
    frame = tuple(line for line in reader.lines if line.tag in FRAMES)
    return Page(tuple(reader.lines), frame, reader.address)


def _without_open_ends(text: str) -> str:
    """Gives a page up to the first tag or comment that never ends: the parser would read the rest
    again and again."""
    place = 0
    while (found := _OPENING.search(text, place)) is not None:
        closing = "-->" if found[0] == "<!--" else ">"
        end = text.find(closing, found.end())
        if end < 0:
            return text[: found.start()]
        place = end + len(closing)
    return text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.address = ""
        self._text: list[str] = []
        self._at = 0
        self._tag = "p"
        self._silent: list[str] = []
        self._frames: list[str] = []
        self._row: list[str] | None = None
        self._note = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent.append(tag)
        if tag == "link" and given.get("rel", "").lower() == "canonical":
            self.address = given.get("href", "")
        if tag == "meta" and given.get("property") == "og:url":
            self.address = self.address or given.get("content", "")
        if tag == "img" and re.match(r"\s*図表?", given.get("alt", "")):
            self._add(given["alt"], "img")
        if tag == "tr":
            self._end_row()
            self.flush()
            self._row = []
        elif tag in _CELLS and self._row is not None:
            self._cell()
        elif tag in BLOCKS and self._row is None:
            self.flush()
            self._tag = tag if tag in HEADINGS else "title" if tag == "title" else "p"
        elif tag == "br":
            self._text.append(" ")
        if tag in FRAMES:
            self._frames.append(tag)
        self._note = self._note or tag == "sup"

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and tag in self._silent:
            self._silent.remove(tag)
        elif tag in ("tr", "table"):
            self._end_row()
        elif tag in _CELLS and self._row is not None:
            self._cell()
        elif tag in BLOCKS and self._row is None:
            self.flush()
            self._tag = "p"
        if tag in FRAMES and tag in self._frames:
            self._frames.remove(tag)
        if tag == "sup":
            self._note = False

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        # A raised number is the number of a footnote, not of a value.
        if self._note and re.fullmatch(r"[\s※*()（）注0-9０-９,、]+", data):
            return
        if not self._text and not data.strip():
            return
        if not self._text:
            lead = len(data) - len(data.lstrip())
            self._at = self.getpos()[0] + data[:lead].count("\n")
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        saved = re.search(r"saved from url=\(\d+\)(\S+)", data)
        if saved is not None and not self.address:
            self.address = saved[1]

    def flush(self) -> None:
        """Ends the block that is being read."""
        text, self._text = "".join(self._text), []
        self._add(text, self._frames[-1] if self._frames else self._tag)

    def _end_row(self) -> None:
        if self._row is None:
            return
        self._cell()
        cells, self._row = self._row, None
        if cells:
            self._add("\t".join(cells), "tr")

    def _cell(self) -> None:
        text = re.sub(r"\s+", " ", narrow("".join(self._text))).strip()
        self._text = []
        if self._row is not None and text:
            self._row.append(text)

    def _add(self, printed: str, tag: str) -> None:
        text = narrow(printed).strip()
        text = text if tag == "tr" else re.sub(r"\s+", " ", text)
        text = re.sub(r"[\x00-\x08\x0b-\x1f\ufeff]", "", text)
        if not text or (self.lines and self.lines[-1].text == text):
            return
        bullet = text[0] if text[0] in BULLETS else ""
        at = self._at or self.getpos()[0]
        self.lines.append(
            Line(len(self.lines) + 1, text[len(bullet) :].strip(), bullet, 1, tag, at, text)
        )
