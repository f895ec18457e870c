"""The process that workers are forked from, and what each of them does: `python -m … FD`.

It has one thread from start to end, so forking it is safe whatever threads the server runs. It
knows no release and forks, on request, a worker that opens one from disk, or a template: a copy of
itself that first loads a release into memory and then forks workers that share that memory.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from ..embedded import EmbeddedStore
from ..limits import Limits
from . import isolation
from .evaluation import QueryWorker
from .frames import Channel, ChannelClosed
from .reading import serve_reading
from .revision import serve_updates

REAP_SECONDS: Final = 0.05
CHECKPOINT_FILE_BYTES: Final = 1 << 30
"""How long a file may be that an update makes in its copy of a store."""


def main(descriptor: int, network: bool) -> None:
    """Forks workers as the server asks for them, until the server goes away."""
    channel = Channel(socket.socket(fileno=descriptor))
    held = [] if network else isolation.give_up_network()
    channel.send(b"R", json.dumps(held).encode())
    ForkServer(channel, None).run()


class ForkServer:
    """Forks workers on request and tells how they ended."""

    def __init__(self, channel: Channel, store: Store | None) -> None:
        self._channel = channel
        self._store = store
        self._ended: set[int] = set()

    def run(self) -> None:
        """Answers requests until the channel is closed."""
        # What is loaded now is never freed: the collector need not touch, and so copy, its pages.
        gc.collect()
        gc.freeze()
        while True:
            try:
                until = time.monotonic() + REAP_SECONDS if self._ended else None
                kind, content = self._channel.receive(until)
            except TimeoutError:
                self._reap()
                continue
            except ChannelClosed:
                return
            if kind == b"F":
                self._fork(json.loads(content))
            elif kind == b"W":
                _, status = os.waitpid(int(content), 0)
                self._channel.send(b"W", str(os.waitstatus_to_exitcode(status)).encode())
            else:
                # A process stays a zombie, and its number its own, until the server has let go.
                self._ended.add(int(content))
                self._reap()

    def _reap(self) -> None:
        self._ended = {pid for pid in self._ended if os.waitpid(pid, os.WNOHANG)[0] == 0}

    def _fork(self, job: dict[str, Any]) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            ours.close()
            theirs.close()
            self._channel.send(b"X", str(error).encode())
            return
        if pid == 0:
            self._channel.close()
            ours.close()
            _become(job, Channel(theirs), self._store, parent)
        theirs.close()
        self._channel.send_descriptor(str(pid).encode(), ours.fileno())
        ours.close()


def _become(job: dict[str, Any], channel: Channel, store: Store | None, parent: int) -> None:
    """Does a forked process's job and ends it."""
    code = 0
    try:
        isolation.end_with_parent(parent)
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1) if job["role"] == "template" else (0, 1, 2):
            os.dup2(null, standard)
        os.close(null)
        _work(job, channel, store)
    except ChannelClosed:
        pass
    except MemoryError:
        # Python noticed what the engine would have aborted for.
        os.abort()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    finally:
        os._exit(code)


def _work(job: dict[str, Any], channel: Channel, store: Store | None) -> None:
    path, limits = job["path"], Limits.from_json(job["limits"])
    try:
        match job["role"]:
            case "template":
                store = _in_memory(path)
            case "query" if store is None:
                isolation.give_up_writing()
                store = Store.read_only(path)
            case "update":
                store = _checkpoint(path, Path(job["scratch"]))
    except (OSError, SyntaxError, ValueError) as error:
        channel.send(b"X", str(error).encode())
        return
    if job["role"] == "template":
        channel.send(b"R")
        ForkServer(channel, store).run()
        return
    if job["role"] == "update":
        isolation.limit_resources(limits.memory, CHECKPOINT_FILE_BYTES)
    else:
        isolation.limit_resources(limits.memory)
        isolation.give_up_writing()
    channel.send(b"R")
    if job["role"] == "read" or store is None:
        serve_reading(channel, limits)
    elif job["role"] == "update":
        serve_updates(store, channel, limits)
    else:
        QueryWorker(EmbeddedStore.over(store), channel, limits).run()


def _checkpoint(path: str | None, scratch: Path) -> Store:
    """Gives a store that starts as a copy of another and shares its files, to be thrown away.

    The copy is made by another process: links to files elsewhere are not made by one that may
    write in a single folder only.
    """
    copy = scratch / "store"

    def make() -> None:
        if path is not None:
            Store.read_only(path).backup(str(copy))

    if _elsewhere(make) != 0:
        raise OSError(f"{path} cannot be copied")
    isolation.give_up_writing(but_in=scratch)
    return Store(str(copy))


def _in_memory(path: str) -> Store:
    """Gives a copy of a store in memory.

    The store itself is opened in a process of its own, since opening it starts threads, and a
    process with threads is not one to fork from.
    """
    reading, writing = os.pipe()

    def dump() -> None:
        os.close(reading)
        store = Store.read_only(path)
        with open(writing, "wb") as pipe:
            # Quads do not tell of graphs that have none.
            names = " ".join(map(str, store.named_graphs()))
            pipe.write(f"{names}\n".encode())
            store.dump(pipe, RdfFormat.N_QUADS)

    pid = _fork(dump)
    os.close(writing)
    store = Store()
    with open(reading, "rb") as pipe:
        names = pipe.readline().decode().split()
        store.load(pipe, RdfFormat.N_QUADS, lenient=True)
    for name in names:
        blank = name.startswith("_:")
        store.add_graph(BlankNode(name[2:]) if blank else NamedNode(name[1:-1]))
    if os.waitpid(pid, 0)[1] != 0:
        raise OSError(f"{path} cannot be read")
    return store


def _elsewhere(work: Callable[[], None]) -> int:
    """Does some work in a process of its own, and gives how that ended: 0 is well."""
    return os.waitpid(_fork(work), 0)[1]


def _fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return pid


if __name__ == "__main__":
    main(int(sys.argv[1]), network=sys.argv[2] == "network")
