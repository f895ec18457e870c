"""Where a command writes to: the standard output, or a file that is whole or not there."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from ..graph.errors import HakushoError


class NotWritable(HakushoError):
    """A file that cannot be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path} cannot be written ({self.reason})"


@contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """Opens a file to write to, compressed where its name ends in .gz; without one, the standard
    output. The file appears under its name once all of it is written."""
    if path is None or str(path) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = path.with_name(f".{path.name}.part")
    try:
        file: BinaryIO = beside.open("wb")
    except OSError as error:
        raise NotWritable(path, error.strerror or str(error)) from error
    try:
        with file:
            if path.suffix == ".gz":
                # No time and no name inside: the same content gives the same bytes.
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def opened_text(path: Path | None) -> Iterator[IO[str]]:
    """Opens the same to write text to, which in a file is UTF-8."""
    if path is None or str(path) == "-":
        yield sys.stdout
        return
    with opened(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
        yield text
        text.detach()
