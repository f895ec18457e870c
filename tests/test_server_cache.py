"""Answers kept ahead of Flask: when one is given again, when not, and how much is kept."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import brotli
import pytest
import zstandard
from werkzeug.test import Client

from hakusho.server.cache import AnswerCache
from hakusho.server.compression import CODINGS, compressed


class Application:
    """A WSGI application that counts how often it is asked; its path says what it answers."""

    def __init__(self) -> None:
        self.asked = 0
        self.closed = 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        path = environ["PATH_INFO"]
        status = "404 Not Found" if path == "/missing" else "200 OK"
        control = "no-store" if path == "/partial" else "public, no-cache"
        kind = "image/png" if path == "/picture" else "text/plain"
        said = [("Content-Type", kind), ("Cache-Control", control)]
        start_response(status, [*said, ("Vary", "Accept, Accept-Language, Accept-Encoding")])
        return Pieces(self, path, environ["wsgi.input"].read())


class Pieces:
    """The pieces of an answer, which breaks off in the middle where the path says so."""

    def __init__(self, application: Application, path: str, body: bytes) -> None:
        self.application = application
        self.path = path
        self.body = body

    def __iter__(self) -> Iterator[bytes]:
        long = b"y" * 2_000 if self.path in ("/page", "/picture") else b""
        yield f"{self.application.asked} ".encode() + self.body + long
        if self.path == "/broken":
            raise ConnectionError("the worker is gone")
        yield b"x" * (5_000 if self.path == "/long" else 1)

    def close(self) -> None:
        self.application.closed += 1


class Kept:
    """A cache with its application, its release and a client."""

    def __init__(self, max_bytes: int = 100_000) -> None:
        self.release = 1
        self.application = Application()
        self.cache = AnswerCache(self.application, lambda: self.release, "code", max_bytes)
        self.client = Client(self.cache)


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_the_same_request_is_answered_from_memory(kept: Kept) -> None:
    assert kept.client.get("/a?b=c").data == b"1 x"
    again = kept.client.get("/a?b=c")
    assert again.data == b"1 x"
    assert again.headers["Content-Length"] == "3"
    assert (kept.cache.hits, kept.cache.misses) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/b"},
        {"path": "/a", "query_string": "b=d"},
        {"path": "/a", "headers": {"Accept": "text/csv"}},
        {"path": "/a", "headers": {"Accept-Language": "en"}},
        {"path": "/a", "headers": {"Host": "other.example"}},
    ],
)
def test_another_request_is_not(kept: Kept, other: dict[str, Any]) -> None:
    assert kept.client.get("/a").data == b"1 x"
    assert kept.client.get(**other).data == b"2 x"


def test_a_new_release_is_asked_anew_and_has_another_tag(kept: Kept) -> None:
    before = kept.client.get("/a")
    kept.release = 2
    after = kept.client.get("/a", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.data) == (200, b"2 x")
    assert after.headers["ETag"] != before.headers["ETag"]


def test_who_has_the_answer_is_told_that_it_still_holds(kept: Kept) -> None:
    first = kept.client.get("/a")
    assert first.data == b"1 x"
    tag = first.headers["ETag"]
    same = kept.client.get("/a", headers={"If-None-Match": f'"other", {tag}'})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == tag
    assert kept.application.asked == 1


@pytest.mark.parametrize("path", ["/partial", "/missing"])
def test_what_is_partial_or_no_answer_is_never_kept(kept: Kept, path: str) -> None:
    first = kept.client.get(path)
    assert first.data == b"1 x"
    assert "ETag" not in first.headers
    assert kept.client.get(path).data == b"2 x"


def test_an_answer_that_breaks_off_is_not_kept(kept: Kept) -> None:
    for _ in range(2):
        with pytest.raises(ConnectionError):
            kept.client.get("/broken", buffered=True)
    assert kept.application.asked == 2
    assert kept.application.closed == 2


def test_an_answer_that_was_not_read_to_its_end_is_not_kept(kept: Kept) -> None:
    answer = kept.client.get("/a")
    next(answer.iter_encoded())
    answer.close()
    assert kept.application.closed == 1
    assert kept.client.get("/a").data == b"2 x"


def test_an_answer_that_crosses_a_publish_is_not_kept(kept: Kept) -> None:
    answer = kept.client.get("/a")
    pieces = answer.iter_encoded()
    next(pieces)
    kept.release = 2
    assert list(pieces) == [b"x"]
    kept.release = 1
    assert kept.client.get("/a").data == b"2 x"


def test_head_has_the_length_and_no_body(kept: Kept) -> None:
    assert kept.client.get("/a").data == b"1 x"
    head = kept.client.head("/a")
    assert (head.data, head.headers["Content-Length"]) == (b"", "3")
    assert kept.application.asked == 1


def test_a_query_by_post_is_kept_by_its_body(kept: Kept) -> None:
    def ask(text: str) -> bytes:
        answer = kept.client.post("/sparql", data=text, content_type="application/sparql-query")
        assert "ETag" not in answer.headers
        return bytes(answer.data)

    assert ask("ASK {}") == ask("ASK {}") == b"1 ASK {}x"
    assert ask("ASK { ?s ?p ?o }") == b"2 ASK { ?s ?p ?o }x"


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST", "path": "/other", "data": "a"},
        {"method": "PUT", "path": "/sparql", "data": "a"},
        {"method": "POST", "path": "/sparql", "data": "a", "content_type": "text/plain"},
        {"path": "/a", "headers": {"Authorization": "Bearer x"}},
    ],
)
def test_what_may_write_or_carries_a_token_is_passed_on(
    kept: Kept, request_: dict[str, Any]
) -> None:
    for number in (1, 2):
        assert kept.client.open(**request_).data.startswith(str(number).encode())


def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    kept = Kept(max_bytes=3_000)
    for number in range(40):
        kept.client.get(f"/{number}").get_data()
        assert kept.cache.bytes <= 3_000
    assert kept.client.get("/39").data == b"40 x"
    assert kept.client.get("/0").data == b"41 x"


def test_an_answer_too_long_to_keep_is_still_given() -> None:
    kept = Kept(max_bytes=8_000)
    for number in (1, 2):
        assert kept.client.get("/long").data == f"{number} ".encode() + b"x" * 5_000
    assert kept.cache.bytes == 0


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    "br": lambda data: bytes(brotli.decompress(data)),
    "gzip": gzip.decompress,
    "": lambda data: data,
}


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *;q=0.5", "br"),
        ("identity, gzip;q=0.5", ""),
        ("gzip;q=0", ""),
        ("deflate", ""),
        ("", ""),
        ("gzip;q=nonsense", ""),
    ],
)
def test_long_texts_are_compressed_as_the_client_would_have_them(
    kept: Kept, header: str, coding: str
) -> None:
    body = "ASK { } #" + "x" * 3_000
    for _ in range(2):
        answer = kept.client.post(
            "/sparql",
            data=body,
            content_type="application/sparql-query",
            headers={"Accept-Encoding": header},
        )
        assert answer.headers.get("Content-Encoding", "") == coding
        assert DECODERS[coding](answer.data) == b"1 " + body.encode() + b"x"
        assert (len(answer.data) < 300) == bool(coding)
    assert kept.cache.hits == 1


def test_each_coding_has_its_own_tag_and_says_what_it_depends_on(kept: Kept) -> None:
    tags = set()
    for coding in ("zstd", "br", "gzip", "identity"):
        answer = kept.client.get("/page", headers={"Accept-Encoding": coding})
        assert answer.headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
        tags.add(answer.headers["ETag"])
        again = kept.client.get(
            "/page",
            headers={"Accept-Encoding": coding, "If-None-Match": answer.headers["ETag"]},
        )
        assert again.status_code == 304
    assert len(tags) == 4


def test_short_answers_and_pictures_are_sent_as_they_are(kept: Kept) -> None:
    for path in ("/a", "/picture"):
        answer = kept.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
def test_a_long_answer_is_compressed_while_it_comes(coding: str) -> None:
    random_bytes = random.Random(7).randbytes
    given = sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal given
        for _ in range(60):
            given += 100_000
            yield random_bytes(50_000).hex().encode()

    (chosen,) = [each for each in CODINGS if each.name == coding]
    for piece in compressed(pieces(), chosen):
        sent += len(piece)
        # Hexadecimal noise shrinks to half: no more is kept back than a window and a piece.
        assert given - 2 * sent < 700_000
    assert given == 6_000_000
