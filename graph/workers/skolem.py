"""Blank nodes as IRIs, so that loading a document twice adds nothing (RDF 1.1, section 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final, TypeVar, cast
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

from ..names import graph

ONTOLOGY: Final = graph("ontology")
"""The graph whose nodes without a name are class expressions, which OWL lets have none; each build
gives them the same labels."""

Node = NamedNode | BlankNode | Triple
T = TypeVar("T", bound=Node | Literal)

LINES: Final = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
"""Formats that have a statement on each line."""


def skolemised(quads: Iterator[Quad], genid: str, read: RdfFormat) -> Iterator[Quad]:
    """Gives quads with an IRI for each blank node: by its label in a format of lines, whose parts
    may be read apart, else by the order in which the nodes appear.

    >>> node = BlankNode("x")
    >>> quad = Quad(node, NamedNode("urn:p"), node)
    >>> next(skolemised(iter([quad]), "urn:genid:", RdfFormat.N_QUADS)).subject.value
    'urn:genid:x'
    """
    numbers, seen = count(1), dict[str, NamedNode]()

    def by_label(node: BlankNode) -> NamedNode:
        return NamedNode(genid + quote(node.value))

    def by_order(node: BlankNode) -> NamedNode:
        if node.value not in seen:
            seen[node.value] = NamedNode(f"{genid}{next(numbers)}")
        return seen[node.value]

    name = by_label if read in LINES else by_order
    for quad in quads:
        within = quad.graph_name
        if within == ONTOLOGY:
            yield quad
            continue
        yield Quad(
            _named(quad.subject, name),
            quad.predicate,
            _named(quad.object, name),
            name(within) if isinstance(within, BlankNode) else within,
        )


def _named(term: T, name: Callable[[BlankNode], NamedNode]) -> T | NamedNode:
    if isinstance(term, BlankNode):
        return name(term)
    if isinstance(term, Triple):
        subject, value = _named(term.subject, name), _named(term.object, name)
        return cast(T, Triple(subject, term.predicate, value))
    return term
