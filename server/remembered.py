"""What is the same for every request of a release, worked out once and kept while it is current."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, TypeVar, cast

from flask import current_app

from .service import service

KEY: Final = "hakusho.remembered"
MOST: Final = 200
"""How many findings are kept; the whole memory is dropped when there are more."""

Found = TypeVar("Found")


class Remembered:
    """Findings about one release; those about an earlier one are forgotten."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._release: int | None = None
        self._found: dict[Hashable, object] = {}

    def get(self, release: int | None, key: Hashable, find: Callable[[], Found]) -> Found:
        """Gives what was found under a key, or finds it; without a release nothing is kept."""
        if release is None:
            return find()
        with self._lock:
            if self._release != release or len(self._found) > MOST:
                self._release, self._found = release, {}
            found = self._found
        if key not in found:
            # Two may find the same at once: they find the same. The release may have changed
            # meanwhile; what was found before is then in a memory that nobody asks any more.
            found[key] = find()
        return cast(Found, found[key])


def remembered(key: Hashable, find: Callable[[], Found]) -> Found:
    """Gives what holds for the current release under a key, found at the first request for it."""
    kept: Remembered = current_app.extensions.setdefault(KEY, Remembered())
    return kept.get(service().number(), key, find)
