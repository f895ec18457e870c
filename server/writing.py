"""Writing over HTTP: an accepted update or graph becomes a release, and what it changed is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from ..graph.errors import UnknownThing
from ..graph.releases.changes import Change
from ..graph.releases.publishing import Proposed
from ..graph.releases.release import Release
from ..graph.workers.revision import Update
from .service import Service

GraphName = NamedNode | DefaultGraph


@dataclass(frozen=True)
class Written:
    """What became of a write: the release that has it, and whether the graph is new."""

    release: Release
    new: bool = False


def update(service: Service, asked: Update, who: str) -> Written:
    """Publishes what a SPARQL update makes of the current release."""
    pool = service.pool

    def change(current: Release | None) -> Change:
        # By what is current once it is this writer's turn, so that no other's change is lost.
        return pool.evaluate_update(asked, current.store_path if current else None).change()

    return Written(_made(service, change, who, "SPARQL update", "update"))


def put(service: Service, graph: GraphName, triples: Iterable[Triple], who: str) -> Written:
    """Publishes a graph with these triples in the place of those it had."""
    return _publish(service, graph, triples, who, [graph])


def post(service: Service, graph: GraphName, triples: Iterable[Triple], who: str) -> Written:
    """Publishes a graph with these triples beside those it had."""
    return _publish(service, graph, triples, who, [])


def delete(service: Service, graph: GraphName, who: str) -> Written:
    """Publishes a release without the graph, or says that there is none."""
    if not exists(service, graph):
        raise UnknownThing(str(graph))
    change = Change(drop=[graph])
    return Written(_made(service, lambda _: change, who, f"DELETE {graph}", "graph"))


def exists(service: Service, graph: GraphName) -> bool:
    """Tells whether the current release has a graph; the default graph is always there."""
    manifest = service.manifest()
    if isinstance(graph, DefaultGraph):
        return True
    return manifest is not None and graph.value in manifest.graphs


def _publish(
    service: Service,
    graph: GraphName,
    triples: Iterable[Triple],
    who: str,
    drop: list[GraphName],
) -> Written:
    before = service.manifest()
    quads = [Quad(each.subject, each.predicate, each.object, graph) for each in triples]
    create = [graph] if isinstance(graph, NamedNode) else []
    change = Change(add=quads, drop=drop, create=create)
    why = f"{'PUT' if drop else 'POST'} {graph}"
    release = _made(service, lambda _: change, who, why, "graph")
    made = before is None or release.number != before.number
    return Written(release, made and _is_new(service, graph, release))


def _made(service: Service, change: Proposed, who: str, why: str, kind: str) -> Release:
    """Gives the release that a change makes, if it breaks nothing or nobody minds."""
    if service.validates:
        # What validates takes long to import, and most services are never written to.
        from ..graph.validation.incremental import checking

        change = checking(change, service.data.default_graph == "merged")
    return service.data.publish(change, who=who, why=why, kind=kind)


def _is_new(service: Service, graph: GraphName, release: Release) -> bool:
    """Tells whether the release before, whichever it was, did not have the graph."""
    if isinstance(graph, DefaultGraph):
        return False
    parent = release.manifest.parent
    return parent is None or graph.value not in service.data.release(parent).manifest.graphs
