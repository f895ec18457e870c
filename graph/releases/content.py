"""What a graph's content is, as a number: how many triples, and a hash that has no order.

The hash is the sum, modulo 2 to the 256, of the SHA-256 of each quad's N-Quads line. A sum has no
order and can be taken back, so it follows a change at the cost of the change, and two releases
with the same quads have the same hash whatever road led to them. It tells contents apart and
finds damage; it is not meant to withstand someone who searches for a collision, so an archive
carries the SHA-256 of its sorted lines as well. Blank nodes count with the labels they have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

_MODULUS: Final = 1 << 256


@dataclass(frozen=True)
class Content:
    """How many quads there are, and the sum of their hashes.

    >>> from pyoxigraph import NamedNode
    >>> a, b = (Quad(NamedNode(f"urn:{c}"), NamedNode("urn:p"), NamedNode("urn:o")) for c in "ab")
    >>> Content.of([a, b]) == Content.of([b, a]) == Content.of([b]) + Content.of([a])
    True
    >>> Content.of([a, b]) - Content.of([a, b]) == Content()
    True
    """

    quads: int = 0
    sum: int = 0

    def __add__(self, other: Content) -> Content:
        return Content(self.quads + other.quads, (self.sum + other.sum) % _MODULUS)

    def __sub__(self, other: Content) -> Content:
        return Content(self.quads - other.quads, (self.sum - other.sum) % _MODULUS)

    @property
    def hash(self) -> str:
        """The hash as text, with the name of its method."""
        return f"sha256-sum:{self.sum:064x}"

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Content:
        """Gives the content of some quads, each of them counted as often as it comes."""
        return cls.of_lines(f"{quad} .".encode() for quad in quads)

    @classmethod
    def of_lines(cls, lines: Iterable[bytes]) -> Content:
        """Gives the content of some N-Quads lines, which come without their line ends."""
        count = total = 0
        for line in lines:
            total += int.from_bytes(hashlib.sha256(line).digest(), "big")
            count += 1
        return cls(count, total % _MODULUS)

    @classmethod
    def parse(cls, quads: int, hash: str) -> Content:
        """Reads a content back from its count and its hash."""
        return cls(quads, int(hash.removeprefix("sha256-sum:"), 16))


def by_graph(quads: Iterable[Quad]) -> dict[str, Content]:
    """Gives the content of each graph's quads; the default graph's name is the empty text."""
    counts: dict[str, list[int]] = {}
    names: dict[object, str] = {}
    for quad in quads:
        graph = quad.graph_name
        name = names.get(graph)
        if name is None:
            name = names[graph] = name_of(graph)
            counts[name] = [0, 0]
        cell = counts[name]
        cell[0] += 1
        cell[1] += int.from_bytes(hashlib.sha256(f"{quad} .".encode()).digest(), "big")
    return {name: Content(count, total % _MODULUS) for name, (count, total) in counts.items()}


def name_of(graph: NamedNode | BlankNode | DefaultGraph) -> str:
    """Gives the name of a quad's graph as text: its IRI, or nothing for the default graph."""
    if isinstance(graph, DefaultGraph):
        return ""
    return f"_:{graph.value}" if isinstance(graph, BlankNode) else graph.value
