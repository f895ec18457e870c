"""CSV and TSV files: their encoding, their separator, their records."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any, BinaryIO, Final

from ..defects import defect
from ..submission import Place
from .sheet import MOST_COLUMNS, MOST_ROWS, Opened, Sheet

CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"

NAMES: Final = {"utf-8": "UTF-8", "cp932": "Shift_JIS (CP932)", "utf-16": "UTF-16"}
_JAPANESE: Final = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_HEAD: Final = 2**18
_SEPARATORS: Final = (",", "\t", ";")


class _Unreadable(Exception):
    """Bytes that are no text, by the code of the defect and its words."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def open_separated(file: str, content: bytes) -> Opened:
    """Gives the one sheet of a CSV or TSV file."""
    ending = file.lower().rpartition(".")[2]
    opened = Opened(TSV if ending in ("tsv", "tab") else CSV)
    sheet = Sheet(file)
    try:
        text, encoding = decoded(content)
        if encoding != "utf-8":
            opened.defects.append(defect("encoding-read", Place(file), encoding=NAMES[encoding]))
        separator = "\t" if opened.media == TSV else _separator(text)
        sheet.rows = list(_records(text, separator))
    except _Unreadable as error:
        opened.defects.append(defect(error.code, Place(file), **error.words))
        return opened
    opened.sheets.append(sheet)
    return opened


def decoded(content: bytes) -> tuple[str, str]:
    """Gives the text of a file and its encoding, or says on which line it stops being text.

    >>> decoded("施策".encode("cp932"))
    ('施策', 'cp932')
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise _Unreadable("bad-encoding", line=_line(content, error.start)) from None
    nul = content.find(b"\0")
    if nul >= 0:
        raise _Unreadable("nul-byte", line=_line(content, nul))
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        failed = error.start
    mixed = _mixed(content)
    if mixed is not None:
        raise mixed
    try:
        return content.decode("cp932"), "cp932"
    except UnicodeDecodeError as error:
        raise _Unreadable("bad-encoding", line=_line(content, max(failed, error.start))) from None


def _mixed(content: bytes) -> _Unreadable | None:
    """Finds the line on which a file goes over from one encoding into the other."""
    first: str | None = None
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        encoding = None if line.isascii() else _encoding(line)
        if encoding is not None and first is not None and encoding != first:
            words = {"line": number, "encoding": NAMES[first], "other": NAMES[encoding]}
            return _Unreadable("mixed-encodings", **words)
        first = first or encoding
    return None


def _encoding(line: bytes) -> str | None:
    """Gives the encoding in which a line is Japanese; both may be, then it is UTF-8."""
    for encoding in ("utf-8", "cp932"):
        try:
            if _JAPANESE.search(line.decode(encoding)):
                return encoding
        except UnicodeDecodeError:
            continue
    return None


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def decoded_head(file: BinaryIO, sheet: Sheet) -> tuple[str, str] | None:
    """Gives the encoding and separator of a file by its beginning, to which it goes back; None
    where that is no text, which the sheet then says."""
    content = file.read(_HEAD)
    file.seek(0)
    # The last line of the beginning may be cut within a letter.
    whole = content if len(content) < _HEAD else content[: content.rfind(b"\n") + 1]
    try:
        text, encoding = decoded(whole)
    except _Unreadable as error:
        sheet.add(error.code, **error.words)
        return None
    tabbed = sheet.file.lower().endswith((".tsv", ".tab"))
    names = {"utf-8": "utf-8-sig"}
    return names.get(encoding, encoding), "\t" if tabbed else _separator(text)


def _separator(text: str) -> str:
    """Gives what stands between the cells of the first line that has any."""
    line = next((line for line in text.split("\n", 20) if line.strip(",;\t \r")), "")
    bare = re.sub(r'"[^"]*"', "", line)
    return max(_SEPARATORS, key=bare.count)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Gives the filled records of a text with their numbers."""
    if text.count(separator) > MOST_COLUMNS:
        _check_widths(text, separator)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            if number > MOST_ROWS:
                raise _Unreadable("too-many-rows", most=MOST_ROWS)
            if len(record) > MOST_COLUMNS:
                words = {"row": number, "count": len(record), "most": MOST_COLUMNS}
                raise _Unreadable("too-many-columns", **words)
            if any(map(str.strip, record)):
                yield number, record
    except csv.Error as error:
        raise _Unreadable("bad-csv", line=reader.line_num, problem=str(error)) from None


def _check_widths(text: str, separator: str) -> None:
    """Refuses lines with more cells than a row can have before any list is made of them."""
    for number, line in enumerate(text.split("\n"), start=1):
        count = line.count(separator) + 1
        if count > MOST_COLUMNS:
            raise _Unreadable("too-many-columns", row=number, count=count, most=MOST_COLUMNS)
