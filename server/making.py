"""What takes a while to make from a release, made once in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock
from typing import Final, Generic, TypeVar

from ..graph.errors import TooBusy

KEPT: Final = 4
"""How many of the things made are kept at hand."""
PATIENCE: Final = 10.0
"""How many seconds a request waits for what nobody has asked for before."""
AGAIN: Final = 10
"""After how many seconds more it may ask again."""

Made = TypeVar("Made")


class Making(Generic[Made]):
    """Makes one thing at a time, and keeps the last few at hand."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._made: dict[Hashable, Future[Made]] = {}
        self._lock = Lock()
        self._maker = ThreadPoolExecutor(1, "making")

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Gives what is made under a key, or raises TooBusy where that takes too long."""
        with self._lock:
            coming = self._made.get(key)
            if coming is None or (coming.done() and coming.exception() is not None):
                coming = self._made[key] = self._maker.submit(make)
                while len(self._made) > KEPT:
                    # Whoever uses it this moment still holds it.
                    del self._made[next(iter(self._made))]
        try:
            return coming.result(PATIENCE)
        except NotYet:
            raise TooBusy(f"{self._what} of this release is being made", AGAIN) from None
