"""`hakusho serve` as a process: it says when it is ready, shares its folder, stops when told."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import pytest

from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.lock import writer_lock

COMMAND = [sys.executable, "-c", "from hakusho.server.cli import main; main()", "serve"]


@contextmanager
def serving(
    data: Path, *options: str, env: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Runs a server on a free port and gives its process and address once it is ready."""
    env = {**os.environ, "HAKUSHO_DATA": str(data), "HAKUSHO_LANG": "en", **env}
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options], env=env, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        while line.startswith("{"):
            # A request of its own, by which it knows that it is ready, is logged before it says so.
            line = process.stderr.readline()
        ready = re.fullmatch(r"listening on (http://\S+/)\n", line)
        assert ready, line
        yield process, ready[1]
    finally:
        process.kill()
        process.communicate()


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as response:
        return str(response.read().decode())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    DataFolder(tmp_path / "data").publish(Change(), who="curator")
    return tmp_path / "data"


@pytest.mark.slow
def test_two_servers_share_a_folder_and_stop_when_told(data: Path) -> None:
    with (
        serving(data, "--edition", "none") as (one, address),
        serving(data, "--edition", "none") as (two, other),
    ):
        assert fetched(address + "readyz") == fetched(other + "readyz") == "release 1\n"
        # Who only reads does not hold the writer's lock.
        with writer_lock(data):
            pass
        for process, told in ((one, signal.SIGTERM), (two, signal.SIGINT)):
            process.send_signal(told)
            assert process.wait(30) == 0
            assert process.stderr is not None and process.stderr.read() == ""
    assert [release.number for release in DataFolder(data).releases()] == [1]


@pytest.mark.slow
def test_a_folder_without_an_edition_is_empty_and_ready(tmp_path: Path) -> None:
    options = ("--edition", "none", "--default-graph", "plain")
    with serving(tmp_path / "data", *options) as (_, address):
        assert fetched(address + "readyz") == "release 1\n"
    folder = DataFolder(tmp_path / "data")
    assert folder.default_graph == "plain"
    assert [each.manifest.triples for each in folder.releases()] == [0]


@pytest.mark.slow
def test_a_query_that_runs_when_the_server_is_told_to_stop_is_answered(data: Path) -> None:
    numbers = " ".join(map(str, range(250)))
    values = " ".join(f"VALUES ?{name} {{ {numbers} }}" for name in "abc")
    long = quote(f"SELECT (COUNT(*) AS ?n) {{ {values} }}")
    with serving(data) as (process, address), ThreadPoolExecutor(1) as other:
        answer = other.submit(fetched, f"{address}sparql?format=csv&query={long}")
        while "hakusho_queries_in_flight 1\n" not in fetched(address + "metrics"):
            assert not answer.done()
        process.send_signal(signal.SIGTERM)
        assert answer.result(60).split() == ["n", str(250**3)]
        assert process.wait(30) == 0
        assert process.stderr is not None and process.stderr.read() == ""


@pytest.mark.slow
def test_requests_are_logged_without_their_text_and_to_the_last(data: Path) -> None:
    with serving(data, env={"HAKUSHO_REQUEST_LOG": "-"}) as (process, address):
        fetched(address + "sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%27private%27%20%7D")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr is not None
        logged = [json.loads(line) for line in process.stderr]
    (asked,) = [line for line in logged if line["path"] == "/sparql"]
    assert (asked["status"], asked["release"]) == (200, 1)
    assert "query" in asked and "private" not in json.dumps(logged)


def refusal(data: Path, port: str) -> str:
    """Runs a server that is to end at once, and gives the one sentence that it says."""
    env = {**os.environ, "HAKUSHO_DATA": str(data), "HAKUSHO_LANG": "en"}
    result = subprocess.run(
        [*COMMAND, "--port", port], env=env, capture_output=True, text=True, timeout=60
    )
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    return result.stderr


def test_a_port_in_use_is_told_in_one_sentence(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refusal(data, port)
    assert said.startswith(f"hakusho: cannot listen on 127.0.0.1 port {port}")


def test_a_damaged_release_is_not_served(data: Path) -> None:
    next((data / "releases" / "1" / "store").glob("*.sst")).unlink()
    said = refusal(data, "0")
    assert "release 1 is damaged: " in said
    assert "`hakusho rollback N`" in said


@pytest.mark.slow
def test_a_first_start_builds_the_packaged_edition_and_a_second_does_not(tmp_path: Path) -> None:
    for _ in range(2):
        with serving(tmp_path / "data") as (_process, address):
            assert "policy" in fetched(address + "id/policy/notice.ttl")
    releases = DataFolder(tmp_path / "data").releases()
    assert [(each.number, each.manifest.kind) for each in releases] == [(1, "build")]
