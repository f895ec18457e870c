"""What pyshacl finds: the reference that the engine is held against.

It is correct, and slow. It patches rdflib, for the whole process, while it runs.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import pyshacl
from pyoxigraph import Quad, RdfFormat, Triple, serialize
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import BNode, Node

from ..errors import UnusableShapes
from .findings import Finding, Result
from .full import engine_of, known, shapes_text

_ONE_AT_A_TIME: Final = threading.Lock()


def by_pyshacl(data: Iterable[Triple | Quad], shapes: bytes | None = None) -> list[Finding]:
    """Gives what pyshacl finds wrong with data, in the words of the shapes, the worst first."""
    asked = shapes_text() if shapes is None else shapes
    given = (item.triple if isinstance(item, Quad) else item for item in data)
    triples = dict.fromkeys((*known().everything(), *given))
    results = _results(_graph(serialize(triples, format=RdfFormat.N_TRIPLES) or b""), _graph(asked))
    return sorted(map(engine_of(asked).shapes.finding, results), key=Finding.order)


def _results(data: Graph, shapes: Graph) -> set[Result]:
    try:
        with _ONE_AT_A_TIME:
            _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    except ReportableRuntimeError as error:
        raise UnusableShapes(error.message) from None
    if not isinstance(report, Graph):
        raise UnusableShapes(text)
    # Details, such as why a value does not conform to sh:node, are no results of their own.
    return {_reported(report, result) for result in report.objects(None, SH.result)}


def _reported(report: Graph, result: Node) -> Result:
    def named(predicate: URIRef) -> str | None:
        term = next(report.objects(result, predicate), None)
        # A path that is more than one property has no name.
        return None if predicate == SH.resultPath and isinstance(term, BNode) else _string(term)

    component = str(named(SH.sourceConstraintComponent)).removeprefix(str(SH))
    return Result(
        node=str(named(SH.focusNode)),
        shape=str(named(SH.sourceShape)),
        constraint=_kebab(component.removesuffix("ConstraintComponent")),
        path=named(SH.resultPath),
        value=named(SH.value),
    )


def _string(term: Node | None) -> str | None:
    return f"_:{term}" if isinstance(term, BNode) else None if term is None else str(term)


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


class _Graph(Graph):
    """A graph that parses a query once: pyshacl asks the same of each node."""

    def query(self, query_object: Any, *args: Any, **options: Any) -> Any:
        return super().query(_prepared(query_object), *args, **options)


@lru_cache(maxsize=64)
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def _graph(text: bytes) -> Graph:
    # Shapes and data alike come as the N-Triples that pyoxigraph writes: to rdflib, "x" and
    # "x"^^xsd:string are two literals, and sh:hasValue and sh:in would tell them apart.
    # A literal that is none of its type is a finding of the shapes, nothing to write a log about.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return _Graph().parse(data=text, format="nt")
