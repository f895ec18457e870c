"""Validation of data against the shapes of the ontology."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from ...ontology import files
from ..names import expand
from ..ontology import ontology_dataset
from ..store import Term
from .findings import Finding, Shapes
from .shacl import TARGETS, Engine, by_pyshacl_and_store


def validate(
    data: bytes | Iterable[Triple | Quad],
    shapes: bytes | None = None,
    engine: Engine = by_pyshacl_and_store,
) -> list[Finding]:
    """Gives what the shapes find wrong with data, the worst first.

    The data is N-Triples, or statements whose graphs do not matter. The ontology and its code
    lists are added to it, so that classes, units and codes are known. The shapes, N-Triples too,
    are those of the ontology where none are given.
    """
    asked = shapes_text() if shapes is None else shapes
    words = Shapes(asked)
    results = engine(_ntriples(data), _ontology_text(), asked)
    return sorted((words.finding(result) for result in results), key=Finding.order)


@cache
def shapes_text() -> bytes:
    """Gives the shapes of the ontology as N-Triples."""
    return _ntriples(
        quad for path in files.shapes() for quad in parse(path=path, format=RdfFormat.TURTLE)
    )


@cache
def shape_targets() -> frozenset[Term]:
    """Gives the terms by which a shape finds its nodes: classes, those below them, properties."""
    shapes = Shapes(shapes_text())
    found: set[Term] = set()
    for way in TARGETS:
        for shape in shapes.subjects(way):
            found.update(shapes.values(shape, way))
    below = NamedNode(expand("rdfs:subClassOf"))
    pairs = [quad for quad in ontology_dataset() if quad.predicate == below]
    while more := {quad.subject for quad in pairs if quad.object in found} - found:
        found |= more
    return frozenset(found)


@cache
def _ontology_text() -> bytes:
    return _ntriples(ontology_dataset())


def _ntriples(data: bytes | Iterable[Triple | Quad]) -> bytes:
    if isinstance(data, bytes):
        return data
    triples = (item.triple if isinstance(item, Quad) else item for item in data)
    return serialize(dict.fromkeys(triples), format=RdfFormat.N_TRIPLES) or b""
