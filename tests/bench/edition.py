"""Stores of any size that look like the packaged edition, for the benchmarks beside this file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from hakusho.graph.names import graph, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.merge import is_merged
from hakusho.loaders.edition import load_edition, packaged_editions

R07 = graph("r07")
INDICATOR = term("indicator")


class Edition:
    """The packaged edition, whose indicators and observations can be had again and again."""

    def __init__(self) -> None:
        loaded = load_edition(packaged_editions()[-1])
        quads = [quad for quad in loaded.quads if is_merged(quad.graph_name)]
        said: dict[NamedNode, list[Triple]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                said[quad.subject].append(quad.triple)
        of: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for quad in quads:
            if quad.predicate == INDICATOR and isinstance(quad.object, NamedNode):
                assert isinstance(quad.subject, NamedNode)
                of[quad.object].append(quad.subject)
        self.groups = [
            [
                triple
                for node in (indicator, *sorted(of[indicator], key=str))
                for triple in said[node]
            ]
            for indicator in sorted(of, key=str)
        ]
        """What is said of each indicator and of its observations."""
        again = {triple.subject for group in self.groups for triple in group}
        self._rest = {node: triples for node, triples in said.items() if node not in again}
        self.whole = list(dict.fromkeys(quad.triple for quad in quads))

    def triples(self) -> Iterator[Triple]:
        """Gives each indicator with its observations and what they refer to, then the rest of the
        edition, then the indicators again under other names, without end."""
        given: set[NamedNode] = set()
        for group in self.groups:
            waiting = [triple.object for triple in group]
            for node in waiting:
                if isinstance(node, NamedNode) and node in self._rest and node not in given:
                    given.add(node)
                    yield from self._rest[node]
                    waiting += [triple.object for triple in self._rest[node]]
            yield from group
        for node in self._rest.keys() - given:
            yield from self._rest[node]
        for number in count(1):
            for group in self.groups:
                yield from copied(group, number)


def copied(group: list[Triple], number: int) -> Iterator[Triple]:
    """Gives what is said of an indicator and its observations under other names."""
    names: dict[object, NamedNode] = {}
    for triple in group:
        if isinstance(triple.subject, NamedNode):
            names[triple.subject] = NamedNode(f"{triple.subject.value}-x{number}")
    for triple in group:
        subject = names.get(triple.subject, triple.subject)
        yield Triple(subject, triple.predicate, names.get(triple.object, triple.object))


def make_store(path: Path, edition: Edition, triples: int) -> Path:
    """Writes a store of so many triples of an edition, merged into its default graph."""

    def quads() -> Iterator[Quad]:
        for triple in islice(edition.triples(), triples):
            yield Quad(triple.subject, triple.predicate, triple.object, R07)
            yield Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
        for quad in ontology_dataset():
            yield quad
            yield Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())

    store = Store(str(path))
    store.bulk_extend(quads())
    store.optimize()
    store.flush()
    return path


def more_observations(edition: Edition, triples: int, place: NamedNode) -> list[Quad]:
    """Gives new observations, about so many triples: those that there are, of another area."""
    found: list[Quad] = []
    area, elsewhere = term("area"), thing("area", "NZ")
    for group in edition.groups:
        for name in dict.fromkeys(triple.subject for triple in group):
            if isinstance(name, NamedNode) and "/observation/" in name.value:
                new = NamedNode(f"{name.value}-new")
                found += [
                    Quad(new, p, elsewhere if p == area else o, place)
                    for s, p, o in group
                    if s == name
                ]
                if len(found) >= triples:
                    return found
    return found
