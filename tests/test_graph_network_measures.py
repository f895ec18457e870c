"""Centrality, communities, cut points and bridges, measured by hand."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.network import centrality as measured
from hakusho.graph.network.bridges import weak_points
from hakusho.graph.network.centrality import centrality
from hakusho.graph.network.communities import communities
from hakusho.graph.network.parts import Edge, Node
from hakusho.graph.network.projection import CONTENT, Projection, project

DATA = Path(__file__).parent / "data"


def network_of(*pairs: str) -> Projection:
    """Gives a network of things with one-letter names, joined as in `"ab", "bc"`."""
    letters = sorted({letter for pair in pairs for letter in pair})
    nodes = {f"challenge/{letter}": Node(f"challenge/{letter}", "challenge") for letter in letters}
    edges = [
        Edge(f"challenge/{pair[0]}", "skos:broader", f"challenge/{pair[1]}")
        for pair in pairs
        if len(pair) == 2
    ]
    return Projection(("challenge",), ("skos:broader",), nodes, tuple(edges))


@pytest.fixture(scope="module")
def network() -> Projection:
    store = EmbeddedStore.of(parse(path=DATA / "network.ttl", format=RdfFormat.TURTLE))
    return project(store, CONTENT)


def test_betweenness_is_the_share_of_shortest_paths_that_lead_through_a_thing() -> None:
    # In a row of five, the middle lies on 4 of the 6 paths between the others, its neighbours on 3.
    found = centrality(network_of("ab", "bc", "cd", "de"))
    assert [(one.node.slug, one.degree) for one in found] == [
        ("c", 2), ("b", 2), ("d", 2), ("a", 1), ("e", 1),
    ]  # fmt: skip
    assert [round(one.betweenness * 6, 9) for one in found] == [4, 3, 3, 0, 0]
    assert [one.degree_share * 4 for one in found] == [2, 2, 2, 1, 1]
    assert all(one.exact for one in found)


def test_a_large_network_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "EXACT", 4)
    monkeypatch.setattr(measured, "SAMPLE", 5)
    star = network_of("ab", "ac", "ad", "ae", "af")
    found = centrality(star)
    assert found[0].node.slug == "a"
    assert not any(one.exact for one in found)
    assert found == centrality(star)


def test_a_thing_alone_is_not_central() -> None:
    (one,) = centrality(network_of("a"))
    assert (one.degree, one.degree_share, one.betweenness) == (0, 0, 0)


def test_two_rings_joined_by_one_relation_are_two_communities() -> None:
    rings = [*map("".join, combinations("abcd", 2)), *map("".join, combinations("wxyz", 2))]
    division = communities(network_of(*rings, "aw", "q"))
    members = [[node.slug for node in one.members] for one in division.communities]
    # 13 relations, 6 inside each ring; the ends of all relations in a ring are 13 of 26.
    assert members == [["a", "b", "c", "d"], ["w", "x", "y", "z"]]
    assert division.modularity == pytest.approx(2 * (6 / 13 - (13 / 26) ** 2))
    assert [node.slug for node in division.alone] == ["q"]


def test_a_network_without_relations_has_no_communities() -> None:
    division = communities(network_of("a", "b"))
    assert (division.communities, len(division.alone), division.modularity) == ((), 2, 0)


def test_what_is_not_connected_is_not_one_community(network: Projection) -> None:
    found = [{node.slug for node in one.members} for one in communities(network).communities]
    assert {"far", "i2"} in found


def test_a_cut_point_tells_what_it_would_cut_off(network: Projection) -> None:
    found = weak_points(network).cut_points
    assert [(one.node.slug, one.pieces, one.cut_off) for one in found] == [
        ("left", (5, 1), 1),
        ("right", (5, 1), 1),
    ]


def test_a_bridge_tells_how_much_lies_on_its_sides(network: Projection) -> None:
    found = weak_points(network).bridges
    assert [(one.node.slug, one.other.slug, one.near, one.far) for one in found] == [
        ("far", "i2", 1, 1),
        ("p1", "left", 1, 6),
        ("p3", "right", 1, 6),
    ]
    assert [edge.relation for edge in found[1].edges] == ["hk:addresses"]


def test_what_hangs_by_most_comes_first() -> None:
    # A triangle and a row of three, joined by c–d.
    found = weak_points(network_of("ab", "bc", "ac", "cd", "de", "ef"))
    assert [(one.node.slug, one.cut_off) for one in found.cut_points] == [
        ("c", 2), ("d", 2), ("e", 1),
    ]  # fmt: skip
    assert [(one.node.slug + one.other.slug, one.near, one.far) for one in found.bridges] == [
        ("cd", 3, 3), ("ed", 2, 4), ("fe", 1, 5),
    ]  # fmt: skip


def test_a_ring_has_no_weak_points() -> None:
    found = weak_points(network_of("ab", "bc", "cd", "da"))
    assert (found.cut_points, found.bridges) == ((), ())


def test_sizes_agree_with_taking_each_thing_and_relation_away(
    packaged_store: EmbeddedStore,
) -> None:
    white_paper = project(packaged_store, CONTENT)
    found = weak_points(white_paper)
    for cut in found.cut_points[:5]:
        left = white_paper.undirected.copy()
        part = set(nx.node_connected_component(left, cut.node.id)) - {cut.node.id}
        pieces = map(len, nx.connected_components(left.subgraph(part)))
        assert cut.pieces == tuple(sorted(pieces, reverse=True))
    for bridge in found.bridges[:5]:
        left = white_paper.undirected.copy()
        left.remove_edge(bridge.node.id, bridge.other.id)
        assert bridge.near == len(nx.node_connected_component(left, bridge.node.id))
        assert bridge.far == len(nx.node_connected_component(left, bridge.other.id))


RANDOM = """
import networkx as nx
from hakusho.graph.network.bridges import weak_points
from hakusho.graph.network.centrality import centrality
from hakusho.graph.network.communities import communities
from hakusho.graph.network.projection import Projection
from hakusho.graph.network.export import export
from hakusho.graph.network.parts import FORMATS, Edge, Node

pairs = nx.gnm_random_graph(60, 110, seed=1).edges
ids = [f"challenge/{number:02}" for number in range(60)]
nodes = {id: Node(id, "challenge", id, "x") for id in ids}
edges = tuple(Edge(ids[one], "skos:broader", ids[other], page="urn:p") for one, other in pairs)
network = Projection(("challenge",), ("skos:broader",), nodes, edges)
print(communities(network), centrality(network), weak_points(network))
print(*(export(network, format) for format in FORMATS))
"""


@pytest.mark.slow
def test_the_same_network_is_measured_and_written_alike_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", RANDOM],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
