"""`hakusho extract`: a white paper's text or saved pages as tables for a person to finish."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from .. import tables
from ..console import Command, TableFormat, option, say, takes
from ..settings import Settings

COLUMNS = ("table", "rows")


@click.command("extract", cls=Command)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@option(
    "--out",
    "folder",
    said="extract.out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
)
@option("--edition", "edition", said="extract.edition", metavar="CODE")
@option("--base-url", "base", said="extract.base", metavar="URL")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@takes("data", "lang")
def extract(
    settings: Settings,
    files: Sequence[Path],
    folder: Path,
    edition: str | None,
    base: str | None,
    format: str,
) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from ...loaders.whitepaper.extraction import extract as read
    from ...loaders.whitepaper.writing import write

    console = Console(file=sys.stderr)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(say("extract.reading"), total=len(files))
        proposal = read(files, edition, base, lambda path: bar.advance(task))
    written = write(proposal, folder)
    rows = [(name, len(rows)) for name, rows in proposal.tables.items()]
    rows += [("unread", len(proposal.unread))]
    headings = [say(f"extract.{column}") for column in COLUMNS]
    tables.write(tables.Table(COLUMNS, rows, headings), format)
    done = say("extract.done", files=len(written), folder=folder, edition=proposal.edition)
    lines = say(
        "extract.lines",
        lines=f"{sum(proposal.counts.values()):,}",
        **{outcome: f"{count:,}" for outcome, count in proposal.counts.items()},
    )
    print(f"{lines}\n{done}", file=sys.stderr)
