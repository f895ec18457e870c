"""One request in the hands of one worker, from the moment it is sent to its end."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Final

from ..errors import HakushoError, LimitExceeded, StoreUnavailable
from ..limits import MIB, NARROW, Limits
from .counters import Counters
from .frames import ChannelClosed
from .lanes import Lanes
from .messages import unpacked_error


class Job:
    """A request that a worker is at."""

    def __init__(
        self,
        lanes: Lanes,
        limits: Limits,
        counters: Counters,
        release: tuple[int, Path] | None = None,
    ) -> None:
        self._lanes = lanes
        self._limits = limits
        self._counters = counters
        self._started = time.monotonic()
        self.deadline: Final = self._started + limits.seconds
        self.generation, self.worker = lanes.enter(self.deadline, release)
        counters.started()
        self._until_slow = time.monotonic() + limits.fast_seconds
        self._over = False
        self.slow = False
        self.in_slow_lane = False
        self.flows = False

    def send(self, parts: list[bytes]) -> None:
        """Hands the request to the worker."""
        try:
            self.worker.channel.send(b"Q", *parts)
        except ChannelClosed:
            raise self._lost() from None

    def receive(self) -> tuple[bytes, bytes]:
        """Gives the worker's next message; raises what it, or a limit, has against the request."""
        while True:
            try:
                until = self.deadline if self.slow else min(self._until_slow, self.deadline)
                kind, content = self.worker.channel.receive(until)
            except TimeoutError:
                self._outlived()
            except ChannelClosed:
                raise self._lost() from None
            else:
                if kind == b"X":
                    raise self._refused(unpacked_error(content))
                return kind, content

    def flow(self) -> None:
        """Leaves the fast lane, as the rest of the answer goes at the speed of its reader."""
        try:
            self._lanes.let_flow(self)
        except StoreUnavailable:
            self._end("busy", usable=False)
            raise

    def done(self) -> None:
        """Gives the worker back: the answer has come to its end."""
        self._end("answered", usable=True)

    def abandon(self) -> None:
        """Ends the worker, unless the answer has come to its end already."""
        self._end("left", usable=False)

    def __del__(self) -> None:
        if hasattr(self, "_over"):
            self.abandon()

    def _end(self, outcome: str, usable: bool) -> None:
        if self._over:
            return
        self._over = True
        self._counters.ended(outcome, time.monotonic() - self._started)
        self._lanes.leave(self, usable)

    def _outlived(self) -> None:
        """Moves the job to the slow lane, or ends it where its time is over."""
        if time.monotonic() >= self.deadline:
            self._end("time", usable=False)
            message = f"the query did not end within {self._limits.seconds:g} s"
            raise LimitExceeded("time", message, NARROW)
        try:
            self._lanes.slow_down(self)
        except StoreUnavailable:
            self._end("busy", usable=False)
            raise
        except LimitExceeded:
            self._end("time", usable=False)
            raise

    def _refused(self, error: HakushoError) -> HakushoError:
        outcome = error.limit if isinstance(error, LimitExceeded) else "refused"
        self._end(outcome, usable=True)
        return error

    def _lost(self) -> HakushoError:
        """Gives what it means that the worker's process has ended."""
        code = self.worker.exit_code()
        error, outcome = ended(code, self._limits, "the query", NARROW)
        self._end(outcome, usable=False)
        return error


def ended(code: int | None, limits: Limits, what: str, hint: str = "") -> tuple[HakushoError, str]:
    """Gives the error that a worker's exit code stands for, and the outcome to count."""
    if code == -signal.SIGABRT:
        # The engine aborts when an allocation fails.
        memory = f"more than {limits.memory / MIB:g} MiB of memory"
        return LimitExceeded("memory", f"{what} needed {memory}", hint), "memory"
    if code in (-signal.SIGSEGV, -signal.SIGBUS):
        message = f"{what}, or the data it met, is nested too deeply"
        return LimitExceeded("nesting", message), "nesting"
    if code == -signal.SIGKILL:
        message = "the worker was ended from outside; the machine may be short of memory"
        return StoreUnavailable(message), "killed"
    return StoreUnavailable(f"the worker ended unexpectedly (code {code})"), "crashed"
