"""A server that is killed while many write: what it acknowledged is there, nothing in part."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from hakusho.graph.releases.data_folder import DataFolder

from .test_server_cli_serve import serving

ROUNDS = 6
CLIENTS = 8
HEADERS = {"Authorization": "Bearer t", "Content-Type": "application/sparql-update"}

pytestmark = pytest.mark.slow


def written(number: int) -> set[Quad]:
    """Gives the two statements that one write makes: it has both or none."""
    graph, value = NamedNode("urn:g"), Literal(number)
    return {
        Quad(NamedNode(f"urn:{name}:{number}"), NamedNode("urn:p"), value, graph) for name in "ab"
    }


def write_until_it_is_gone(address: str, numbers: range, acknowledged: set[int]) -> None:
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
    for number in numbers:
        quads = " ".join(
            f"{each.subject} {each.predicate} {each.object} ." for each in written(number)
        )
        try:
            text = f"INSERT DATA {{ GRAPH <urn:g> {{ {quads} }} }}"
            connection.request("POST", "/sparql", text, HEADERS)
            answer = connection.getresponse()
            answer.read()
        except (HTTPException, OSError):
            return
        if answer.status == 204:
            acknowledged.add(number)


def test_no_acknowledged_write_is_lost_and_none_is_there_in_part(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data", "plain")
    data.publish([], who="tests")
    env = {"HAKUSHO_TOKEN": "t"}
    acknowledged: set[int] = set()
    for round_ in range(ROUNDS):
        begin = round_ * 100_000
        with (
            serving(data.path, "--default-graph", "plain", "--no-validation", env=env) as (
                process,
                address,
            ),
            ThreadPoolExecutor(CLIENTS) as clients,
        ):
            before = len(acknowledged)
            for client in range(CLIENTS):
                numbers = range(begin + client, begin + 100_000, CLIENTS)
                clients.submit(write_until_it_is_gone, address, numbers, acknowledged)
            until = time.monotonic() + 60
            while len(acknowledged) < before + 10 and time.monotonic() < until:
                threading.Event().wait(0.01)
            threading.Event().wait(random.Random(round_).random())
            process.kill()
        current = data.current()
        assert current is not None
        current.check(thoroughly=True)
        there = set(current.engine().quads_for_pattern(None, None, None, NamedNode("urn:g")))
        for number in acknowledged:
            assert written(number) <= there
        assert all(
            written(int(quad.object.value)) <= there  # type: ignore[union-attr]
            for quad in there
        )
        assert len(acknowledged) > before
