"""What connects two things, and what they share."""

from __future__ import annotations

from itertools import product
from math import log
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import UnknownThing
from hakusho.graph.network.parts import Edge, Node
from hakusho.graph.network.paths import Connection, Reached, connect, explain
from hakusho.graph.network.projection import CONTENT, Projection, project
from hakusho.graph.network.related import related
from hakusho.graph.network.relations import UnknownName, kinds

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def network() -> Projection:
    return project(EmbeddedStore.of(parse(path=DATA / "network.ttl", format=RdfFormat.TURTLE)))


@pytest.fixture(scope="module")
def white_paper(packaged_store: EmbeddedStore) -> Projection:
    return project(packaged_store)


def ids(found: Connection) -> list[str]:
    return [" ".join(node.slug for node in path.nodes) for path in found.paths]


def ladder(rungs: int) -> Projection:
    """Challenges in a row, each joined to the next by two policies: 2 to the rungs paths."""
    nodes = [Node(f"challenge/{place:02}", "challenge") for place in range(rungs + 1)]
    nodes += [Node(f"policy/{n:02}{side}", "policy") for n in range(rungs) for side in "ab"]
    edges = [
        Edge(f"policy/{place:02}{side}", "hk:addresses", f"challenge/{place + near:02}")
        for place, side, near in product(range(rungs), "ab", (0, 1))
    ]
    return Projection(
        CONTENT, ("hk:addresses",), {node.id: node for node in sorted(nodes)}, tuple(edges)
    )


def test_things_directly_related_are_one_step_apart(network: Projection) -> None:
    found = connect(network, "policy/p1", "challenge/left")
    assert (ids(found), found.total) == (["p1 left"], 1)


def test_of_paths_of_one_length_the_one_through_things_with_few_relations_comes_first(
    network: Projection,
) -> None:
    # left has 4 relations and right 3; between them top has 2 and p2 has 3.
    found = connect(network, "policy/p1", "policy/p3")
    assert ids(found) == ["p1 left top right p3", "p1 left p2 right p3"]
    assert found.total == 2


def test_as_many_paths_are_shown_as_are_asked_for_and_all_are_counted(network: Projection) -> None:
    found = connect(network, "policy/p1", "policy/p3", limit=1)
    assert (ids(found), found.total) == (["p1 left top right p3"], 2)


def test_what_a_page_states_comes_before_what_was_assigned() -> None:
    edges = [
        Edge("policy/a", "hk:addresses", "challenge/x", "assigned"),
        Edge("policy/b", "hk:addresses", "challenge/x", "assigned"),
        Edge("policy/a", "hk:addresses", "challenge/y", "stated"),
        Edge("policy/b", "hk:addresses", "challenge/y", "stated"),
    ]
    nodes = {id: Node(id, id.partition("/")[0]) for edge in edges for id in edge.ends}
    found = connect(Projection(CONTENT, ("hk:addresses",), nodes, tuple(edges)), "a", "b")
    assert ids(found) == ["a y b", "a x b"]


def test_many_equal_paths_are_counted_without_being_walked_and_come_in_order_of_ids() -> None:
    found = connect(ladder(40), "challenge/00", "challenge/40", limit=2)
    assert found.total == 2**40
    first, second = found.paths
    assert [node.slug[-1] for node in first.nodes if node.kind == "policy"] == ["a"] * 40
    assert [node.slug[-1] for node in second.nodes if node.kind == "policy"] == ["a"] * 39 + ["b"]


def test_a_path_is_the_same_in_both_directions(network: Projection) -> None:
    there = connect(network, "p1", "right", limit=9)
    back = connect(network, "right", "p1", limit=9)
    assert there.total == back.total == 2
    assert {path.nodes for path in there.paths} == {path.nodes[::-1] for path in back.paths}


def test_a_path_leads_only_through_the_kinds_asked_for(network: Projection) -> None:
    through = connect(network, "p1", "p3", through=["organization"])
    assert ids(through) == ["p1 office p3"]
    everything = connect(network, "p1", "p3", through=kinds())
    assert ids(everything) == ["p1 office p3"]


def test_the_ends_of_a_path_may_be_of_any_kind(network: Projection) -> None:
    found = connect(network, "part/r07-p1", "indicator/i1")
    assert ids(found) == ["r07-p1 p1 left i1"]


def test_a_thing_is_no_step_from_itself(network: Projection) -> None:
    found = connect(network, "p1", "policy/p1")
    assert [len(path) for path in found.paths] == [0]


def test_without_a_path_the_nearest_of_the_kind_looked_for_are_named(network: Projection) -> None:
    found = connect(network, "policy/p1", "challenge/far")
    assert (found.paths, found.total) == ((), 0)
    near = [(one.node.id, one.steps) for one in found.near_goal]
    assert near == [("challenge/left", 1), ("challenge/top", 2), ("challenge/right", 3)]
    # No policy is within reach of far: what is there instead.
    assert found.near_start == (Reached(network.nodes["indicator/i2"], 1),)


