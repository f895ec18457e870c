"""Small graphs of numbered things, and what a release holds of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from hakusho.graph.names import graph
from hakusho.graph.releases.changes import GraphName
from hakusho.graph.releases.content import by_graph
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.merge import is_merged
from hakusho.graph.releases.release import Release

R07, R06, OTHER = graph("r07"), graph("r06"), NamedNode("https://example.org/graph")
P = NamedNode("https://example.org/p")


def quad(n: int, name: GraphName = R07) -> Quad:
    """Gives the statement of one number."""
    return Quad(NamedNode(f"https://example.org/{n}"), P, Literal(n), name)


def quads(numbers: Iterable[int], name: GraphName = R07) -> list[Quad]:
    """Gives the statements of several numbers."""
    return [quad(n, name) for n in numbers]


def begun(path: Path) -> DataFolder:
    """Gives a data folder with one release of two graphs that share five of their numbers."""
    folder = DataFolder(path, infer=None, patience=0)
    folder.publish(quads(range(10)) + quads(range(5, 15), R06), who="curator", why="first")
    return folder


def stated(release: Release, name: GraphName = R07) -> set[int]:
    """Gives the numbers that a graph of a release states."""
    found = release.engine().quads_for_pattern(None, P, None, name)
    return {int(q.object.value) for q in found if isinstance(q.object, Literal)}


def merge_is_right(release: Release) -> bool:
    """Tells whether the default graph is the distinct merge of the named graphs, and all that the
    manifest says of the graphs is so."""
    held = list(release.engine())
    default = {q.triple for q in held if isinstance(q.graph_name, DefaultGraph)}
    named = [q for q in held if not isinstance(q.graph_name, DefaultGraph)]
    merged = {q.triple for q in named if is_merged(q.graph_name)}
    said = release.manifest
    counted = {name: content for name, content in said.graphs.items() if content.quads}
    return default == merged and by_graph(named) == counted and said.triples == len(default)
