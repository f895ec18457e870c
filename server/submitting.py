"""Files that a person names on the command line, read as a submission and checked."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..graph.errors import HakushoError
from ..graph.releases.data_folder import DataFolder
from .complaints import sentence
from .console import complain, language, say
from .opening import data_folder
from .output import opened
from .reports import console
from .reports.formats import form
from .reports.view import view
from .settings import Settings

if TYPE_CHECKING:
    from ..graph.progress import Told
    from ..loaders.checking.report import Report
    from ..loaders.submission import Submission

STDIN = "-"
COULD_NOT_RUN = 2


class UnreadableFile(HakushoError):
    """A file that cannot be read at all."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.name} cannot be read ({self.reason})"


@dataclass
class Clock:
    """How long something took, and how many rows that was for."""

    begun: float = field(default_factory=time.monotonic)

    def told(self, rows: int, text: str = "submission.speed") -> str:
        """Gives the time since then, and the rows in a second where there were any."""
        seconds = time.monotonic() - self.begun
        shown = {"rows": f"{rows:,}", "seconds": f"{seconds:.1f}"}
        if not rows:
            return say("submission.took", **shown)
        return say(text, **shown, speed=f"{rows / max(seconds, 0.001):,.0f}")


def folder_of(settings: Settings) -> DataFolder:
    """Gives the data folder of the settings, which need not have a release yet."""
    folder = data_folder(settings)
    return data_folder(settings, new=True) if folder.current() is None else folder


def contents(names: Sequence[str]) -> list[tuple[str, bytes]]:
    """Gives the names and contents of files, of those in a folder where one is named, or of the
    standard input."""
    found: list[tuple[str, bytes]] = []
    for name in names:
        if name == STDIN:
            found.append((STDIN, sys.stdin.buffer.read()))
            continue
        path = Path(name)
        try:
            within = sorted(path.iterdir()) if path.is_dir() else [path]
            found += [(each.name, each.read_bytes()) for each in within if not each.is_dir()]
        except OSError as error:
            raise UnreadableFile(name, error.strerror or str(error)) from error
    return found


def read(
    names: Sequence[str],
    folder: DataFolder,
    settings: Settings,
    table: str | None,
    told: Told | None = None,
) -> Submission:
    """Gives what some files say, read beside the current release of a data folder."""
    from ..loaders.references import known_to
    from ..loaders.submission import read_submission

    current = folder.current()
    known = known_to(None if current is None else current.engine())
    return read_submission(contents(names), known, table=table, limits=settings.limits(), told=told)


def tell(report: Report, format: str, output: Path | None) -> None:
    """Writes a report, in colour where it is text on a terminal."""
    if format == "text" and output is None:
        console.write(view(report, language()))
        return
    written = form(format).write(report, language())
    with opened(output) as file:
        file.write(written.encode("utf-8"))


@contextmanager
def running() -> Iterator[None]:
    """Ends the command with status 2 and a sentence where it could not do its work."""
    try:
        yield
    except HakushoError as error:
        complain(sentence(error))
        raise click.exceptions.Exit(COULD_NOT_RUN) from None


@contextmanager
def step(name: str) -> Iterator[Told]:
    """Shows on the error output what is being done, how much of it is and how long the rest will
    take, where a person looks at it; gives who is to be told of the share."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    screen = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, disable=not screen.is_terminal, transient=True) as bar:
        task = bar.add_task(say(f"submission.{name}"), total=1.0)
        yield lambda share: bar.update(task, completed=share)
