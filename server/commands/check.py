"""`hakusho check`: the ontology under the reasoner and its hygiene rules, and the data's files."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ...graph.errors import DamagedRelease
from .. import tables
from ..console import Command, TableFormat, language, option, say, takes
from ..opening import data_folder
from ..settings import Settings

COLUMNS = ("check", "node", "message")

Finding = tuple[str, str, str]


@click.command("check", cls=Command)
@option("--no-reasoner", "without", said="check.no_reasoner", is_flag=True)
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@takes("data", "lang")
def check(settings: Settings, without: bool, format: str) -> None:
    found = [*_hygiene(), *_data(settings)]
    if not without:
        found += _reasoning()
    if found or format != "table":
        headings = [say(f"check.{column}") for column in COLUMNS]
        tables.write(tables.Table(COLUMNS, found, headings), format)
    if found:
        raise click.exceptions.Exit(1)
    if format == "table":
        print(say("check.sound"))


def _hygiene() -> Iterator[Finding]:
    from ...ontology.hygiene import faults

    for fault in faults():
        message = fault.message_ja if language() == "ja" else fault.message_en
        yield fault.check, fault.node, message


def _data(settings: Settings) -> Iterator[Finding]:
    from ...graph.inference import inconsistencies

    release = data_folder(settings).current()
    if release is None:
        return
    try:
        release.check(thoroughly=True)
        for each in inconsistencies(release.engine()):
            message = each.message_ja if language() == "ja" else each.message_en
            yield each.rule, each.node, message
    except DamagedRelease as error:
        yield "release", str(release.number), error.problem


def _reasoning() -> Iterator[Finding]:
    from ...ontology.reasoner import ReasonerError, reason

    try:
        verdict = reason()
    except ReasonerError as error:
        yield "reasoner", "HermiT", str(error)
        return
    if not verdict.consistent:
        yield "reasoner", "hakusho.ttl", say("check.inconsistent")
    for name in verdict.unsatisfiable:
        yield "reasoner", name, say("check.unsatisfiable")
