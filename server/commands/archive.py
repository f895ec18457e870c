"""`hakusho backup` and `hakusho restore`: a release as plain files, and back."""

from __future__ import annotations

from pathlib import Path

import click

from ..console import Command, option, say, takes
from ..opening import person, release
from ..settings import Settings


@click.command("backup", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def backup(settings: Settings, folder: Path, number: int | None) -> None:
    from ...graph.releases.archive import backup as write

    made = write(release(settings, number), folder)
    print(say("backup.done", number=made.release, folder=folder, quads=f"{made.quads:,}"))


@click.command("restore", cls=Command)
@click.argument("archive", type=click.Path(path_type=Path), metavar="DIR")
@takes("data", "lang", "patience")
def restore(settings: Settings, archive: Path) -> None:
    from ...graph.releases.archive import restore as bring_back

    made = bring_back(
        settings["data"],
        archive,
        person(),
        keep=settings["keep"],
        patience=settings["patience"],
    )
    triples = made.manifest.triples or made.manifest.content.quads
    print(say("restore.done", number=made.number, triples=f"{triples:,}"))
