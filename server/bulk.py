"""Files of any size taken in as they are: streamed into a release, and nothing validated.

RDF is taken as it stands. Rows of a table are read as rows are always read, and one that cannot be
keeps the whole table out; what shapes say of them is not asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from ..graph.errors import UnsupportedFormat
from ..graph.names import graph
from ..graph.releases.changes import Change
from ..graph.releases.lines import Lines
from ..graph.releases.manifest import Source
from ..graph.releases.release import Release
from ..graph.workers.pool import WorkerPool
from ..loaders.rdf import ENDINGS, rdf_format
from ..loaders.rdf_stream import stream_rdf
from .console import say
from .settings import Settings
from .submitting import Clock, UnreadableFile, folder_of

if TYPE_CHECKING:
    from ..loaders.streaming import TableStream
    from ..loaders.submission import Submission

TABLES: Final = (".csv", ".tsv")

Told = Callable[[int, int], None]
"""Is told of which file, by its place, how many bytes were read."""


class Unclean(Exception):
    """Rows that cannot be read, so that nothing is published; the submission says what is wrong."""

    def __init__(self, submission: Submission) -> None:
        super().__init__(submission)
        self.submission = submission


@dataclass
class _Files:
    """The files, what is read of them, and how much that was."""

    paths: list[Path]
    sources: list[Source]
    table: str | None
    statements: int = 0
    tables: list[TableStream] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables)


def bulk(
    settings: Settings, names: Sequence[str], who: str, why: str, table: str | None = None
) -> Release:
    """Publishes what RDF files and tables say, and says how much there was in a second.

    What has no graph goes to that of the submission; what is wrong with a file lets none in.
    Raises Unclean where that are rows of a table.
    """
    from ..loaders.checking.standing import Standing

    clock = Clock()
    folder = folder_of(settings)
    merged = folder.default_graph == "merged"
    paths = [Path(name) for name in names]
    files = _Files(paths, [_source(path) for path in paths], table)
    with WorkerPool(lambda: None, settings.limits()) as pool, _progress(paths) as told:

        def change(current: Release | None) -> Change:
            own = Standing(current, merged).own
            return Change(
                lines=_tables(files, current, own, told),
                add=_others(files, graph(own) if merged else None, pool, told),
            )

        release = folder.publish(change, who=who, why=why, kind="submission", sources=files.sources)
    files.statements += sum(each.statements for each in files.tables)
    print(say("load.bulk", number=release.number), file=sys.stderr)
    if files.rows:
        print(clock.told(files.rows), file=sys.stderr)
    print(clock.told(files.statements, "submission.statements"), file=sys.stderr)
    return release


def _tables(files: _Files, current: Release | None, own: str, told: Told) -> list[Lines]:
    """Gives what the rows of the tables say, in the graph of the submission."""
    return [
        Lines(graph(own), _of_table(files, path, current, own, partial(told, place)))
        for place, path in enumerate(files.paths)
        if path.suffix.lower() in TABLES
    ]


def _of_table(
    files: _Files, path: Path, current: Release | None, own: str, told: Callable[[int], None]
) -> Iterator[bytes]:
    from ..loaders.references import known_to
    from ..loaders.streaming import TableStream

    known = known_to(None if current is None else current.engine())
    with path.open("rb") as content:
        stream = TableStream(path.name, content, known, own, table=files.table)
        files.tables.append(stream)
        for piece in stream.chunks(progress=lambda rows: told(content.tell())):
            # What cannot be published is read on for what else is wrong, and for nothing more.
            if stream.is_whole():
                yield piece


def _others(files: _Files, own: NamedNode | None, pool: WorkerPool, told: Told) -> Iterator[Quad]:
    """Gives what the files of RDF say; what has no graph goes to that of the submission.

    It comes last: raises Unclean where the tables before it were not whole.
    """
    for place, path in enumerate(files.paths):
        if path.suffix.lower() in TABLES:
            continue
        for quad in stream_rdf(path, pool.parse, partial(told, place)):
            if own is not None and isinstance(quad.graph_name, DefaultGraph):
                quad = Quad(quad.subject, quad.predicate, quad.object, own)
            files.statements += 1
            yield quad
    if not all(each.is_whole() for each in files.tables):
        raise Unclean(_submission(files))


def _submission(files: _Files) -> Submission:
    """Gives what is wrong with the rows, as a submission without statements."""
    from ..loaders.submission import Submission, SubmittedFile

    named = {path.name: source for path, source in zip(files.paths, files.sources, strict=True)}
    return Submission(
        files=tuple(
            SubmittedFile(each.name, "text/csv", named[each.name].sha256, each.rows)
            for each in files.tables
        ),
        defects=tuple(defect for each in files.tables for defect in each.defects),
    )


def _source(path: Path) -> Source:
    """Describes a file, and refuses before any is read one that cannot be streamed."""
    if rdf_format(path.name) is None and path.suffix.lower() not in TABLES:
        raise UnsupportedFormat(path.name, (*ENDINGS, *TABLES))
    try:
        return Source.of(path)
    except OSError as error:
        raise UnreadableFile(str(path), error.strerror or str(error)) from error


@contextmanager
def _progress(paths: Sequence[Path]) -> Iterator[Told]:
    """Shows on the error output how far each file has been read, where a person looks at it."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    screen = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, disable=not screen.is_terminal, transient=True) as bar:
        tasks = [bar.add_task(path.name, total=path.stat().st_size) for path in paths]
        yield lambda place, done: bar.update(tasks[place], completed=done)
