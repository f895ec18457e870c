"""How a data folder is laid out, and whether a folder is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..errors import FolderNotWritable, FormatMismatch
from .durable import write_file

FORMAT: Final = 1
"""The version of the layout that this version of hakusho reads and writes."""

_NAME: Final = "hakusho data folder, format "


def read_format(folder: Path) -> bool:
    """Tells whether a folder is a data folder already; one with other files in it is refused."""
    try:
        text = (folder / "FORMAT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        _refuse_others(folder)
        return False
    except NotADirectoryError:
        raise FolderNotWritable(folder, "is a file, not a folder") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FolderNotWritable(folder, f"its FORMAT file cannot be read ({error})") from error
    if text != f"{_NAME}{FORMAT}":
        raise FormatMismatch(
            folder,
            f"its FORMAT file says {text!r} and this version of hakusho reads format {FORMAT}; "
            "make an archive of it with the version that wrote it (`hakusho backup DIR`) and "
            "bring that back with this one (`hakusho restore DIR`)",
        )
    return True


def make(folder: Path) -> None:
    """Makes a data folder where there is none yet."""
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not read_format(folder):
            write_file(folder / "FORMAT", f"{_NAME}{FORMAT}\n")
        (folder / "releases").mkdir(exist_ok=True)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turns what the disk refuses into FolderNotWritable."""
    try:
        yield
    except OSError as error:
        raise FolderNotWritable(folder, f"cannot be written ({error.strerror or error})") from error


def _refuse_others(folder: Path) -> None:
    if not folder.is_dir():
        return
    # Another process may be making it this very moment.
    if any(not path.name.startswith(".") for path in folder.iterdir()):
        if not (folder / "FORMAT").exists():
            raise FormatMismatch(
                folder, "has other files in it; give a new folder, or an empty one"
            )
