"""Counters of the service in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from .cache import AnswerCache
from .service import Service


def exposition(service: Service, cache: AnswerCache) -> str:
    """Gives every metric with its help and type."""
    lines: list[str] = []
    for name, kind, help, value in _metrics(service, cache):
        lines += [f"# HELP hakusho_{name} {help}", f"# TYPE hakusho_{name} {kind}"]
        lines.append(f"hakusho_{name} {value}")
    return "\n".join(lines) + "\n"


def _metrics(service: Service, cache: AnswerCache) -> Iterator[tuple[str, str, str, float]]:
    manifest = service.manifest()
    yield "release", "gauge", "Number of the current release", manifest.number if manifest else 0
    if manifest:
        yield "triples", "gauge", "Triples of the default graph", manifest.triples
        yield "graphs", "gauge", "Named graphs", len(manifest.graphs)
    yield "cache_hits_total", "counter", "Answers given from the cache", cache.hits
    yield "cache_misses_total", "counter", "Answers that were not in the cache", cache.misses
    yield "cache_bytes", "gauge", "Bytes that the cache holds", cache.bytes
