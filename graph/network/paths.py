"""How two things are connected: the shortest paths between them, each step explained.

Directions do not matter to a path, only to its sentences. Of paths of one length those come first
whose things in between have the fewest connections, since these say most; then those that rest
less on what curators assigned; then those whose ids come first. So an answer never wanders.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx

from .parts import STATED, Edge, Node
from .projection import CONTENT, Projection
from .relations import relation

PAGES: Final = {"ja": "（{facts}）", "en": " ({facts})"}
PAGE: Final = {"ja": "{page}", "en": "page {page}"}
BETWEEN: Final = {"ja": "、", "en": "; "}


@dataclass(frozen=True)
class Step:
    """From one thing of a path to the next, by every relation that joins them."""

    start: Node
    goal: Node
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Path:
    """A path from one thing to another; one that leads from a thing to itself has no steps."""

    nodes: tuple[Node, ...]
    steps: tuple[Step, ...]

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True)
class Reached:
    """A thing that can be reached, and in how many steps."""

    node: Node
    steps: int


@dataclass(frozen=True)
class Connection:
    """What connects two things: some of the shortest paths, and how many of them there are.

    Without a path, `near_goal` and `near_start` are the nearest things that can be reached from
    the start and from the goal: of the kind that was looked for if there are any. `wider` is how
    many steps a path would have that may lead through things of every kind.
    """

    start: Node
    goal: Node
    paths: tuple[Path, ...]
    total: int
    near_goal: tuple[Reached, ...] = ()
    near_start: tuple[Reached, ...] = ()
    wider: int | None = None


def connect(
    projection: Projection,
    start: str,
    goal: str,
    *,
    limit: int = 3,
    through: Collection[str] = CONTENT,
) -> Connection:
    """Gives the shortest paths between two things that lead through things of some kinds.

    The two themselves may be of any kind.
    """
    first, last = projection.node(start), projection.node(goal)
    inner = projection.narrowed(kinds=through, keep=(first.id, last.id))
    layers = _layers(inner.undirected, first.id, last.id)
    if layers:
        ids, total = _best(inner, layers, limit)
        paths = tuple(_path(inner, found) for found in ids)
        return Connection(first, last, paths, total)
    return Connection(
        first,
        last,
        (),
        0,
        near_goal=_nearest(inner, first, last.kind),
        near_start=_nearest(inner, last, first.kind),
        wider=_distance(projection, first.id, last.id),
    )


def explain(projection: Projection, edge: Edge, lang: str, page: bool = True) -> str:
    """Gives an edge as a sentence: what it says, whose judgement that is, and on which page."""
    subject, object = projection.nodes[edge.subject], projection.nodes[edge.object]
    said = relation(edge.relation).sentence(subject.name(lang), object.name(lang), lang)
    facts = [projection.word(edge.assertion, lang)] if edge.assertion else []
    if page and edge.page:
        facts.append(PAGE[lang].format(page=edge.page))
    return said + PAGES[lang].format(facts=BETWEEN[lang].join(facts)) if facts else said


def _layers(graph: nx.Graph[str], start: str, goal: str) -> list[list[str]]:
    """Gives the things on any shortest path, in layers by their distance from the start."""
    to_goal = nx.single_source_shortest_path_length(graph, goal)
    if start not in to_goal:
        return []
    layers = [[start]]
    while layers[-1] != [goal]:
        left = to_goal[layers[-1][0]] - 1
        ahead = {near for id in layers[-1] for near in graph[id] if to_goal[near] == left}
        layers.append(sorted(ahead))
    return layers


Rank = tuple[int, int, tuple[str, ...]]
"""How many connections the things in between have, how many steps are assigned, and the ids."""


def _best(
    projection: Projection, layers: list[list[str]], limit: int
) -> tuple[list[tuple[str, ...]], int]:
    """Gives the best paths through the layers and the number of all.

    Of the paths to a thing only the best are carried on. None is lost by that: what follows adds
    the same to each of them.
    """
    graph = projection.undirected
    start, goal = layers[0][0], layers[-1][0]
    ranked: dict[str, list[Rank]] = {start: [(0, 0, (start,))]}
    counts = {start: 1}
    for before, layer in zip(layers, layers[1:], strict=False):
        for id in layer:
            near = [last for last in before if last in graph[id]]
            counts[id] = sum(counts[last] for last in near)
            weight = 0 if id == goal else graph.degree[id]
            coming = [
                (degrees + weight, assigned + _assigned(projection, last, id), (*ids, id))
                for last in near
                for degrees, assigned, ids in ranked[last]
            ]
            ranked[id] = sorted(coming)[:limit]
    return [ids for _, _, ids in ranked[goal]], counts[goal]


def _assigned(projection: Projection, one: str, other: str) -> bool:
    edges = projection.between(one, other)
    return all(edge.assertion not in (None, STATED) for edge in edges)


def _path(projection: Projection, ids: tuple[str, ...]) -> Path:
    nodes = tuple(projection.nodes[id] for id in ids)
    steps = (
        Step(one, other, tuple(sorted(projection.between(one.id, other.id), key=_first)))
        for one, other in zip(nodes, nodes[1:], strict=False)
    )
    return Path(nodes, tuple(steps))


def _first(edge: Edge) -> tuple[bool, str, str]:
    return edge.assertion != STATED, edge.relation, edge.subject


def _distance(projection: Projection, start: str, goal: str) -> int | None:
    lengths: Mapping[str, int] = nx.single_source_shortest_path_length(projection.undirected, start)
    return lengths.get(goal)


def _nearest(projection: Projection, start: Node, kind: str, limit: int = 3) -> tuple[Reached, ...]:
    """Gives the nearest things that can be reached, those of a kind if there are any."""
    lengths = nx.single_source_shortest_path_length(projection.undirected, start.id)
    reached = [Reached(projection.nodes[id], steps) for id, steps in lengths.items() if steps]
    alike = [one for one in reached if one.node.kind == kind] or reached
    return tuple(sorted(alike, key=lambda one: (one.steps, one.node.id))[:limit])
