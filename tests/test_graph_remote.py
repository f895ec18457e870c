"""A remote engine is not trusted: what it answers is given whole or not at all, and in time."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from hashlib import md5
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from hakusho.graph.errors import (
    HakushoError,
    InvalidQuery,
    LimitExceeded,
    QueryRefused,
    StoreUnavailable,
    TooBusy,
)
from hakusho.graph.limits import Limits
from hakusho.graph.remote.auth import Authorization, credentials
from hakusho.graph.remote.dialects import UnknownEngine, dialects
from hakusho.graph.remote.remote_store import RemoteStore
from hakusho.graph.store import Query

JSON = "application/sparql-results+json"
ROW = '{"s":{"type":"uri","value":"urn:s"}}'
ONE = '{"head":{"vars":["s"]},"results":{"bindings":[' + ROW + "]}}"
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
TRIPLES = "<urn:s> <urn:p> <urn:o> .\n"

Respond = Callable[[socket.socket, bytes], None]


def reply(body: str, media_type: str = JSON, *headers: str, status: str = "200 OK") -> bytes:
    data = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + data


class Engine:
    """An engine that says, byte for byte, what it is told to; it keeps what it was asked."""

    def __init__(self, respond: bytes | Respond) -> None:
        self._respond = respond
        self.asked: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        # A thread that waits for a connection is not told by closing alone.
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                request = _request(connection)
                self.asked.append(request)
                if callable(self._respond):
                    self._respond(connection, request)
                else:
                    connection.sendall(self._respond)


def _request(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def asking(
    respond: bytes | Respond, engine: str = "generic", **limits: Any
) -> Iterator[tuple[RemoteStore, Engine]]:
    with contextlib.closing(Engine(respond)) as served:
        with RemoteStore(served.url, engine, limits=Limits(**limits)) as store:
            yield store, served


def test_rows_are_those_that_came() -> None:
    with asking(reply(ONE)) as (store, served):
        assert store.rows(SELECT) == [{"s": NamedNode("urn:s")}]
    assert b"query=SELECT+%3Fs" in served.asked[0]


def test_an_answer_is_written_in_the_media_type_wanted() -> None:
    with asking(reply(ONE)) as (store, _):
        answer = store.answer(Query(SELECT, {"solutions": "text/csv"}))
    assert b"".join(answer.chunks) == b"s\r\nurn:s\r\n"
    assert answer.size == 10


def chunked(body: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    return f"{head}{len(body):x}\r\n{body}\r\n".encode()


def deep(levels: int) -> str:
    term = '{"type":"uri","value":"urn:x"}'
    opening = '{"type":"triple","value":{"subject":' + term + ',"predicate":' + term + ',"object":'
    return '{"head":{"vars":["s"]},"results":{"bindings":[{"s":' + (
        opening * levels + term + "}}" * levels + "}]}}"
    )


@pytest.mark.parametrize(
    "sent",
    [
        reply(ONE)[:-2],
        reply(ONE[:-2]),
        reply(ONE + "x"),
        chunked(ONE),
        reply("<html>", "text/html"),
        reply(ONE, "text/plain"),
        reply(""),
        reply("{}"),
        reply('{"head":{},"boolean":true}'),
        reply(ONE.replace('"s"]', '"t"]')),
        reply(ONE.replace("urn:s", "no iri")),
        reply(ONE, JSON, "Content-Encoding: gzip"),
        reply(deep(200)),
        reply(deep(100_000)),
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
    ids=[
        "shorter than announced", "cut off", "more than JSON", "no last chunk", "a page",
        "another type", "nothing", "no results", "a boolean", "another variable", "no IRI",
        "compressed", "nested", "nested without end", "closed", "no HTTP", "too many headers",
    ],
)  # fmt: skip
def test_a_broken_answer_is_an_error(sent: bytes) -> None:
    with asking(sent) as (store, _), pytest.raises(StoreUnavailable):
        store.answer(Query(SELECT, {"solutions": JSON}))


@pytest.mark.parametrize(
    "sent",
    ['{"head":{},"boolean":true', '{"head":{},"boolean":true} x', '{"boolean":1}', "[" * 100_000],
)
def test_a_broken_boolean_is_an_error(sent: str) -> None:
    with asking(reply(sent)) as (store, _), pytest.raises(StoreUnavailable):
        store.ask("ASK {}")


@pytest.mark.parametrize(
    "sent",
    [
        reply(TRIPLES + "<urn:s> <urn:p>", "application/n-triples"),
        reply(TRIPLES, "text/html"),
        reply("<urn:s> <urn:p> " + "<<( <urn:s> <urn:p> " * 100_000, "application/n-triples"),
        reply("[" * 100_000, "text/turtle"),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n" + TRIPLES.encode(),
    ],
    ids=["cut off", "a page", "nested terms", "nested Turtle", "no length"],
)
def test_a_broken_graph_is_an_error(sent: bytes) -> None:
    with asking(sent) as (store, _), pytest.raises(StoreUnavailable):
        store.triples(CONSTRUCT)


def test_a_header_that_says_partial_makes_a_whole_answer_an_error() -> None:
    with asking(reply(ONE, JSON, "X-SPARQL-MaxRows: 1"), "virtuoso") as (store, _):
        with pytest.raises(LimitExceeded, match="only a part") as caught:
            store.rows(SELECT)
    assert caught.value.limit == "rows"


def test_an_answer_that_is_too_long_is_an_error() -> None:
    with asking(reply(ONE + " " * 100), result_bytes=100) as (store, _):
        with pytest.raises(LimitExceeded) as caught:
            store.rows(SELECT)
    assert caught.value.limit == "size"


@pytest.mark.parametrize("begin", [b"", reply(ONE)[:10], reply(ONE)[:-10]])
def test_an_answer_that_comes_drop_by_drop_ends_at_the_deadline(begin: bytes) -> None:
    done = threading.Event()

    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(begin)
        while not done.wait(0.05):
            connection.sendall(b" ")

    with asking(drip, seconds=0.3) as (store, _):
        with pytest.raises(LimitExceeded) as caught:
            store.rows(SELECT)
        done.set()
    assert caught.value.limit == "time"


def test_more_rows_than_allowed_are_cut_and_it_is_said() -> None:
    def rows(connection: socket.socket, request: bytes) -> None:
        count = 2 if b"LIMIT+2" in request else 3
        connection.sendall(reply(ONE.replace(ROW, ",".join([ROW] * count))))

    with asking(rows, rows=2) as (store, _):
        answer = store.answer(Query(SELECT, {"solutions": "text/csv"}))
        assert (b"".join(answer.chunks), answer.capped) == (b"s\r\nurn:s\r\nurn:s\r\n", True)
        with pytest.raises(LimitExceeded):
            store.rows(SELECT)


@pytest.mark.parametrize(
    ("status", "said", "error"),
    [
        ("400 Bad Request", "Line 2, column 5: no such thing", InvalidQuery),
        ("401 Unauthorized", "", StoreUnavailable),
        ("302 Found", "", StoreUnavailable),
        ("404 Not Found", "", StoreUnavailable),
        ("413 Too Large", "", LimitExceeded),
        ("500 Oh", "secret", StoreUnavailable),
        ("503 Busy", "", TooBusy),
        ("503 Busy", "Query timed out: timeout", LimitExceeded),
    ],
)
def test_a_refusal_has_its_own_class(status: str, said: str, error: type[HakushoError]) -> None:
    sent = reply(said, "text/plain", "Location: http://127.0.0.1:1/", status=status)
    with asking(sent, "fuseki") as (store, _), pytest.raises(error) as caught:
        store.rows(SELECT)
    if isinstance(caught.value, InvalidQuery):
        assert (caught.value.line, caught.value.column) == (2, 5)


def test_an_engine_that_is_not_there_is_said_so_without_the_password() -> None:
    with RemoteStore("http://me:hunter2@127.0.0.1:1/ds") as store:
        with pytest.raises(StoreUnavailable) as caught:
            store.rows(SELECT)
    assert "127.0.0.1:1" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_an_engine_repeats_of_a_password_is_hidden() -> None:
    with contextlib.closing(
        Engine(reply("no hunter2 here", "text/plain", status="500 Oh"))
    ) as served:
        url = served.url.replace("//", "//me:hunter2@")
        with RemoteStore(url, "generic") as store, pytest.raises(StoreUnavailable) as caught:
            store.rows(SELECT)
    assert "no … here" in str(caught.value)
    assert b"Authorization: Basic bWU6aHVudGVyMg==" in served.asked[0]
    assert "hunter2" not in repr(store) + repr(credentials(url))


@pytest.mark.parametrize("url", ["ftp://host/", "nonsense", "http://", "http://host:port/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="http or https"):
        RemoteStore(url, "generic")


def test_a_header_is_shown_and_one_with_a_line_break_is_refused() -> None:
    with contextlib.closing(Engine(reply(ONE))) as served:
        with RemoteStore(served.url, "generic", "Authorization: Bearer t0k3n") as store:
            store.rows(SELECT)
    assert b"Authorization: Bearer t0k3n\r\n" in served.asked[0]
    with pytest.raises(StoreUnavailable):
        RemoteStore(served.url, "generic", "X: y\r\nZ: w")


def test_digest_answers_the_challenge_of_rfc_7616() -> None:
    bare, known = credentials("http://Mufasa:Circle%20of%20Life@www.example.org/dir/index.html")
    authorization = Authorization(known, "digest")
    assert authorization.headers("GET", "/dir/index.html") == {}
    assert authorization.learn('Digest realm="r", qop="auth, auth-int", nonce="n", opaque="o"')
    said = authorization.headers("GET", "/dir/index.html")["Authorization"]
    given = dict(part.partition("=")[::2] for part in said.removeprefix("Digest ").split(", "))
    who = md5(b"Mufasa:r:Circle of Life").hexdigest()
    what = md5(b"GET:/dir/index.html").hexdigest()
    mine = given["cnonce"].strip('"')
    expected = md5(f"{who}:n:00000001:{mine}:auth:{what}".encode()).hexdigest()
    assert given["response"].strip('"') == expected
    assert bare == "http://www.example.org/dir/index.html"


def test_what_only_one_engine_understands_is_refused_before_it_is_sent() -> None:
    with asking(reply(ONE)) as (store, served):
        with pytest.raises(QueryRefused, match="line 1, column 1"):
            store.rows(f'DEFINE get:soft "replace" {SELECT}')
    assert served.asked == []


def test_several_operations_are_refused_where_they_may_take_effect_in_part() -> None:
    text = "INSERT DATA { <urn:a> <urn:b> 1 } ; DELETE WHERE { ?s ?p 2 }"
    with asking(reply("", "text/plain"), "virtuoso") as (store, served):
        with pytest.raises(QueryRefused, match="one at a time"):
            store.data.update(text)
    assert served.asked == []


def test_a_large_change_goes_in_parts() -> None:
    quads = [
        Quad(NamedNode(f"urn:{i}"), NamedNode("urn:p"), Literal("値"), DefaultGraph())
        for i in range(4_500)
    ]
    with asking(reply("", "text/plain")) as (store, served):
        store.data.remove(quads)
    assert [request.count(b"<urn:p>") for request in served.asked] == [2_000, 2_000, 500]


def test_every_engine_can_be_named_and_another_name_is_refused() -> None:
    for name in dialects():
        RemoteStore("http://localhost/", name).close()
    with pytest.raises(UnknownEngine, match="did you mean virtuoso"):
        RemoteStore("http://localhost/", "virtuso")
