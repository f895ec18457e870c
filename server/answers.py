"""An answer of the store as an HTTP response, streamed, and as rows that a page shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import overload

from flask import Response, request
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from ..graph.errors import LimitExceeded
from ..graph.names import PREFIXES
from ..graph.store import Answer, Row, Store, Term
from ..graph.workers.answers import PoolAnswer
from ..queries.catalogue import Parameters, catalogue
from ..queries.header import Question, thing_of
from .negotiation import Media, media_of
from .things import Value, value_of

SOLUTIONS = "application/sparql-results+json"
CAPPED = "Hakusho-Capped"
"""The header that says after how many rows an answer was cut off."""
SHOWN_ROWS = 1_000
"""How many rows a page shows; the data beside it has all."""
SHOWN_BYTES = 200_000
"""How much of an answer is read for a page."""
PAGE_BYTES = 70_000
"""How much of an answer a page shows, so that no page is longer than 100 KB."""
MARKUP_BYTES = 75
"""About how much a page writes around each value."""


@dataclass(frozen=True)
class Column:
    """A column of an answer as a page shows it."""

    label: str
    number: bool = False


@dataclass
class Shown:
    """An answer's table as a page shows it: the first rows, and how many there are."""

    columns: list[Column]
    rows: list[list[Value | None]]
    total: int
    cut: bool = field(default=False)


def capped(answer: Answer) -> bool:
    """Tells whether rows were left out of an answer at the limit."""
    return isinstance(answer, PoolAnswer) and answer.capped


@dataclass(frozen=True)
class Opened:
    """An answer whose beginning has come: the headers that say what it is, and its pieces."""

    headers: list[tuple[str, str]]
    pieces: Iterable[bytes]
    answer: Answer


def opened(answer: Answer, method: str = "GET") -> Opened:
    """Gives an answer once its beginning has come.

    The first two pieces are awaited: what goes wrong early is still answered as a problem, and a
    short answer goes out as one piece of known length.
    """
    rest = iter(answer.chunks)
    try:
        begin = list(islice(rest, 2))
    except BaseException:
        answer.close()
        raise
    headers = [("Content-Type", media_of(answer.media_type).content_type)]
    if len(begin) < 2:
        headers.append(("Content-Length", str(sum(map(len, begin)))))
    elif isinstance(answer, PoolAnswer) and answer.size is not None:
        headers.append(("Content-Length", str(answer.size)))
    if isinstance(answer, PoolAnswer) and answer.capped:
        headers += [(CAPPED, f"rows={answer.limit}"), ("Cache-Control", "no-store")]
    if len(begin) < 2 or method == "HEAD":
        answer.close()
        return Opened(headers, [] if method == "HEAD" else begin, answer)
    return Opened(headers, chain(begin, rest), answer)


def written(triples: Iterable[Triple], media: Media) -> Answer:
    """Gives triples as an answer in a media type."""
    format = RdfFormat.from_media_type(media.media_type)
    body = serialize(triples, format=format, prefixes=dict(PREFIXES))
    return Answer("graph", media.media_type, iter([body or b""]))


def stream(answer: Answer) -> Response:
    """Gives an answer as a response whose body follows piece by piece."""
    begun = opened(answer, request.method)
    response = Response(begun.pieces, headers=begun.headers)
    response.call_on_close(answer.close)
    return response


class Rows(Sequence[Row]):
    """The rows of an answer in SPARQL JSON results, each made into terms when it is looked at."""

    def __init__(self, body: bytes) -> None:
        self._bindings: list[Mapping[str, Mapping[str, object]]]
        self._bindings = json.loads(body)["results"]["bindings"]

    def __len__(self) -> int:
        return len(self._bindings)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [_row(each) for each in self._bindings[at]]
        return _row(self._bindings[at])


def _row(binding: Mapping[str, Mapping[str, object]]) -> Row:
    return {name: term_of(value) for name, value in binding.items()}


def rows_of(store: Store, id: str, params: Parameters) -> Rows:
    """Gives the rows of a SELECT question of which a page shows some; raises LimitExceeded where
    there are more than are allowed."""
    answer = catalogue().answer(store, id, params, {"solutions": SOLUTIONS})
    body = b"".join(answer.chunks)
    if capped(answer):
        raise LimitExceeded("rows", "there are more rows than are allowed")
    return Rows(body)


def shown(question: Question, rows: Sequence[Row], lang: str) -> Shown:
    """Gives a question's rows as a page shows them, each thing under its label."""
    names = [name for name in question.columns if not _labels(name, question.columns)]
    # Row by row, as a page mostly has no room for all of them.
    every = (
        [value_of(row[name], row.get(f"{name}Label")) if name in row else None for name in names]
        for row in islice(rows, SHOWN_ROWS)
    )
    values = list(_beginning(every))
    columns = [
        Column(capital(question.label(name, lang)), _numeric(values, index))
        for index, name in enumerate(names)
    ]
    return Shown(columns, values, len(rows), len(rows) > len(values))


def capital(label: str) -> str:
    """Gives a label as it heads a column, in a language that has capitals."""
    return label[:1].upper() + label[1:]


def _beginning(rows: Iterable[list[Value | None]]) -> Iterator[list[Value | None]]:
    """Gives the rows that a page has room for."""
    taken = 0
    for row in rows:
        taken += sum(
            len(value.text.encode()) + len(value.href or "") + MARKUP_BYTES
            for value in row
            if value is not None
        )
        if taken > PAGE_BYTES:
            return
        yield row


def shown_text(chunks: Iterator[bytes]) -> str:
    """Gives the beginning of an RDF answer."""
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > PAGE_BYTES:
            return found[:PAGE_BYTES].decode("utf-8", "ignore") + "\n…"
    return found.decode("utf-8")


def _labels(name: str, columns: Sequence[str]) -> bool:
    return name != thing_of(name) and thing_of(name) in columns


def _numeric(values: Sequence[Sequence[Value | None]], index: int) -> bool:
    column = [row[index] for row in values if row[index] is not None]
    return bool(column) and all(value is not None and value.number for value in column)


def term_of(said: Mapping[str, object]) -> Term:
    """Gives a term as SPARQL JSON results write it."""
    kind, value = said["type"], said["value"]
    if kind == "uri":
        return NamedNode(str(value))
    if kind == "bnode":
        return BlankNode(str(value))
    if not isinstance(value, str):
        # A triple term: its text is all that a table shows of it.
        return Literal(json.dumps(value, ensure_ascii=False))
    if "xml:lang" in said:
        return Literal(value, language=str(said["xml:lang"]))
    datatype = said.get("datatype")
    return Literal(value, datatype=NamedNode(str(datatype))) if datatype else Literal(value)
