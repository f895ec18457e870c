"""The log of requests: what a line has, what it never has, and when a query's text is in it."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.app import create_app
from hakusho.server.request_log import LogNotWritable, RequestLog, writer
from hakusho.server.service import Service
from hakusho.server.settings import Settings

QUERY = "SELECT * { ?s ?p 'personal matter' }"


class Reader(Client):
    """A client that reads every answer to its end, unless it is told not to."""

    def open(self, *args: Any, buffered: bool = True, **more: Any) -> Any:
        return super().open(*args, buffered=buffered, **more)


class Logged:
    """An application of three pieces that takes `seconds`, its log and a client of it."""

    def __init__(self, seconds: float = 0.0, slow_seconds: float = 10.0) -> None:
        self.seconds = seconds
        self.now = 0.0
        self.requests: list[dict[str, Any]] = []
        self.slow: list[dict[str, Any]] = []
        self.log = RequestLog(
            self.application,
            lambda environ: 7,
            lambda line: self.requests.append(json.loads(line)),
            lambda line: self.slow.append(json.loads(line)),
            slow_seconds,
            clock=lambda: self.now,
            now=lambda: 1_700_000_000.25,
        )
        self.client = Reader(self.log)

    def application(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/broken":
            raise ConnectionError
        headers = [("Content-Length", "6")] if environ["PATH_INFO"] == "/known" else []
        start_response("203 Non-Authoritative Information", headers)
        return self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        for _ in range(3):
            self.now += self.seconds / 3
            yield b"xy"


def test_a_line_says_what_was_asked_and_how_it_ended() -> None:
    logged = Logged(seconds=1.5)
    answer = logged.client.get("/id/policy/notice", headers={"X-Request-Id": "edge-1"})
    assert answer.headers["X-Request-Id"] == "edge-1"
    assert logged.requests == [
        {
            "log": "request",
            "time": "2023-11-14T22:13:20.250+00:00",
            "id": "edge-1",
            "method": "GET",
            "path": "/id/policy/notice",
            "status": 203,
            "seconds": 1.5,
            "bytes": 6,
            "release": 7,
        }
    ]


def test_no_line_has_a_token_a_header_or_a_query_string() -> None:
    logged = Logged()
    logged.client.get("/a?access_token=s3cret", headers={"Authorization": "Bearer s3cret"})
    logged.client.get("/sparql", query_string={"query": QUERY, "key": "s3cret"})
    logged.client.post("/sparql", data={"update": "CLEAR ALL # s3cret"})
    written = json.dumps(logged.requests)
    assert len(logged.requests) == 3
    assert "s3cret" not in written and "personal" not in written and "Bearer" not in written


def test_the_same_query_has_the_same_hash_however_it_is_sent() -> None:
    logged = Logged()
    logged.client.get("/sparql", query_string={"query": QUERY})
    logged.client.post("/sparql", data={"query": QUERY})
    logged.client.post("/sparql", data=QUERY, content_type="application/sparql-query")
    logged.client.get("/sparql", query_string={"query": QUERY + " "})
    hashes = [line["query"] for line in logged.requests]
    assert len(set(hashes[:3])) == 1 and hashes[3] != hashes[0]
    assert logged.slow == []


def test_a_slow_query_is_written_down_with_its_text_and_the_request_s_id() -> None:
    logged = Logged(seconds=3, slow_seconds=2)
    logged.client.get("/sparql", query_string={"query": QUERY})
    logged.client.get("/not-a-query")
    (slow,) = logged.slow
    assert (slow["log"], slow["text"], slow["seconds"]) == ("slow-query", QUERY, 3)
    assert (slow["id"], slow["query"]) == (logged.requests[0]["id"], logged.requests[0]["query"])
    assert "text" not in logged.requests[0]


def test_no_query_is_slow_where_the_setting_is_nought() -> None:
    logged = Logged(seconds=3_000, slow_seconds=0)
    logged.client.get("/sparql", query_string={"query": QUERY})
    assert (len(logged.requests), logged.slow) == (1, [])


def test_an_answer_that_broke_off_and_one_that_never_began_say_so() -> None:
    logged = Logged()
    begun = logged.client.get("/a", buffered=False)
    assert next(begun.iter_encoded()) == b"xy"
    begun.close()
    with pytest.raises(ConnectionError):
        logged.client.get("/broken")
    assert [(line["status"], line["bytes"], line["broken"]) for line in logged.requests] == [
        (203, 2, True),
        (500, 0, True),
    ]


def test_who_leaves_with_all_that_was_announced_has_not_broken_off() -> None:
    logged = Logged()
    for pieces in (2, 3):
        begun = logged.client.get("/known", buffered=False)
        encoded = begun.iter_encoded()
        assert [next(encoded) for _ in range(pieces)] == [b"xy"] * pieces
        begun.close()
    assert ["broken" in line for line in logged.requests] == [True, False]


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, '"}{', "é"])
def test_an_id_that_is_not_plain_is_replaced(given: str) -> None:
    logged = Logged()
    answer = logged.client.get("/a", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == logged.requests[0]["id"] != given


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_application_logs_cached_refused_and_fresh_answers_alike(
    matrix_data: DataFolder, matrix_store: EmbeddedStore, tmp_path: Path
) -> None:
    path = tmp_path / "requests.jsonl"
    settings = Settings({"request_log": str(path), "slow_seconds": 1e-9})
    client: FlaskClient = create_app(Service(matrix_data, matrix_store), settings).test_client()
    ask = {"query": "ASK { ?s ?p 'personal' }"}
    answers = [client.get("/sparql", query_string=ask, buffered=True) for _ in range(2)]
    answers.append(client.post("/sparql", data=ask, buffered=True))
    answers.append(client.get("/sparql?query=nonsense", buffered=True))
    answers.append(client.get("/a\nb/nothing", buffered=True))
    requests = [line for line in lines(path) if line["log"] == "request"]
    assert [line["status"] for line in requests] == [200, 200, 200, 400, 404]
    assert [line["bytes"] for line in requests] == [len(answer.data) for answer in answers]
    ids = [answer.headers.getlist("X-Request-Id") for answer in answers]
    assert ids == [[line["id"]] for line in requests]
    assert len({line["query"] for line in requests[:3]}) == 1
    assert {line["release"] for line in requests} == {1}
    texts = [line["text"] for line in lines(path) if line["log"] == "slow-query"]
    assert texts == [ask["query"]] * 3 + ["nonsense"]


def test_a_log_that_was_moved_away_begins_anew_and_only_its_group_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write = writer(str(path))
    assert write is not None
    write("one\n")
    path.rename(tmp_path / "log.1")
    write("two\n")
    assert path.read_text() == "two\n"
    assert stat.S_IMODE(path.stat().st_mode) & 0o137 == 0


def test_a_log_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(LogNotWritable, match="no-folder/log"):
        writer(str(tmp_path / "no-folder" / "log"))
    assert writer(None) is None


def test_a_log_can_go_to_the_standard_error_output(capsys: pytest.CaptureFixture[str]) -> None:
    write = writer("-")
    assert write is not None
    write("a line\n")
    assert capsys.readouterr().err == "a line\n"
