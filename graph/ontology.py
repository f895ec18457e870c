"""The ontology as the graph holds it: root, modules and code lists, in one named graph."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from ..ontology import files
from .names import graph
from .store import Term


@cache
def ontology_dataset() -> tuple[Quad, ...]:
    """Gives the statements of the ontology and its code lists, in `graph/ontology`.

    Alignments, shapes and rules are no part of it.
    """
    return tuple(quad for path in files.core() for quad in _read(path))


@cache
def code_lists() -> tuple[Quad, ...]:
    """Gives the statements of the code lists alone."""
    return tuple(quad for path in files.vocabularies() for quad in _read(path))


def _read(path: Path) -> list[Quad]:
    """Reads a Turtle file, its blank nodes named by file and order so that they stay the same."""
    names: dict[BlankNode, BlankNode] = {}

    def stable(term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        return names.setdefault(term, BlankNode(f"{path.stem}-{len(names) + 1}"))

    quads = []
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        subject, object_ = stable(quad.subject), stable(quad.object)
        assert isinstance(subject, NamedNode | BlankNode)
        quads.append(Quad(subject, quad.predicate, object_, graph("ontology")))
    return quads
