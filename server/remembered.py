"""What is the same for every request of a release, worked out once and kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, TypeVar, cast

from flask import current_app

from .service import service

KEY: Final = "hakusho.remembered"
RELEASES: Final = 3
"""Of how many releases findings are kept: of the current one and of what is read beside it."""
MOST: Final = 200
"""How many findings are kept of a release; all are dropped when there are more."""

Found = TypeVar("Found")


class Remembered:
    """Findings about the releases that were asked for last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: OrderedDict[int, dict[Hashable, object]] = OrderedDict()

    def get(self, release: int | None, key: Hashable, find: Callable[[], Found]) -> Found:
        """Gives what was found under a key, or finds it; without a release nothing is kept."""
        if release is None:
            return find()
        with self._lock:
            found = self._found.pop(release, {})
            if len(found) > MOST:
                found = {}
            self._found[release] = found
            if len(self._found) > RELEASES:
                self._found.popitem(last=False)
        if key not in found:
            # Two may find the same at once: a release never changes, so they find the same.
            found[key] = find()
        return cast(Found, found[key])


def remembered(key: Hashable, find: Callable[[], Found]) -> Found:
    """Gives what holds for the current release under a key, found at the first request for it."""
    kept: Remembered = current_app.extensions.setdefault(KEY, Remembered())
    return kept.get(service().number(), key, find)
