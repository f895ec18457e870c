"""Writes that arrive close together go into one release, and each who waits gets his own answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..graph.errors import WriterBusy
from ..graph.releases.changes import Change
from ..graph.releases.data_folder import DataFolder
from ..graph.releases.series import Proposal, Published, Series
from ..graph.workers.sessions import UpdateSession

Work = Callable[[Series, UpdateSession], Change]
"""Works out a change from what there is once it is its turn."""


@dataclass(frozen=True)
class Write:
    """What somebody wants written, by whom and why."""

    work: Work
    who: str
    why: str
    kind: str


class _Waiting:
    """A write until it is published or refused."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.came = time.monotonic()
        self.woken = threading.Event()
        self.outcome: Published | Exception | None = None


class Grouping:
    """Publishes writes: the first that comes waits a moment for others, and takes them along.

    While it publishes, those that come wait, and the first of them takes along the others.
    """

    def __init__(
        self,
        data: DataFolder,
        session: Callable[[], UpdateSession],
        window: float,
        patience: float = 10.0,
    ) -> None:
        self._data = data
        self._session = session
        self._window = window
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._leader: _Waiting | None = None
        self.published = self.refused = self.groups = 0

    def publish(self, write: Write) -> Published:
        """Gives what became of a write, once the release that has it is safe on disk."""
        mine = _Waiting(write)
        if self._window:
            self._wait(mine)
        else:
            self._publish([mine])
        assert mine.outcome is not None
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        return mine.outcome

    def _wait(self, mine: _Waiting) -> None:
        with self._lock:
            self._waiting.append(mine)
            if self._leader is None:
                self._leader = mine
                mine.woken.set()
        if not mine.woken.wait(self._patience):
            with self._lock:
                if mine in self._waiting and mine is not self._leader:
                    self._waiting.remove(mine)
                    mine.outcome = _busy(self._data.path)
                    return
        # Whoever is being published waits for the end of it, however long that takes.
        mine.woken.wait()
        if mine.outcome is None:
            self._lead(mine)

    def _lead(self, mine: _Waiting) -> None:
        left = mine.came + self._window - time.monotonic()
        if left > 0:
            time.sleep(left)
        with self._lock:
            group, self._waiting = self._waiting, []
        try:
            self._publish(group)
        finally:
            with self._lock:
                self._leader = next(iter(self._waiting), None)
                if self._leader is not None:
                    self._leader.woken.set()
            for each in group:
                each.woken.set()

    def _publish(self, group: Sequence[_Waiting]) -> None:
        outcomes: Sequence[Published | Exception]
        session = self._session()
        try:
            outcomes = self._data.publish_all([_proposal(each.write, session) for each in group])
        except Exception as error:
            # What hinders the release as a whole hinders each of its writes.
            outcomes = [error] * len(group)
        finally:
            session.close()
        for each, outcome in zip(group, outcomes, strict=True):
            each.outcome = outcome
        with self._lock:
            made = sum(isinstance(outcome, Published) for outcome in outcomes)
            self.published += made
            self.refused += len(group) - made
            self.groups += bool(made)


def _proposal(write: Write, session: UpdateSession) -> Proposal:
    return Proposal(lambda series: write.work(series, session), write.who, write.why, write.kind)


def _busy(folder: Path) -> WriterBusy:
    return WriterBusy(folder, "other writes are being published, and take long")
