"""Statements as N-Quads lines, put into a store some at a time while the next are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, Store


@dataclass(frozen=True)
class Lines:
    """N-Quads of one graph, many lines at a time: each statement once, as a store writes it."""

    graph: NamedNode
    pieces: Iterable[bytes]


def quads_of(lines: Iterable[Lines]) -> Iterator[Quad]:
    """Gives what some lines state."""
    for piece in chain.from_iterable(each.pieces for each in lines):
        yield from pyoxigraph.parse(piece, RdfFormat.N_QUADS, lenient=True)


def load_lines(store: Store, pieces: Iterable[bytes]) -> None:
    """Loads lines into a store that nobody reads meanwhile, and makes the next as they go in."""
    loading: Future[None] | None = None
    with ThreadPoolExecutor(1) as loader:
        for piece in pieces:
            if loading is not None:
                loading.result()
            loading = loader.submit(_load, store, piece)
        if loading is not None:
            loading.result()


def _load(store: Store, piece: bytes) -> None:
    # What we have written needs no further check of its IRIs.
    store.bulk_load(piece, RdfFormat.N_QUADS, lenient=True)
