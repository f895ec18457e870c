"""The index of a release, made once and kept beside it; it goes when the release goes."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..releases.release import Release
from .index import connect, readable, write
from .texts import entries

NAME: Final = "search.sqlite"

_making = threading.Lock()


def search_index(release: Release) -> sqlite3.Connection:
    """Opens the index of a release, after making it if it is not there whole."""
    path = release.derived_path / NAME
    if readable(path):
        return connect(path)
    # One thread of a process makes it. What another process makes meanwhile is the same, and the
    # later takes the place of the earlier in one step.
    with _making:
        if readable(path):
            return connect(path)
        try:
            return _made(release, path)
        except OSError:
            # The folder is for reading only, or its release was just pruned away.
            return _elsewhere(release)


def _made(release: Release, path: Path) -> sqlite3.Connection:
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{NAME}.{os.getpid()}")
    try:
        beside.unlink(missing_ok=True)
        _write(release, beside)
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return connect(path)


def _elsewhere(release: Release) -> sqlite3.Connection:
    """Makes an index that only this process has; its file goes with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        _write(release, path)
        on_disk = connect(path)
        here = sqlite3.connect(":memory:", check_same_thread=False)
        on_disk.backup(here)
        on_disk.close()
        return here


def _write(release: Release, path: Path) -> None:
    try:
        write(path, entries(release.engine()))
    except sqlite3.OperationalError as error:
        raise OSError(f"the search index cannot be written: {error}") from error
