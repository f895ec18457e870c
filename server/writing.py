"""Writing over HTTP: an accepted update or graph becomes a release, and what it changed is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from ..graph.errors import InvalidData, UnknownThing
from ..graph.releases.changes import Change
from ..graph.releases.series import Published, Series
from ..graph.workers.revision import Update
from ..graph.workers.sessions import UpdateSession
from .grouping import Work, Write
from .service import Service

GraphName = NamedNode | DefaultGraph


@dataclass(frozen=True)
class Written:
    """What became of a write: the number of the release that has it, and if the graph is new."""

    release: int
    new: bool = False


def update(service: Service, asked: Update, who: str) -> Written:
    """Publishes what a SPARQL update makes of what there is."""

    def work(series: Series, session: UpdateSession) -> Change:
        # By what there is once it is this update's turn, so that no other's change is lost.
        return session.evaluate(asked, series)

    return Written(_made(service, work, who, "SPARQL update", "update").number)


def put(service: Service, graph: GraphName, triples: Iterable[Triple], who: str) -> Written:
    """Publishes a graph with these triples in the place of those it had."""
    return _publish(service, graph, triples, who, [graph])


def post(service: Service, graph: GraphName, triples: Iterable[Triple], who: str) -> Written:
    """Publishes a graph with these triples beside those it had."""
    return _publish(service, graph, triples, who, [])


def delete(service: Service, graph: GraphName, who: str) -> Written:
    """Publishes a release without the graph, or says that there is none."""

    def work(series: Series, session: UpdateSession) -> Change:
        if isinstance(graph, NamedNode) and not series.store.contains_named_graph(graph):
            raise UnknownThing(str(graph))
        return Change(drop=[graph])

    return Written(_made(service, work, who, f"DELETE {graph}", "graph").number)


def exists(service: Service, graph: GraphName) -> bool:
    """Tells whether the current release has a graph; the default graph is always there."""
    return isinstance(graph, DefaultGraph) or graph.value in service.graphs()


def _publish(
    service: Service,
    graph: GraphName,
    triples: Iterable[Triple],
    who: str,
    drop: list[GraphName],
) -> Written:
    quads = [Quad(each.subject, each.predicate, each.object, graph) for each in triples]
    create = [graph] if isinstance(graph, NamedNode) else []
    change = Change(add=quads, drop=drop, create=create)
    why = f"{'PUT' if drop else 'POST'} {graph}"
    done = _made(service, lambda series, session: change, who, why, "graph")
    return Written(done.number, isinstance(graph, NamedNode) and graph.value in done.effect.created)


def _made(service: Service, work: Work, who: str, why: str, kind: str) -> Published:
    """Publishes what a write makes of what there is, if it breaks nothing or nobody minds."""

    def checked(series: Series, session: UpdateSession) -> Change:
        # What validates takes long to import, and most services are never written to.
        from ..graph.validation.incremental import broken

        change = work(series, session)
        series.check(change)
        found = broken(series.store, change, series.merged)
        if found:
            raise InvalidData(tuple(found))
        return change

    return service.writes.publish(Write(checked if service.validates else work, who, why, kind))
