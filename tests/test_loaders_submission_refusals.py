"""Files that cannot be read, or would do harm: a sentence each in both languages, nothing read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from hakusho.loaders.references import known_to
from hakusho.loaders.submission import Submission, read_submission


def submit(content: bytes, file: str) -> Submission:
    """Reads one file."""
    return read_submission([(file, content)], known_to(None))


def book() -> bytes:
    """Gives a workbook of one policy."""
    file, made = BytesIO(), _workbook()
    made.active.title = "policies"
    made.active.append(["id", "label_ja"])
    made.active.append(["notice", "通知"])
    made.save(file)
    return file.getvalue()


def _workbook() -> Any:
    return Workbook()


def archive(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Packs parts beside those of a workbook."""
    file = BytesIO(book())
    with zipfile.ZipFile(file, "a", packing) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return file.getvalue()


def ole(stream: str) -> bytes:
    """Gives the beginning of an OLE file that has a stream of some name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + stream.encode("utf-16-le")


def zeros(size: int) -> bytes:
    """Gives a part that is packed a thousand times smaller than it is."""
    return bytes(size)


def large() -> bytes:
    """Gives a workbook with a part that is large, and not packed at all."""
    return archive({"xl/media/a.bin": zeros(65 * 2**20)}, zipfile.ZIP_STORED)


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
LINES = "id,label_ja\na,甲\n"

REFUSED: list[tuple[str, str, Callable[[], bytes]]] = [
    ("empty-file", "policies.csv", lambda: b""),
    ("empty-file", "policies.csv", lambda: b"\xef\xbb\xbf\r\n"),
    ("bad-zip", "policies.xlsx", lambda: book()[:2000]),
    ("bad-zip", "policies.xlsx", lambda: book()[:-30]),
    ("password", "policies.xlsx", lambda: ole("EncryptedPackage")),
    ("old-excel", "policies.xls", lambda: ole("Workbook")),
    ("not-a-workbook", "policies.xlsx", lambda: b"id,label_ja\n"),
    ("zip-bomb", "policies.xlsx", lambda: archive({"xl/media/a.bin": zeros(2**24)})),
    ("too-large", "policies.xlsx", large),
    ("unsafe-member", "policies.xlsx", lambda: archive({"../../etc/passwd": b"x"})),
    ("unsafe-member", "policies.xlsx", lambda: archive({"/etc/passwd": b"x"})),
    ("unsafe-member", "policies.xlsx", lambda: archive({"xl\\..\\..\\a": b"x"})),
    ("declares-entities", "policies.xlsx", lambda: archive({"xl/theme/a.xml": DOCTYPE})),
    (
        "declares-entities",
        "policies.xlsx",
        lambda: archive({"xl/theme/a.xml": DOCTYPE.decode().encode("utf-16")}),
    ),
    ("nul-byte", "policies.csv", lambda: b"id,label_ja\na,b\0c\n"),
    ("bad-encoding", "policies.csv", lambda: b"id,label_ja\na,\x81\xff\xff\n"),
    (
        "mixed-encodings",
        "policies.csv",
        lambda: (LINES + "b,乙の通知\n").encode() + "c,丙の通知\n".encode("cp932"),
    ),
    (
        "mixed-encodings",
        "policies.csv",
        lambda: "id,名称\n".encode("cp932") + "c,丙の通知\n".encode(),
    ),
    ("bad-csv", "policies.csv", lambda: b'id,label_ja\na,"b\n'),
    ("too-many-columns", "policies.csv", lambda: b"id," + b"," * 10_000_000 + b"\n"),
    ("unknown-media", "policies.csv", lambda: b"%PDF-1.7\n"),
    ("same-column-twice", "policies.csv", lambda: b"id,label_ja,label_ja\na,b,c\n"),
    ("same-column-twice", "policies.csv", lambda: "id,label_ja,名称\na,b,c\n".encode()),
    ("column-without-name", "policies.csv", lambda: b"id,label_ja,\na,b,c\n"),
    ("missing-column", "policies.csv", lambda: b"label_ja,label_en\na,b\n"),
    ("width", "policies.csv", lambda: b"id,label_ja\na,b,c\n"),
    ("control-character", "policies.csv", lambda: b"id,label_ja\na,b\x07\n"),
]


@pytest.mark.parametrize(
    ("code", "file", "content"),
    REFUSED,
    ids=[f"{code}-{at}" for at, (code, *_) in enumerate(REFUSED)],
)
def test_what_cannot_be_read_is_told_in_a_sentence_of_each_language(
    code: str, file: str, content: Callable[[], bytes]
) -> None:
    read = submit(content(), file)
    found = next(each for each in read.defects if each.code == code)
    assert found.severity == "violation" and not read.is_whole()
    assert found.place.file == file
    for message in (found.message_ja, found.message_en, found.hint_ja, found.hint_en):
        assert message and "{" not in message and "Traceback" not in message
    if code not in ("same-column-twice", "column-without-name"):
        assert read.things == ()


def test_a_line_in_another_encoding_is_named() -> None:
    read = submit((LINES + "b,乙\n").encode() + "c,丙の通知\n".encode("cp932"), "policies.csv")
    assert "line 4 is in Shift_JIS" in read.defects[0].message_en


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Packs files into an archive that is no workbook."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return file.getvalue()


def test_an_archive_of_tables_is_read_as_the_files_in_it() -> None:
    files = {"r07/policies.csv": LINES.encode(), "all/x.xlsx": book(), ".DS_Store": b"\0"}
    read = submit(zipped(files), "tables.zip")
    assert read.is_whole() and len(read.things) == 2
    assert [file.name for file in read.files] == [
        "tables.zip/r07/policies.csv",
        "tables.zip/all/x.xlsx",
    ]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("../policies.csv", LINES.encode(), "unsafe-member"),
        ("/etc/policies.csv", LINES.encode(), "unsafe-member"),
        ("C:/policies.csv", LINES.encode(), "unsafe-member"),
        ("policies.csv", zeros(2**24), "zip-bomb"),
    ],
)
def test_an_archive_that_would_do_harm_is_refused_whole(name: str, data: bytes, code: str) -> None:
    read = submit(zipped({"challenges.csv": LINES.encode(), name: data}), "tables.zip")
    assert [each.code for each in read.defects] == [code] and read.quads == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_each_encoding_of_a_spreadsheet_is_read(encoding: str) -> None:
    read = submit("id,名称\na,甲の通知\n".encode(encoding), "policies.csv")
    assert read.is_whole() and len(read.things) == 1
    noted = [each.code for each in read.defects if each.code == "encoding-read"]
    assert noted == ([] if encoding.startswith("utf-8") else ["encoding-read"])


@pytest.mark.parametrize(("file", "separator"), [("policies.tsv", "\t"), ("policies.csv", ";")])
def test_other_separators_are_read(file: str, separator: str) -> None:
    lines = [["id", "label_ja", "alt_labels_ja"], ["a", "甲", '"甲の1;甲の2"']]
    text = "\n".join(separator.join(line) for line in lines)
    read = submit(text.encode(), file)
    assert read.is_whole() and len(read.things) == 1


def test_a_workbook_that_is_called_csv_is_read_as_what_it_is() -> None:
    read = submit(book(), "policies.csv")
    assert read.is_whole() and len(read.things) == 1


def test_a_damaged_workbook_never_raises() -> None:
    base = book()
    for at in range(0, len(base), 211):
        damaged = base[:at] + bytes([base[at] ^ 0xFF]) + base[at + 1 :]
        read = submit(damaged, "policies.xlsx")
        assert read.defects or read.things
