"""The files of a release to take away: RDF, tables and their checksums, made once and kept."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from flask import current_app

from ..graph.releases.durable import write_file
from ..graph.releases.layout import disk_errors
from ..graph.releases.release import Release
from ..loaders.exporting import TABLES
from ..loaders.spreadsheets.writing import as_csv
from . import exporting, table_files
from .making import Making
from .output import opened
from .texts.files import document

KEY: Final = "hakusho.dumps"
FOLDER: Final = "dumps"
SUMS: Final = "SHA256SUMS"

FORMATS: Final = {
    "nq": ("nq.gz", "application/n-quads"),
    "trig": ("trig.gz", "application/trig"),
    "turtle": ("ttl.gz", "text/turtle"),
    "csv": ("tables.zip", "text/csv"),
}
"""The formats of a dump: how their files' names end, and the media type of what is in them."""


@dataclass(frozen=True)
class Dump:
    """A file of a dump."""

    path: Path
    format: str
    sha256: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.path.stat().st_size

    @property
    def media_type(self) -> str:
        """The media type of what is packed in it."""
        return FORMATS[self.format][1]

    @property
    def packed(self) -> str:
        """The media type of the packing."""
        return "application/zip" if self.path.suffix == ".zip" else "application/gzip"


def write(release: Release, folder: Path) -> Iterator[Dump]:
    """Writes the files of a release to a folder, one after another, and their checksums last."""
    sums = []
    for format, (ending, _) in FORMATS.items():
        path = folder / f"hakusho-{release.number}.{ending}"
        if format == "csv":
            _write_tables(release, path)
        else:
            with opened(path) as file:
                exporting.export(release, format, file)
        with path.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        sums.append(f"{digest}  {path.name}\n")
        yield Dump(path, format, digest)
    # Who finds the checksums finds all the files.
    write_file(folder / SUMS, "".join(sums))


def dumps(release: Release) -> list[Dump]:
    """Gives the files of a release, or raises TooBusy where making them takes too long."""
    making = cast(
        Making[list[Dump]],
        current_app.extensions.setdefault(KEY, Making[list[Dump]]("the set of files")),
    )
    return making.get((release.folder, release.number), lambda: kept(release))


def kept(release: Release) -> list[Dump]:
    """Gives the files of a release as they are kept beside it, after making them if need be."""
    folder = release.derived_path / FOLDER
    found = _read(folder)
    if found:
        return found
    work = folder.with_name(f".{FOLDER}.{os.getpid()}")
    with disk_errors(release.folder):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            for _ in write(release, work):
                pass
            with suppress(OSError):
                # Another process may have been faster; its files are the same.
                work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return _read(folder)


def _read(folder: Path) -> list[Dump]:
    """Gives the files that the checksums of a folder name; none where there are no checksums."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    by_ending = {ending: format for format, (ending, _) in FORMATS.items()}
    found = []
    for line in lines:
        digest, _, name = line.partition("  ")
        found.append(Dump(folder / name, by_ending[name.split(".", 1)[1]], digest))
    return found


def _write_tables(release: Release, path: Path) -> None:
    """Writes the tables of a release with what a reader has to know of them."""
    source = table_files.exporter(release)
    rows = {name: source.rows(name) for name in TABLES}
    manifest = release.manifest
    readme = document("dump-readme.md").format(
        number=release.number,
        created=manifest.created[:10],
        hash=manifest.hash,
        tool=manifest.tool,
        tables="\n".join(f"| `{name}.csv` | {len(each):,} |" for name, each in rows.items()),
    )
    with opened(path) as file:
        table_files.write_archive(
            {
                "README.md": readme.encode(),
                **{
                    f"{name}.csv": as_csv(source.header(name), each, False)
                    for name, each in rows.items()
                },
            },
            file,
        )
