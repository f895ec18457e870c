"""RDF files of any size, read piece by piece: memory is flat where a format is one of lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad, RdfFormat

from ..graph.errors import BadDocument, UnsupportedFormat
from ..graph.workers.skolem import LINES
from .packing import blocks, opened
from .rdf import ENDINGS, GENID, OWN_GRAPHS, Parse, rdf_format

CHUNK: Final = 8_000_000
"""How many bytes are read at once."""

MOST_ERRORS: Final = 100

Told = Callable[[int], None]
"""Is told how many bytes of the file, as it stands on disk, were read so far."""


def stream_rdf(path: Path, parse: Parse, told: Told | None = None) -> Iterator[Quad]:
    """Gives the quads of a file as they are read; what each release makes itself is left out.

    Whatever is wrong is raised at the end as one BadDocument: nothing may be kept of what came.
    """
    read = rdf_format(path.name)
    if read is None:
        raise UnsupportedFormat(path.name, tuple(ENDINGS))
    genid = f"{GENID}{_digest(path)[:16]}-"
    wrong: list[tuple[str, int | None, int | None]] = []
    with path.open("rb") as packed, opened(packed, os.stat(path).st_size) as file:
        for line, piece in _pieces(file) if read in LINES else [(1, file.read())]:
            try:
                statements = parse(piece, read.media_type, None, genid)
            except BadDocument as error:
                said = [(error.message, error.line, error.column), *error.more]
                wrong += [(what, (at or 1) + line - 1, column) for what, at, column in said]
                if len(wrong) >= MOST_ERRORS:
                    break
                continue
            if told is not None:
                told(packed.tell())
            if not wrong:
                yield from _stated(statements)
    if wrong:
        raise BadDocument(*wrong[0], wrong[1:MOST_ERRORS])


def _stated(statements: bytes) -> Iterator[Quad]:
    quads = pyoxigraph.parse(statements, RdfFormat.N_QUADS)
    if not any(f" {name} .".encode() in statements for name in OWN_GRAPHS):
        yield from quads
        return
    for quad in quads:
        if isinstance(quad.graph_name, DefaultGraph) or quad.graph_name not in OWN_GRAPHS:
            yield quad


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Gives a file in pieces that end where a line does, each with the number of its first line."""
    line, rest = 1, b""
    while block := file.read(CHUNK):
        whole, end, after = block.rpartition(b"\n")
        if not end:
            rest += block
            continue
        piece = rest + whole + end
        yield line, piece
        line += piece.count(b"\n")
        rest = after
    if rest:
        yield line, rest


def _digest(path: Path) -> str:
    """Gives the hash of a file's content, uncompressed: it names the nodes that have no name."""
    digest = sha256()
    with path.open("rb") as packed, opened(packed, os.stat(path).st_size) as file:
        for block in blocks(file):
            digest.update(block)
    return digest.hexdigest()
