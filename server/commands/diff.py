"""`hakusho diff`: what changed from one release to another, thing by thing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from ...graph.errors import HakushoError
from ...graph.releases.differences import ThingChange, between
from .. import tables
from ..console import Command, TableFormat, language, option, say, takes
from ..history import Labels, ShownProperty, shown, stores
from ..opening import data_folder
from ..opening import release as opened
from ..settings import Settings

COLUMNS = ("change", "id", "label", "property", "old", "new")


class NothingBefore(HakushoError):
    """A release that no other came before, so that there is nothing to compare it with."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return f"release {self.number} is the first, or the one before is gone: name two releases"


@click.command("diff", cls=Command)
@click.argument("number", type=int, metavar="N", required=False)
@click.argument("other", type=int, metavar="M", required=False)
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@takes("data", "lang")
def diff(settings: Settings, number: int | None, other: int | None, format: str) -> None:
    folder = data_folder(settings)
    new = opened(settings, number if other is None else other)
    parent = new.manifest.parent
    if number is None or other is None:
        if parent is None or parent not in {each.number for each in folder.releases()}:
            raise NothingBefore(new.number)
        old = folder.release(parent)
    else:
        old = folder.release(number)
    found = between(old, new)
    labels = Labels(stores(new, old), language())
    headings = [say(f"diff.{column}") for column in COLUMNS]
    rows = list(_rows(found.things, labels))
    tables.write(tables.Table(COLUMNS, rows, headings), format)
    counts = {how: found.count(how) for how in ("added", "removed", "changed")}
    print(say("diff.done", old=old.number, new=new.number, **counts), file=sys.stderr)


def _rows(changes: tuple[ThingChange, ...], labels: Labels) -> Iterator[tuple[tables.Cell, ...]]:
    for change in shown(changes, labels):
        label = change.thing.text if change.thing.text != change.id else None
        for each in change.properties:
            yield (say(f"diff.{change.how}"), change.id, label, *_cells(each))


def _cells(property: ShownProperty) -> tuple[str, str, str]:
    old, new = (
        " | ".join(value.text for value in values) for values in (property.removed, property.added)
    )
    return property.name.text, old, new
