"""What a worker does with a query: evaluate it and send the answer as it is written.

An answer that fits one message is an `A`. A longer one is an `H`, pieces `D` and an `E`. What goes
wrong is an `X`, whatever was sent before it.
"""

from __future__ import annotations

import itertools
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any, Final, cast

import pyoxigraph
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
)

from .frames import Channel
from .names import PREFIXES
from .store import Form

PIECE: Final = 64 * 1024
SIZE: Final = struct.Struct("!I")
FORMS: Final[tuple[Form, ...]] = ("solutions", "boolean", "graph")
ROW_MARKS: Final = {
    "application/sparql-results+json": b"},{",
    "application/sparql-results+xml": b"<result>",
    "text/csv; charset=utf-8": b"\n",
    "text/tab-separated-values; charset=utf-8": b"\n",
}
"""What stands at each row or between two; within a value it may occur as well."""
SYNTAX: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class Overrun(Exception):
    """What is written grew past the limit."""


@dataclass(frozen=True)
class Cut:
    """Where the text's LIMIT and OFFSET stand, or would stand, and what they are to be."""

    start: int
    end: int
    rows: int
    offset: int

    def apply(self, text: str, rows: int, offset: int) -> str:
        """Gives the text with another limit and offset."""
        return f"{text[: self.start]}\nLIMIT {rows} OFFSET {offset}\n{text[self.end :]}"


@dataclass(frozen=True)
class Task:
    """A query as it travels to a worker, beside its text."""

    media_types: Mapping[Form, str]
    base: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    bindings: Mapping[str, str]
    """Variables and the N-Triples form of the terms that are put in their place."""
    rows: int
    size: int
    cut: Cut | None

    def packed(self, text: str) -> list[bytes]:
        """Gives the task and the query's text as the parts of one message."""
        head = json.dumps(asdict(self)).encode()
        return [SIZE.pack(len(head)), head, text.encode()]

    @classmethod
    def unpacked(cls, content: bytes) -> tuple[Task, str]:
        """Gives the task and the text that a message carries."""
        (size,) = SIZE.unpack_from(content)
        said = json.loads(content[SIZE.size : SIZE.size + size])
        said["cut"] = said["cut"] and Cut(**said["cut"])
        return cls(**said), content[SIZE.size + size :].decode()


def serve_query(store: Store, channel: Channel) -> None:
    """Answers the next query that comes on the channel."""
    task, text = Task.unpacked(channel.receive()[1])
    try:
        _answer(store, task, text, Output(channel, task.size))
    except MemoryError:
        raise
    except Exception as error:
        channel.send(b"X", json.dumps(said(error)).encode())


def said(error: Exception) -> dict[str, Any]:
    """Gives an error as it travels to the server."""
    if isinstance(error, SyntaxError):
        where = SYNTAX.fullmatch(str(error.msg))
        if where:
            line, column, message = where.groups()
            return {"kind": "syntax", "text": message, "line": int(line), "column": int(column)}
        return {
            "kind": "syntax",
            "text": str(error.msg),
            "line": error.lineno,
            "column": error.offset,
        }
    if isinstance(error, Overrun):
        return {"kind": "size"}
    kind = "value" if isinstance(error, ValueError) else "store"
    return {"kind": kind, "text": str(error)}


