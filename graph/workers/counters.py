"""What the workers did, as plain numbers for whoever publishes them."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from typing import Final

BOUNDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.5, 1.0, 3.0, 10.0, 30.0)
"""Upper bounds of the histogram's buckets, in seconds; there is one more bucket without."""


class Counters:
    """Counts that many threads add to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0
        self._in_flight = 0
        self._outcomes: Counter[str] = Counter()
        self._events: Counter[str] = Counter()

    def started(self) -> None:
        """Counts a request that a worker was given."""
        with self._lock:
            self._in_flight += 1

    def ended(self, outcome: str, seconds: float) -> None:
        """Counts the end of a request: `answered`, `refused`, `left`, or the limit it overran."""
        with self._lock:
            self._in_flight -= 1
            self._outcomes[outcome] += 1
            self._seconds += seconds
            self._buckets[bisect_left(BOUNDS, seconds)] += 1

    def happened(self, event: str) -> None:
        """Counts something else: `forks`, `slow`, `frozen`, `busy`, `releases`."""
        with self._lock:
            self._events[event] += 1

    def numbers(self) -> dict[str, float]:
        """Gives all counts by name.

        `seconds_le_X` are cumulative, as Prometheus wants them; `ended_X` are requests by outcome.
        """
        with self._lock:
            found: dict[str, float] = {
                "in_flight": self._in_flight,
                "requests": sum(self._buckets),
                "seconds": self._seconds,
            }
            found |= {f"ended_{outcome}": count for outcome, count in self._outcomes.items()}
            found |= {event: count for event, count in self._events.items()}
            total = 0
            for bound, count in zip((*BOUNDS, float("inf")), self._buckets, strict=True):
                total += count
                found[f"seconds_le_{bound:g}"] = total
            return found
