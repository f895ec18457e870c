"""Counters of the service in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..graph.workers.pool import WorkerPool
from .budget import Budget
from .cache import AnswerCache
from .grouping import Grouping
from .service import Service

BUCKET: Final = "seconds_le_"
OUTCOME: Final = "ended_"
TOLD_APART: Final = ("in_flight", "requests", "seconds")

Sample = tuple[str, float]
"""What follows a metric's name, and its value."""


def exposition(service: Service, cache: AnswerCache, budget: Budget | None = None) -> str:
    """Gives every metric with its help and its type."""
    lines: list[str] = []
    for name, kind, help, samples in _metrics(service, cache, budget):
        lines += [f"# HELP hakusho_{name} {help}", f"# TYPE hakusho_{name} {kind}"]
        lines += [f"hakusho_{name}{suffix} {value:g}" for suffix, value in samples]
    return "\n".join(lines) + "\n"


def _metrics(
    service: Service, cache: AnswerCache, budget: Budget | None
) -> Iterator[tuple[str, str, str, list[Sample]]]:
    manifest = service.manifest()
    number = manifest.number if manifest else 0
    yield "release", "gauge", "Number of the current release", [("", number)]
    if manifest:
        yield "triples", "gauge", "Triples of the default graph", [("", manifest.triples)]
        yield "graphs", "gauge", "Named graphs", [("", len(manifest.graphs))]
    yield "cache_hits_total", "counter", "Answers given from the cache", [("", cache.hits)]
    yield "cache_misses_total", "counter", "Answers that it did not have", [("", cache.misses)]
    yield "cache_bytes", "gauge", "Bytes that the cache holds", [("", cache.bytes)]
    if budget is not None:
        help = "Requests of clients that had used up their query time (429)"
        yield "over_budget_total", "counter", help, [("", budget.refused)]
    if isinstance(service.store, WorkerPool):
        yield from _writes(service.writes)
        past = len(service.store.past())
        yield "past_releases", "gauge", "Releases open that are not current", [("", past)]
        yield from _workers(service.store.numbers())


def _writes(writes: Grouping) -> Iterator[tuple[str, str, str, list[Sample]]]:
    outcomes = {"published": writes.published, "refused": writes.refused}
    yield (
        "writes_total",
        "counter",
        "Writes by how they ended",
        [(f'{{outcome="{name}"}}', count) for name, count in outcomes.items()],
    )
    help = "Groups of writes that were published, each as one release"
    yield "write_groups_total", "counter", help, [("", writes.groups)]


def _workers(numbers: Mapping[str, float]) -> Iterator[tuple[str, str, str, list[Sample]]]:
    yield "queries_in_flight", "gauge", "Queries being answered", [("", numbers["in_flight"])]
    buckets = {
        name.removeprefix(BUCKET): value
        for name, value in numbers.items()
        if name.startswith(BUCKET)
    }
    yield (
        "query_seconds",
        "histogram",
        "How long queries took",
        [
            *(
                (f'_bucket{{le="{"+Inf" if bound == "inf" else bound}"}}', value)
                for bound, value in buckets.items()
            ),
            ("_sum", numbers["seconds"]),
            ("_count", numbers["requests"]),
        ],
    )
    yield (
        "queries_total",
        "counter",
        "Queries by how they ended",
        [
            (f'{{outcome="{name.removeprefix(OUTCOME)}"}}', value)
            for name, value in sorted(numbers.items())
            if name.startswith(OUTCOME)
        ],
    )
    for name, value in sorted(numbers.items()):
        if name not in TOLD_APART and not name.startswith((BUCKET, OUTCOME)):
            yield f"workers_{name}_total", "counter", f"Workers: {name}", [("", value)]
