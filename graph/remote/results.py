"""What a remote engine answered, read with distrust: whole and well formed, or an error.

Everything is read to its end before the first byte of it is passed on. What is nested deeper than
any result has to be would overflow the stack of the RDF library: depth is counted first.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import IO, Any, Final, cast

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from ..errors import LimitExceeded, StoreUnavailable
from ..limits import Limits
from ..store import Form
from .dialects import Dialect
from .wire import Reply

RESULTS: Final = "application/sparql-results+json"
GRAPH: Final = "application/n-triples"
ACCEPT: Final[dict[Form, str]] = {
    "solutions": RESULTS,
    "boolean": RESULTS,
    "graph": f"{GRAPH}, text/turtle;q=0.5",
}
"""What is asked for: what is read with the least that can go wrong."""

BOOLEAN_BYTES: Final = 64 * 1024
_JSON_TYPES: Final = frozenset({RESULTS, "application/json"})
_JSON_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_GRAPH_TOKEN: Final = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\n\r]|\\.)*+"'
    rb"|'(?:[^'\\\n\r]|\\.)*+'"
    rb'|<[^<>"{}|^`\x00-\x20]*+>|#[^\n\r]*+|\\.'
    rb"|(?P<open><<\(?|[\[({])|(?P<close>\)?>>|[\])}])",
    re.DOTALL,
)
_NESTED: Final = re.compile(rb"<<|[\[({]")

Body = bytes | mmap.mmap


class Reader:
    """Reads the answers of one engine, within limits."""

    def __init__(self, spoken: Dialect, limits: Limits, host: str) -> None:
        self._spoken = spoken
        self._limits = limits
        self._host = host

    def boolean(self, reply: Reply) -> bool:
        """Gives the boolean of an ASK query's answer."""
        self._check(reply, _JSON_TYPES)
        if len(reply.body) > BOOLEAN_BYTES:
            raise self._wrong("a boolean of that length is none")
        try:
            said = json.loads(reply.body[:])
            if "boolean" not in said and self._spoken.boolean_column:
                return self._boolean_of(said)
            value = said["boolean"]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise self._wrong("it is no boolean") from error
        if not isinstance(value, bool):
            raise self._wrong("it is no boolean")
        return value

    def _boolean_of(self, said: Any) -> bool:
        """Gives the boolean that is written as a row, or as no row where it is false."""
        column = self._spoken.boolean_column
        if said["head"]["vars"] != [column]:
            raise ValueError(column)
        rows = said["results"]["bindings"]
        return bool(rows) and {"1": True, "0": False}[rows[0][column]["value"]]

    def solutions(self, reply: Reply) -> QuerySolutions:
        """Gives the solutions of a SELECT query's answer, each of which is known to be whole."""
        self._check(reply, _JSON_TYPES)
        body = self._standard(reply.body)
        self._check_depth(_JSON_TOKEN, body)
        with self._reading():
            # All of it is read once before any of it is given.
            for _ in self._open(body):
                pass
            return self._open(body)

    def count(self, reply: Reply, most: int) -> int:
        """Gives how many solutions there are in an answer, or `most` where there are more."""
        if len(reply.body) < 3 * most:
            # A row takes three bytes at least.
            return 0
        return sum(1 for _ in islice(self._open(self._standard(reply.body)), most))

    def triples(self, reply: Reply) -> Iterator[Triple]:
        """Gives the triples of a graph, each of which is known to be whole."""
        kind = RdfFormat.from_media_type(reply.media_type or GRAPH)
        # Many an engine calls N-Triples plain text, as it was before it had a type of its own.
        if reply.media_type == "text/plain":
            kind = RdfFormat.N_TRIPLES
        if kind not in (RdfFormat.N_TRIPLES, RdfFormat.TURTLE):
            raise self._wrong(f"it is {reply.media_type}, and no {GRAPH}")
        self._check(reply)
        if not reply.framed:
            raise self._wrong("nothing tells a whole graph from one that is cut off")
        body = reply.body
        if sum(1 for _ in islice(_NESTED.finditer(body), self._limits.nesting + 1)) > (
            self._limits.nesting
        ):
            self._check_depth(_GRAPH_TOKEN, body)
        with self._reading():
            for _ in _parse(body, kind):
                pass
            return _parse(body, kind)

    def _open(self, body: Body) -> QuerySolutions:
        found = pyoxigraph.parse_query_results(_file(body), QueryResultsFormat.JSON)
        if isinstance(found, QueryBoolean):
            raise self._wrong("it is a boolean, and rows were asked for")
        return found

    def _standard(self, body: Body) -> Body:
        """Gives JSON results as the recommendation has them."""
        prefix = self._spoken.blank_node_prefix.encode()
        if not prefix or body.find(prefix) < 0:
            return body
        # In a string these quotes would have backslashes: only the key and its value are found.
        label = rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")' + re.escape(prefix)
        return re.sub(label, rb"\1", body)

    def _check(self, reply: Reply, media_types: frozenset[str] = frozenset()) -> None:
        for name in self._spoken.partial:
            if name.lower() in reply.headers:
                message = (
                    f"the engine at {self._host} gave only a part of the answer "
                    f"({name}: {reply.headers[name.lower()][:80]})"
                )
                hint = "ask for less at a time, or raise the engine's own limit"
                raise LimitExceeded("rows", message, hint)
        if media_types and reply.media_type not in media_types:
            raise self._wrong(f"it is {reply.media_type or 'of no type'}, and no {RESULTS}")
        if reply.headers.get("content-encoding", "identity").lower() != "identity":
            raise self._wrong("it is compressed, which was not asked for")

    def _check_depth(self, tokens: re.Pattern[bytes], body: Body) -> None:
        depth = 0
        # What is around the rows and terms themselves is nested as well.
        most = self._limits.nesting + 8
        for token in tokens.finditer(body):
            if token.lastgroup == "open":
                depth += 1
                if depth > most:
                    raise self._wrong(f"it is nested more than {self._limits.nesting} deep")
            elif token.lastgroup == "close":
                depth -= 1

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (SyntaxError, ValueError, UnicodeError) as error:
            said = str(getattr(error, "msg", error))[:200]
            raise self._wrong(said) from error

    def _wrong(self, why: str) -> StoreUnavailable:
        return StoreUnavailable(
            f"the answer of the engine at {self._host} is broken or cut off: {why}"
        )


def _file(body: Body) -> IO[bytes]:
    return BytesIO(body) if isinstance(body, bytes) else cast(IO[bytes], _Mapped(body))


class _Mapped:
    """A mapped file as one reader sees it: each has a place of its own."""

    def __init__(self, body: mmap.mmap) -> None:
        self._body = body
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        """Gives the next bytes."""
        end = len(self._body) if size < 0 else self._place + size
        piece = self._body[self._place : end]
        self._place += len(piece)
        return piece


def _parse(body: Body, kind: RdfFormat) -> Iterator[Triple]:
    for quad in pyoxigraph.parse(_file(body), kind):
        yield quad.triple
