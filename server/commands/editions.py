"""`hakusho new-edition` and `hakusho diff-editions`: editions as folders of tables."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from .. import tables
from ..console import Command, TableFormat, language, option, say, takes
from ..settings import Settings

COLUMNS = ("kind", "how", "id", "label", "before", "after")


@click.command("new-edition", cls=Command)
@click.argument("code", metavar="CODE")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@takes("data", "lang")
def new_edition(settings: Settings, code: str, folder: Path | None) -> None:
    from ...loaders.new_edition import lay_out

    made = lay_out(code, folder or Path(code))
    print(say("new-edition.done", files=len(made), folder=made[0].parent))


@click.command("diff-editions", cls=Command)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@takes("data", "lang")
def diff_editions(settings: Settings, old: str, new: str, format: str) -> None:
    from ...loaders.edition import edition_folder
    from ...loaders.edition_changes import HOWS, changes

    found = changes(edition_folder(old), edition_folder(new))
    readable = format == "table"
    rows = [
        (
            say(f"diff-editions.{each.kind}") if readable else each.kind,
            say(f"diff-editions.{each.how}") if readable else each.how,
            each.id,
            each.label_ja if language() == "ja" else each.label_en or each.label_ja,
            each.before,
            each.after,
        )
        for each in found
    ]
    headings = [say(f"diff-editions.column_{column}") for column in COLUMNS]
    tables.write(tables.Table(COLUMNS, rows, headings), format)
    counts = Counter(each.how for each in found)
    said = ", ".join(f"{say(f'diff-editions.{how}')} {counts[how]:,}" for how in HOWS)
    print(said, file=sys.stderr)
