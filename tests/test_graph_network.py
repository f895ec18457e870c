"""A store as a network: its nodes and edges, what they rest on, and the things a person means."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import networkx as nx
import pytest
from pyoxigraph import Quad, RdfFormat, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import BadHeader, BadParameter, UnknownThing
from hakusho.graph.names import PREFIXES, graph
from hakusho.graph.network.identify import Ambiguous, WrongKind
from hakusho.graph.network.parts import Edge, Node
from hakusho.graph.network.projection import Projection, project
from hakusho.graph.network.relations import Relation, UnknownName, kinds, read_relation, relations
from hakusho.graph.store import Row, Term
from hakusho.loaders.edition import packaged_editions
from hakusho.ontology import files

DATA = Path(__file__).parent / "data"
PREFIX = re.compile(r"^PREFIX (\w+): <([^>]*)>$", re.MULTILINE)


class Counting(EmbeddedStore):
    """A store that counts what it is asked."""

    asked = 0

    def rows(self, text: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        self.asked += 1
        return super().rows(text, bindings)


@pytest.fixture(scope="module")
def store() -> Counting:
    store = Counting()
    quads = parse(path=DATA / "network.ttl", format=RdfFormat.TURTLE)
    store.engine.extend(quads)
    return store


@pytest.fixture
def network(store: Counting) -> Projection:
    return project(store)


def test_one_query_gives_the_whole_network(store: Counting) -> None:
    before = store.asked
    network = project(store)
    assert store.asked - before == 1
    assert Counter(node.kind for node in network.nodes.values()) == {
        "challenge": 4,
        "policy": 3,
        "indicator": 2,
        "source": 1,
        "organization": 1,
        "part": 1,
    }
    assert Counter(edge.relation for edge in network.edges) == {
        "hk:addresses": 4,
        "skos:broader": 2,
        "hk:bearsOn": 2,
        "hk:monitoredBy": 1,
        "hk:ledBy": 3,
        "hk:describedIn": 1,
        "hk:source": 1,
        "dcterms:publisher": 1,
    }


def test_a_node_carries_its_kind_its_labels_and_its_slug(network: Projection) -> None:
    assert network.nodes["policy/p1"] == Node("policy/p1", "policy", "一", "One")
    assert network.directed.nodes["policy/p1"] == {
        "kind": "policy",
        "slug": "p1",
        "label_ja": "一",
        "label_en": "One",
        "iri": "https://w3id.org/hakusho/id/policy/p1",
    }


def test_a_node_without_a_label_in_a_language_is_named_by_its_id(network: Projection) -> None:
    far = network.nodes["challenge/far"]
    assert (far.name("ja"), far.name("en")) == ("遠", "challenge/far")
    assert "label_en" not in network.directed.nodes["challenge/far"]


def test_of_several_links_the_one_that_a_page_states_is_the_edge(network: Projection) -> None:
    (edge,) = network.between("challenge/left", "policy/p1")
    assert edge == Edge(
        "policy/p1",
        "hk:addresses",
        "challenge/left",
        "stated",
        "https://w3id.org/hakusho/id/link/p1_addresses_left",
        "https://example.org/b",
        "edition",
    )


def test_what_is_no_link_rests_on_the_page_of_its_subject(network: Projection) -> None:
    (edge,) = network.between("policy/p1", "organization/office")
    assert edge == Edge(
        "policy/p1", "hk:ledBy", "organization/office", page="https://example.org/p1"
    )


def test_an_indicator_has_its_source_from_the_first_page_that_prints_a_value(
    network: Projection,
) -> None:
    (edge,) = network.between("indicator/i2", "source/survey")
    assert (edge.relation, edge.page) == ("hk:source", "https://example.org/x")


def test_the_caller_chooses_kinds_and_relations(store: Counting) -> None:
    network = project(store, ["policy", "challenge"], ["addresses", "ledBy", "skos:broader"])
    assert network.kinds == ("policy", "challenge")
    assert network.relations == ("hk:addresses", "skos:broader")
    assert {node.kind for node in network.nodes.values()} == {"policy", "challenge"}
    assert Counter(edge.relation for edge in network.edges) == {
        "hk:addresses": 4,
        "skos:broader": 2,
    }


def test_narrowing_a_network_gives_what_projecting_it_so_gives(store: Counting) -> None:
    chosen = (["challenge", "indicator"], ["bearsOn", "broader"])
    narrowed, projected = project(store).narrowed(*chosen), project(store, *chosen)
    assert narrowed.nodes == projected.nodes
    assert narrowed.edges == projected.edges


def test_the_directed_view_keeps_parallel_relations_apart() -> None:
    network = Projection(
        kinds=("policy", "indicator"),
        relations=("hk:hasTarget", "hk:monitoredBy"),
        nodes={id: Node(id, id.partition("/")[0]) for id in ("indicator/i", "policy/p")},
        edges=(
            Edge("policy/p", "hk:hasTarget", "indicator/i", page="https://example.org/1"),
            Edge("policy/p", "hk:monitoredBy", "indicator/i", "assigned"),
        ),
    )
    assert list(network.directed.edges(keys=True, data=True)) == [
        (
            "policy/p",
            "indicator/i",
            "hk:hasTarget",
            {"relation": "hk:hasTarget", "page": "https://example.org/1"},
        ),
        (
            "policy/p",
            "indicator/i",
            "hk:monitoredBy",
            {"relation": "hk:monitoredBy", "assertion": "assigned"},
        ),
    ]
    assert list(network.undirected.edges(data=True)) == [
        ("indicator/i", "policy/p", {"relations": ("hk:hasTarget", "hk:monitoredBy"), "weight": 2})
    ]


def test_a_triple_in_two_graphs_makes_one_edge(store: Counting) -> None:
    twice = EmbeddedStore()
    for quad in store.engine:
        for place in (graph("r07"), graph("r06")):
            twice.engine.add(Quad(quad.subject, quad.predicate, quad.object, place))
        twice.engine.add(quad)
    assert project(twice).edges == project(store).edges


def test_a_link_to_a_thing_that_nobody_describes_is_no_edge(network: Projection) -> None:
    assert "challenge/nowhere" not in network.nodes
    assert not network.between("policy/p3", "challenge/nowhere")


@pytest.mark.parametrize(
    "asked",
    [
        "policy/p1",
        "https://w3id.org/hakusho/id/policy/p1",
        "p1",
        " policy/p1 ",
        "One",
        "one",
        "一",
    ],
)
def test_a_thing_is_meant_by_its_id_its_slug_or_its_label(network: Projection, asked: str) -> None:
    assert network.node(asked).id == "policy/p1"


def test_a_merged_thing_is_what_it_was_merged_into(network: Projection) -> None:
    assert network.node("challenge/old").id == "challenge/left"


def test_merges_in_a_circle_lead_nowhere_and_end() -> None:
    network = Projection(
        (), (), {}, (), {"challenge/a": "challenge/b", "challenge/b": "challenge/a"}
    )
    with pytest.raises(BadParameter):
        network.node("challenge/a")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("policy/p11", "the graph says nothing about 'policy/p11'; did you mean policy/p1"),
        ("challenge/p3", "the graph says nothing about 'challenge/p3'; did you mean policy/p3?"),
        ("surve", "the graph says nothing about 'surve'; did you mean source/survey?"),
        ("", "the graph says nothing about ''"),
    ],
)
def test_an_unknown_thing_is_refused_with_the_nearest(
    network: Projection, asked: str, sentence: str
) -> None:
    with pytest.raises(UnknownThing) as refused:
        network.node(asked)
    assert str(refused.value).startswith(sentence)


def test_a_thing_of_the_wrong_kind_is_refused_with_the_kinds_there_are(store: Counting) -> None:
    with pytest.raises(WrongKind) as refused:
        project(store, ["policy", "challenge"]).node("indicator/i1")
    assert str(refused.value) == (
        "thing: 'indicator/i1' was given, expected the id of a thing of kind policy or challenge"
    )


def test_a_label_of_two_things_is_refused_with_both() -> None:
    nodes = {id: Node(id, "policy", "同じ") for id in ("policy/a", "policy/b")}
    with pytest.raises(Ambiguous) as refused:
        Projection(("policy",), (), nodes, ()).node("同じ")
    assert refused.value.meant == ("policy/a", "policy/b")


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (
            {"kinds": ["polcy"]},
            "kind: 'polcy' was given, expected one of challenge, indicator, organization, part, "
            "policy, source; did you mean policy?",
        ),
        (
            {"relations": ["adresses"]},
            "relation: 'adresses' was given, expected one of addresses, bearsOn, broader, "
            "describedIn, evidencedBy, hasTarget, ledBy, monitoredBy, partOf, placedIn, publisher, "
            "source; did you mean addresses?",
        ),
    ],
)
def test_an_unknown_kind_or_relation_is_refused_with_those_there_are(
    store: Counting, chosen: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(UnknownName) as refused:
        project(store, **chosen)
    assert str(refused.value) == sentence


def test_an_empty_store_gives_an_empty_network() -> None:
    network = project(EmbeddedStore())
    assert (network.nodes, network.edges, len(network.undirected)) == ({}, (), 0)


QUERIES = [*files.network_relations(), *files.network_parts()]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_file_of_the_network_is_a_query_that_finds_something(
    path: Path, packaged_store: EmbeddedStore
) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# "), f"{path.name} begins with a comment that says what it is for"
    for prefix, iri in PREFIX.findall(text):
        assert PREFIXES[prefix] == iri
    assert packaged_store.rows(text)


def test_things_are_of_the_kinds_that_relations_join() -> None:
    text = next(path for path in files.network_parts() if path.stem == "things").read_text("utf-8")
    assert sorted(re.findall(r'\(hk:\w+ "(\w+)"\)', text)) == list(kinds())


@pytest.mark.parametrize("relation", relations(), ids=lambda one: one.name)
def test_a_relation_reads_as_a_sentence_in_both_languages(relation: Relation) -> None:
    for lang in ("ja", "en"):
        said = relation.sentence("AAA", "BBB", lang)
        assert "AAA" in said and "BBB" in said


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("#+ property = hk:x\n", "broken.rq: the lines that start #+ are not TOML"),
        (
            '#+ property = "hk:x"\n#+ subject = ["policy"]\n#+ object = ["policy"]\n'
            '#+ sentence.ja = "{subject}{object}"\n',
            "broken.rq: the header does not say en",
        ),
    ],
)
def test_a_relation_with_a_broken_header_is_refused(
    tmp_path: Path, header: str, problem: str
) -> None:
    path = tmp_path / "broken.rq"
    path.write_text(header + "SELECT ?subject ?object WHERE { ?subject ?p ?object }", "utf-8")
    with pytest.raises(BadHeader) as refused:
        read_relation(path)
    assert str(refused.value).startswith(problem)


def rows(table: str) -> list[dict[str, str]]:
    with open(packaged_editions()[-1] / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_packaged_edition_is_a_network_of_what_its_tables_say(
    packaged_store: EmbeddedStore,
) -> None:
    network = project(packaged_store)
    relations = Counter(edge.relation for edge in network.edges)
    assert Counter(node.kind for node in network.nodes.values()) == {
        "policy": len(rows("policies")),
        "challenge": len(rows("challenges")),
        "indicator": len(rows("indicators")),
        "organization": len(rows("organizations")),
        "part": len(rows("sections")),
        "source": len(rows("sources")),
    }
    assert relations["hk:addresses"] == len(rows("links"))
    assert relations["skos:broader"] == sum(bool(row["broader_id"]) for row in rows("challenges"))
    assert relations["hk:ledBy"] == sum(bool(row["lead_org_id"]) for row in rows("policies"))
    assert relations["hk:bearsOn"] == sum(
        len(row["challenge_ids"].split(";")) for row in rows("indicators") if row["challenge_ids"]
    )
    assert relations["hk:source"] == len(
        {(row["indicator_id"], row["source_id"]) for row in rows("observations")}
    )
    assert sum(relations[f"hk:{name}"] for name in ("hasTarget", "monitoredBy", "evidencedBy")) == (
        len(rows("policy_indicators"))
    )
    assert all(edge.page for edge in network.edges)
    assert all(node.label_ja and node.label_en for node in network.nodes.values())
    assert nx.number_of_edges(network.directed) == len(network.edges)
    assert network.credits["credit_ja"] == "総務省「情報通信白書」を加工して作成"
