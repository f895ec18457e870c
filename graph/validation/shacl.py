"""Engines that run shapes over data: what they say is for `findings` to put into words.

pyshacl is the reference. It parses a SPARQL constraint again for each node, which takes minutes
for an edition, so by default it is given the core constraints and the store runs the others.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final, cast

import pyshacl
from pyoxigraph import (
    BlankNode,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    Variable,
)
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import BNode, Node

from ..errors import HakushoError
from ..store import Term
from .findings import Result, Shapes

Engine = Callable[[bytes, bytes, bytes], set[Result]]
"""Runs shapes over data that stands beside what is known already; all three are N-Triples."""

# pyshacl patches rdflib while it runs, for the whole process.
_ONE_AT_A_TIME: Final = threading.Lock()

TARGETS: Final = {
    "sh:targetClass": """
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?node ?target WHERE { ?class rdfs:subClassOf* ?target . ?node a ?class }""",
    "sh:targetSubjectsOf": "SELECT DISTINCT ?node ?target WHERE { ?node ?target ?any }",
    "sh:targetObjectsOf": "SELECT DISTINCT ?node ?target WHERE { ?any ?target ?node }",
}
"""The nodes that a shape is about, by each way of saying so (SHACL, 2.1.3)."""


class UnusableShapes(HakushoError):
    """Shapes that an engine cannot run; `problem` is what it says of them."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"the shapes cannot be run: {self.problem}"


def by_pyshacl(data: bytes, known: bytes, shapes: bytes) -> set[Result]:
    """Gives what pyshacl finds."""
    return _pyshacl(_graph(data, known), _graph(b"", shapes))


def by_pyshacl_and_store(data: bytes, known: bytes, shapes: bytes) -> set[Result]:
    """Gives what pyshacl finds by the core constraints, and the store by those in SPARQL."""
    asked = _graph(b"", shapes)
    asked.remove((None, SH.sparql, None))
    store = Store()
    for text in (data, known):
        store.load(text, format=RdfFormat.N_TRIPLES)
    return _pyshacl(_graph(data, known), asked) | set(sparql_results(store, Shapes(shapes)))


def sparql_results(store: Store, shapes: Shapes) -> Iterator[Result]:
    """Gives what the SPARQL constraints (SHACL, 5) of some shapes find in a default graph."""
    for shape in shapes.subjects("sh:sparql"):
        nodes = _targets(store, shapes, shape)
        for constraint in shapes.values(shape, "sh:sparql"):
            query = _query(shapes, cast(NamedNode, constraint))
            for node in nodes:
                # Pre-binding (SHACL, appendix A): the node replaces $this wherever it stands.
                found = store.query(query, substitutions={Variable("this"): node})
                for row in cast(QuerySolutions, found):
                    yield _result(shape, node, row)


def _targets(store: Store, shapes: Shapes, shape: NamedNode) -> list[Term]:
    found: dict[Term, None] = dict.fromkeys(shapes.values(shape, "sh:targetNode"))
    for way, query in TARGETS.items():
        for target in shapes.values(shape, way):
            rows = store.query(query, substitutions={Variable("target"): target})
            found |= dict.fromkeys(row["node"] for row in cast(QuerySolutions, rows))
    return list(found)


def _query(shapes: Shapes, constraint: NamedNode) -> str:
    """Gives the query of a constraint under the prefixes that it asks for (SHACL, 5.2.1)."""
    lines = []
    for source in shapes.values(constraint, "sh:prefixes"):
        for declared in shapes.values(cast(NamedNode, source), "sh:declare"):
            prefix = next(shapes.values(cast(NamedNode, declared), "sh:prefix"))
            namespace = next(shapes.values(cast(NamedNode, declared), "sh:namespace"))
            lines.append(f"PREFIX {_text(prefix)}: <{_text(namespace)}>")
    select = next(shapes.values(constraint, "sh:select"))
    return "\n".join([*sorted(lines), _text(select)])


def _result(shape: NamedNode, node: Term, row: Mapping[str, Term | None]) -> Result:
    path, value = row["path"], row["value"]
    # SHACL, 5.3.2: where a query selects no value, the value is the node itself.
    return Result(
        _text(node), shape.value, "sparql", _text(path) if path else None, _text(value or node)
    )


def _text(term: Term) -> str:
    return str(term) if isinstance(term, BlankNode | Triple) else term.value


def _pyshacl(data: Graph, shapes: Graph) -> set[Result]:
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


def _graph(given: bytes, known: bytes) -> Graph:
    """Gives a graph of its own with what is given and what is known."""
    graph = Graph()
    for triple in (*_parsed_once(known), *_parsed(given)):
        graph.add(triple)
    return graph


@lru_cache(maxsize=4)
def _parsed_once(text: bytes) -> tuple[tuple[Node, Node, Node], ...]:
    # The ontology and its shapes come with every call.
    return tuple(_parsed(text))


def _parsed(text: bytes) -> Iterator[tuple[Node, Node, Node]]:
    # Shapes and data alike come as the N-Triples that pyoxigraph writes: to rdflib, "x" and
    # "x"^^xsd:string are two literals, and sh:hasValue and sh:in would tell them apart.
    # A literal that is none of its type is a finding of the shapes, nothing to write a log about.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    return iter(Graph().parse(data=text, format="nt"))