def test_without_a_path_it_is_told_how_far_one_would_be_through_everything(
    network: Projection,
) -> None:
    # p1, office, survey, i2, far
    assert connect(network, "policy/p1", "challenge/far").wider == 4
    apart = network.narrowed(CONTENT)
    assert connect(apart, "policy/p1", "challenge/far").wider is None


def test_an_edge_reads_as_a_sentence_with_its_judgement_and_its_page(network: Projection) -> None:
    (edge,) = network.between("policy/p1", "challenge/left")
    assert explain(network, edge, "ja") == (
        "「一」は「左」に取り組む（文書に明記、https://example.org/b）"
    )
    assert explain(network, edge, "en") == (
        "“One” addresses “Left” (stated; page https://example.org/b)"
    )
    assert explain(network, edge, "en", page=False) == "“One” addresses “Left” (stated)"


def test_an_edge_that_is_no_link_reads_without_a_judgement(network: Projection) -> None:
    (broader,) = network.between("challenge/left", "challenge/top")
    assert explain(network, broader, "en") == (
        "“Left” falls under the broader challenge “Top” (page https://example.org/left)"
    )
    (pageless,) = network.between("challenge/right", "challenge/top")
    assert explain(network, pageless, "ja") == "「右」はより広い課題「全体」に含まれる"


def test_an_unknown_end_is_refused(network: Projection) -> None:
    with pytest.raises(UnknownThing) as refused:
        connect(network, "policy/p1", "challenge/lefft")
    assert refused.value.nearest == ("challenge/left",)


def test_policies_are_related_by_the_challenges_and_indicators_they_share(
    network: Projection,
) -> None:
    (one,) = related(network, "policy/p1")
    assert (one.node.id, [node.id for node in one.shared]) == ("policy/p2", ["challenge/left"])
    # left goes with p1, p2 and i1; p1 has left, p2 has left, right and i1.
    assert one.adamic_adar == pytest.approx(1 / log(3))
    assert one.jaccard == pytest.approx(1 / 3)
    assert not one.linked


def test_a_shared_broader_challenge_counts_only_if_it_is_asked_for(network: Projection) -> None:
    (right,) = related(network, "challenge/left")
    assert [node.id for node in right.shared] == ["policy/p2"]
    by = ["addresses", "bearsOn", "broader"]
    (wider,) = related(network, "challenge/left", by=by)
    assert [node.id for node in wider.shared] == ["challenge/top", "policy/p2"]


def test_things_of_another_kind_can_be_related_too(network: Projection) -> None:
    found = related(network, "challenge/left", kinds=["policy", "indicator"])
    assert [(one.node.id, one.linked, [node.id for node in one.shared]) for one in found] == [
        ("policy/p2", True, ["indicator/i1"]),
        ("indicator/i1", True, ["policy/p2"]),
    ]


def test_what_few_have_in_common_weighs_more_than_what_many_have() -> None:
    edges = [Edge(f"policy/{n}", "hk:addresses", "challenge/common") for n in range(9)]
    edges += [Edge(f"policy/{n}", "hk:addresses", "challenge/rare") for n in (0, 8)]
    nodes = {id: Node(id, id.partition("/")[0]) for edge in edges for id in edge.ends}
    found = related(Projection(CONTENT, ("hk:addresses",), nodes, tuple(edges)), "policy/0")
    assert [one.node.slug for one in found] == ["8", *"1234567"]
    assert [node.slug for node in found[0].shared] == ["rare", "common"]
    assert found[0].count == 2 and found[0].jaccard == 1


def test_what_has_no_neighbour_is_related_to_nothing(network: Projection) -> None:
    assert related(network, "part/r07-p1") == []


def test_an_unknown_kind_is_refused(network: Projection) -> None:
    with pytest.raises(UnknownName):
        related(network, "policy/p1", kinds=["polices"])


def test_disinformation_is_connected_with_an_indicator_and_every_step_has_its_page(
    white_paper: Projection,
) -> None:
    found = connect(white_paper, "challenge/disinformation", "indicator/nicter-observed-packets")
    assert found.paths
    for path in found.paths:
        assert path.nodes[0].id == "challenge/disinformation"
        assert path.nodes[-1].id == "indicator/nicter-observed-packets"
        for step in path.steps:
            assert step.edges and all(edge.page for edge in step.edges)


def test_cybersecurity_is_related_to_other_challenges_by_policies_of_both(
    white_paper: Projection,
) -> None:
    found = related(white_paper, "challenge/cybersecurity")
    assert found
    for one in found:
        assert one.node.kind == "challenge"
        for shared in one.shared:
            assert white_paper.between(shared.id, "challenge/cybersecurity")
            assert white_paper.between(shared.id, one.node.id)
