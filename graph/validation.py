"""Validation of data against the shapes of the ontology."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from ..ontology import files
from .findings import Finding, Shapes
from .ontology import ontology_dataset
from .shacl import Engine, by_pyshacl_and_store


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
def _ontology_text() -> bytes:
    return _ntriples(ontology_dataset())


def _ntriples(data: bytes | Iterable[Triple | Quad]) -> bytes:
    if isinstance(data, bytes):
        return data
    triples = (item.triple if isinstance(item, Quad) else item for item in data)
    return serialize(dict.fromkeys(triples), format=RdfFormat.N_TRIPLES) or b""
