"""Serving: the data folder made ready, the address taken, and granian running the application."""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from ..graph.errors import HakushoError
from ..graph.releases.changes import Change
from ..graph.workers.isolation import end_with_parent
from .bodies import threads
from .building import build
from .commands.build import progress
from .console import say
from .opening import data_folder, person
from .request_log import writer
from .settings import Settings, environment_of, from_environment
from .tokens import tokens_from

_BETWEEN_LOOKS: Final = 0.05


class AddressTaken(HakushoError):
    """An address that cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(host, port, reason)
        self.host = host
        self.port = port
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"cannot listen on {self.host} port {self.port} ({self.reason}); "
            "give another with --port N, or --port 0 for any that is free"
        )


def serve(settings: Settings) -> None:
    """Serves until told to stop by SIGINT or SIGTERM."""
    # What is wrong with tokens, log or address is better said before the building than after.
    tokens_from(settings["token"], settings["propose_token"], settings["token_file"])
    writer(settings["request_log"])
    held, port = take_address(settings["host"], settings["port"])
    with held:
        prepare(settings)
        # granian starts its processes beside threads that watch them: a forked one could inherit a
        # lock in the middle of an import and wait for it for ever, a spawned one inherits none.
        multiprocessing.set_start_method("spawn", force=True)
        # A fork of this process would lack the threads of its store, and hang when it publishes.
        multiprocessing.set_start_method("spawn", force=True)
        # The processes that granian starts are told the settings by their environment.
        os.environ.update(environment_of(Settings({**settings, "port": port})))
        server = Granian(
            "hakusho.server.serving:application",
            address=settings["host"],
            port=port,
            interface=Interfaces.WSGI,
            workers=settings["workers"],
            blocking_threads=threads(settings.limits()),
            websockets=False,
            log_level=LogLevels.error,
            respawn_failed_workers=True,
            factory=True,
        )
        server.on_startup(lambda: _announce(settings, port))
        server.serve()


def application() -> Callable[..., Any]:
    """Gives the application, with the settings of the environment: each process makes its own."""
    import atexit

    end_with_parent(os.getppid())
    from .app import create_app
    from .service import Service
    from .warming import Warming

    settings = Settings(from_environment(os.environ))
    service = Service.of(data_folder(settings), settings)
    atexit.register(service.close)
    app = create_app(service, settings)
    warming = Warming(app, service)
    warming.start()
    atexit.register(warming.stop)
    return app


def prepare(settings: Settings) -> None:
    """Sees that there is a whole release, and makes the first; or that another engine is there."""
    if settings["store"]:
        _meet(settings)
        return
    folder = data_folder(settings, new=True)
    current = folder.current()
    if current is not None:
        current.check()
        return
    if settings["edition"] == "none":
        folder.publish(Change(), who=person(), why="an empty data folder", kind="build")
        return
    with progress() as step:
        build(settings, person(), step)


def _meet(settings: Settings) -> None:
    """Sees that another engine is there, and passes on what its profile warns of."""
    from .service import remote

    with remote(settings) as store:
        store.ask("ASK {}")
        if store.engine.spoken.caution:
            logging.getLogger(__name__).warning(store.engine.spoken.caution)


def take_address(host: str, port: int) -> tuple[socket.socket, int]:
    """Takes an address and gives what holds it, and its port.

    The processes that serve share the port, and so could another server's: that one is kept out
    by trying whether the address is free for someone who does not share.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind((host, port))
        held = socket.socket(family, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise AddressTaken(host, port, reason) from error
    return held, int(held.getsockname()[1])


def _announce(settings: Settings, port: int) -> None:
    host = settings["host"]
    shown = f"[{host}]" if ":" in host else host
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, shown)

    def wait() -> None:
        pause = threading.Event()
        while not _answers(f"http://{here}:{port}/readyz"):
            pause.wait(_BETWEEN_LOOKS)
        print(say("serve.ready", address=f"http://{shown}:{port}/"), file=sys.stderr, flush=True)

    threading.Thread(target=wait, daemon=True).start()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
