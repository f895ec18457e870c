"""RDF of any size taken in as it is: streamed into a release, and nothing validated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad

from ..graph.errors import UnsupportedFormat
from ..graph.names import graph
from ..graph.releases.changes import Change
from ..graph.releases.manifest import Source
from ..graph.releases.release import Release
from ..graph.workers.pool import WorkerPool
from ..loaders.rdf import ENDINGS, rdf_format
from ..loaders.rdf_stream import stream_rdf
from .console import say
from .settings import Settings
from .submitting import Clock, UnreadableFile, folder_of

Told = Callable[[int, int], None]
"""Is told of which file, by its place, how many bytes were read."""


def bulk(settings: Settings, names: Sequence[str], who: str, why: str) -> Release:
    """Publishes the statements of RDF files and says how many there were in a second.

    What has no graph goes to that of the submission; what is wrong with a file lets none in.
    """
    paths = [Path(name) for name in names]
    clock, count = Clock(), 0
    folder = folder_of(settings)
    merged = folder.default_graph == "merged"

    def statements(own: NamedNode, pool: WorkerPool, told: Told) -> Iterator[Quad]:
        nonlocal count
        for place, path in enumerate(paths):
            for quad in stream_rdf(path, pool.parse, partial(told, place)):
                count += 1
                if merged and isinstance(quad.graph_name, DefaultGraph):
                    quad = Quad(quad.subject, quad.predicate, quad.object, own)
                yield quad

    sources = [_source(path) for path in paths]
    with WorkerPool(lambda: None, settings.limits()) as pool, _progress(paths) as told:

        def change(current: Release | None) -> Change:
            number = 1 if current is None else current.number + 1
            return Change(add=statements(graph(f"submission-{number}"), pool, told))

        release = folder.publish(change, who=who, why=why, kind="submission", sources=sources)
    print(say("load.bulk", number=release.number), file=sys.stderr)
    print(clock.told(count, "submission.statements"), file=sys.stderr)
    return release


def _source(path: Path) -> Source:
    """Describes a file, and refuses one that is no RDF or cannot be read before any is."""
    if rdf_format(path.name) is None:
        raise UnsupportedFormat(path.name, tuple(ENDINGS))
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
