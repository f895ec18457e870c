"""Queries and errors as they travel between the server and its workers: JSON and bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from ..errors import HakushoError, StoreUnavailable
from ..store import Form, Query

SIZE: Final = struct.Struct("!I")


def packed(head: bytes, content: bytes) -> list[bytes]:
    """Gives the parts of one message from what describes the content, and the content."""
    return [SIZE.pack(len(head)), head, content]


def unpacked(message: bytes) -> tuple[bytes, bytes]:
    """Gives what describes the content, and the content, of one message."""
    (size,) = SIZE.unpack_from(message)
    start = SIZE.size + size
    return message[SIZE.size : start], message[start:]


def packed_query(query: Query) -> list[bytes]:
    """Gives the parts of the message that carries a query."""
    head = _head(
        tuple(query.media_types.items()),
        query.default_graphs,
        query.named_graphs,
        query.base_iri,
    )
    return packed(head, query.text.encode("utf-8", "surrogatepass"))


def unpacked_query(message: bytes) -> Query:
    """Gives the query that a message carries."""
    head, text = unpacked(message)
    types, default_graphs, named_graphs, base_iri = _read_head(head)
    written = text.decode("utf-8", "surrogatepass")
    return Query(written, types, tuple(default_graphs), tuple(named_graphs), base_iri)


# Nearly all queries that a server gets differ in nothing but their text.
@lru_cache(maxsize=256)
def _head(
    media_types: Sequence[tuple[Form, str]],
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
    base_iri: str | None,
) -> bytes:
    return json.dumps([dict(media_types), default_graphs, named_graphs, base_iri]).encode()


@lru_cache(maxsize=256)
def _read_head(head: bytes) -> Any:
    return json.loads(head)


def packed_error(error: HakushoError) -> bytes:
    """Gives an error as a message: the name of its class, and the facts it is made of."""
    return json.dumps([type(error).__name__, error.args]).encode()


def unpacked_error(message: bytes) -> HakushoError:
    """Gives the error that a message carries.

    >>> unpacked_error(packed_error(StoreUnavailable("gone")))
    StoreUnavailable('gone')
    """
    name, facts = json.loads(message)
    facts = [tuple(fact) if isinstance(fact, list) else fact for fact in facts]
    for kind in _kinds(HakushoError):
        if kind.__name__ == name:
            return kind(*facts)
    return StoreUnavailable(f"a worker failed with {name}")


def _kinds(kind: type[HakushoError]) -> Iterator[type[HakushoError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
