"""A release written out as RDF, with the credit that its data asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from ..graph.errors import HakushoError, UnsupportedFormat
from ..graph.names import GRAPH, PREFIXES, expand
from ..graph.releases.release import Release

DATASETS: Final = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}
"""Formats that hold all graphs."""

GRAPHS: Final = {
    "turtle": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
"""Formats that hold one graph."""

FORMATS: Final = (*DATASETS, *GRAPHS)

_WITH_COMMENTS: Final = ("nq", "trig", "turtle", "nt")


class UnknownGraph(HakushoError):
    """A graph that a release does not have."""

    def __init__(self, asked: str, there: tuple[str, ...]) -> None:
        super().__init__(asked, there)
        self.asked = asked
        self.there = there

    def __str__(self) -> str:
        return f"there is no graph {self.asked}; there are {', '.join(self.there)}"


def export(release: Release, format: str, output: BinaryIO, graph: str | None = None) -> None:
    """Writes a release in a format: all its named graphs, or one; a format for one graph alone
    has the default graph unless another is named."""
    if format not in FORMATS:
        raise UnsupportedFormat(format, FORMATS)
    name = None if graph is None else graph_name(release, graph)
    store = release.engine()
    if format in _WITH_COMMENTS:
        output.writelines(f"# {line}\n".encode() for line in credit(release))
    if format in GRAPHS:
        source = DefaultGraph() if name is None else name
        store.dump(output, GRAPHS[format], from_graph=source, prefixes=PREFIXES)
        return

    def quads() -> Iterator[Quad]:
        for each in [name] if name is not None else sorted(store.named_graphs(), key=str):
            yield from store.quads_for_pattern(None, None, None, each)
        if name is None and release.manifest.default_graph == "plain":
            yield from store.quads_for_pattern(None, None, None, DefaultGraph())

    pyoxigraph.serialize(quads(), output, DATASETS[format], prefixes=PREFIXES)


def graph_name(release: Release, asked: str) -> NamedNode:
    """Gives the name of a graph from its short name or IRI."""
    there = release.manifest.graphs
    for iri in (GRAPH + asked, expand(asked), asked):
        if iri in there:
            return NamedNode(iri)
    raise UnknownGraph(asked, tuple(sorted(name.removeprefix(GRAPH) for name in there)))


def credit(release: Release) -> list[str]:
    """Gives how the data of a release must be credited, each text once."""
    said = NamedNode(PREFIXES["schema"] + "creditText")
    found = {quad.object for quad in release.engine().quads_for_pattern(None, said, None, None)}
    return sorted(getattr(text, "value", "") for text in found)
