"""Files of tables opened by what they hold, not by what they are called."""

from __future__ import annotations

from typing import Final

from ..defects import defect
from ..submission import Place
from .separated import open_separated
from .sheet import Opened
from .workbook import XLSX, open_workbook

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What begins a file of Office before 2007, and one of today that a password protects."""

KINDS: Final = "CSV, TSV, XLSX, Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD"
_SIGNATURES: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc",
)
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def opened(file: str, content: bytes) -> Opened:
    """Gives the sheets of a file, or what keeps it from being opened."""
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        return _refused(file, "empty-file", "application/octet-stream")
    if content.startswith(ZIP):
        return open_workbook(file, content)
    if content.startswith(OLE):
        code = "password" if _ENCRYPTED in content else "old-excel"
        return _refused(file, code, "application/x-ole-storage")
    if file.lower().endswith((".xlsx", ".xlsm")):
        return _refused(file, "not-a-workbook", XLSX, problem="it does not begin as a ZIP file")
    if content.startswith(_SIGNATURES):
        return _refused(file, "unknown-media", "application/octet-stream", kinds=KINDS)
    return open_separated(file, content)


def _refused(file: str, code: str, media: str, **words: str) -> Opened:
    return Opened(media, defects=[defect(code, Place(file), None, (), None, **words)])
