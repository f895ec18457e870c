"""The engines of the compliance suite: started when a test asks for one, ended with the session."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NoReturn, Protocol

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import HakushoError, InvalidQuery, LimitExceeded
from hakusho.graph.limits import Limits
from hakusho.graph.remote.remote_store import RemoteStore
from hakusho.graph.sparql.guard import check_update
from hakusho.graph.store import Store
from hakusho.graph.workers.pool import WorkerPool

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hakusho"
READY_SECONDS = 60.0
LIMITS = Limits(upload_seconds=60.0)
HERE = Path(__file__).parent
REMOTE = ("oxigraph", "fuseki", "virtuoso")
ALL = ("embedded", "pool", *REMOTE)

VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{other}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 10000
"""
"""As it comes, but for the addresses: it listens on loopback."""


def engines(*names: str) -> list[object]:
    """Gives engines as parameters; those that are programs of their own take the marker."""
    marked = pytest.mark.engines
    return [pytest.param(name, marks=marked if name in REMOTE else ()) for name in names]


class Backend(Protocol):
    """An engine as the suite needs it: to be filled, asked and written to."""

    name: str

    def fill(self, quads: Iterable[Quad]) -> Store:
        """Gives a store that holds these quads and no others."""
        ...

    def update(self, text: str) -> None:
        """Carries out an update."""
        ...


@dataclass
class Embedded:
    """The store in this process."""

    name: str = "embedded"
    store: EmbeddedStore = field(default_factory=EmbeddedStore)

    def fill(self, quads: Iterable[Quad]) -> EmbeddedStore:
        self.store = EmbeddedStore.of(quads)
        return self.store

    def update(self, text: str) -> None:
        check_update(text, Limits())
        try:
            self.store.engine.update(text)
        except SyntaxError as error:
            raise InvalidQuery(str(error)) from error


@dataclass
class Pool:
    """Worker processes over a release; what it holds is changed by a release alone."""

    folder: Path
    ending: ExitStack
    name: str = "pool"
    number: int = 0

    def fill(self, quads: Iterable[Quad]) -> WorkerPool:
        self.number += 1
        path = self.folder / str(self.number)
        release = EmbeddedStore(path, read_only=False)
        release.engine.bulk_extend(quads)
        release.engine.flush()
        number = self.number
        return self.ending.enter_context(WorkerPool(lambda: (number, path)))

    def update(self, text: str) -> None:
        raise NotImplementedError("a release is published, not updated")


@dataclass
class Remote:
    """An engine of its own, asked over HTTP."""

    name: str
    url: str
    store: RemoteStore
    process: subprocess.Popen[bytes]

    @property
    def ended(self) -> bool:
        """Whether its process is no longer there."""
        return self.process.poll() is not None

    def fill(self, quads: Iterable[Quad]) -> RemoteStore:
        try:
            return self._filled(quads)
        except LimitExceeded:
            # It goes on with what nobody waits for any more. Whoever comes next gets a new one.
            self.process.kill()
            self.process.wait()
            raise

    def _filled(self, quads: Iterable[Quad]) -> RemoteStore:
        for name in self.store.graphs():
            self.store.data.drop(name)
        self.store.data.drop(DefaultGraph())
        found: dict[NamedNode | DefaultGraph, list[Triple]] = {}
        for quad in quads:
            assert isinstance(quad.graph_name, NamedNode | DefaultGraph)
            found.setdefault(quad.graph_name, []).append(quad.triple)
        for graph, triples in found.items():
            self.store.data.put(graph, triples)
        return self.store

    def update(self, text: str) -> None:
        self.store.data.update(text)


class Started:
    """The backends that were started so far."""

    def __init__(self, folder: Path, ending: ExitStack) -> None:
        self._folder = folder
        self._ending = ending
        self._found: dict[str, Backend] = {}
        self._numbers = count(1)

    def backend(self, name: str) -> Backend:
        """Gives a backend by name, started if it is not yet, or anew if it ended."""
        found = self._found.get(name)
        if found is None or (isinstance(found, Remote) and found.ended):
            folder = self._folder / f"{name}-{next(self._numbers)}"
            folder.mkdir()
            found = self._found[name] = self._start(name, folder)
        return found

    def _start(self, name: str, folder: Path) -> Backend:
        if name == "embedded":
            return Embedded()
        if name == "pool":
            return Pool(folder, self._ending)
        port, other = free_ports(2)
        command, url = command_of(name, folder, port, other)
        process = self._ending.enter_context(running(command, folder))
        store = self._ending.enter_context(RemoteStore(url, limits=LIMITS))
        wait_until_ready(store, process, folder)
        # Which engine it is was found out, not said.
        assert store.engine.spoken.name == name
        return Remote(name, url, store, process)


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The engines; those that were started are ended with the session."""
    with ExitStack() as ending:
        yield Started(tmp_path_factory.mktemp("engines"), ending)


@pytest.fixture(scope="session")
def sample_quads() -> list[Quad]:
    """The data that the cases ask about."""
    return list(parse(path=HERE / "data.trig", format=RdfFormat.TRIG))


def command_of(name: str, folder: Path, port: int, other: int) -> tuple[list[str], str]:
    """Gives how an engine is started, and the address at which it is then asked."""
    if name == "oxigraph":
        program = next(iter(sorted(CACHE.glob("oxigraph-*/bin/oxigraph"), reverse=True)), None)
        path = program or shutil.which("oxigraph")
        command = [str(path or missing(name)), "serve", "--bind", f"127.0.0.1:{port}"]
        return command, f"http://127.0.0.1:{port}"
    if name == "fuseki":
        jars = next(iter(sorted(CACHE.glob("fuseki-*/complete"), reverse=True)), None)
        java = shutil.which("java")
        if jars is None or java is None:
            missing(name)
        main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
        options = ["--localhost", f"--port={port}", "--mem", "--update", "/ds"]
        command = [str(java), "-Xmx1g", "-cp", f"{jars.parent}/*", main, *options]
        return command, f"http://127.0.0.1:{port}/ds"
    program_path = shutil.which("virtuoso-t") or missing(name)
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO.format(folder=folder, port=port, other=other))
    command = [program_path, "+wait", "+foreground", "+configfile", str(settings)]
    return command, f"http://dba:dba@127.0.0.1:{port}"


def missing(name: str) -> NoReturn:
    """Fails, and says how to get an engine that is not here."""
    pytest.fail(f"{name} is not here, and nothing of it was tested; `.ci/engines` fetches it")


def free_ports(count: int) -> list[int]:
    """Gives ports that nothing listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextlib.contextmanager
def running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a program, which ends when this does."""
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_ready(store: RemoteStore, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Waits until an engine answers, or fails with what it has to say."""
    until = time.monotonic() + READY_SECONDS
    pause = threading.Event()
    while True:
        try:
            store.ask("ASK {}")
            return
        except HakushoError as error:
            if process.poll() is not None or time.monotonic() > until:
                log = (folder / "log").read_text(errors="replace")
                print(log, file=sys.stderr)
                pytest.fail(f"{folder.name} does not answer: {error}")
        pause.wait(0.1)
