"""How much a query, an update or an upload may ask for: one table of limits, each a setting."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

NARROW: Final = "narrow it down: fewer variables, a LIMIT, or one part of the question at a time"


@dataclass(frozen=True)
class Limits:
    """What is allowed; the defaults are those of a public endpoint."""

    # What a text may look like before anything runs.
    text_bytes: int = 64 * KIB
    """Longest query, and longest update without the data that it carries."""
    nesting: int = 100
    """Deepest nesting of brackets and of prefix operators, in queries and in data."""
    operators: int = 500
    """Most operators, function calls and clauses in one query or update operation."""
    patterns: int = 64
    """Most triple patterns in one group; a path of n steps counts as n."""
    services: frozenset[str] = frozenset()
    """The IRIs that SERVICE may name. With any of them the workers are given the network."""

    # What a query may use while it runs.
    seconds: float = 30.0
    """Longest time from the request to the end of the answer."""
    memory: int = 2 * GIB
    """Memory of one worker beyond what the release itself takes."""
    rows: int = 100_000
    """Most solutions or triples in one answer; what is cut off is announced."""
    result_bytes: int = 50_000_000
    """Longest answer, as it is written out and before compression."""
    held_bytes: int = 64 * MIB
    """How much of an answer is kept back until it is known to be whole."""
    held_in_memory: int = 1 * MIB
    """How much of that is kept in memory; the rest goes to an unnamed temporary file."""

    # How many run at once.
    fast_workers: int = 0
    """Queries that run at full priority at once; 0 stands for four for each processor."""
    fast_seconds: float = 0.2
    """How long a query may hold a place in the fast lane."""
    slow_workers: int = 2
    """Queries that outlived that and go on at lowest priority at once."""
    slow_queue: int = 8
    """Queries that are frozen until there is a place in the slow lane."""
    queue: int = 256
    """Queries that wait for a place in the fast lane."""

    # How releases are held, and what an upload may be.
    memory_store_bytes: int = 64 * MIB
    """A release whose files are no larger than this is held in memory as well."""
    upload_bytes: int = 50_000_000
    """Longest RDF document, and longest data in one update, after decompression."""
    upload_ratio: int = 200
    """How many bytes of N-Quads one byte of an RDF document may become."""
    upload_seconds: float = 120.0
    """Longest time to read an RDF document or to work out an update."""

    @property
    def places(self) -> int:
        """How many queries may be in the fast lane at once.

        More than there are processors: long ones, before they make way, are not to keep short ones
        waiting.
        """
        return self.fast_workers or 4 * (os.cpu_count() or 1)

    def to_json(self) -> str:
        """Gives the limits as JSON."""
        return json.dumps({**asdict(self), "services": sorted(self.services)})

    @classmethod
    def from_json(cls, text: str) -> Limits:
        """Gives the limits that were written as JSON.

        >>> Limits.from_json(Limits().to_json()) == Limits()
        True
        """
        said = json.loads(text)
        return cls(**{**said, "services": frozenset(said["services"])})
