"""Who runs when: the fast lane, and the slow one for what outlives a moment.

Every query starts in the fast lane, in a worker that is ready for it. One that outlives a moment
leaves it: its process goes on at lowest priority, and a fresh worker takes its place. Few run
there at once; the next are frozen until there is room, and those beyond them are turned away.
An answer too long to be kept back leaves the fast lane too: nobody knows how slowly it is read.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import LimitExceeded, StoreUnavailable, TooBusy
from ..limits import Limits
from .counters import Counters
from .forks import Worker
from .generations import Generation, Generations

if TYPE_CHECKING:
    from .jobs import Job

BUSY_RETRY_SECONDS: Final = 1
LONG_RETRY_SECONDS: Final = 10


class Lanes:
    """Gives out the places in both lanes."""

    def __init__(self, generations: Generations, limits: Limits, counters: Counters) -> None:
        self._generations = generations
        generations.take_idle = self._take_idle
        self._limits = limits
        self._counters = counters
        self._places = limits.places
        self._closed = False
        self._lock = threading.Lock()
        self._fast_free = threading.Condition(self._lock)
        self._slow_free = threading.Condition(self._lock)
        self._all_left = threading.Condition(self._lock)
        self._with_idle: set[Generation] = set()
        self._taken = self._waiting = self._slow = self._frozen = self._flowing = self._busy = 0

    @property
    def most_at_once(self) -> int:
        """How many threads may be inside at once without one waiting for a place to wait."""
        return self._places + self._limits.slow_workers + self._limits.slow_queue

    def enter(
        self, deadline: float, release: tuple[int, Path] | None = None
    ) -> tuple[Generation, Worker]:
        """Gives a worker of a release, else the current, and with it a place in the fast lane."""
        while True:
            generation = self._generations.at(release)
            other = worker = None
            with self._lock:
                if generation.retired.is_set():
                    continue
                if generation.idle:
                    worker = generation.idle.pop()
                elif self._taken < self._places:
                    self._taken += 1
                else:
                    other = self._idle_elsewhere()
                    if other is None:
                        self._wait(deadline)
                        continue
                generation.running += 1
                self._busy += 1
            if other is not None:
                other.kill()
            return generation, worker or self._forked(generation)

    def _idle_elsewhere(self) -> Worker | None:
        """Gives a worker that waits for a query to another release, whose place is then free."""
        while self._with_idle:
            generation = next(iter(self._with_idle))
            if generation.idle:
                return generation.idle.pop()
            self._with_idle.discard(generation)
        return None

    def leave(self, job: Job, usable: bool) -> None:
        """Frees the place of a job, and keeps its worker for the next one or ends it."""
        generation, worker = job.generation, job.worker
        keep = usable and not job.slow and worker.forks is generation.forks
        with self._lock:
            if keep and not generation.retired.is_set():
                generation.idle.append(worker)
                self._with_idle.add(generation)
                self._fast_free.notify()
            else:
                keep = False
                self._free(job)
            self._left(generation)
        if not keep:
            worker.kill()
        if generation.retired.is_set() and not generation.running:
            generation.end()

    def slow_down(self, job: Job) -> None:
        """Moves a job to the slow lane, and waits until there is room for it there."""
        self._counters.happened("slow")
        with self._lock:
            self._free(job)
            job.slow = True
            job.worker.lower_priority()
            if self._slow >= self._limits.slow_workers:
                self._freeze(job)
            self._slow += 1
            job.in_slow_lane = True

    def let_flow(self, job: Job) -> None:
        """Frees the place of a job whose answer goes on at the speed of its reader.

        It needs no room in the slow lane, as its worker mostly waits to be read.
        """
        with self._lock:
            if job.slow:
                return
            self._check_queue()
            self._free(job)
            job.slow = job.flows = True
            job.worker.lower_priority()
            self._flowing += 1

    def close(self, seconds: float) -> None:
        """Lets what runs come to its end for a while; turns away what waits for its turn."""
        with self._lock:
            self._closed = True
            self._fast_free.notify_all()
            self._slow_free.notify_all()
            self._all_left.wait_for(lambda: self._busy == 0, seconds)

    def _wait(self, deadline: float) -> None:
        if self._waiting >= self._limits.queue:
            self._counters.happened("busy")
            raise TooBusy("too many queries wait for their turn", BUSY_RETRY_SECONDS)
        self._waiting += 1
        self._fast_free.wait(deadline - time.monotonic())
        self._waiting -= 1
        if self._closed:
            raise StoreUnavailable("the service is being stopped")
        if time.monotonic() >= deadline:
            self._fast_free.notify()
            self._counters.happened("busy")
            raise TooBusy("no worker became free in time", BUSY_RETRY_SECONDS)

    def _forked(self, generation: Generation) -> Worker:
        try:
            return self._generations.fork("query", generation)
        except BaseException:
            with self._lock:
                self._taken -= 1
                self._fast_free.notify()
                self._left(generation)
            raise

    def _left(self, generation: Generation) -> None:
        generation.running -= 1
        self._busy -= 1
        if not self._busy:
            self._all_left.notify_all()

    def _free(self, job: Job) -> None:
        if job.in_slow_lane:
            self._slow -= 1
            self._slow_free.notify()
        elif job.flows:
            self._flowing -= 1
        elif not job.slow:
            self._taken -= 1
            self._fast_free.notify()

    def _check_queue(self) -> None:
        if self._frozen + self._flowing >= self._limits.slow_queue:
            self._counters.happened("busy")
            raise TooBusy("too many long queries run already", LONG_RETRY_SECONDS)

    def _freeze(self, job: Job) -> None:
        self._check_queue()
        self._counters.happened("frozen")
        job.worker.freeze()
        self._frozen += 1
        free = self._slow_free.wait_for(
            lambda: self._slow < self._limits.slow_workers or self._closed,
            job.deadline - time.monotonic(),
        )
        self._frozen -= 1
        if self._closed:
            raise StoreUnavailable("the service is being stopped")
        if not free:
            raise LimitExceeded(
                "time",
                f"the query did not end within {self._limits.seconds:g} s, and waited for other "
                "long queries for most of them",
                "ask for less at once, or try again later",
            )
        job.worker.thaw()

    def _take_idle(self, generation: Generation) -> list[Worker]:
        with self._lock:
            idle, generation.idle = generation.idle, []
            self._with_idle.discard(generation)
            self._taken -= len(idle)
            self._fast_free.notify(len(idle))
        return idle
