"""Queries in processes of their own: a store that no query can take down.

    pool = WorkerPool(lambda: (7, Path("data/releases/7/store")))
    answer = pool.answer(Query("SELECT …", media_types))

Each worker holds a read-only release, has no network, writes no file, and is ended when it
overruns its time or memory; the query then gets an error that names the limit. Any number of
threads may ask at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from ..errors import InvalidQuery, LimitExceeded
from ..limits import Limits
from ..sparql.syntax import bind
from ..store import Form, Query, Row, Term
from .answers import PoolAnswer, receive
from .counters import Counters
from .delta import Delta
from .errands import Errands
from .generations import Generations, Source
from .jobs import Job
from .lanes import Lanes
from .messages import packed_query
from .reading import Document
from .revision import Update
from .sessions import UpdateSession

JSON: Final = "application/sparql-results+json"
OWN: Final[dict[Form, str]] = {
    "solutions": JSON,
    "boolean": JSON,
    "graph": "application/n-triples",
}
CLOSE_SECONDS: Final = 5.0


class WorkerPool:
    """A store whose queries run in isolated workers, on the release that is current."""

    def __init__(self, source: Source, limits: Limits | None = None) -> None:
        self.limits: Final = limits or Limits()
        self._counters = Counters()
        self._generations = Generations(source, self.limits, self._counters)
        self._lanes = Lanes(self._generations, self.limits, self._counters)
        self._errands = Errands(self._generations, self.limits, self._counters)

    def answer(self, query: Query) -> PoolAnswer:
        """Gives the answer of a query, written in the media type wanted for its form."""
        job = Job(self._lanes, self.limits, self._counters)
        job.send(packed_query(query))
        return receive(job, query.media_types, self.limits)

    def rows(self, text: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Gives the solutions of a SELECT query, with variables bound beforehand where given."""
        results = self._results(bind(text, bindings or {}), "solutions")
        assert isinstance(results, QuerySolutions)
        names = [variable.value for variable in results.variables]
        return [
            {name: value for name in names if (value := solution[name]) is not None}
            for solution in results
        ]

    def ask(self, text: str) -> bool:
        """Gives the answer of an ASK query."""
        results = self._results(text, "boolean")
        assert isinstance(results, QueryBoolean)
        return bool(results)

    def triples(self, text: str) -> list[Triple]:
        """Gives the triples of a CONSTRUCT or DESCRIBE query."""
        written = self._whole(text, "graph")
        return [quad.triple for quad in pyoxigraph.parse(written, RdfFormat.N_TRIPLES)]

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

    def _results(self, text: str, form: Form) -> QuerySolutions | QueryBoolean:
        return pyoxigraph.parse_query_results(self._whole(text, form), QueryResultsFormat.JSON)

    def _whole(self, text: str, form: Form) -> bytes:
        answer = self.answer(Query(text, OWN))
        written = b"".join(answer.chunks)
        if answer.form != form:
            raise InvalidQuery(f"the query gives {answer.form}, and {form} is asked for")
        if answer.capped:
            raise LimitExceeded("rows", f"there are more than {answer.limit:,} rows")
        return written
