"""Submissions with something wrong, one by one, each with exactly what is found wrong.

They are in `tests/data/submissions.toml`, and here what is no text. Each is checked beside a
release of the packaged edition.
"""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from hakusho.graph.limits import Limits
from hakusho.graph.names import PREFIXES, shorten
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.workers.pool import WorkerPool
from hakusho.loaders.checking import PlacedFinding, Report, check
from hakusho.loaders.edition import EditionDataset
from hakusho.loaders.references import References, known_to
from hakusho.loaders.submission import Place, read_submission

Files = dict[str, bytes]

WRITTEN: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "submissions.toml").read_text(encoding="utf-8")
)
PREFIX_LINE: Final = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items()) + "\n"


class Checker:
    """Checks files beside the packaged edition."""

    def __init__(self, folder: DataFolder, known: References, pool: WorkerPool) -> None:
        self.folder = folder
        self._known = known
        self._pool = pool

    def report(self, files: Files) -> Report:
        """Gives what is found wrong with some files."""
        submission = read_submission(
            list(files.items()), self._known, edition="r07", parse=self._pool.parse
        )
        return check(submission, self.folder)


@pytest.fixture(scope="module")
def checker(
    packaged: EditionDataset, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Checker]:
    """Checks files beside a release of the packaged edition."""
    # What follows from it is no matter here, and takes a second to be worked out.
    folder = DataFolder(tmp_path_factory.mktemp("faults"), infer=None)
    release = folder.publish([*ontology_dataset(), *packaged.quads], who="tests")
    with WorkerPool(lambda: None, Limits(upload_bytes=1_000_000)) as pool:
        yield Checker(folder, known_to(release.engine()), pool)


def table(name: str, rows: list[dict[str, str]]) -> str:
    """Gives right rows of a table but for some cells, as CSV."""
    full = [{**WRITTEN["right"][name], **row} for row in rows]
    columns = list(dict.fromkeys(column for row in full for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(full)
    return out.getvalue()


def files_of(case: dict[str, Any]) -> Files:
    """Gives the files of a case as it is written."""
    if "table" in case:
        texts = {f"{case['table']}.csv": table(case["table"], case.get("rows", [{}]))}
    elif "turtle" in case:
        texts = {case["file"]: PREFIX_LINE + case["turtle"].lstrip("\n")}
    else:
        texts = case.get("files") or {case["file"]: case["text"].lstrip("\n")}
    return {name: text.encode() for name, text in texts.items()}


def line(found: PlacedFinding, files: int = 1) -> str:
    """Gives a finding as a case writes it."""
    place = found.place or Place("elsewhere")
    row, column = place.row or "-", place.column or "-"
    value = "-" if found.value is None else shorten(found.value)
    said = f"{found.severity} {found.code} {row} {column} {value}"
    said += f" in {place.sheet}" if place.sheet else ""
    said += f" in {place.file}" if files > 1 or found.place is None else ""
    return said + (f" x{found.count}" if found.count > 1 else "")


@pytest.mark.parametrize("case", WRITTEN["case"], ids=lambda case: case["name"])
def test_a_submission_is_found_wrong_in_just_this(checker: Checker, case: dict[str, Any]) -> None:
    files = files_of(case)
    report = checker.report(files)
    assert [line(each, len(files)) for each in report.findings] == case.get("findings", [])
    assert report.passes == (report.counts["violation"] == 0)


def _workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """Gives an Excel file with sheets of rows."""
    book = openpyxl.Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _archive(members: dict[str, bytes]) -> bytes:
    """Gives a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


RIGHT: Final = table("policies", [{}]).encode()
SHEETS: Final = {
    "policies": list(csv.reader(io.StringIO(RIGHT.decode()))),
    "組織": [["id", "label_ja", "kind"], ["x", "組織", "village"]],
}
IN_TWO_ENCODINGS: Final = RIGHT + "二,策".encode("cp932")
BOOK: Final = _workbook(SHEETS)
DEEP: Final = b'{"@id": "urn:a", "urn:b": ' * 5_000 + b"1" + b"}" * 5_000
GROWING: Final = gzip.compress(b"# nothing\n" * 2_000_000)

BYTES: Final = [
    ("a table in Shift_JIS", "policies.csv", RIGHT.decode().encode("cp932"), "info encoding-read"),
    ("a byte order mark", "policies.csv", b"\xef\xbb\xbf" + RIGHT, ""),
    ("mixed encodings", "policies.csv", IN_TWO_ENCODINGS, "violation mixed-encodings"),
    ("a NUL byte", "policies.csv", RIGHT + b"\0", "violation nul-byte"),
    ("an image", "policies.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "violation unknown-media"),
    ("a workbook cut short", "book.xlsx", BOOK[:400], "violation bad-zip"),
    ("a workbook of old", "book.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "violation old-excel"),
    ("an archive", "a.zip", _archive({"policies.csv": RIGHT}), ""),
    ("a way out", "a.zip", _archive({"../policies.csv": RIGHT}), "violation unsafe-member"),
    ("RDF that grows", "bomb.nt.gz", GROWING, "violation unfolds-too-far"),
    ("RDF too long", "big.nt", b"<urn:a> <urn:b> <urn:c> .\n" * 60_000, "violation rdf-limit"),
    ("RDF without a bottom", "deep.jsonld", DEEP, "violation rdf-syntax"),
]
"""Files that are no text: what they are, their name and content, and what is found, if anything."""


@pytest.mark.parametrize(
    ("name", "content", "found"), [each[1:] for each in BYTES], ids=[each[0] for each in BYTES]
)
def test_a_file_of_bytes_is_found_wrong_in_just_this(
    checker: Checker, name: str, content: bytes, found: str
) -> None:
    report = checker.report({name: content})
    assert [line(each) for each in report.findings] == ([f"{found} - - -"] if found else [])


def test_a_wrong_cell_of_a_workbook_is_found_in_its_sheet(checker: Checker) -> None:
    (found,) = checker.report({"book.xlsx": BOOK}).findings
    assert line(found) == "violation unknown-code 2 kind village in 組織"


def test_there_are_sixty_kinds_of_faults_and_more() -> None:
    found = {one for case in WRITTEN["case"] for one in case.get("findings", [])}
    found |= {each[3] for each in BYTES}
    kinds = {tuple(one.split()[:2]) for one in found if one}
    faulty = [case for case in WRITTEN["case"] if case.get("findings")]
    assert len(faulty) >= 60 and len(kinds) >= 60, (len(faulty), sorted(kinds))
