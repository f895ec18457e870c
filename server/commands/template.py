"""`hakusho template`: a blank table to fill in, with an example, notes and lists of codes."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path

import click

from ...graph.errors import BadParameter, UnsupportedFormat
from ..console import Command, language, option, takes
from ..output import opened
from ..settings import Settings

FORMATS = ("xlsx", "csv")


@click.command("template", cls=Command)
@click.argument("table", metavar="TABLE")
@option("--format", "format", said="template.format", metavar="|".join(FORMATS))
@option("--excel", "excel", said="template.excel", is_flag=True)
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@takes("data", "lang")
def template(
    settings: Settings, table: str, format: str | None, excel: bool, output: Path | None
) -> None:
    from ...loaders.exporting import TABLES
    from ...loaders.spreadsheets.headers import table_called
    from ...loaders.spreadsheets.templates import template_csv, template_workbook

    called = table if table in TABLES else table_called(table)
    if called not in TABLES:
        nearest = tuple(get_close_matches(table, TABLES, n=1))
        raise BadParameter("TABLE", table, ", ".join(TABLES), nearest)
    format = format or ("csv" if excel or output and output.suffix == ".csv" else "xlsx")
    if format not in FORMATS:
        raise UnsupportedFormat(format, FORMATS)
    if format == "xlsx" and output is None and sys.stdout.isatty():
        raise BadParameter("--output", None, f"a file for the workbook, such as {called}.xlsx")
    if format == "csv":
        content = template_csv(called, language(), excel)
    else:
        content = template_workbook(called, language())
    with opened(output) as file:
        file.write(content)
