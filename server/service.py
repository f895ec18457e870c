"""What the application answers from: the store of the current release, the data folder, the tokens.

One object, made by `create_app`; a view asks for it with `service()`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, cast

from flask import current_app, g, has_request_context, request
from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse

from ..graph.errors import BadDocument, BadParameter, UnknownRelease
from ..graph.limits import Limits
from ..graph.releases.data_folder import DataFolder
from ..graph.releases.manifest import Manifest
from ..graph.releases.publishing import current_number
from ..graph.releases.release import Release
from ..graph.remote.remote_store import RemoteStore
from ..graph.store import Store
from ..graph.workers.pool import WorkerPool
from .grouping import Grouping
from .named_release import PARAMETER, is_timeless
from .settings import Settings
from .tokens import Tokens, WritingOff, tokens_from

KEY: Final = "hakusho"


@dataclass(frozen=True)
class Service:
    """The data folder, the store that answers from its current release, and who may write."""

    data: DataFolder
    store: Store
    tokens: Tokens = field(default_factory=Tokens)
    limits: Limits = field(default_factory=Limits)
    validates: bool = True
    """Whether what is written has to keep to the shapes."""
    write_window: float = 0.05
    """Seconds in which writes that come together are published together."""
    release: int | None = None
    """The number of the release that answers, where it is not just the current one."""

    @classmethod
    def of(cls, data: DataFolder, settings: Settings) -> Service:
        """Gives the service of a data folder, its queries in workers of their own, or of another
        engine where one is set."""
        if settings["store"]:
            # What another engine holds is read here and written there.
            return cls(data, remote(settings), limits=settings.limits())
        tokens = tokens_from(settings["token"], settings["propose_token"], settings["token_file"])
        limits = settings.limits()
        pool = WorkerPool(Current(data.path), limits)
        window = settings["write_window"]
        return cls(data, pool, tokens, limits, settings["validation"], window)

    def read(self, document: bytes, media_type: str, base: str) -> list[Triple]:
        """Gives the triples of anyone's RDF document, read where it can do no harm."""
        read = self.pool.parse(document, media_type, base)
        quads = list(parse(read, RdfFormat.N_QUADS))
        if any(not isinstance(quad.graph_name, DefaultGraph) for quad in quads):
            raise BadDocument("the document names graphs of its own; send each to its own graph")
        return [quad.triple for quad in quads]

    def at(self, asked: str | None) -> Service:
        """Gives the service of a release, by the number that a request names; of none, itself."""
        if not asked:
            return self
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
            raise BadParameter(PARAMETER, asked, "the number of a release")
        if self.is_remote:
            raise UnknownRelease(self.data.path, int(asked))
        found = self.data.release(int(asked))
        if isinstance(self.store, WorkerPool):
            store: Store = self.store.at(found.number, found.store_path)
        else:
            store = _opened(self.data.path, found.number)
        return replace(self, store=store, release=found.number)

    @property
    def pool(self) -> WorkerPool:
        """The workers, which read and evaluate what is to be written."""
        if not isinstance(self.store, WorkerPool):
            raise WritingOff
        return self.store

    def close(self) -> None:
        """Ends the workers or closes the connections, if the store has any."""
        if isinstance(self.store, WorkerPool | RemoteStore):
            self.store.close()

    @cached_property
    def writes(self) -> Grouping:
        """What publishes writes."""
        return Grouping(self.data, lambda: self.pool.update_session(), self.write_window)

    @cached_property
    def current(self) -> Current:
        """What knows the current release."""
        return Current(self.data.path)

    @property
    def is_remote(self) -> bool:
        """Whether another engine answers, which has no releases."""
        return isinstance(self.store, RemoteStore)

    def number(self) -> int | None:
        """Gives the number of the release that answers: the current one, as it is now."""
        if self.release is not None:
            return self.release
        return None if self.is_remote else self.current.number()

    def state(self) -> int | None:
        """Gives what tells answers of now from those of before: of another engine, nothing does."""
        return time.monotonic_ns() if self.is_remote else self.current.number()

    def manifest(self) -> Manifest | None:
        """Gives what was written down about the release that answers."""
        number = self.number()
        return None if number is None else _manifest(self.data.path, number)

    def graphs(self) -> Mapping[str, int | None]:
        """Gives the names of the graphs that there are, in order, and how many statements each
        has, where that is known: another engine would have to count them."""
        if isinstance(self.store, RemoteStore):
            return dict.fromkeys(sorted(self.store.data.names()))
        manifest = self.manifest()
        if manifest is None:
            return {}
        return {name: content.quads for name, content in sorted(manifest.graphs.items())}


def remote(settings: Settings) -> RemoteStore:
    """Gives the store of the engine that is set."""
    header, limits = settings["store_header"], settings.limits()
    return RemoteStore(settings["store"], settings["engine"], header, limits)


class Current:
    """The current release, noticed at once and at little cost: it is looked up at every request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = str(folder / "current")
        self._seen: tuple[tuple[int, int], int, Path] | None = None

    def number(self) -> int | None:
        """Gives the number of the current release, as it is now."""
        now = self()
        return None if now is None else now[0]

    def __call__(self) -> tuple[int, Path] | None:
        """Gives the number of the current release and the folder of its store."""
        try:
            # The file is never written into: another takes its place.
            file = os.stat(self._path)
            now = (file.st_ino, file.st_mtime_ns)
        except OSError:
            now = (0, 0)
        seen = self._seen
        if seen is None or seen[0] != now:
            number = current_number(self._folder)
            if number is None:
                return None
            seen = self._seen = (now, number, Release(self._folder, number).store_path)
        return seen[1:]


@lru_cache(maxsize=8)
def _manifest(folder: Path, number: int) -> Manifest:
    # A release never changes, so what was written down about it is read once.
    return Release(folder, number).manifest


@lru_cache(maxsize=2)
def _opened(folder: Path, number: int) -> Store:
    return Release(folder, number).open()


def service() -> Service:
    """Gives what the current request is answered from: where it reads, from the release it names.

    A write is to what is current, whatever its address names.
    """
    whole = cast(Service, current_app.extensions[KEY])
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return whole
    asked = request.args.get(PARAMETER)
    if not asked or is_timeless(request.path):
        return whole
    found: Service | None = g.get(KEY)
    if found is None:
        found = whole.at(asked)
        setattr(g, KEY, found)
    return found


def find_release() -> None:
    """Finds the release that the current request names, or refuses the request."""
    service()


def answering() -> Service:
    """Gives what the current request was answered from, or could have been: it is never refused."""
    return g.get(KEY) or cast(Service, current_app.extensions[KEY])
