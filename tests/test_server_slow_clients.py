"""Clients that are slow, that never finish or that leave: the server answers the others at once."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest

from hakusho.graph.releases.data_folder import DataFolder

from .test_server_cli_serve import serving

MANY = 60
"""More than there are threads to wait for what does not come."""
AT_ONCE = 0.2
LONG = (
    "SELECT * { " + "".join(f"VALUES ?v{i} {{ {' '.join('123456789')} }} " for i in range(6)) + "}"
)
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + "".join(
    f"VALUES ?v{i} {{ {' '.join('123456789')} }} " for i in range(12)
) + "}"  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of few threads, whose queries may have long answers."""
    folder = tmp_path_factory.mktemp("slow")
    DataFolder(folder, "plain").publish([], who="tests")
    env = {
        "HAKUSHO_BUDGET_SECONDS": "0",
        "HAKUSHO_LIMIT_FAST_WORKERS": "4",
        "HAKUSHO_LIMIT_SECONDS": "20",
        "HAKUSHO_LIMIT_HELD_BYTES": "1000000",
        "HAKUSHO_LIMIT_ROWS": "100000000",
        "HAKUSHO_LIMIT_RESULT_BYTES": "1000000000",
    }
    with serving(Path(folder), "--default-graph", "plain", env=env) as (_, found):
        yield found


def connected(address: str) -> socket.socket:
    host = urlsplit(address)
    assert host.hostname is not None
    return socket.create_connection((host.hostname, host.port or 80), timeout=30)


def quickest(address: str, tries: int = 5) -> float:
    """Gives the shortest time that a new point query takes."""
    took = []
    for number in range(tries):
        query = quote(f"ASK {{}} # {time.monotonic_ns()} {number}")
        began = time.monotonic()
        try:
            with urlopen(f"{address}sparql?query={query}", timeout=30) as answer:
                assert json.loads(answer.read())["boolean"] is True
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from error
        took.append(time.monotonic() - began)
    return min(took)


def in_flight(address: str) -> float:
    with urlopen(f"{address}metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    (found,) = [line for line in lines if line.startswith("hakusho_queries_in_flight ")]
    return float(found.split()[1])


def test_heads_that_never_end_keep_nobody_waiting(address: str) -> None:
    with ExitStack() as open_:
        for _ in range(MANY):
            slow = open_.enter_context(closing(connected(address)))
            slow.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert quickest(address) < AT_ONCE


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sparql", "application/sparql-query"),
        ("/sparql", "application/x-www-form-urlencoded"),
        ("/graphs/a", "text/turtle"),
    ],
)
@pytest.mark.parametrize("framing", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_bodies_that_never_come_keep_nobody_waiting(
    address: str, path: str, kind: str, framing: str
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{framing}\r\n\r\n"
    with ExitStack() as open_:
        slow = [open_.enter_context(closing(connected(address))) for _ in range(MANY)]
        for each in slow:
            each.sendall(head.encode() + b"1")
        assert quickest(address) < AT_ONCE
        # Those beyond a few are told so; who may not write is told that before he is read.
        slow[-1].settimeout(10)
        status = slow[-1].recv(1000).split(b" ")[1]
        unread = path == "/graphs/a" and "chunked" in framing
        assert status == (b"403" if unread else b"503")
    # And once they are gone, bodies are read again.
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with closing(connected(address)) as late:
            body = b"ASK {}"
            late.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Content-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            if b" 200 " in late.recv(1000).partition(b"\r\n")[0]:
                return
    raise AssertionError("no body is read any more")


def test_answers_that_are_not_read_keep_nobody_waiting(address: str) -> None:
    with ExitStack() as open_:
        for number in range(4):
            slow = open_.enter_context(closing(connected(address)))
            text = quote(f"{LONG} # {number}")
            slow.sendall(f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert slow.recv(100).startswith(b"HTTP/1.1 200")
        assert quickest(address) < AT_ONCE


def test_clients_that_leave_in_the_middle_of_an_answer_free_its_worker(address: str) -> None:
    for number in range(4):
        with closing(connected(address)) as leaving:
            text = quote(f"{LONG} # leaving {number}")
            leaving.sendall(f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert leaving.recv(100).startswith(b"HTTP/1.1 200")
    until = time.monotonic() + 15
    while in_flight(address) and time.monotonic() < until:
        pass
    assert in_flight(address) == 0


def test_clients_that_leave_before_an_answer_leave_room_for_others(address: str) -> None:
    for number in range(MANY):
        with closing(connected(address)) as leaving:
            text = quote(f"{RUNAWAY} # {number}")
            leaving.sendall(f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert quickest(address, 10) < AT_ONCE


def test_head_lines_that_are_none_are_refused(address: str) -> None:
    for said in (
        b"GET /\r\nSet-Cookie: x HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\nb\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 2_000_000 + b"\r\n\r\n",
    ):
        with closing(connected(address)) as wrong:
            try:
                wrong.sendall(said)
                answer = wrong.recv(10_000)
            except ConnectionError:
                continue
            assert not answer or answer.split(b" ")[1].startswith(b"4"), answer[:200]
    assert quickest(address) < AT_ONCE
