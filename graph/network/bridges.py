"""Where a network hangs by one thing or one relation.

A cut point is a thing without which others would lose their only connection; a bridge is a pair of
things whose being related is the only connection between what lies on its two sides. Both show
where little is recorded: one more link, and they are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx

from .parts import Edge, Node
from .projection import Projection


@dataclass(frozen=True)
class CutPoint:
    """A thing without which its part of the network falls apart.

    `pieces` are the sizes of what would be left, the largest first; `cut_off` is how many things
    would no longer be connected with the largest.
    """

    node: Node
    pieces: tuple[int, ...]

    @property
    def cut_off(self) -> int:
        """How many things would lose the rest."""
        return sum(self.pieces[1:])


@dataclass(frozen=True)
class Bridge:
    """Two things whose being related is all that connects two sides.

    `near` and `far` are how many things are on the smaller side, that of `node`, and on the other.
    """

    node: Node
    other: Node
    edges: tuple[Edge, ...]
    near: int
    far: int


@dataclass(frozen=True)
class WeakPoints:
    """The cut points and bridges of a network, those that most hangs by first."""

    cut_points: tuple[CutPoint, ...]
    bridges: tuple[Bridge, ...]


def weak_points(projection: Projection) -> WeakPoints:
    """Gives the cut points and bridges of a network."""
    cuts: list[CutPoint] = []
    bridges: list[Bridge] = []
    for ids in nx.connected_components(projection.undirected):
        blocks = _Blocks(projection.undirected, ids)
        cuts += (CutPoint(projection.nodes[id], sizes) for id, sizes in blocks.pieces().items())
        bridges += (_bridge(projection, sides) for sides in blocks.bridges())
    cuts.sort(key=lambda cut: (-cut.cut_off, cut.node.id))
    bridges.sort(key=lambda bridge: (-bridge.near, bridge.node.id, bridge.other.id))
    return WeakPoints(tuple(cuts), tuple(bridges))


def _bridge(projection: Projection, sides: dict[str, int]) -> Bridge:
    (node, near), (other, far) = sorted(sides.items(), key=lambda side: (side[1], side[0]))
    nodes = projection.nodes
    return Bridge(nodes[node], nodes[other], projection.between(node, other), near, far)


class _Blocks:
    """A connected part as the tree of its blocks (what no one thing can cut) and cut points.

    The tree is walked once, so all sizes cost as much as reading the network.
    """

    def __init__(self, graph: nx.Graph[str], ids: set[str]) -> None:
        part = graph.subgraph(ids)
        self._size = len(ids)
        blocks: Iterable[set[str]] = nx.biconnected_components(part)  # type: ignore[assignment]
        self._blocks = [frozenset(block) for block in blocks]
        self._cuts = frozenset(nx.articulation_points(part))
        self._tree: nx.Graph[int | str] = nx.Graph()
        for number, block in enumerate(self._blocks):
            self._tree.add_node(number)
            self._tree.add_edges_from((number, id) for id in block & self._cuts)
        self._below: dict[int | str, int] = {}
        self._above: dict[int | str, int | str] = {}
        self._measure()

    def _measure(self) -> None:
        """Counts the things in each branch of the tree, seen from its first block."""
        if not self._blocks:
            return
        for branch in nx.dfs_postorder_nodes(self._tree, 0):
            own = 1 if isinstance(branch, str) else len(self._blocks[branch] - self._cuts)
            self._below[branch] = own + sum(
                self._below[near] for near in self._tree[branch] if near in self._below
            )
        self._above = {low: high for high, low in nx.dfs_edges(self._tree, 0)}

    def _side(self, branch: int | str, seen_from: int | str) -> int:
        """Gives how many things are in a branch, seen from a neighbour of it in the tree."""
        if self._above.get(branch) == seen_from:
            return self._below[branch]
        return self._size - self._below[seen_from]

    def pieces(self) -> dict[str, tuple[int, ...]]:
        """Gives for each cut point the sizes of what is left without it, the largest first."""
        return {
            id: tuple(sorted((self._side(block, id) for block in self._tree[id]), reverse=True))
            for id in self._cuts
        }

    def bridges(self) -> list[dict[str, int]]:
        """Gives for each bridge its two ends, with how many things are on the side of each."""
        found = []
        for number, block in enumerate(self._blocks):
            if len(block) == 2:
                one, other = sorted(block)
                near = self._side(one, number) if one in self._cuts else 1
                found.append({one: near, other: self._size - near})
        return found
