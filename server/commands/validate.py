"""`hakusho validate`: what is wrong with files, beside the current release; nothing is changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ..console import Command, option, takes
from ..reports.formats import form
from ..settings import Settings
from ..submitting import Clock, folder_of, read, running, step, tell


@click.command("validate", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--table", "table", said="submission.table", metavar="KIND")
@option("--format", "format", said="submission.format", default="text", metavar="FORMAT")
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@takes("data", "lang", "default_graph")
def validate(
    settings: Settings, files: Sequence[str], table: str | None, format: str, output: Path | None
) -> None:
    from ...loaders.checking import check

    form(format)
    clock = Clock()
    with running():
        folder = folder_of(settings)
        with step("reading") as told:
            submission = read(files, folder, settings, table, told)
        with step("checking") as told:
            report = check(submission, folder, told)
        tell(report, format, output)
    print(clock.told(report.rows), file=sys.stderr)
    if not report.passes:
        raise click.exceptions.Exit(1)
