"""Completed rows as JSON-LD nodes, each in its graph, and the quads that they stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from ..graph.names import GRAPH, expand, graph, thing
from .cells import Json
from .columns import context_within, kinds
from .tables import Row


@dataclass(frozen=True)
class Node:
    """A JSON-LD node, the name of the graph that it goes into, and the row that it comes from."""

    graph: str
    body: Mapping[str, Json]
    row: Row | None = None

    def subject(self) -> NamedNode:
        """Gives the thing that the node describes."""
        if "dropped_id" in self.body:
            return NamedNode(expand(str(self.body["dropped_id"])))
        named = str(self.body["id"])
        return NamedNode(named) if "://" in named else thing(kinds()[self.table()], named)

    def table(self) -> str:
        """Gives the table whose rows look like this node."""
        return next(iter(self.types()), "merges")

    def types(self) -> list[str]:
        """Gives the names of the node's classes, that of its table first."""
        types = self.body.get("type", [])
        return [types] if isinstance(types, str) else types

    def slug(self) -> str:
        """Gives the id of the node among those of its table."""
        return str(self.body.get("id") or self.body["dropped_id"]).rpartition("/")[2]

    def is_its_row(self) -> bool:
        """Says whether the node is its row's own, not one that another column of it made."""
        return self.row is not None and self.row.table == self.table()


def quads(nodes: Iterable[Node]) -> list[Quad]:
    """Gives the statements of nodes, each in its graph, as the context has them."""
    tables: dict[str, list[Node]] = {}
    for node in nodes:
        tables.setdefault(node.table(), []).append(node)
    found: dict[Quad, None] = {}
    for table, alike in tables.items():
        names = {name for node in alike for name in (*node.body, *node.types())}
        within, bases = context_within(table, names)
        text = jsonld([replace(node, body=_in_full(node.body, bases)) for node in alike], within)
        found.update(dict.fromkeys(parse(text.encode(), format=RdfFormat.JSON_LD)))
    return list(found)


def _in_full(body: Mapping[str, Json], bases: Mapping[str, str]) -> dict[str, Json]:
    """Gives a node with its ids as IRIs; one that is an IRI already stays as it is."""

    def iri(base: str, slug: str) -> str:
        return slug if "://" in slug else base + slug

    full = dict(body)
    for name in body.keys() & bases.keys():
        value, base = body[name], bases[name]
        full[name] = iri(base, value) if isinstance(value, str) else [iri(base, s) for s in value]
    return full


def jsonld(nodes: Iterable[Node], means: Mapping[str, Any]) -> str:
    """Gives nodes as one JSON-LD document, a named graph for each of theirs, under a context."""
    bodies: dict[str, list[Mapping[str, Json]]] = {}
    for node in nodes:
        bodies.setdefault(node.graph, []).append(node.body)
    document = {
        "@context": means,
        "@graph": [{"@id": GRAPH + name, "@graph": within} for name, within in bodies.items()],
    }
    return json.dumps(document, ensure_ascii=False)


def provenance_graph(edition: str) -> NamedNode:
    """Gives the graph that says where an edition's statements come from.

    It is one of the provenance graphs, which stay apart from what is said about the world, and
    not the releases' own, so that an edition can be loaded anew without touching their history.
    """
    return graph(f"provenance-{edition}")


def source_of(row: Row, edition: str) -> NamedNode:
    """Gives the row of a table as something that statements are derived from.

    >>> source_of(Row("policies", "policies.csv", 215, 214, {}), "r07").value
    'https://w3id.org/hakusho/id/table/r07-policies#row=214'
    """
    return NamedNode(f"{thing('table', f'{edition}-{row.table}').value}#row={row.number}")


def derivations(nodes: Iterable[Node], edition: str) -> list[Quad]:
    """Gives, for an edition's provenance graph, the row that each thing was derived from."""
    derived, name = NamedNode(expand("prov:wasDerivedFrom")), provenance_graph(edition)
    return [
        Quad(node.subject(), derived, source_of(node.row, edition), name)
        for node in nodes
        if node.row is not None
    ]
