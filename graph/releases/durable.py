"""Files that are whole on disk, or not there: written beside, synced, and renamed into place."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def write_file(path: Path, text: str) -> None:
    """Replaces a file in one step: a reader, or a crash, meets the old text or the new."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_files(folder: Path, names: Iterable[str] | None = None) -> None:
    """Waits until files of a folder are on disk, all or those named, and all their names."""
    for name in [path.name for path in folder.iterdir()] if names is None else names:
        _sync(folder / name)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on disk."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
