"""Which things belong together: communities by the Louvain method.

A community is a set of things with more relations among them than chance would give; modularity
says how much more, 0 for none, over 0.3 for a clear division. The method starts from a fixed seed
and a fixed order, so the same network is always divided in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import networkx as nx

from .parts import Node
from .projection import Projection

SEED: Final = 7


@dataclass(frozen=True)
class Community:
    """Things that belong together, those with the most relations inside it first."""

    members: tuple[Node, ...]

    def __len__(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class Division:
    """A network divided into communities, the largest first, and how clear a division it is.

    `alone` are the things without any relation: they belong to no community.
    """

    communities: tuple[Community, ...]
    alone: tuple[Node, ...]
    modularity: float


def communities(projection: Projection, resolution: float = 1.0) -> Division:
    """Gives the communities of a network; a higher resolution makes more and smaller ones."""
    whole = projection.undirected
    alone = tuple(projection.nodes[id] for id in whole if not whole.degree[id])
    ids = sorted(id for id in whole if whole.degree[id])
    place = {id: number for number, id in enumerate(ids)}
    # The method walks through sets. Sets of small numbers have one order; those of texts have
    # another in every process.
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(ids)))
    pairs = ((place[one], place[other]) for one, other in whole.edges)
    graph.add_edges_from(sorted((min(pair), max(pair)) for pair in pairs))
    if not graph.number_of_edges():
        return Division((), alone, 0.0)
    found = nx.community.louvain_communities(graph, resolution=resolution, seed=SEED)
    modularity = nx.community.modularity(graph, found, resolution=resolution)
    named = [_community(projection, graph, {*numbers}, ids) for numbers in found]
    named.sort(key=lambda one: (-len(one), one.members[0].id))
    return Division(tuple(named), alone, modularity)


def _community(
    projection: Projection, graph: nx.Graph[int], numbers: set[int], ids: list[str]
) -> Community:
    inside = {number: len(numbers.intersection(graph[number])) for number in numbers}
    ordered = sorted(numbers, key=lambda number: (-inside[number], ids[number]))
    return Community(tuple(projection.nodes[ids[number]] for number in ordered))
