"""`hakusho export` and `hakusho dump`: a release as RDF, its things as a network or as tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ...graph.errors import BadParameter, UnsupportedFormat
from ...graph.network.parts import FORMATS as NETWORKS
from ...graph.releases.release import Release
from .. import dumps, exporting, table_files
from ..console import Command, language, option, say, takes
from ..opening import release
from ..output import NotWritable, opened
from ..settings import Settings

TABLES = "tables"
FORMATS = (*exporting.FORMATS, *NETWORKS, TABLES)


@click.command("export", cls=Command)
@click.argument("format", metavar="|".join(FORMATS))
@option("--graph", "graph", said="export.graph", metavar="NAME")
@option("--kind", "kinds", said="export.kind", multiple=True, metavar="KIND")
@option("--relation", "relations", said="export.relation", multiple=True, metavar="RELATION")
@option("--table", "names", said="export.table", multiple=True, metavar="TABLE")
@option("--format", "files", said="export.files", metavar="|".join(table_files.FORMATS))
@option("--excel", "excel", said="export.excel", is_flag=True)
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def export(
    settings: Settings,
    format: str,
    graph: str | None,
    kinds: Sequence[str],
    relations: Sequence[str],
    names: Sequence[str],
    files: str | None,
    excel: bool,
    output: Path | None,
    number: int | None,
) -> None:
    if format not in FORMATS:
        raise UnsupportedFormat(format, FORMATS)
    if format in NETWORKS and graph is not None:
        raise BadParameter("--graph", graph, f"no graph beside {format}, which is of all of them")
    if format not in NETWORKS and (kinds or relations):
        name, got = ("--kind", kinds) if kinds else ("--relation", relations)
        raise BadParameter(name, got[0], f"a format of networks beside it: {', '.join(NETWORKS)}")
    if format != TABLES and (names or files or excel):
        name = "--table" if names else "--format" if files else "--excel"
        raise BadParameter(name, format, "tables, to which alone it applies")
    source = release(settings, number)
    if format == TABLES:
        _tables(source, names, files, excel, output, graph)
        return
    if format in NETWORKS:
        from ...graph.network.export import export as write
        from ...graph.network.projection import project

        content = write(
            project(source.open(), kinds or None, relations or None), format, language()
        )
        with opened(output) as file:
            file.write(content)
        return
    if graph is not None:
        exporting.graph_name(source, graph)
    with opened(output) as file:
        exporting.export(source, format, file, graph)


def _tables(
    source: Release,
    names: Sequence[str],
    files: str | None,
    excel: bool,
    output: Path | None,
    graph: str | None,
) -> None:
    if graph is not None:
        raise BadParameter("--graph", graph, "no graph beside tables, which are of all of them")
    tables = table_files.tables_named(names)
    files = files or ("xlsx" if output is not None and output.suffix == ".xlsx" else "csv")
    rows = table_files.write_tables(source, files, tables, output, excel)
    if output is not None:
        count = sum(rows.values())
        print(say("export.tables", tables=len(rows), rows=f"{count:,}", path=output))


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
    for each in dumps.write(source, folder):
        print(say("dump.file", path=each.path, size=f"{each.size:,}"))
