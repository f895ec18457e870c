"""Which things much runs through: degree and betweenness.

- Degree: with how many other things a thing is directly related, whatever the number of relations
  and their directions; as a share, of all others that there are. It tells what is much dealt with.
- Betweenness: over all pairs of other things, the share of their shortest paths that lead through
  it, 0 to 1. It tells what holds parts of the network together that have little else in common.

Both are of the network as recorded: of what a white paper and its readers wrote down, not of what
is important in the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import networkx as nx

from .parts import Node
from .projection import Projection

EXACT: Final = 2_000
"""In a network of more things, betweenness is estimated from the paths of a sample of them: the
exact value would take minutes."""
SAMPLE: Final = 500
SEED: Final = 7


@dataclass(frozen=True)
class Centrality:
    """How central a thing is; `exact` is false where its betweenness is an estimate."""

    node: Node
    degree: int
    degree_share: float
    betweenness: float
    exact: bool = True


def centrality(projection: Projection) -> list[Centrality]:
    """Gives how central each thing is, the highest betweenness first."""
    graph = projection.undirected
    exact = len(graph) <= EXACT
    between = nx.betweenness_centrality(graph, k=None if exact else SAMPLE, seed=SEED)
    others = max(len(graph) - 1, 1)
    found = [
        Centrality(node, graph.degree[id], graph.degree[id] / others, between[id], exact)
        for id, node in projection.nodes.items()
    ]
    found.sort(key=lambda one: (-round(one.betweenness, 9), -one.degree, one.node.id))
    return found
