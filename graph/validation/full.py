"""Validation of data against the shapes of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from pyoxigraph import Quad, RdfFormat, Store, Triple, parse, serialize

from ...ontology import files
from ..matching.triples import Triples
from ..matching.view import View
from ..ontology import ontology_dataset
from .engine import Engine
from .findings import Finding, Shapes


def validate(data: bytes | Iterable[Triple | Quad], shapes: bytes | None = None) -> list[Finding]:
    """Gives what the shapes find wrong with data, the worst first.

    The data is N-Triples, or statements whose graphs do not matter. The ontology and its code
    lists are added to it, so that classes, units and codes are known. The shapes, N-Triples too,
    are those of the ontology where none are given.
    """
    engine = engine_of(shapes_text() if shapes is None else shapes)
    return findings_of(engine, Triples((*known().everything(), *_triples(data))))


def findings_of(engine: Engine, view: Triples) -> list[Finding]:
    """Gives what shapes find wrong with all that a view states, the worst first."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in view.everything())
    chosen = {shape: engine.targets(view, shape) for shape in engine.targeted}
    return engine.findings(view, chosen, lambda asked: store)


@cache
def shapes_text() -> bytes:
    """Gives the shapes of the ontology as N-Triples."""
    triples = (
        quad.triple for path in files.shapes() for quad in parse(path=path, format=RdfFormat.TURTLE)
    )
    return serialize(dict.fromkeys(triples), format=RdfFormat.N_TRIPLES) or b""


@lru_cache(maxsize=4)
def engine_of(shapes: bytes) -> Engine:
    """Gives the engine for shapes, which are N-Triples."""
    return Engine(Shapes(shapes))


@cache
def known() -> View:
    """Gives what is known of the ontology without a store."""
    return Triples(quad.triple for quad in ontology_dataset())


def _triples(data: bytes | Iterable[Triple | Quad]) -> Iterator[Triple]:
    if isinstance(data, bytes):
        data = parse(data, format=RdfFormat.N_TRIPLES)
    return (item.triple if isinstance(item, Quad) else item for item in data)
