"""`hakusho describe`: the description to fill in for a file of statistics."""

from __future__ import annotations

from pathlib import Path

import click

from ...graph.errors import HakushoError
from ..console import Command, say, takes
from ..settings import Settings
from ..submitting import contents


class NoStatistics(HakushoError):
    """A file in which there is no table of values to describe."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"{self.name} is no e-Stat or SDMX file, and no row of it has periods side by side"


@click.command("describe", cls=Command)
@click.argument("file", metavar="FILE")
@takes("data", "lang")
def describe(settings: Settings, file: str) -> None:
    from ...loaders.statistics.skeleton import beside, skeleton

    ((name, content),) = contents([file])
    text = skeleton(name, content)
    if text is None:
        raise NoStatistics(name)
    click.echo(text, nl=False)
    click.echo(say("describe.hint", name=Path(beside(name))), err=True)
