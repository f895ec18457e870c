"""Updates worked out one after the other, in one process, each on what those before it made."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ..releases.changes import Change, Effect
from ..releases.series import Series
from .delta import Delta
from .errands import Errand, Errands
from .revision import StaleState, Update, packed_step


class UpdateSession:
    """A copy of a release, in a process of its own, that follows a series of changes.

    The process is started with the first update, and anew after one that was refused or that
    ended it: what an update has done by then to the copy is not known.
    """

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self._errand: Errand | None = None
        self._open: Final = ExitStack()
        self._followed = 0
        """How many steps of the series the copy has in it."""
        self._own: Change | None = None
        """The change that the last update was found to make, which the copy has in it too."""

    def evaluate(self, update: Update, series: Series) -> Change:
        """Gives what an update would change in a series as it stands."""
        try:
            try:
                self._follow(series)
                told = self._told(update, series)
            except StaleState:
                # It may read what is inferred from the changes before it.
                series.settle()
                self._follow(series)
                told = self._told(update, series)
        except BaseException:
            # What the copy has in it by now is not known.
            self.close()
            raise
        self._own = Delta.unpacked(told).change()
        return self._own

    def close(self) -> None:
        """Ends the process and removes the copy."""
        self._errand = self._own = None
        self._open.close()

    def _follow(self, series: Series) -> None:
        """Brings the copy to where the series is."""
        steps = series.steps[self._followed :]
        if self._own is not None and all(step.change is not self._own for step in steps):
            self.close()
        if self._errand is None:
            self._errand, self._own = self._begin(series), None
            steps = series.steps
        for step in steps:
            if step.change is None or step.change is not self._own:
                self._tell(step.effect, series.merged)
        self._followed, self._own = len(series.steps), None

    def _begin(self, series: Series) -> Errand:
        path = None if series.base is None else series.base.store_path
        scratch = self._open.enter_context(
            TemporaryDirectory(prefix="update-", dir=path and path.parent)
        )
        errand = self._errands.begin("update", "the update", path, Path(scratch))
        self._open.callback(errand.close)
        return errand

    def _tell(self, effect: Effect, merged: bool) -> None:
        assert self._errand is not None
        delta = Delta.of_effect(effect)
        if delta:
            self._errand.tell(packed_step(delta, merged))

    def _told(self, update: Update, series: Series) -> bytes:
        assert self._errand is not None
        return self._errand.ask(update.packed(series.merged, series.stale, series.last))
