"""Answers made smaller on their way out: which coding a client takes, and what does the work.

`CODINGS` is the one table. Each works piece by piece and keeps a window of bounded size, so memory
stays flat however long the answer is.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import brotli
import zstandard

WORTH: Final = 1_000
"""What is shorter than this is sent as it is."""
TEXTS: Final = (
    "text/",
    "image/svg+xml",
    "application/javascript",
    "application/json",
    "application/ld+json",
    "application/n-",
    "application/problem+json",
    "application/rdf+xml",
    "application/sparql-results",
    "application/trig",
)
"""What begins like this is text, and becomes smaller."""

Feed = Callable[[bytes], bytes]
End = Callable[[], bytes]


@dataclass(frozen=True)
class Coding:
    """A content coding: its name, and what gives the two functions of a new compressor."""

    name: str
    begin: Callable[[], tuple[Feed, End]]


def _zstd() -> tuple[Feed, End]:
    # Level 3 takes half of gzip's time and makes smaller answers.
    compressor = zstandard.ZstdCompressor(level=3).compressobj()
    return compressor.compress, compressor.flush


def _brotli() -> tuple[Feed, End]:
    # Beyond quality 4 time grows more than size falls; a window of 2^18 is half a megabyte.
    compressor = brotli.Compressor(quality=4, lgwin=18)
    return compressor.process, compressor.finish


def _gzip() -> tuple[Feed, End]:
    # 16 + MAX_WBITS makes the gzip format.
    compressor = zlib.compressobj(5, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compressor.compress, compressor.flush


CODINGS: Final = (Coding("zstd", _zstd), Coding("br", _brotli), Coding("gzip", _gzip))
"""The first of two that are wanted alike is taken."""


@lru_cache(maxsize=512)
def wanted(header: str) -> Coding | None:
    """Gives the coding that an Accept-Encoding header wants most, none where that is no coding.

    >>> wanted("gzip, br;q=0.5").name, wanted("gzip;q=0, *").name, wanted("identity, gzip;q=0.1")
    ('gzip', 'zstd', None)
    """
    qualities: dict[str, float] = {}
    for item in header.lower().split(","):
        name, _, parameter = item.partition(";")
        key, _, value = parameter.partition("=")
        if name.strip():
            qualities[name.strip()] = _quality(value) if key.strip() == "q" else 1.0
    rest = qualities.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: qualities.get(coding.name, rest))
    quality = qualities.get(best.name, rest)
    # Without being named, an answer as it is comes after whatever is.
    return best if quality > 0 and quality >= qualities.get("identity", 0.0) else None


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def is_text(content_type: str) -> bool:
    """Tells whether a media type is that of a text."""
    return content_type.startswith(TEXTS)


def compressed(pieces: Iterable[bytes], coding: Coding) -> Iterator[bytes]:
    """Gives the pieces of a body in a coding, as they come."""
    feed, end = coding.begin()
    for piece in pieces:
        if small := feed(piece):
            yield small
    yield end()
