"""What a worker does with a query: check it, evaluate it, write the answer within the limits."""

from __future__ import annotations

import itertools
from typing import Final

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from ..embedded import GRAPHS, TABLES, EmbeddedStore
from ..errors import HakushoError, InvalidQuery, LimitExceeded, UnsupportedFormat
from ..limits import NARROW, Limits
from ..names import PREFIXES
from ..sparql.clauses import Facts
from ..sparql.guard import check_query
from ..store import Query
from .frames import Channel
from .messages import packed_error, unpacked_query
from .output import Output

ROW_MARKS: Final = {
    "application/sparql-results+json": b"},{",
    "application/sparql-results+xml": b"<result>",
    "text/csv": b"\n",
    "text/tab-separated-values": b"\n",
}
"""What stands at each row or between two; within a value it may occur as well."""


class QueryWorker:
    """Answers, from one store, the queries that come on a channel."""

    def __init__(self, store: EmbeddedStore, channel: Channel, limits: Limits) -> None:
        self._store = store
        self._channel = channel
        self._limits = limits
        message = f"the answer is longer than {limits.result_bytes / 1e6:g} MB"
        self._overrun = LimitExceeded("size", message, NARROW)

    def run(self) -> None:
        """Answers one query after the other, until the channel is closed."""
        while True:
            self.answer(self._channel.receive()[1])

    def answer(self, message: bytes) -> None:
        """Answers the query that a message carries."""
        query = unpacked_query(message)
        output = Output(self._channel, self._limits.result_bytes, self._overrun)
        try:
            facts = check_query(query.text, self._limits)
            output.finish(self._write(query, facts, output))
        except HakushoError as error:
            self._channel.send(b"X", packed_error(error))

    def _write(self, query: Query, facts: Facts, output: Output) -> bool:
        """Writes an answer, and gives whether rows were left out at the limit."""
        rows, cut = self._limits.rows, facts.tail
        if cut is None or (facts.limit is not None and facts.limit <= rows):
            with self._store.evaluate(query) as result:
                return _written(result, query, rows, output)
        try:
            with self._store.evaluate(_limited(query, cut, rows, facts.offset)) as result:
                output.mark = ROW_MARKS.get(query.media_types.get("solutions", ""), b"")
                _written(result, query, rows, output)
        except InvalidQuery:
            if output.begun:
                raise
            # What is wrong is said of the text as it was sent.
            with self._store.evaluate(query) as result:
                return _written(result, query, rows, output)
        if not output.may_have(rows):
            return False
        # As many rows may have been written as are allowed: the next one is asked for.
        with self._store.evaluate(_limited(query, cut, 1, facts.offset + rows)) as more:
            return isinstance(more, QuerySolutions) and next(more, None) is not None


def _limited(query: Query, cut: tuple[int, int], rows: int, offset: int) -> Query:
    """Gives a SELECT query with another limit and offset."""
    start, end = cut
    text = query.text
    modifiers = f"\nLIMIT {rows} OFFSET {offset}\n" if offset else f"\nLIMIT {rows}\n"
    return Query(
        text[:start] + modifiers + text[end:],
        query.media_types,
        query.default_graphs,
        query.named_graphs,
        query.base_iri,
    )


def _written(
    result: QuerySolutions | QueryBoolean | QueryTriples, query: Query, rows: int, output: Output
) -> bool:
    """Writes an answer; gives whether there are triples beyond the limit."""
    if isinstance(result, QuerySolutions | QueryBoolean):
        output.form = "solutions" if isinstance(result, QuerySolutions) else "boolean"
        table = query.media_types.get(output.form, "")
        if table not in TABLES:
            raise UnsupportedFormat(table, tuple(TABLES))
        result.serialize(output.file, TABLES[table])
        return False
    output.form = "graph"
    media_type = query.media_types.get("graph", "")
    written = GRAPHS.get(media_type)
    if written is None:
        raise UnsupportedFormat(media_type, tuple(GRAPHS))
    some = itertools.islice(result, rows)
    pyoxigraph.serialize(some, output.file, written, prefixes=PREFIXES)
    return next(result, None) is not None
