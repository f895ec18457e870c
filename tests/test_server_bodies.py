"""How many requests at once may keep a thread waiting for their bodies."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from hakusho.server import bodies
from hakusho.server.bodies import Bodies


class Body(BytesIO):
    """A body that comes when it is let go."""

    def __init__(self, waiting: Waiting) -> None:
        super().__init__(b"body\n")
        self._waiting = waiting

    def read(self, size: int | None = -1) -> bytes:
        self._waiting.reading.release()
        self._waiting.let_go.wait(30)
        return super().read(size)


class Waiting:
    """An application that reads the body first; slow ones come when they are let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.reading = threading.Semaphore(0)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        lines = environ["PATH_INFO"] == "/lines"
        body = b"".join(environ["wsgi.input"]) if lines else environ["wsgi.input"].read()
        start_response("200 OK", [])
        return [body]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    monkeypatch.setattr(bodies, "PATIENCE", 0.01)
    waiting = Waiting()
    yield waiting
    waiting.let_go.set()


def served(waiting: Waiting, most: int) -> Bodies:
    def refuse(environ: Any, error: Exception) -> Response:
        return Response(str(error), 503)

    return Bodies(waiting, most, 0, refuse)


def send(app: Bodies, path: str, client: str, **more: Any) -> Any:
    return Client(app).post(path, data=b"body\n", environ_base={"REMOTE_ADDR": client}, **more)


def slow(app: Bodies, waiting: Waiting, client: str) -> threading.Thread:
    body = {"wsgi.input": Body(waiting), "CONTENT_LENGTH": "5", "REMOTE_ADDR": client}
    thread = threading.Thread(target=Client(app).post, kwargs={"environ_overrides": body})
    thread.start()
    waiting.reading.acquire()
    return thread


def test_one_client_has_a_part_and_all_have_no_more_than_half(waiting: Waiting) -> None:
    app = served(waiting, 16)
    running = [slow(app, waiting, "192.0.2.1") for _ in range(4)]
    refused = send(app, "/", "192.0.2.1")
    assert (refused.status_code, refused.text) == (503, "too many requests are still being sent")
    assert send(app, "/", "192.0.2.2").data == b"body\n"
    assert Client(app).get("/", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    running += [slow(app, waiting, "192.0.2.2") for _ in range(4)]
    assert send(app, "/", "192.0.2.3").status_code == 503
    waiting.let_go.set()
    for each in running:
        each.join()
    assert send(app, "/", "192.0.2.1").status_code == 200


def test_a_body_of_no_length_counts_too(waiting: Waiting) -> None:
    app = served(waiting, 2)
    running = [slow(app, waiting, "192.0.2.1") for _ in range(2)]
    chunked = {"wsgi.input": BytesIO(b""), "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = Client(app).post("/", environ_overrides=chunked)
    assert answer.status_code == 503
    waiting.let_go.set()
    for each in running:
        each.join()
    assert Client(app).post("/", environ_overrides=chunked).status_code == 200


def test_a_body_is_given_as_it_came(waiting: Waiting) -> None:
    app = served(waiting, 8)
    for path in ("/", "/lines"):
        assert send(app, path, "192.0.2.1").data == b"body\n"
