"""Where the graphs of an edition come from: which files, with which content, under what terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from ..graph.names import expand, graph, thing
from ..graph.terms import literal
from .nodes import Node, provenance_graph
from .series import edition_labels
from .tables import Table

Said = tuple[str, NamedNode | Literal]


def provenance(about: dict[str, Any], tables: Iterable[Table], nodes: Iterable[Node]) -> list[Quad]:
    """Gives what an edition's provenance graph says of its tables and of the graphs they fill."""
    edition = about["id"]
    terms = _terms(about)
    statements: list[Quad] = []
    for table in tables:
        said: list[Said] = [
            ("rdf:type", NamedNode(expand("prov:Entity"))),
            ("rdfs:label", Literal(table.file)),
            ("schema:sha256", Literal(table.sha256)),
        ]
        subject = thing("table", f"{edition}-{table.name}")
        statements += _quads(subject, said + terms, provenance_graph(edition))
    sources: dict[str, set[str]] = {}
    for node in nodes:
        if node.row is not None:
            sources.setdefault(node.graph, set()).add(node.row.table)
    for name, names in sorted(sources.items()):
        said = [("rdf:type", NamedNode(expand("prov:Entity")))]
        said += [
            ("prov:wasDerivedFrom", thing("table", f"{edition}-{table}")) for table in sorted(names)
        ]
        if edition_labels(name):
            said.append(("prov:hadPrimarySource", thing("whitepaper", name)))
        statements += _quads(graph(name), said + terms, provenance_graph(edition))
    return statements


def _terms(about: dict[str, Any]) -> list[Said]:
    """Gives who compiled the tables and when, and how they may be used and must be credited."""
    said: list[Said] = [("dcterms:license", NamedNode(about["licence"]))]
    for lang in ("ja", "en"):
        if f"credit_{lang}" in about:
            said.append(("schema:creditText", Literal(about[f"credit_{lang}"], language=lang)))
    if "compiled" in about:
        said.append(("dcterms:modified", literal(about["compiled"])))
    if "curators" in about:
        said.append(("schema:creator", Literal(about["curators"])))
    return said


def _quads(subject: NamedNode, said: Iterable[Said], name: NamedNode) -> list[Quad]:
    return [Quad(subject, NamedNode(expand(predicate)), value, name) for predicate, value in said]
