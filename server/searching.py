"""The search index of the release that answers, opened once and made while others are served."""

from __future__ import annotations

import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

from flask import current_app

from ..graph.errors import HakushoError, TooBusy
from ..graph.releases.release import Release
from ..graph.search.keeping import search_index

if TYPE_CHECKING:
    from flask.sansio.app import App

KEY: Final = "hakusho.search"
KEPT: Final = 4
"""Of how many releases the index stays open."""
PATIENCE: Final = 10.0
"""How many seconds a search waits for the index of a release that nobody has searched before."""


class NoSearch(HakushoError):
    """A search where another engine answers, of whose texts there is no index."""

    def __str__(self) -> str:
        return "another engine answers here, and its texts are not indexed; ask it in SPARQL"


class Indexes:
    """The search indexes that are open, by release."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], Future[sqlite3.Connection]] = {}
        self._lock = Lock()
        self._maker = ThreadPoolExecutor(1, "search-index")

    def of(self, release: Release) -> sqlite3.Connection:
        """Gives the index of a release, or raises TooBusy where making it takes too long."""
        key = str(release.folder), release.number
        with self._lock:
            coming = self._open.get(key)
            if coming is None or (coming.done() and coming.exception() is not None):
                coming = self._open[key] = self._maker.submit(search_index, release)
                while len(self._open) > KEPT:
                    # Whoever searches it this moment still holds it; it closes after that.
                    del self._open[next(iter(self._open))]
        try:
            return coming.result(PATIENCE)
        except NotYet:
            raise TooBusy("the search index of this release is being made", 10) from None


def register(app: App) -> None:
    """Gives an application its open indexes."""
    app.extensions[KEY] = Indexes()


def indexes() -> Indexes:
    """Gives the open indexes of the current application."""
    return cast(Indexes, current_app.extensions[KEY])
