"""`hakusho releases` and `hakusho rollback`: what was published, and the way back."""

from __future__ import annotations

import click

from ...graph.errors import DamagedRelease
from ...graph.releases.publishing import current_number
from ...graph.releases.release import Release
from .. import tables
from ..console import Command, TableFormat, complain, option, say, takes
from ..opening import data_folder, person
from ..settings import Settings
from ..texts.files import texts

COLUMNS = (
    "number",
    "created",
    "kind",
    "who",
    "why",
    "triples",
    "added",
    "removed",
    "state",
    "hash",
)


@click.command("releases", cls=Command)
@option("--verify", "verify", said="releases.verify", is_flag=True)
@option("--pin", "pin", said="releases.pin", type=int, metavar="N")
@option("--unpin", "unpin", said="releases.unpin", type=int, metavar="N")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@takes("data", "lang")
def releases(
    settings: Settings, verify: bool, pin: int | None, unpin: int | None, format: str
) -> None:
    folder = data_folder(settings)
    if pin is not None:
        folder.pin(pin)
    if unpin is not None:
        folder.pin(unpin, keep=False)
    current = current_number(folder.path)
    rows = [_row(release, current, verify) for release in folder.releases()]
    headings = [say(f"releases.{column}") for column in COLUMNS]
    tables.write(tables.Table(COLUMNS, rows, headings), format)
    if any(row[COLUMNS.index("state")] == say("releases.damaged") for row in rows):
        raise click.exceptions.Exit(1)


@click.command("rollback", cls=Command)
@click.argument("number", type=int, metavar="N")
@option("--why", "why", said="rollback.why", default="", metavar="TEXT")
@takes("data", "lang", "patience")
def rollback(settings: Settings, number: int, why: str) -> None:
    made = data_folder(settings).rollback(number, who=person(), why=why)
    print(say("rollback.done", number=made.number, earlier=number))


def _row(release: Release, current: int | None, verify: bool) -> tuple[tables.Cell, ...]:
    try:
        release.check(thoroughly=verify)
        about = release.manifest
    except DamagedRelease as error:
        complain(str(error))
        empty: list[tables.Cell] = [None] * len(COLUMNS)
        empty[0], empty[COLUMNS.index("state")] = release.number, say("releases.damaged")
        return tuple(empty)
    states = {"current": release.number == current, "pinned": release.pinned}
    return (
        release.number,
        about.created,
        _kind(about.kind),
        about.who,
        about.why,
        about.triples,
        sum(each.added for each in about.changed.values()),
        sum(each.removed for each in about.changed.values()),
        " ".join(say(f"releases.{name}") for name, holds in states.items() if holds),
        about.hash.rpartition(":")[2][:12],
    )


def _kind(kind: str) -> str:
    return say(f"kind.{kind}") if kind in texts("console")["kind"] else kind
