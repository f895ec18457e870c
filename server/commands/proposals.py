"""`hakusho propose` and `hakusho proposals`: what others hand in, listed, shown and decided."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...graph.errors import HakushoError
from ...graph.progress import Told, parts
from .. import proposing, tables
from ..console import Command, TableFormat, complain, language, option, say, takes
from ..opening import person
from ..reports import console
from ..reports.formats import form
from ..reports.view import view
from ..settings import Settings
from ..submitting import contents, folder_of, running, step, tell

if TYPE_CHECKING:
    from ...loaders.proposals import Proposal, Proposals

ACTIONS = ("list", "show", "publish", "decline")
COLUMNS = (
    "number",
    "state",
    "when",
    "who",
    "why",
    "files",
    "added",
    "changed",
    "removed",
    "decided",
)


class NoNumber(HakushoError):
    """A command about one proposal that does not say which."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action

    def __str__(self) -> str:
        return f"say which proposal: hakusho proposals {self.action} N"


class NoReason(HakushoError):
    """A proposal that is to be declined without saying why."""

    def __str__(self) -> str:
        return "say why, with --why: the proposer reads it"


@click.command("propose", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--who", "who", said="propose.who", metavar="NAME")
@option("--why", "why", said="propose.why", default="", metavar="TEXT")
@option("--table", "table", said="submission.table", metavar="KIND")
@option("--format", "format", said="submission.format", default="text", metavar="FORMAT")
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@takes("data", "lang", "default_graph")
def propose(
    settings: Settings,
    files: Sequence[str],
    who: str | None,
    why: str,
    table: str | None,
    format: str,
    output: Path | None,
) -> None:
    from ...loaders.checking import Refused
    from ...loaders.proposals import Proposals
    from ..judging import report_of

    form(format)
    with running():
        folder = folder_of(settings)
        handed = contents(files)
        with step("checking") as told:
            report = report_of(folder.path, handed, table, told)
        tell(report, format, output)
    try:
        made = proposing.file(
            Proposals(folder), handed, report, who=who or person(), why=why, table=table
        )
    except Refused as error:
        complain(say("load.refused", count=error.count))
        raise click.exceptions.Exit(1) from None
    print(say("propose.done", number=made.number), file=sys.stderr)


@click.command("proposals", cls=Command)
@click.argument("action", type=click.Choice(ACTIONS), default="list", metavar="[ACTION]")
@click.argument("number", type=int, required=False, metavar="[N]")
@option("--who", "who", said="proposals.who_decides", metavar="NAME")
@option("--why", "why", said="proposals.why_declined", default="", metavar="TEXT")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@takes("data", "lang", "default_graph", "patience")
def proposals(
    settings: Settings, action: str, number: int | None, who: str | None, why: str, format: str
) -> None:
    from ...loaders.proposals import Proposals

    folder = folder_of(settings)
    found = Proposals(folder)
    if action == "list":
        tables.write(_table(found.all()), format)
        return
    if number is None:
        raise NoNumber(action)
    if action == "show":
        _show(found, number, format)
    elif action == "decline":
        if not why:
            raise NoReason
        found.decline(number, who=who or person(), why=why)
        print(say("proposals.was_declined", number=number), file=sys.stderr)
    else:
        _publish(found, number, who or person())


def _show(found: Proposals, number: int, format: str) -> None:
    """Shows a proposal, an open one as it is beside the current release."""
    proposal = found.get(number)
    tables.write(_table([proposal]), format)
    if proposal.state == "open" and format == "table":
        print()
        with step("checking") as told:
            report = _judge(found, told)(proposal.contents(), proposal.table)
        console.write(view(report, language()))


def _publish(found: Proposals, number: int, who: str) -> None:
    from ...loaders.checking import Refused

    try:
        with step("publishing") as told:
            judging, saving = parts(told, (2, 1))
            done = proposing.publish(found, number, who, _judge(found, judging), saving)
    except Refused as error:
        console.write(view(error.report, language()))
        complain(say("proposals.stays_open", number=number, count=error.count))
        raise click.exceptions.Exit(1) from None
    print(
        say("proposals.was_published", number=number, release=done.release.number), file=sys.stderr
    )


def _judge(found: Proposals, told: Told | None = None) -> proposing.Judge:
    from ..judging import report_of

    return lambda files, table: report_of(found.path.parent, files, table, told)


def _decided(proposal: Proposal) -> str | None:
    decision = proposal.decision
    return f"{decision.who}: {decision.why or decision.release}" if decision else None


def _table(found: Sequence[Proposal]) -> tables.Table:
    rows = [
        (
            each.number,
            say(f"proposals.{each.state}"),
            each.when,
            each.who,
            each.why,
            ", ".join(file.name for file in each.files),
            *(each.counts.get(how, 0) for how in ("added", "changed", "removed")),
            _decided(each),
        )
        for each in found
    ]
    return tables.Table(COLUMNS, rows, [say(f"proposals.{name}") for name in COLUMNS])
