"""What strangers send over HTTP: a clear status for each, and the next query answered at once."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.app import create_app
from hakusho.server.service import Service
from hakusho.server.settings import Settings

pytestmark = pytest.mark.slow

WRITER = {"Authorization": "Bearer the-token"}
UPDATE = {**WRITER, "Content-Type": "application/sparql-update"}
TURTLE = {**WRITER, "Content-Type": "text/turtle"}
AT_ONCE = 0.2


class Canary:
    """An address of this machine that notes who connects to it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port: int = self._socket.getsockname()[1]
        self.visitors = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                self._socket.accept()[0].close()
                self.visitors += 1
            except TimeoutError:
                continue

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An application whose queries have half a second and little memory; a token may write."""
    data = DataFolder(tmp_path_factory.mktemp("attacked"), "plain")
    data.publish([], who="tests")
    small = {"limit_seconds": 0.5, "limit_memory": 96 << 20, "limit_upload_bytes": 2_000_000}
    settings = Settings({"token": "the-token", "budget_seconds": 0.0, **small})
    service = Service.of(data, settings)
    app = create_app(service, settings)
    made = app.test_client().post(
        "/sparql", data="INSERT DATA { <urn:s> <urn:p> 7 }", headers=UPDATE
    )
    assert made.status_code == 204
    yield app
    service.close()


@pytest.fixture
def client(app: Any, canary: Canary) -> Iterator[FlaskClient]:
    """A client; after the attack a point query is answered at once, and nothing was fetched."""
    client: FlaskClient = app.test_client()
    yield client
    took = []
    for number in range(3):
        began = time.monotonic()
        query = f"SELECT ?o {{ <urn:s> <urn:p> ?o }} # {time.monotonic_ns()} {number}"
        answer = client.get("/sparql", query_string={"query": query})
        assert answer.json is not None
        assert answer.json["results"]["bindings"][0]["o"]["value"] == "7"
        took.append(time.monotonic() - began)
    assert min(took) < AT_ONCE
    assert canary.visitors == 0


def refused(answer: Any, status: int, slug: str) -> dict[str, Any]:
    """Gives the problem that an answer tells, once it is the one expected, in a sentence."""
    said: dict[str, Any] = json.loads(answer.data)
    assert (answer.status_code, said["type"].rpartition("/")[2]) == (status, slug), said
    assert len(said["detail"]) > 10
    return said


TEXTS = {
    "nested groups": "ASK " + "{" * 6_000,
    "nested functions": "ASK { FILTER(" + "STR(" * 3_000 + "1" + ")" * 3_000 + ") }",
    "a long chain": "ASK { FILTER(1" + "+1" * 3_000 + ") }",
    "too many patterns": "ASK { " + "".join(f"?s <urn:{i}> ?o . " for i in range(300)) + "}",
    "a long path": "ASK { ?s <urn:p>" + "/<urn:p>" * 300 + " ?o }",
    "a text that is too long": f"ASK {{ ?s ?p '{'x' * 70_000}' }}",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts_that_would_break_the_engine_are_refused_however_sent(
    client: FlaskClient, text: str
) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    for answer in (
        client.get("/sparql", query_string={"query": text}),
        client.post("/sparql", data={"query": text}),
        client.post("/sparql", data=text, headers=direct),
    ):
        refused(answer, 403, "query-refused")
    update = client.post("/sparql", data=f"DELETE WHERE {text[3:]}", headers=UPDATE)
    refused(update, 403, "query-refused")


VALUES = " ".join(map(str, range(40)))
CROSS = "SELECT (COUNT(*) AS ?n) { " + "".join(
    f"VALUES ?v{i} {{ {VALUES} }} " for i in range(10)
) + "}"  # fmt: skip
CONCAT = "SELECT (STRLEN(?v40) AS ?n) { BIND('0123456789' AS ?v0) " + "".join(
    f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1}) " for i in range(40)
) + "}"  # fmt: skip
SORT = "SELECT * { " + "".join(f"VALUES ?v{i} {{ {VALUES} }} " for i in range(6)) + "} ORDER BY ?v1"


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        (CROSS, {"limit-time"}),
        (CONCAT, {"limit-memory", "limit-time"}),
        (SORT, {"limit-memory", "limit-time"}),
    ],
    ids=["cross product", "CONCAT", "ORDER BY"],
)
def test_what_takes_all_time_or_memory_is_ended_with_advice(
    client: FlaskClient, text: str, slugs: set[str]
) -> None:
    answer = client.post("/sparql", data={"query": text})
    said = json.loads(answer.data)
    assert answer.status_code in (422, 504)
    assert said["type"].rpartition("/")[2] in slugs
    assert "narrow it down" in said["detail"]


def services(port: int) -> list[str]:
    """Gives queries that name an endpoint of this machine, each in a disguise of its own."""
    here = f"<http://127.0.0.1:{port}/>"
    return [
        f"ASK {{ SERVICE {here} {{ ?s ?p ?o }} }}",
        f"ASK {{ service silent{here}{{ ?s ?p ?o }} }}",
        f"ASK {{ FILTER(1<2)SERVICE{here}{{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE # a comment's end\n {here} {{ ?s ?p ?o }} }}",
        f"PREFIX x: {here} ASK {{ SERVICE x: {{ ?s ?p ?o }} }}",
        f"BASE {here} ASK {{ SERVICE <> {{ ?s ?p ?o }} }}",
        f"ASK {{ VALUES ?e {{ {here} }} SERVICE ?e {{ ?s ?p ?o }} }}",
        f"PREFIX e: <urn:> ASK {{ e:a\\' e:b e:c\\' . SERVICE {here} {{ ?s ?p ?o }} }}",
        f"PREFIX e: <urn:> ASK {{ e:a\\# e:b 1 . SERVICE {here} {{ ?s ?p ?o }} }}",
        f"ASK {{ ?s ?p 'it''s' . SERVICE {here} {{ ?s ?p ?o }} }}",
        f"ASK {{ \\u0053ERVICE {here} {{ ?s ?p ?o }} }}",
        f"ASK {{ {{ SELECT * {{ FILTER EXISTS {{ SERVICE {here} {{ ?s ?p ?o }} }} }} }} }}",
        "ASK { SERVICE <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }",
        f"ASK {{ SERVICE <http://[::ffff:127.0.0.1]:{port}/> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <http://2130706433:{port}/> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <http://0177.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <http://localhost.:{port}/> {{ ?s ?p ?o }} }}",
    ]


def test_no_endpoint_is_asked_in_any_disguise(client: FlaskClient, canary: Canary) -> None:
    for text in services(canary.port):
        answer = client.get("/sparql", query_string={"query": text})
        # What is no SPARQL to begin with is a mistake, and the rest is not allowed.
        assert answer.status_code in (400, 403), text
        assert json.loads(answer.data)["type"].endswith(("/query-refused", "/query-syntax"))


def test_no_document_is_loaded_and_no_graph_fetched(client: FlaskClient, canary: Canary) -> None:
    here = f"http://127.0.0.1:{canary.port}/"
    for text in (
        f"LOAD <{here}>",
        f"load silent <{here}> into graph <urn:g>",
        f"INSERT DATA {{ <urn:a> <urn:b> 'x' }};LOAD<{here}>",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{here}> {{ ?s ?p ?o }} }}",
    ):
        answer = client.post("/sparql", data=text, headers=UPDATE)
        # A LOAD SILENT is let fail in silence, as its standard says.
        assert answer.status_code == (204 if "silent" in text else 403), text
    for name in (here, "http://169.254.169.254/latest", "file:///etc/passwd"):
        from_text = f"SELECT * FROM <{name}> FROM NAMED <{name}> {{ ?s ?p ?o }}"
        answer = client.get("/sparql", query_string={"query": from_text})
        assert answer.json is not None and answer.json["results"]["bindings"] == []
        named = {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": name}
        answer = client.get("/sparql", query_string=named)
        assert answer.json is not None and answer.json["results"]["bindings"] == []


XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'


def documents(port: int) -> list[tuple[str, str, int, str]]:
    """Gives documents that unfold, nest or reach out, and how each is refused."""
    here = f"http://127.0.0.1:{port}/"
    laughs = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
    nested = '{"urn:p":' * 20_000 + "1" + "}" * 20_000
    xml, jsonld, turtle = "application/rdf+xml", "application/ld+json", "text/turtle"
    return [
        (xml, f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>{XML}<e:a/></rdf:RDF>', 400, "rdf-syntax"),
        (xml, f'<!DOCTYPE a SYSTEM "{here}">{XML}</rdf:RDF>', 400, "rdf-syntax"),
        (xml, XML + "<e:a><e:b>" * 3_000, 422, "limit-nesting"),
        (jsonld, f'{{"@context": "{here}", "e": 1}}', 400, "rdf-syntax"),
        (jsonld, f'{{"@context": {{"@import": "{here}"}}, "e": 1}}', 400, "rdf-syntax"),
        (jsonld, nested, 422, "limit-nesting"),
        (turtle, "<urn:s> <urn:p> " + "(" * 20_000, 422, "limit-nesting"),
    ]


def test_documents_that_unfold_nest_or_reach_out_are_refused(
    client: FlaskClient, canary: Canary
) -> None:
    for media_type, document, status, slug in documents(canary.port):
        answer = client.put(
            "/graphs/a", data=document, headers={**WRITER, "Content-Type": media_type}
        )
        refused(answer, status, slug)


ZEROS = b"#" * 5_000_000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(ZEROS)),
        ("zstd", zstandard.ZstdCompressor().compress(ZEROS)),
        ("br", brotli.compress(ZEROS, quality=1)),
        ("gzip, gzip", gzip.compress(gzip.compress(ZEROS))),
        ("deflate", b"x"),
    ],
)
def test_a_body_that_is_packed_is_not_unpacked(
    client: FlaskClient, coding: str, body: bytes
) -> None:
    for path, method, media_type in (
        ("/graphs/a", "PUT", "text/turtle"),
        ("/sparql", "POST", "application/sparql-query"),
        ("/sparql", "POST", "application/sparql-update"),
        ("/sparql", "POST", "application/x-www-form-urlencoded"),
    ):
        headers = {**WRITER, "Content-Type": media_type, "Content-Encoding": coding}
        answer = client.open(path, method=method, data=body, headers=headers)
        refused(answer, 415, "unsupported-content")


def test_a_body_that_is_too_long_is_not_read(client: FlaskClient) -> None:
    for body in (b"#" * 2_000_001, b"<urn:s> <urn:p> 1 ." * 200_000):
        refused(client.put("/graphs/a", data=body, headers=TURTLE), 413, "too-large")
        refused(client.post("/sparql", data=body, headers=UPDATE), 413, "too-large")


def test_huge_tokens_and_floods_of_parameters_are_answered_or_refused(client: FlaskClient) -> None:
    long = {"query": "ASK{}", "x": "y" * 30_000}
    assert client.get("/sparql", query_string=long).status_code == 200
    many = {"query": "ASK{}", **{f"p{i}": "1" for i in range(2_000)}}
    refused(client.post("/sparql", data=many), 400, "malformed-request")
    graphs = [("query", "ASK{}"), *(("default-graph-uri", f"urn:{i}") for i in range(900))]
    # To merge them takes longer than a query has.
    assert client.get("/sparql", query_string=graphs).status_code in (200, 504)


def test_another_site_s_page_writes_nothing(client: FlaskClient) -> None:
    """A page can make its visitor's browser send forms and texts, but no token of ours."""
    elsewhere = {"Origin": "https://evil.example", "Cookie": "session=1"}
    drop = {"update": "DROP ALL"}
    refused(client.post("/sparql", data=drop, headers=elsewhere), 401, "token-required")
    refused(client.get("/sparql", query_string=drop, headers=elsewhere), 400, "malformed-request")
    plain = {**elsewhere, "Content-Type": "text/plain"}
    refused(client.post("/sparql", data="DROP ALL", headers=plain), 415, "unsupported-content")
    refused(client.post("/graphs", data="", headers=plain), 401, "token-required")
    asked = {**elsewhere, "Access-Control-Request-Headers": "authorization"}
    allowed = client.options("/sparql", headers=asked).headers
    assert "authorization" not in allowed["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in allowed
    assert "PUT" not in allowed["Access-Control-Allow-Methods"]


BREAK = "\r\nSet-Cookie: stolen=1\r\n\r\n<script>"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", f"/sparql?query=ASK%7B%7D&format={quote(BREAK)}", {}),
        ("GET", f"/queries?lang={quote(BREAK)}&release={quote(BREAK)}", {}),
        ("GET", f"/id/policy/{quote(BREAK)}", {}),
        ("GET", f"/graphs?graph={quote('urn:x' + BREAK)}", {}),
        ("PUT", f"/graphs/{quote(BREAK, safe='')}", TURTLE),
        ("PUT", f"/graphs?graph={quote('urn:x' + BREAK)}", TURTLE),
        ("GET", "/healthz", {"X-Request-Id": "a b; Set-Cookie: stolen=1"}),
        ("GET", "/", {"Accept-Language": "en;q=" + "9" * 5_000, "Accept": "text/html;q=x,*/*"}),
    ],
)  # fmt: skip
def test_nothing_that_is_sent_becomes_a_header(
    client: FlaskClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = client.open(path, method=method, data=b"", headers=headers)
    assert answer.status_code < 500
    for name, value in answer.headers:
        assert name.lower() != "set-cookie"
        assert "\r" not in value and "\n" not in value
    assert answer.mimetype != "text/html" or b"<script>" not in answer.data
