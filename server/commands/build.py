"""`hakusho build`: edition folders into the data folder, with the account of their rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from .. import tables
from ..console import Command, TableFormat, option, say, takes
from ..opening import person
from ..settings import Settings

COLUMNS = ("table", "raw", "merged", "corrected", "split", "moved", "added", "packaged")


@click.command("build", cls=Command)
@click.argument("folders", nargs=-1, metavar="[FOLDER...]")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@takes("data", "lang", "default_graph", "patience")
def build(settings: Settings, folders: Sequence[str], format: str) -> None:
    from ...loaders.edition import edition_folder
    from ..building import build as make

    with progress() as step:
        built = make(settings, person(), step, [edition_folder(each) for each in folders])
    many = len(built.editions) > 1
    rows: list[tuple[tables.Cell, ...]] = [
        (
            f"{edition}/{each.table}" if many else each.table,
            each.raw,
            *(each.outcomes.get(outcome, 0) for outcome in COLUMNS[2:6]),
            each.added,
            each.packaged,
        )
        for edition, each in built.accounts
    ]
    headings = [say(f"build.{column}") for column in COLUMNS]
    tables.write(tables.Table(COLUMNS, rows, headings), format)
    manifest = built.release.manifest
    done = say(
        "build.release",
        number=manifest.number,
        triples=f"{manifest.triples or manifest.content.quads:,}",
        edition=built.edition,
        folder=built.release.folder,
    )
    print(done, file=sys.stderr)
    if built.superseded:
        print(say("build.superseded", count=f"{built.superseded:,}"), file=sys.stderr)


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """Shows on the error output how far a build has come, where a person looks at it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(say("build.step_tables"), total=1.0)

        def step(name: str, done: float) -> None:
            bar.update(task, description=say(f"build.step_{name}"), completed=done)

        yield step
