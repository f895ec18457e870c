"""The parts of a ZIP file, such as a workbook is: made sure of before any is unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Final

MOST_BYTES: Final = 64 * 2**20
"""How large the parts of a file may be together once they are unpacked."""

MOST_RATIO: Final = 200
"""How many times smaller a part may be packed; what programs write is packed some ten times."""

MOST_PARTS: Final = 10_000
_BOMB_BYTES: Final = 2**20
_ENCRYPTED: Final = 0x1

DAMAGED: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl and the modules below it raise on a file that no program would write."""


class Refused(Exception):
    """A file that is not opened, by the code of the defect and its words."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def check_parts(parts: Iterable[zipfile.ZipInfo]) -> None:
    """Refuses a file by what it says of its parts, before any is unpacked."""
    size = 0
    for count, part in enumerate(parts, start=1):
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", part.filename):
            raise Refused("unsafe-member", member=part.filename)
        if part.flag_bits & _ENCRYPTED:
            raise Refused("password")
        ratio = part.file_size // max(part.compress_size, 1)
        if part.file_size > _BOMB_BYTES and ratio > MOST_RATIO:
            raise Refused("zip-bomb", member=part.filename, ratio=f"{ratio:,}")
        size += part.file_size
        if size > MOST_BYTES or count > MOST_PARTS:
            raise Refused("too-large", size=f"{size:,}", most=f"{MOST_BYTES:,}")
