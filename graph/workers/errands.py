"""Work for one process each: reading a stranger's document, or working out a stranger's update."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from ..errors import HakushoError, LimitExceeded, TooBusy
from ..limits import Limits
from .counters import Counters
from .forks import Role, Worker
from .frames import ChannelClosed
from .generations import Generations
from .jobs import ended
from .messages import unpacked_error

AT_ONCE: Final = 2
RETRY_SECONDS: Final = 5


class Errands:
    """Sends a process out with one request and waits for all that it brings back."""

    def __init__(self, generations: Generations, limits: Limits, counters: Counters) -> None:
        self._generations = generations
        self._limits = limits
        self._counters = counters
        self._places = threading.Semaphore(AT_ONCE)

    def run(
        self,
        role: Role,
        parts: Sequence[bytes],
        what: str,
        path: Path | None = None,
        scratch: Path | None = None,
    ) -> bytes:
        """Gives what a process of its own makes of a request; `what` is what errors call it."""
        errand = self.begin(role, what, path, scratch)
        try:
            return errand.ask(parts)
        finally:
            errand.close()

    def begin(
        self, role: Role, what: str, path: Path | None = None, scratch: Path | None = None
    ) -> Errand:
        """Gives a process that is sent out, to be asked more than once."""
        if not self._places.acquire(timeout=self._limits.upload_seconds):
            self._counters.happened("busy")
            raise TooBusy(f"{what} waited until its time was over", RETRY_SECONDS)
        try:
            worker = self._generations.fork(role, path=path, scratch=scratch)
        except BaseException:
            self._places.release()
            raise
        return Errand(worker, what, self._limits, self._counters, self._places.release)


class Errand:
    """A process of its own that is asked one thing after the other."""

    def __init__(
        self,
        worker: Worker,
        what: str,
        limits: Limits,
        counters: Counters,
        over: Callable[[], None],
    ) -> None:
        self._worker = worker
        self._what = what
        self._limits = limits
        self._counters = counters
        self._over: Callable[[], None] | None = over

    def tell(self, content: bytes) -> None:
        """Tells it something that it has no answer to."""
        try:
            self._worker.channel.send(b"C", content)
        except ChannelClosed:
            raise self._ended()[0] from None

    def close(self) -> None:
        """Ends the process, whatever it is at."""
        self._worker.kill()
        over, self._over = self._over, None
        if over is not None:
            over()

    def _ended(self) -> tuple[HakushoError, str]:
        return ended(self._worker.exit_code(), self._limits, self._what)

    def ask(self, parts: Sequence[bytes]) -> bytes:
        """Gives all that the process makes of a request."""
        worker, what = self._worker, self._what
        deadline = time.monotonic() + self._limits.upload_seconds
        started = time.monotonic()
        self._counters.started()
        outcome = "answered"
        try:
            worker.channel.send(b"Q", *parts)
            pieces = []
            kind, content = worker.channel.receive(deadline)
            if kind == b"A":
                pieces.append(content[2:])
            while kind in (b"H", b"D"):
                kind, content = worker.channel.receive(deadline)
                if kind == b"D":
                    pieces.append(content)
            if kind == b"X":
                error = unpacked_error(content)
                outcome = error.limit if isinstance(error, LimitExceeded) else "refused"
                raise error
            return b"".join(pieces)
        except TimeoutError:
            outcome = "time"
            seconds = self._limits.upload_seconds
            message = f"{what} was not dealt with within {seconds:g} s"
            raise LimitExceeded("time", message) from None
        except ChannelClosed:
            error, outcome = self._ended()
            raise error from None
        finally:
            self._counters.ended(outcome, time.monotonic() - started)
