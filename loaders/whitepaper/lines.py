"""The lines of a white paper's text: decoded, narrowed, numbered; what is no text is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .words import refused

ENCODINGS: Final = ("utf-8-sig", "cp932")
MOST_BYTES: Final = 10_000_000
MOST_LINES: Final = 200_000
"""The text of a whole white paper has under a million characters on some ten thousand lines."""

LONGEST_LINE: Final = 50_000
"""A paragraph of a web page is one line; a longer one is no text that anybody wrote."""

BULLETS: Final = "●■◆○◎・▶►➢✓❑□▪"
CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
"""The numbers of numbered items, which narrowing would make digits of a value."""

_SIGNATURES: Final = {b"%PDF": "PDF", b"PK\x03\x04": "ZIP", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True)
class Line:
    """A line: its number, and its text with full-width letters and digits narrowed.

    `bullet` is the mark that it begins with, a space where the mark was lost; `page` counts form
    feeds. Of a web page it is a block of text: `tag` is the element that holds it, `at` the line
    of the file on which it begins. `printed` is the text as it was.
    """

    number: int
    text: str
    bullet: str = ""
    page: int = 1
    tag: str = ""
    at: int = 0
    printed: str = ""

    @property
    def place(self) -> int:
        """The line of the file."""
        return self.at or self.number

    @property
    def blank(self) -> bool:
        """Whether nothing is written on it."""
        return not self.text


def read_bytes(path: Path) -> bytes:
    """Reads a file that may be a white paper's text, or says in a sentence why it cannot be."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        reason = error.strerror or str(error)
        raise refused(path.name, "unreadable", reason=reason) from None
    if size > MOST_BYTES:
        raise refused(path.name, "bytes", size=size, most=MOST_BYTES)
    return data


def decode(data: bytes, file: str) -> str:
    """Gives the text of a file in UTF-8 or CP932.

    >>> decode("令和８年版".encode("cp932"), "r8.txt")
    '令和８年版'
    """
    if not data.strip():
        raise refused(file, "empty")
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            raise refused(file, "pdf" if name == "PDF" else "format", format=name)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise refused(file, "nul", line=line)
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        control = re.search(r"[\x01-\x08\x0e-\x1f]", text)
        if control is not None:
            line = text[: control.start()].count("\n") + 1
            raise refused(file, "control", line=line)
        return text
    raise refused(file, "encoding")


def narrow(text: str) -> str:
    """Narrows full-width letters and digits, character by character so that places stay.

    >>> narrow("第２章：約３割（推計）①")
    '第2章:約3割(推計)①'
    """
    narrowed = []
    for character in text:
        normal = unicodedata.normalize("NFKC", character)
        keep = len(normal) != 1 or character in CIRCLED
        narrowed.append(character if keep else normal)
    return "".join(narrowed).replace("\u2212", "-").replace("\u301c", "~")


def written(text: str) -> str:
    """Gives narrowed text as tables hold it: brackets and colons are wide beside Japanese.

    >>> written("市場規模(売上高)の推移"), written("Digital News Report (2024)")
    ('市場規模（売上高）の推移', 'Digital News Report (2024)')
    """
    text = re.sub(r"\s+", " ", text).strip()
    if not re.search(r"[ぁ-んァ-ヶ一-鿿]", text):
        return text
    return text.translate(str.maketrans("():", "（）："))


def lines_of(text: str, file: str) -> list[Line]:
    """Gives the lines of a text extracted from a PDF.

    >>> [(line.text, line.bullet) for line in lines_of("第１章\\n ネット利用", "t.txt")]
    [('第1章', ''), ('ネット利用', ' ')]
    """
    lines: list[Line] = []
    page = 1
    printed_lines = re.split(r"\r\n|\n|\r", text)
    if len(printed_lines) > MOST_LINES:
        raise refused(file, "lines", count=len(printed_lines), most=MOST_LINES)
    for number, printed in enumerate(printed_lines, start=1):
        if len(printed) > LONGEST_LINE:
            raise refused(file, "line", line=number, count=len(printed))
        page += printed.count("\f")
        # Private-use characters are the bullets of fonts that the extraction did not know.
        plain = re.sub(r"[\f\v\ue000-\uf8ff\ufeff]", " ", printed)
        stripped = narrow(plain.strip())
        indented = bool(stripped) and plain[0] in " \t\u3000"
        bullet = stripped[0] if stripped[:1] in BULLETS and stripped else " " if indented else ""
        if bullet.strip():
            stripped = stripped[1:].strip()
        lines.append(Line(number, stripped, bullet, page, printed=printed.strip()))
    if lines and lines[-1].blank and text.endswith(("\n", "\r")):
        lines.pop()
    return lines
