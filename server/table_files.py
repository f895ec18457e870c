"""The tables of a release as files: one CSV each, or one workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO, Final

from ..graph.errors import BadParameter, UnsupportedFormat
from ..graph.releases.release import Release
from ..loaders.exporting import TABLES, Exporter
from ..loaders.spreadsheets.headers import table_called
from ..loaders.spreadsheets.writing import as_csv, as_workbook
from .output import NotWritable, opened

FORMATS: Final = ("csv", "xlsx")


def exporter(release: Release) -> Exporter:
    """Gives what reads the tables out of a release."""
    return Exporter(release.engine(), default=release.manifest.default_graph == "plain")


def tables_named(asked: Iterable[str]) -> list[str]:
    """Gives the tables of some names, of all where none is named."""
    found = []
    for name in asked:
        table = name if name in TABLES else table_called(name)
        if table not in TABLES:
            nearest = tuple(get_close_matches(name, TABLES, n=1))
            raise BadParameter("--table", name, ", ".join(TABLES), nearest)
        found.append(table)
    return found or list(TABLES)


def write_tables(
    release: Release,
    format: str,
    tables: Sequence[str],
    output: Path | None,
    excel: bool = False,
) -> dict[str, int]:
    """Writes tables of a release and gives how many rows each has.

    CSV goes into a folder, into an archive where the output ends in .zip, or is one file where
    one table is asked for.
    """
    if format not in FORMATS:
        raise UnsupportedFormat(format, FORMATS)
    source = exporter(release)
    rows = {table: source.rows(table) for table in tables}
    if format == "xlsx":
        with opened(output) as file:
            file.write(as_workbook((name, source.header(name), rows[name]) for name in tables))
    elif len(tables) == 1 and (output is None or not output.is_dir()):
        with opened(output) as file:
            file.write(as_csv(source.header(tables[0]), rows[tables[0]], excel))
    elif output is None:
        raise BadParameter("--output", None, "a folder for the tables, or --table for one of them")
    else:
        files = {f"{name}.csv": as_csv(source.header(name), rows[name], excel) for name in tables}
        _write_files(files, output)
    return {name: len(found) for name, found in rows.items()}


def _write_files(files: dict[str, bytes], output: Path) -> None:
    if output.suffix == ".zip":
        with opened(output) as file:
            write_archive(files, file)
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(output, error.strerror or str(error)) from error
    for name, content in files.items():
        with opened(output / name) as file:
            file.write(content)


def write_archive(files: dict[str, bytes], file: BinaryIO) -> None:
    """Writes files into a ZIP archive, which has the same bytes whenever they are the same."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # No time inside: the same rows give the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
