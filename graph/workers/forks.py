"""The server's side of its worker processes: forking them, ending them, asking how they ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final, Literal

from ..errors import StoreUnavailable
from ..limits import Limits
from .frames import Channel, ChannelClosed

Role = Literal["query", "read", "update", "template"]

PACKAGE_PARENT: Final = Path(__file__).absolute().parents[3]
LOWEST_PRIORITY: Final = 19


class Worker:
    """A worker process: the channel to it, and the means to hold it back or end it."""

    def __init__(self, forks: ForkServer, pid: int, channel: Channel) -> None:
        self.forks: Final = forks
        self.pid: Final = pid
        self.channel: Final = channel
        # A number may come to mean another process when whoever forked this one is gone.
        self._handle: int | None = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
        self._over = False

    def lower_priority(self) -> None:
        """Lets everything else go first from now on; there is no way back."""
        if self._signal(0):
            os.setpriority(os.PRIO_PROCESS, self.pid, LOWEST_PRIORITY)

    def freeze(self) -> None:
        """Stops the process where it is."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets a frozen process go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends the process at once, unless it has ended."""
        if not self._over:
            self._over = True
            self._signal(signal.SIGKILL)
            self._close()
            self.forks.let_go(self.pid)

    def _signal(self, number: int) -> bool:
        try:
            if self._handle is None:
                os.kill(self.pid, number)
            else:
                signal.pidfd_send_signal(self._handle, number)
        except ProcessLookupError:
            return False
        return True

    def _close(self) -> None:
        self.channel.close()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def exit_code(self) -> int | None:
        """Gives how a process that closed its channel ended: a signal's number is negative."""
        self._over = True
        self._close()
        return self.forks.wait(self.pid)


class ForkServerGone(StoreUnavailable):
    """The process that workers are forked from has ended, or might as well have."""


class ForkServer:
    """A process that forks workers, and the channel on which it is asked to."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._lock = threading.Lock()

    def fork(
        self,
        role: Role,
        path: Path | None,
        limits: Limits,
        until: float,
        scratch: Path | None = None,
    ) -> Worker:
        """Forks a process and gives it once it is ready to work."""
        places = {"path": path and str(path), "scratch": scratch and str(scratch)}
        job = json.dumps({"role": role, "limits": limits.to_json(), **places})
        worker = self._fork(job.encode(), until)
        try:
            kind, content = worker.channel.receive(until)
        except TimeoutError as error:
            worker.kill()
            raise StoreUnavailable("a worker process did not start in time") from error
        except ChannelClosed as error:
            code = worker.exit_code()
            raise StoreUnavailable(f"a worker process ended at its start ({code})") from error
        if kind != b"R":
            worker.exit_code()
            raise StoreUnavailable(f"the release cannot be opened: {content.decode()}")
        return worker

    def _fork(self, job: bytes, until: float) -> Worker:
        with self._lock:
            try:
                self._channel.send(b"F", job)
                content, descriptor = self._channel.receive_descriptor(until)
            except TimeoutError as error:
                # Its answer would be taken for that to the next question.
                self._channel.close()
                raise ForkServerGone("the process that forks workers does not answer") from error
            except OSError as error:
                raise ForkServerGone("the process that forks workers is gone") from error
        if descriptor is None:
            raise StoreUnavailable("no worker process could be forked")
        channel = Channel(socket.socket(fileno=descriptor))
        try:
            return Worker(self, int(content), channel)
        except ProcessLookupError as error:
            channel.close()
            raise ForkServerGone("a worker process ended at its start") from error

    def let_go(self, pid: int) -> None:
        """Says that nobody will ask about a process any more, so that it can be forgotten."""
        with self._lock:
            try:
                self._channel.send(b"L", str(pid).encode())
            except ChannelClosed:
                return

    def wait(self, pid: int) -> int | None:
        """Gives how an ended process ended, None where that cannot be known."""
        with self._lock:
            try:
                self._channel.send(b"W", str(pid).encode())
                return int(self._channel.receive()[1])
            except ChannelClosed:
                return None

    def close(self) -> None:
        """Ends the process, and with it all that it forked."""
        self._channel.close()


class RootForkServer(ForkServer):
    """The first process, started anew and not forked: the server's threads make forking unsafe."""

    def __init__(self, network: bool = False) -> None:
        ours, theirs = socket.socketpair()
        # The package is found where it was found here, installed or in a checkout.
        paths = [str(PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    f"{__package__}.worker",
                    str(theirs.fileno()),
                    "network" if network else "alone",
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            )
        channel = Channel(ours)
        super().__init__(channel)
        try:
            self.held: Final[list[str]] = json.loads(channel.receive()[1])
        except ChannelClosed as error:
            self.close()
            raise StoreUnavailable("the process that forks workers did not start") from error

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def close(self) -> None:
        """Ends the process and waits for its end."""
        super().close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
