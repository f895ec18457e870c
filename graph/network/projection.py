"""The things of a store and the relations between them, as one network.

`project` asks the store once, for the kinds of things and the relations that the caller chooses,
and gives a `Projection`. Its two views are graphs of networkx. What is measured on them, and how
they are written out, is in `paths`, `related`, `centrality`, `communities`, `bridges` and
`network_export`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, TypeVar

import networkx as nx

from ..store import Store
from . import query as network_query
from .identify import identify
from .parts import Edge, Node
from .relations import Relation, kind, kinds, relation, relations

T = TypeVar("T")

CONTENT: Final = ("policy", "challenge", "indicator")
"""What a white paper is about. Its parts and the organizations touch nearly everything: a path
through them, or one of them in common, says little."""


@dataclass(frozen=True)
class Projection:
    """A network of things: nodes by id, edges in order, and the words to speak of them with.

    From one thing to another there is at most one edge of a relation; where several links or pages
    have it, it is one that states it if there is one, and else that of the first page.
    """

    kinds: tuple[str, ...]
    relations: tuple[str, ...]
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    replaced: Mapping[str, str] = field(default_factory=dict, repr=False)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    credits: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def directed(self) -> nx.MultiDiGraph[str]:
        """The network with every edge, from subject to object; the key of an edge is its relation.

        Nodes have `kind`, `slug`, `label_ja`, `label_en` and `iri`; edges `relation`, `assertion`,
        `link`, `page` and `evidence`. What is not known is left out.
        """
        found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for node in self.nodes.values():
            found.add_node(node.id, **node.attributes())
        for edge in self.edges:
            found.add_edge(edge.subject, edge.object, edge.relation, **edge.attributes())
        return found

    @cached_property
    def undirected(self) -> nx.Graph[str]:
        """The network without directions, in which two things are adjacent or not.

        An edge has the `relations` that make it, and their number as `weight`. What is related to
        itself is not adjacent to itself.
        """
        found: nx.Graph[str] = nx.Graph()
        for node in self.nodes.values():
            found.add_node(node.id, **node.attributes())
        for ends, edges in self._between.items():
            if len(ends) == 2:
                names = tuple(edge.relation for edge in edges)
                found.add_edge(*sorted(ends), relations=names, weight=len(names))
        return found

    def between(self, one: str, other: str) -> tuple[Edge, ...]:
        """Gives the edges between two things, in either direction."""
        return tuple(self._between.get(frozenset((one, other)), ()))

    def narrowed(
        self,
        kinds: Iterable[str] | None = None,
        relations: Iterable[str] | None = None,
        keep: Collection[str] = (),
    ) -> Projection:
        """Gives the part of the network that has some kinds of things, some relations, or both.

        The things in `keep` stay, whatever their kind.
        """
        chosen = self.kinds if kinds is None else _each(kind(name) for name in kinds)
        by = self.relations
        if relations is not None:
            by = _each(relation(name).property for name in relations)
        nodes = {id: node for id, node in self.nodes.items() if node.kind in chosen or id in keep}
        edges = tuple(
            edge
            for edge in self.edges
            if edge.relation in by and edge.subject in nodes and edge.object in nodes
        )
        return replace(self, kinds=chosen, relations=by, nodes=nodes, edges=edges)

    def node(self, asked: str) -> Node:
        """Gives the node that a person means by an id, an IRI, an id without its kind, or a label.

        A thing that was merged into another is that other. What is not there is refused with the
        nearest that are.
        """
        return self.nodes[identify(asked, self)]

    def word(self, name: str, lang: str) -> str:
        """Gives what a relation or an assertion is called; its own name if it is called nothing.

        >>> Projection((), (), {}, ()).word("stated", "en")
        'stated'
        """
        return self.words.get(name, {}).get(lang, name)

    @cached_property
    def _between(self) -> dict[frozenset[str], list[Edge]]:
        found: dict[frozenset[str], list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.ends, []).append(edge)
        return found


def project(
    store: Store,
    kinds: Iterable[str] | None = None,
    relations: Iterable[str] | None = None,
) -> Projection:
    """Gives the network of a store's default graph: every thing of the chosen kinds, related or
    not, and the chosen relations among them. Without a choice, all."""
    chosen, joined = _chosen(kinds, relations)
    rows = store.rows(network_query.network_query(chosen, joined))
    nodes = network_query.nodes(rows)
    return Projection(
        kinds=chosen,
        relations=tuple(one.property for one in joined),
        nodes=nodes,
        edges=network_query.edges(rows, nodes),
        replaced=network_query.replaced(rows),
        words=network_query.words(rows),
        credits=network_query.credits(rows),
    )


def _chosen(
    kind_names: Iterable[str] | None, relation_names: Iterable[str] | None
) -> tuple[tuple[str, ...], tuple[Relation, ...]]:
    chosen = kinds() if kind_names is None else _each(kind(name) for name in kind_names)
    wanted = relations()
    if relation_names is not None:
        wanted = _each(relation(name) for name in relation_names)
    return chosen, tuple(one for one in wanted if one.joins(chosen))


def _each(names: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(names))
