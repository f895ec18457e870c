"""The files of a release's store: their sizes and hashes, and whether they are still as written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from .manifest import StoreFile


def shared(folder: Path, before: Path, known: Mapping[str, StoreFile]) -> dict[str, StoreFile]:
    """Gives those files of a store that are one and the same on disk as in the store before, of
    which size and hash are known."""
    return {
        path.name: known[path.name]
        for path in folder.iterdir()
        if path.name in known and _same(path, before / path.name)
    }


def describe(folder: Path, known: Mapping[str, StoreFile]) -> dict[str, StoreFile]:
    """Gives size and hash of each file of a store, and reads only those that are not known."""
    return {
        path.name: known.get(path.name) or StoreFile(path.stat().st_size, _hash(path))
        for path in sorted(folder.iterdir())
    }


def damage(folder: Path, files: Mapping[str, StoreFile], thoroughly: bool) -> str | None:
    """Says what is wrong with a store's files, or None when they are as they were written."""
    for name, file in files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            if size != file.size:
                return f"{name} has {size} bytes and should have {file.size}"
            if thoroughly and _hash(path) != file.sha256:
                return f"{name} is not what was written"
        except FileNotFoundError:
            return f"{name} is missing"
        except OSError as error:
            return f"{name} cannot be read ({error.strerror})"
    return None


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except FileNotFoundError:
        return False


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
