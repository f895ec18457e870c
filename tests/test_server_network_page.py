"""The page of the network: what is around a thing, what connects two, and unknown names."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.network.projection import project
from hakusho.server.neighbourhood import MOST, around

PAGE = {"Accept": "text/html"}


def drawn(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="network-data">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def test_the_picture_and_the_list_say_the_same(client: FlaskClient) -> None:
    page = client.get("/network?thing=challenge/attack&lang=en", headers=PAGE).text
    nodes = {node["data"]["id"] for node in drawn(page)["nodes"]}
    listed = set(re.findall(r'data-node="([^"]*)"', page))
    assert nodes == listed | {"challenge/attack"}
    assert "policy/guard" in nodes


def test_a_thing_is_meant_by_its_id_its_iri_or_its_name_in_either_language(
    client: FlaskClient,
) -> None:
    for name in ("policy/guard", "https://w3id.org/hakusho/id/policy/guard", "Guard", "監視"):
        said = client.get("/network", query_string={"thing": name, "format": "json"}).json
        assert said is not None and said["thing"]["id"] == "policy/guard"


def test_two_things_are_connected_step_by_step_with_evidence(client: FlaskClient) -> None:
    address = "/network?thing=policy/guard&to=policy/drill"
    said = client.get(address + "&format=json").json
    assert said is not None and said["paths"]
    path = said["paths"][0]
    assert path["nodes"][0] == "policy/guard" and path["nodes"][-1] == "policy/drill"
    page = client.get(address + "&lang=en", headers=PAGE).text
    assert "“Guard” addresses" in page
    assert {node["data"]["id"] for node in drawn(page)["nodes"]} >= set(path["nodes"])


def test_counts_are_told_before_a_group_is_drawn(client: FlaskClient) -> None:
    said = client.get("/network?thing=challenge/attack&format=json").json
    assert said is not None
    groups = {group["name"]: group for group in said["groups"]}
    of_policies = groups["addresses-of-policy"]
    only = client.get("/network?thing=challenge/attack&group=addresses-of-policy&format=json").json
    assert only is not None
    assert {node["kind"] for node in only["nodes"][1:]} == {"policy"}
    assert len(only["nodes"]) == 1 + of_policies["count"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/network", 200),
        ("/network?thing=", 200),
        ("/network?thing=policy/gard", 404),
        ("/network?thing=unit/percent", 400),
        ("/network?thing=" + "x" * 10_000, 404),
        ("/network?thing=<script>&to=policy/guard", 404),
        ("/network?thing=policy/guard&to=nothing", 404),
        ("/network?thing=policy/guard&group=none", 200),
        ("/network?thing=policy/guard&to=policy/guard", 200),
    ],
)
def test_names_that_lead_nowhere_are_answered_with_the_form(
    client: FlaskClient, address: str, status: int
) -> None:
    answer = client.get(address, headers=PAGE)
    assert answer.status_code == status
    assert '<input id="thing"' in answer.text and "<script>" not in answer.text
    if "gard" in address:
        assert 'href="/network?thing=policy/guard"' in answer.text


def test_no_more_is_drawn_than_a_picture_can_hold(packaged_store: EmbeddedStore) -> None:
    network = project(packaged_store)
    ministry = network.node("organization/mic")
    every = [group.name for group in around(network, ministry).groups]
    whole = around(network, ministry, every)
    assert len(whole.nodes) == MOST < whole.total
    assert all(edge.ends <= {node.id for node in whole.nodes} for edge in whole.edges)
    for node in network.nodes.values():
        assert len(around(network, node).nodes) <= MOST
