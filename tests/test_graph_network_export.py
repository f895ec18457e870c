"""Networks written out: other tools read back what was in them."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import UnsupportedFormat
from hakusho.graph.network.export import export
from hakusho.graph.network.parts import FORMATS, Edge, Node
from hakusho.graph.network.projection import Projection, project

DATA = Path(__file__).parent / "data"
NODE = {"kind", "slug", "label_ja", "label_en", "iri", "label"}
EDGE = {"relation", "assertion", "link", "page", "evidence", "label"}


@pytest.fixture(scope="module")
def network() -> Projection:
    return project(EmbeddedStore.of(parse(path=DATA / "network.ttl", format=RdfFormat.TURTLE)))


def read(format: str, content: bytes) -> Any:
    if format == "graphml":
        return nx.read_graphml(BytesIO(content))
    if format == "gexf":
        return nx.read_gexf(BytesIO(content))
    return nx.cytoscape_graph(json.loads(content))


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_read_back_is_what_was_written(network: Projection, format: str) -> None:
    graph = read(format, export(network, format, "en"))
    assert graph.is_directed()
    assert {
        id: {name: value for name, value in attributes.items() if name in NODE - {"label"}}
        for id, attributes in graph.nodes(data=True)
    } == {node.id: node.attributes() for node in network.nodes.values()}
    assert sorted(
        (subject, object, sorted((name, data[name]) for name in EDGE - {"label"} if name in data))
        for subject, object, data in graph.edges(data=True)
    ) == sorted(
        (edge.subject, edge.object, sorted(edge.attributes().items())) for edge in network.edges
    )


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("lang", "node", "edge"), [("ja", "一", "対応する課題"), ("en", "One", "addresses")]
)
def test_labels_are_in_the_language_asked_for(
    network: Projection, format: str, lang: str, node: str, edge: str
) -> None:
    graph = read(format, export(network, format, lang))
    assert graph.nodes["policy/p1"]["label"] == node
    labels = [data["label"] for _, _, data in graph.edges("policy/p1", data=True)]
    assert edge in labels


@pytest.mark.parametrize("format", FORMATS)
def test_parallel_relations_are_written_apart(format: str) -> None:
    nodes = {id: Node(id, id.partition("/")[0]) for id in ("indicator/i", "policy/p")}
    edges = tuple(
        Edge("policy/p", relation, "indicator/i") for relation in ("hk:hasTarget", "hk:monitoredBy")
    )
    network = Projection(("policy", "indicator"), ("hk:hasTarget",), nodes, edges)
    graph = read(format, export(network, format))
    assert sorted(data["relation"] for _, _, data in graph.edges(data=True)) == [
        "hk:hasTarget",
        "hk:monitoredBy",
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_a_label_may_hold_any_character(format: str) -> None:
    label = 'a & b < c > "d" \' ]]> 🏛 e\u0301 \u0001\ufffe'
    nodes = {"policy/p": Node("policy/p", "policy", label)}
    graph = read(format, export(Projection(("policy",), (), nodes, ()), format))
    expected = label if format == "cytoscape" else label[:-2] + "\ufffd\ufffd"
    assert graph.nodes["policy/p"]["label_ja"] == expected


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_network_is_written_too(format: str) -> None:
    assert len(read(format, export(Projection((), (), {}, ()), format))) == 0


@pytest.mark.parametrize("format", FORMATS)
def test_the_credit_goes_with_the_network(packaged_store: EmbeddedStore, format: str) -> None:
    network = project(packaged_store, ["challenge"])
    content = export(network, format).decode()
    assert "総務省「情報通信白書」を加工して作成" in content
    assert "https://creativecommons.org/licenses/by/4.0/" in content
    assert "None" not in content and "null" not in content


def test_the_elements_of_cytoscape_have_ids_of_their_own(network: Projection) -> None:
    said = json.loads(export(network, "cytoscape"))
    ids = [each["data"]["id"] for kind in ("nodes", "edges") for each in said["elements"][kind]]
    assert len(ids) == len(set(ids)) == len(network.nodes) + len(network.edges)
    nodes = {each["data"]["id"] for each in said["elements"]["nodes"]}
    assert all(
        each["data"][end] in nodes
        for each in said["elements"]["edges"]
        for end in ("source", "target")
    )


def test_an_unknown_format_is_refused_with_those_there_are(network: Projection) -> None:
    with pytest.raises(UnsupportedFormat) as refused:
        export(network, "dot")
    assert str(refused.value) == (
        "format 'dot' is not offered here; there is graphml, gexf, cytoscape"
    )
