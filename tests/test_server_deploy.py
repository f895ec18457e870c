"""The examples for running the service elsewhere name what exists, and shut it off."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hakusho.server.settings import from_environment

ROOT = Path(__file__).parent.parent
UNIT = (ROOT / "deploy" / "hakusho.service").read_text(encoding="utf-8")
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")


def test_each_begins_with_how_it_is_used() -> None:
    for text in (UNIT, CONTAINER):
        assert text.startswith("# hakusho ")


@pytest.mark.parametrize("text", [UNIT, CONTAINER], ids=["unit", "container"])
def test_every_variable_is_a_setting_with_a_value_of_its_kind(text: str) -> None:
    pairs = re.findall(r"^(?:Environment=|    )(HAKUSHO_\w+)=(\S+)", text, re.MULTILINE)
    assert {"data", "host", "request_log"} <= from_environment(dict(pairs)).keys()
    named = {name: "" for name in re.findall(r"HAKUSHO_[A-Z_]*[A-Z]", text)}
    assert from_environment(named) == {}


def test_the_container_is_built_from_all_that_is_installed() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    installed = {Path(name).parts[0] for name in build["only-include"]}
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
        for name in line.split()
    }
    assert copied == installed | {"pyproject.toml", "README.md", "LICENSE"}
    assert all((ROOT / name).exists() for name in copied)


def test_the_container_s_health_check_tells_well_from_ill(tmp_path: Path) -> None:
    _, _, said = CONTAINER.partition("HEALTHCHECK")
    found = re.search(r"CMD (\[.*\])", said)
    assert found
    command = [sys.executable, *json.loads(found[1])[1:]]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        env = {**os.environ, "HAKUSHO_PORT": str(listening.getsockname()[1])}
        for status, code in (("200 OK", 0), ("503 Service Unavailable", 1)):
            asking = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
            asked, _ = listening.accept()
            with asked:
                assert asked.recv(1_000).startswith(b"GET /readyz ")
                asked.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
            assert asking.wait(30) == code


def test_neither_runs_as_root_and_both_let_a_running_query_end() -> None:
    assert "DynamicUser=yes" in UNIT and re.search(r"^USER 10001$", CONTAINER, re.MULTILINE)
    assert "KillSignal=SIGTERM" in UNIT and "STOPSIGNAL SIGTERM" in CONTAINER
    stop = re.search(r"TimeoutStopSec=(\d+)", UNIT)
    assert stop and int(stop[1]) > 30
