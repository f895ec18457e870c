"""What a worker does with a query: check it, evaluate it, write the answer within the limits."""

from __future__ import annotations

import itertools
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from .clauses import Facts
from .embedded import GRAPHS, EmbeddedStore, serialize
from .errors import HakushoError, InvalidQuery, LimitExceeded, UnsupportedFormat
from .frames import Channel
from .guard import check_query
from .limits import NARROW, Limits
from .messages import packed_error, unpacked_query
from .names import PREFIXES
from .output import Output
from .store import Query

ROW_MARKS: Final = {
    "application/sparql-results+json": b"},{",
    "application/sparql-results+xml": b"<result>",
    "text/csv": b"\n",
    "text/tab-separated-values": b"\n",
}
"""What stands at each row or between two; within a value it may occur as well."""


def serve_query(store: EmbeddedStore, channel: Channel, limits: Limits) -> None:
    """Answers the next query that comes on the channel."""
    query = unpacked_query(channel.receive()[1])
    message = f"the answer is longer than {limits.result_bytes / 1e6:g} MB"
    output = Output(channel, limits.result_bytes, LimitExceeded("size", message, NARROW))
    try:
        facts = check_query(query.text, limits)
        _answer(store, query, facts, limits.rows, output)
    except HakushoError as error:
        channel.send(b"X", packed_error(error))


def _answer(store: EmbeddedStore, query: Query, facts: Facts, rows: int, output: Output) -> None:
    cut = facts.tail if facts.limit is None or facts.limit > rows else None
    with ExitStack() as stack:
        try:
            asked = _limited(query, cut, rows, facts.offset) if cut else query
            result = stack.enter_context(store.evaluate(asked))
        except InvalidQuery:
            # What is wrong is said of the text as it was sent.
            result = stack.enter_context(store.evaluate(query))
            cut = None
        full = _write(result, query, rows, output, counting=cut is not None)
    if full and cut:
        # As many rows may have been written as are allowed: the next one is asked for.
        with store.evaluate(_limited(query, cut, 1, facts.offset + rows)) as more:
            full = isinstance(more, QuerySolutions) and next(more, None) is not None
    output.finish(full)


def _limited(query: Query, cut: tuple[int, int], rows: int, offset: int) -> Query:
    """Gives a SELECT query with another limit and offset."""
    start, end = cut
    text = query.text
    modifiers = f"\nLIMIT {rows}" + (f" OFFSET {offset}" if offset else "")
    return replace(query, text=f"{text[:start]}{modifiers}\n{text[end:]}")


def _write(
    result: QuerySolutions | QueryBoolean | QueryTriples,
    query: Query,
    rows: int,
    output: Output,
    counting: bool,
) -> bool:
    """Writes an answer, and gives whether it may lack something beyond the limit of rows."""
    if isinstance(result, QueryTriples):
        output.form = "graph"
        return _write_triples(result, query.media_types.get("graph", ""), rows, output)
    output.form = "boolean" if isinstance(result, QueryBoolean) else "solutions"
    media_type = query.media_types.get(output.form, "")
    if counting:
        output.mark = ROW_MARKS.get(media_type, b"")
    serialize(result, media_type, output)
    return counting and output.marks() + 1 >= rows


def _write_triples(triples: QueryTriples, media_type: str, rows: int, output: Output) -> bool:
    written = GRAPHS.get(media_type)
    if written is None:
        raise UnsupportedFormat(media_type, tuple(GRAPHS))
    some = itertools.islice(triples, rows)
    pyoxigraph.serialize(some, output.file, written, prefixes=PREFIXES)
    return next(triples, None) is not None
