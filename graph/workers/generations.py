"""The releases that workers hold: the current one, those still in use, and where each is held."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ..errors import StoreUnavailable
from ..limits import Limits
from .counters import Counters
from .forks import ForkServer, ForkServerGone, Role, RootForkServer, Worker

Source = Callable[[], tuple[int, Path] | None]
"""Gives the number and the store folder of the current release; it is asked at every query."""

LOG: Final = logging.getLogger(__name__)
START_SECONDS: Final = 30.0
LOAD_SECONDS: Final = 600.0
PAST_KEPT: Final = 2
"""How many releases that are not current are open at once."""
PAST_SECONDS: Final = 60.0
"""How long one of them stays open when nobody asks for it."""
SETTLE_SECONDS: Final = 0.3
"""How long a release is current before it is taken into memory: releases that follow each other
closely are read from disk."""


class Generation:
    """A release, and what its workers are forked from."""

    def __init__(self, number: int, path: Path, forks: ForkServer) -> None:
        self.number: Final = number
        self.path: Final = path
        self.forks = forks
        """The root, whose workers read from disk, or a template, whose workers share its memory."""
        self.template: Worker | None = None
        self.idle: list[Worker] = []
        self.running = 0
        self.retired = threading.Event()
        self.settled = threading.Event()
        """Set once it is decided, and done, whether the release is held in memory."""
        self.asked = time.monotonic()
        """When somebody last wanted to read it, where it is not the current release."""

    def end(self) -> None:
        """Lets go of the memory that the release takes."""
        if self.template is not None:
            self.template.kill()


class Generations:
    """Opens each release as it becomes current, and closes it once nobody reads it any more."""

    def __init__(self, source: Source, limits: Limits, counters: Counters) -> None:
        self._source = source
        self._limits = limits
        self._counters = counters
        self._lock = threading.Lock()
        self._current: Generation | None = None
        self._past: OrderedDict[int, Generation] = OrderedDict()
        self._pid = os.getpid()
        self._root = self._new_root()
        self._closed = False
        self.take_idle: Callable[[Generation], list[Worker]] = lambda generation: []
        """Gives the workers of a release that wait for a query, which then get none."""

    def current(self) -> Generation:
        """Gives the current release, opened."""
        if self._closed or os.getpid() != self._pid:
            raise StoreUnavailable("the workers were stopped, or belong to another process")
        now = self._source()
        if now is None:
            raise StoreUnavailable("there is no release yet")
        generation = self._current
        if generation is None or generation.number != now[0]:
            generation = self._renew(*now)
        return generation

    def at(self, release: tuple[int, Path] | None) -> Generation:
        """Gives a release by its number and store folder, opened: the current one if none.

        One that is not current is read from disk, opened when it is asked for and closed when
        nobody has asked for it for a while, or others are asked for.
        """
        current = self.current()
        if release is None or release[0] == current.number:
            return current
        number, path = release
        beyond = []
        with self._lock:
            found = self._past.get(number)
            if found is None or found.retired.is_set():
                found = self._past[number] = Generation(number, path, self._root)
                found.settled.set()
                threading.Thread(target=self._close_unasked, args=(found,), daemon=True).start()
            found.asked = time.monotonic()
            self._past.move_to_end(number)
            while len(self._past) > PAST_KEPT:
                beyond.append(self._past.popitem(last=False)[1])
        for each in beyond:
            self._retire(each)
        return found

    def past(self) -> tuple[int, ...]:
        """Gives the numbers of the releases that are open without being current."""
        with self._lock:
            return tuple(self._past)

    def fork(
        self,
        role: Role,
        generation: Generation | None = None,
        path: Path | None = None,
        scratch: Path | None = None,
    ) -> Worker:
        """Forks a worker, for a release, for another store or for none."""
        self._counters.happened("forks")
        path = generation.path if generation else path
        until = time.monotonic() + START_SECONDS
        forks = generation.forks if generation else self._root
        try:
            return forks.fork(role, path, self._limits, until, scratch)
        except ForkServerGone as error:
            LOG.warning("a worker could not be forked: %s", error)
        # The process to fork from may have been ended from outside: there is another way.
        root = self._living_root()
        if generation is not None:
            generation.end()
            generation.forks = root
            self._give_up(generation)
        return root.fork(role, path, self._limits, until, scratch)

    def close(self) -> None:
        """Ends everything that was started."""
        with self._lock:
            self._closed = True
            generation, self._current = self._current, None
            past, self._past = list(self._past.values()), OrderedDict()
        for each in past:
            self._retire(each)
        if generation is not None:
            generation.retired.set()
            self._give_up(generation)
            generation.end()
        self._root.close()

    def _renew(self, number: int, path: Path) -> Generation:
        with self._lock:
            old = self._current
            if old is not None and old.number == number:
                return old
            new = self._current = Generation(number, path, self._root)
        self._counters.happened("releases")
        if old is not None:
            self._retire(old)
        if _size(path) <= self._limits.memory_store_bytes:
            name = f"hakusho-release-{number}"
            threading.Thread(target=self._hold, args=(new,), name=name, daemon=True).start()
        else:
            new.settled.set()
        return new

    def _hold(self, generation: Generation) -> None:
        """Takes a release into memory, and lets its next workers be forked from there."""
        if generation.retired.wait(SETTLE_SECONDS):
            return
        started = time.monotonic()
        try:
            template = self._root.fork(
                "template", generation.path, self._limits, started + LOAD_SECONDS
            )
        except StoreUnavailable as error:
            if not generation.retired.is_set():
                LOG.warning("release %d stays on disk: %s", generation.number, error)
            generation.settled.set()
            return
        generation.template = template
        if generation.retired.is_set():
            generation.end()
            return
        generation.forks = ForkServer(template.channel)
        self._give_up(generation)
        generation.settled.set()
        seconds = time.monotonic() - started
        self._counters.happened("held")
        LOG.info("release %d is held in memory after %.2f s", generation.number, seconds)

    def _retire(self, generation: Generation) -> None:
        """Gives no more queries to a release's workers, and ends those that have none."""
        generation.retired.set()
        self._give_up(generation)
        if not generation.running:
            generation.end()

    def _close_unasked(self, generation: Generation) -> None:
        left = PAST_SECONDS
        while not generation.retired.wait(left):
            with self._lock:
                left = generation.asked + PAST_SECONDS - time.monotonic()
                if left <= 0 and self._past.get(generation.number) is generation:
                    del self._past[generation.number]
            if left <= 0:
                self._retire(generation)

    def _give_up(self, generation: Generation) -> None:
        for worker in self.take_idle(generation):
            worker.kill()

    def _living_root(self) -> RootForkServer:
        with self._lock:
            if not self._root.running:
                self._root.close()
                self._root = self._new_root()
            return self._root

    def _new_root(self) -> RootForkServer:
        root = RootForkServer(network=bool(self._limits.services))
        if self._limits.services:
            LOG.warning("workers have the network, since SERVICE is allowed for some endpoints")
        elif not root.held:
            LOG.warning("the network cannot be taken from workers here: the guard alone refuses it")
        else:
            LOG.info("workers have no network: %s", ", ".join(root.held))
        return root


def _size(path: Path) -> int:
    """How many bytes the files of a folder have; beyond all limits where there is none."""
    if not path.is_dir():
        return sys.maxsize
    return sum(entry.stat().st_size for entry in os.scandir(path) if entry.is_file())
