"""Writing over HTTP: an accepted update or graph becomes a release, and what it changed is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from ..graph.changes import Change, Edit, sparql_update
from ..graph.errors import InvalidQuery, UnknownThing
from ..graph.guard import check_update, without_loads
from ..graph.release import Release
from ..graph.syntax import syntax_error
from ..graph.using import with_dataset
from .protocol import Update
from .service import Service

GraphName = NamedNode | DefaultGraph


@dataclass(frozen=True)
class Written:
    """What became of a write: the release that has it, and whether the graph is new."""

    release: Release
    new: bool = False


def update(service: Service, asked: Update, who: str) -> Written:
    """Publishes what a SPARQL update makes of the current release."""
    text = without_loads(asked.text, check_update(asked.text, service.limits))
    text = with_dataset(text, asked.using_graphs, asked.using_named_graphs)
    edit = Edit(lambda path: _apply(path, text, asked))
    return Written(service.data.publish(edit, who=who, why="SPARQL update", kind="update"))


def _apply(path: Path, text: str, asked: Update) -> None:
    try:
        sparql_update(text, asked.base_iri).run(path)
    except SyntaxError as error:
        # Where it is wrong is told of the text as it was sent.
        raise syntax_error(asked.text, error, Store().update, update=True) from error
    except (RuntimeError, ValueError) as error:
        raise InvalidQuery(str(error)) from error


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
    return Written(service.data.publish(change, who=who, why=f"DELETE {graph}", kind="graph"))


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
    release = service.data.publish(change, who=who, why=why, kind="graph")
    made = before is None or release.number != before.number
    return Written(release, made and _is_new(service, graph, release))


def _is_new(service: Service, graph: GraphName, release: Release) -> bool:
    """Tells whether the release before, whichever it was, did not have the graph."""
    if isinstance(graph, DefaultGraph):
        return False
    parent = release.manifest.parent
    return parent is None or graph.value not in service.data.release(parent).manifest.graphs
