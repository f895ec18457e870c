"""What is around a thing: its neighbours in groups, and as many of them as a picture can hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from ..graph.network.parts import Edge, Node
from ..graph.network.projection import Projection
from ..graph.network.relations import relation

MOST: Final = 60
"""How many things are drawn at most."""


@dataclass
class Group:
    """The neighbours of a thing by one relation, in one direction and of one kind."""

    relation: str
    outward: bool
    kind: str
    nodes: list[Node] = field(default_factory=list)
    drawn: list[Node] = field(default_factory=list)
    chosen: bool = False

    @property
    def name(self) -> str:
        """What an address calls the group.

        >>> Group("hk:addresses", False, "policy").name
        'addresses-of-policy'
        """
        name = relation(self.relation).name
        return f"{name}-{self.kind}" if self.outward else f"{name}-of-{self.kind}"


@dataclass(frozen=True)
class Neighbourhood:
    """A thing with what is around it, and the lines among what is drawn."""

    centre: Node
    groups: Sequence[Group]
    nodes: Sequence[Node]
    edges: Sequence[Edge]

    @property
    def total(self) -> int:
        """How many neighbours there are."""
        return len({node.id for group in self.groups for node in group.nodes})

    @property
    def among(self) -> list[Edge]:
        """The lines between neighbours, which do not touch the thing itself."""
        return [edge for edge in self.edges if self.centre.id not in edge.ends]


def around(
    network: Projection, centre: Node, chosen: Collection[str] | None = None
) -> Neighbourhood:
    """Gives what is around a thing, with the groups that are chosen drawn.

    Unless some are chosen, the smallest are, as long as all of them can be drawn.
    """
    groups = _groups(network, centre)
    if chosen is None:
        room = MOST - 1
        for group in sorted(groups, key=lambda group: len(group.nodes)):
            group.chosen = len(group.nodes) <= room
            room -= len(group.nodes) if group.chosen else 0
        if groups and not any(group.chosen for group in groups):
            groups[0].chosen = True
    else:
        for group in groups:
            group.chosen = group.name in chosen
    drawn = {centre.id: centre}
    for row in zip_longest(*(group.nodes for group in groups if group.chosen)):
        for node in row:
            if node is not None and len(drawn) < MOST:
                drawn.setdefault(node.id, node)
    for group in groups:
        group.drawn = [node for node in group.nodes if group.chosen and node.id in drawn]
    edges = [edge for edge in network.edges if edge.subject in drawn and edge.object in drawn]
    return Neighbourhood(centre, groups, list(drawn.values()), edges)


def _groups(network: Projection, centre: Node) -> list[Group]:
    """Gives the neighbours in groups, the most connected of each group first."""
    found: dict[tuple[str, bool, str], Group] = {}
    for edge in _touching(network, centre):
        outward = edge.subject == centre.id
        other = network.nodes[edge.object if outward else edge.subject]
        key = (edge.relation, outward, other.kind)
        group = found.setdefault(key, Group(edge.relation, outward, other.kind))
        if other not in group.nodes:
            group.nodes.append(other)
    degree = network.undirected.degree
    for group in found.values():
        group.nodes.sort(key=lambda node: (-degree[node.id], node.id))
    return sorted(found.values(), key=lambda group: (not group.outward, group.relation, group.kind))


def _touching(network: Projection, centre: Node) -> Iterable[Edge]:
    for near in network.undirected[centre.id]:
        yield from network.between(centre.id, near)
