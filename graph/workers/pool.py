"""Queries in processes of their own: a store that no query can take down.

    pool = WorkerPool(lambda: (7, Path("data/releases/7/store")))
    answer = pool.answer(Query("SELECT …", media_types))

Each worker holds a read-only release, has no network, writes no file, and is ended when it
overruns its time or memory; the query then gets an error that names the limit. Any number of
threads may ask at once.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ..errors import LimitExceeded
from ..limits import Limits
from ..store import Query
from .answers import PoolAnswer, receive
from .counters import Counters
from .delta import Delta
from .errands import Errands
from .generations import Generations, Source
from .jobs import Job
from .lanes import Lanes
from .messages import packed_query
from .pool_store import OWN, PastStore, PoolStore
from .reading import Document
from .revision import Update
from .sessions import UpdateSession

__all__ = ["OWN", "WorkerPool"]

CLOSE_SECONDS: Final = 5.0


class WorkerPool(PoolStore):
    """A store whose queries run in isolated workers, on the release that is current."""

    def __init__(self, source: Source, limits: Limits | None = None) -> None:
        self.limits: Final = limits or Limits()
        self._counters = Counters()
        self._generations = Generations(source, self.limits, self._counters)
        self._lanes = Lanes(self._generations, self.limits, self._counters)
        self._errands = Errands(self._generations, self.limits, self._counters)

    def answer(self, query: Query) -> PoolAnswer:
        """Gives the answer of a query, written in the media type wanted for its form."""
        return self._answer(query, None)

    def at(self, number: int, path: Path) -> PastStore:
        """Gives a store of the release of that number, in the same workers' places and limits."""
        return PastStore(lambda query: self._answer(query, (number, path)))

    def parse(
        self,
        content: bytes,
        media_type: str,
        base_iri: str | None = None,
        genid: str | None = None,
    ) -> bytes:
        """Gives the quads of an RDF document as N-Quads, its blank nodes under new names, or as
        IRIs that begin with `genid`.

        The document may be anyone's: it is read in a process of its own, nothing is fetched for it,
        and what is nested or unfolds without end is refused.
        """
        if len(content) > self.limits.upload_bytes:
            most = self.limits.upload_bytes / 1e6
            raise LimitExceeded("upload", f"the document is longer than {most:g} MB")
        document = Document(content, media_type, base_iri, genid)
        return self._errands.run("read", document.packed(), "the document")

    def evaluate_update(self, update: Update, path: Path | None) -> Delta:
        """Gives what an update would change in the store at a path, or in an empty one.

        The text may be anyone's: it is checked, and evaluated on a copy, in a process of its own.
        Nobody may write to the store meanwhile; the copy shares its files and stands beside it.
        """
        with TemporaryDirectory(prefix="update-", dir=path and path.parent) as scratch:
            done = self._errands.run("update", update.packed(), "the update", path, Path(scratch))
        return Delta.unpacked(done)

    def update_session(self) -> UpdateSession:
        """Gives what works out updates one after the other, each on what those before it made."""
        return UpdateSession(self._errands)

    @property
    def release(self) -> int:
        """The number of the release that the next query would be answered from."""
        return self._generations.current().number

    @property
    def most_at_once(self) -> int:
        """How many threads a server needs so that no long query keeps a short one waiting."""
        return self._lanes.most_at_once

    def past(self) -> tuple[int, ...]:
        """Gives the numbers of the releases that are open without being current."""
        return self._generations.past()

    def numbers(self) -> dict[str, float]:
        """Gives what the workers did so far, by name."""
        return self._counters.numbers()

    def wait_until_held(self, seconds: float = 60.0) -> bool:
        """Waits until the current release is where it is going to be: in memory, or on disk."""
        return self._generations.current().settled.wait(seconds)

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Lets what runs come to its end for a while, and then ends all workers."""
        self._lanes.close(seconds)
        self._generations.close()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close(0)

    def _answer(self, query: Query, release: tuple[int, Path] | None) -> PoolAnswer:
        job = Job(self._lanes, self.limits, self._counters, release)
        job.send(packed_query(query))
        return receive(job, query.media_types, self.limits)
