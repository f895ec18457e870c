"""What a thing is related to without being linked to it: things that share neighbours with it.

Challenges are related by the policies and indicators they share, policies by the challenges and
indicators, and a policy to a challenge if, say, one indicator goes with both. Sharing a larger
challenge or a larger part counts only where it is asked for: that much the tree says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from .parts import Node
from .projection import CONTENT, Projection
from .relations import relations


@dataclass(frozen=True)
class Related:
    """A thing that shares neighbours with another.

    - `shared`: the neighbours of both, those that belong to the fewest others first.
    - `jaccard`: the shared neighbours as a fraction of all that either of the two has, 0 to 1.
    - `adamic_adar`: the sum, over the shared neighbours, of 1 / ln(number of their neighbours). A
      neighbour that few things have weighs more than one that many have.
    - `linked`: whether the two are also related directly.
    """

    node: Node
    shared: tuple[Node, ...]
    jaccard: float
    adamic_adar: float
    linked: bool

    @property
    def count(self) -> int:
        """How many neighbours are shared."""
        return len(self.shared)


def related(
    projection: Projection,
    asked: str,
    *,
    kinds: Iterable[str] | None = None,
    through: Iterable[str] = CONTENT,
    by: Iterable[str] | None = None,
    limit: int | None = None,
) -> list[Related]:
    """Gives the things of some kinds that share neighbours with a thing, the most related first.

    `kinds` are those wanted, its own if nothing is said; `through` are those of the neighbours,
    and `by` the relations that count.
    """
    node = projection.node(asked)
    wanted = (node.kind,) if kinds is None else tuple(kinds)
    through = tuple(through)
    network = projection.narrowed((node.kind, *wanted, *through), _counting(by))
    graph = network.undirected
    near = {id for id in graph[node.id] if network.nodes[id].kind in through}
    candidates = {
        id for shared in near for id in graph[shared] if network.nodes[id].kind in wanted
    } - {node.id}
    found = []
    for id in candidates:
        theirs = {id for id in graph[id] if network.nodes[id].kind in through}
        common = sorted(near & theirs, key=lambda id: (graph.degree[id], id))
        found.append(
            Related(
                network.nodes[id],
                tuple(network.nodes[id] for id in common),
                len(common) / len(near | theirs),
                # Added up in one order, since the sum of floats depends on it.
                sum(1 / log(graph.degree[id]) for id in common),
                graph.has_edge(node.id, id),
            )
        )
    found.sort(key=lambda one: (-round(one.adamic_adar, 9), -one.count, -one.jaccard, one.node.id))
    return found[:limit]


def _counting(by: Iterable[str] | None) -> tuple[str, ...]:
    if by is not None:
        return tuple(by)
    return tuple(one.property for one in relations() if not one.hierarchy)
