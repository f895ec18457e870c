"""ZIP files of tables, such as an export is, taken apart into the files that they hold."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from .defects import defect
from .spreadsheets.opening import ZIP
from .spreadsheets.parts import DAMAGED, Refused, check_parts
from .submission import Defect, Place

_WORKBOOK: Final = "[Content_Types].xml"
_LEFT: Final = ("__MACOSX/", ".")
"""What the names of members begin with that only an operating system wants."""

File = tuple[str, bytes]


def unzipped(files: Sequence[File]) -> tuple[list[File], list[Defect]]:
    """Gives files with those of each archive in its place, named after it, and what is wrong.

    A workbook is a ZIP file, too, and stays whole, as does one that cannot be opened.

    >>> made = BytesIO()
    >>> with zipfile.ZipFile(made, "w") as archive:
    ...     archive.writestr("r07/policies.csv", "id")
    >>> unzipped([("tables.zip", made.getvalue())])
    ([('tables.zip/r07/policies.csv', b'id')], [])
    """
    found: list[File] = []
    defects: list[Defect] = []
    for name, content in files:
        if not content.startswith(ZIP):
            found.append((name, content))
            continue
        try:
            members = _members(content)
        except Refused as error:
            defects.append(defect(error.code, Place(name), **error.words))
        except DAMAGED:
            # Whoever opens it as a workbook says what is wrong with it.
            found.append((name, content))
        else:
            if members is None:
                found.append((name, content))
            else:
                found += [(f"{name}/{member}", data) for member, data in members]
    return found, defects


def _members(content: bytes) -> list[File] | None:
    """Gives the files of an archive, None where it is a workbook."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if any(part.filename == _WORKBOOK for part in parts):
            return None
        check_parts(parts)
        return [
            (part.filename, archive.read(part))
            for part in parts
            if not part.is_dir()
            and not part.filename.startswith(_LEFT)
            and not part.filename.rpartition("/")[2].startswith(".")
        ]