class Output:
    """Where an answer is written: it goes out in pieces, and counts against a limit."""

    def __init__(self, channel: Channel, limit: int) -> None:
        self._channel = channel
        self._limit = limit
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._sent = 0
        self._tail = b""
        self.form: Form = "solutions"
        self.mark = b""
        """What is to be counted, where it matters how many rows there are."""
        self.marks = 0

    @property
    def file(self) -> IO[bytes]:
        """Itself: of a file, the engine uses no more than there is here."""
        return cast(IO[bytes], self)

    def write(self, piece: bytes) -> int:
        """Takes a piece of the answer."""
        self._pieces.append(piece)
        self._waiting += len(piece)
        if self._waiting >= PIECE:
            if self._sent == 0:
                self._channel.send(b"H", bytes((FORMS.index(self.form),)))
            self._channel.send(b"D", self._taken())
        return len(piece)

    def flush(self) -> None:
        """Does nothing: pieces go out when there is enough of them."""

    def finish(self, capped: bool) -> None:
        """Sends what is left and that it is the end."""
        if self._sent == 0:
            head = bytes((FORMS.index(self.form), capped))
            self._channel.send(b"A", head, self._taken())
        else:
            self._channel.send(b"D", self._taken())
            self._channel.send(b"E", bytes((capped,)))

    def counted(self) -> int:
        """Gives how often the mark occurs in all that was written so far."""
        return self.marks + (self._tail + b"".join(self._pieces)).count(self.mark)

    def _taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces, self._waiting = [], 0
        self._sent += len(taken)
        if self._sent > self._limit:
            raise Overrun
        if self.mark:
            seen = self._tail + taken
            self.marks += seen.count(self.mark)
            self._tail = seen[len(seen) - len(self.mark) + 1 :]
        return taken


def _answer(store: Store, task: Task, text: str, output: Output) -> None:
    cut = task.cut
    try:
        results = _query(store, task, cut.apply(text, cut.rows, cut.offset) if cut else text)
    except SyntaxError:
        # What is wrong is said of the text as it was sent.
        results, cut = _query(store, task, text), None
    if isinstance(results, QueryBoolean):
        output.form = "boolean"
        results.serialize(output.file, _results_format(task))
        output.finish(False)
    elif isinstance(results, QuerySolutions):
        written = _results_format(task)
        output.mark = ROW_MARKS[written.media_type] if cut else b""
        results.serialize(output.file, written)
        output.finish(cut is not None and _is_capped(store, task, text, cut, output))
    else:
        output.form = "graph"
        output.finish(_write_graph(results, task, output))


def _is_capped(store: Store, task: Task, text: str, cut: Cut, output: Output) -> bool:
    """Whether the query has more solutions than were written.

    Marks are never fewer than rows; where there are enough of them, the next row is asked for.
    """
    if output.counted() + 1 < cut.rows:
        return False
    more = _query(store, task, cut.apply(text, 1, cut.offset + cut.rows))
    return isinstance(more, QuerySolutions) and next(more, None) is not None


def _write_graph(triples: QueryTriples, task: Task, output: Output) -> bool:
    """Writes triples up to the limit, and gives whether there were more."""
    written = RdfFormat.from_media_type(task.media_types["graph"])
    if written is None:
        raise ValueError(f"no graph is written as {task.media_types['graph']}")
    # Prefixes make for shorter and readable text; formats without them take no notice.
    pyoxigraph.serialize(
        itertools.islice(triples, task.rows), output.file, written, prefixes=PREFIXES
    )
    return next(triples, None) is not None


def _results_format(task: Task) -> QueryResultsFormat:
    media_type = task.media_types["solutions"]
    written = QueryResultsFormat.from_media_type(media_type)
    if written is None:
        raise ValueError(f"no solutions are written as {media_type}")
    return written


def _query(store: Store, task: Task, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    named = bool(task.default_graphs or task.named_graphs)
    return store.query(
        text,
        base_iri=task.base,
        default_graph=[NamedNode(iri) for iri in task.default_graphs] if named else None,
        named_graphs=[NamedNode(iri) for iri in task.named_graphs] if named else None,
        substitutions={Variable(name): _term(term) for name, term in task.bindings.items()} or None,
    )


def _term(written: str) -> Any:
    """Gives the term of an N-Triples text."""
    triple = f"<x:s> <x:p> {written} ."
    (quad,) = pyoxigraph.parse(triple, RdfFormat.N_TRIPLES, lenient=True)
    return quad.object
