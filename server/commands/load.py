"""`hakusho load`: files checked beside the current release and, where they pass, published."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...graph.releases.differences import HOWS
from ..console import Command, complain, option, say, takes
from ..opening import person
from ..reports.formats import form
from ..settings import Settings
from ..submitting import Clock, folder_of, read, running, step, tell

if TYPE_CHECKING:
    from ...loaders.checking import Published


@click.command("load", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("--dry-run", "dry", said="load.dry_run", is_flag=True)
@option("--table", "table", said="submission.table", metavar="KIND")
@option("--who", "who", said="load.who", metavar="NAME")
@option("--why", "why", said="load.why", default="", metavar="TEXT")
@option("--format", "format", said="submission.format", default="text", metavar="FORMAT")
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@takes("data", "lang", "default_graph", "patience", "validation")
def load(
    settings: Settings,
    files: Sequence[str],
    dry: bool,
    table: str | None,
    who: str | None,
    why: str,
    format: str,
    output: Path | None,
) -> None:
    from ...loaders.checking import Refused, check, publish

    form(format)
    if not settings["validation"]:
        if dry:
            raise click.UsageError(say("load.dry_unvalidated"))
        _unvalidated(settings, files, table, who or person(), why, format, output)
        return
    clock = Clock()
    with running():
        folder = folder_of(settings)
        with step("reading") as told:
            submission = read(files, folder, settings, table, told)
        with step("checking") as told:
            report = check(submission, folder, told)
        published = None
        try:
            if report.passes and not dry:
                name = who or person()
                with step("publishing") as told:
                    published = publish(
                        submission, folder, who=name, why=why, report=report, told=told
                    )
        except Refused as error:
            # Somebody else published meanwhile, and beside that it no longer passes.
            report = error.report
        tell(published.report if published else report, format, output)
    if not report.passes:
        complain(say("load.refused", count=report.counts["violation"]))
        raise click.exceptions.Exit(1)
    for line in _told(published):
        print(line, file=sys.stderr)
    print(clock.told(report.rows), file=sys.stderr)


def _unvalidated(
    settings: Settings,
    files: Sequence[str],
    table: str | None,
    who: str,
    why: str,
    format: str,
    output: Path | None,
) -> None:
    """Publishes files as they are, or reports the rows that cannot be read."""
    from ...loaders.checking import check
    from ..bulk import Unclean, bulk

    with running():
        try:
            bulk(settings, files, who, why, table)
        except Unclean as error:
            report = check(error.submission, folder_of(settings))
            tell(report, format, output)
            complain(say("load.refused", count=report.counts["violation"]))
            raise click.exceptions.Exit(1) from None


def _told(published: Published | None) -> Iterator[str]:
    """Gives what became of a load, line by line."""
    if published is None:
        yield say("load.dry")
    elif not published.new:
        yield say("load.nothing_new", number=published.release.number)
    else:
        diff = published.report.diff
        counts = {how: diff.count(how) for how in HOWS}
        if published.report.base is None:
            yield say("load.begun")
        yield say("load.done", number=published.release.number, **counts)
