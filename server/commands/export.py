"""`hakusho export` and `hakusho dump`: the data of a release as RDF."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from ...graph.errors import UnsupportedFormat
from .. import exporting
from ..console import Command, option, say, takes
from ..opening import release
from ..output import NotWritable, opened
from ..settings import Settings

DUMPS = {"nq": "nq", "trig": "trig", "turtle": "ttl"}
"""The formats of a dump, and how their files' names end."""


@click.command("export", cls=Command)
@click.argument("format", metavar="|".join(exporting.FORMATS))
@option("--graph", "graph", said="export.graph", metavar="NAME")
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def export(
    settings: Settings, format: str, graph: str | None, output: Path | None, number: int | None
) -> None:
    if format not in exporting.FORMATS:
        raise UnsupportedFormat(format, exporting.FORMATS)
    source = release(settings, number)
    if graph is not None:
        exporting.graph_name(source, graph)
    with opened(output) as file:
        exporting.export(source, format, file, graph)


@click.command("dump", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def dump(settings: Settings, folder: Path, number: int | None) -> None:
    source = release(settings, number)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(folder, error.strerror or str(error)) from error
    sums = []
    for format, ending in DUMPS.items():
        path = folder / f"hakusho-{source.number}.{ending}.gz"
        with opened(path) as file:
            exporting.export(source, format, file)
        with path.open("rb") as written:
            sums.append(f"{hashlib.file_digest(written, 'sha256').hexdigest()}  {path.name}\n")
        print(say("dump.file", path=path, size=f"{path.stat().st_size:,}"))
    with opened(folder / "SHA256SUMS") as file:
        file.writelines(line.encode() for line in sums)
