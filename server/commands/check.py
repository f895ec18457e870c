"""`hakusho check`: the ontology under the reasoner and its hygiene rules, and the data's files."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ...graph.errors import DamagedRelease
from ...graph.names import HK, shorten
from ...ontology.reasoner import ReasonerError, Verdict, reason
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
    verdict = None
    if not without:
        verdict, judged = _reasoning()
        found += judged
    if verdict is not None and format == "table":
        _tell(verdict)
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


def _reasoning() -> tuple[Verdict | None, list[Finding]]:
    try:
        verdict = reason()
    except ReasonerError as error:
        return None, [("reasoner", "HermiT", str(error))]
    found = [] if verdict.consistent else [("reasoner", "hakusho.ttl", say("check.inconsistent"))]
    for name in verdict.unsatisfiable:
        found.append(("reasoner", name, say("check.unsatisfiable")))
    return verdict, found


def _tell(verdict: Verdict) -> None:
    """Prints the verdict, and our classes in the hierarchy that the reasoner inferred."""
    from rich.console import Console
    from rich.tree import Tree

    yes = say("check.yes" if verdict.consistent else "check.no")
    counts = {"classes": len(verdict.parents), "unsatisfiable": len(verdict.unsatisfiable)}
    print(say("check.verdict", consistent=yes, **counts))
    below: dict[str, list[str]] = {}
    for name, parents in verdict.parents.items():
        for parent in parents:
            below.setdefault(parent, []).append(name)
    ours = {name for name in verdict.parents if name.startswith(HK)}
    tree = Tree(say("check.hierarchy"))

    def grow(branch: Tree, names: list[str]) -> None:
        for name in sorted(names, key=shorten):
            grow(branch.add(shorten(name)), below.get(name, []))

    for top in sorted({p for name in ours for p in verdict.parents[name]} - ours, key=shorten):
        grow(tree.add(shorten(top)), [name for name in below[top] if name in ours])
    roots = [name for name in ours if not verdict.parents[name]]
    grow(tree, roots)
    Console(highlight=False, soft_wrap=True).print(tree)
