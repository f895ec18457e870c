"""Stores of any size that look like the packaged edition, for the benchmarks beside this file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from hakusho.graph.inference import infer
from hakusho.graph.names import expand, graph, term
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.merge import INFERRED, is_merged, put
from hakusho.graph.store import Term
from hakusho.loaders.edition import load_edition, packaged_editions

R07 = graph("r07")
PAGE = term("page")
TYPE = NamedNode(expand("rdf:type"))


class Edition:
    """The packaged edition, whose indicators and observations can be had again and again."""

    def __init__(self) -> None:
        loaded = load_edition(packaged_editions()[-1])
        quads = [quad for quad in loaded.quads if is_merged(quad.graph_name)]
        self.whole = list(dict.fromkeys(quad.triple for quad in quads))
        said: dict[Term, list[Triple]] = defaultdict(list)
        for triple in self.whole:
            said[triple.subject].append(triple)
        self._nodes = _nodes(self.whole)
        self.groups = [[triple for node in nodes for triple in said[node]] for nodes in self._nodes]
        """What is said of each indicator and of its observations."""
        again = {triple.subject for group in self.groups for triple in group}
        self._rest = {node: triples for node, triples in said.items() if node not in again}

    def triples(self) -> Iterator[Triple]:
        """Gives each indicator with its observations and what they refer to, then the rest of the
        edition, then the indicators again under other names, without end."""
        given: set[Term] = set()
        for group in self.groups:
            waiting = [triple.object for triple in group]
            for node in waiting:
                if node in self._rest and node not in given:
                    given.add(node)
                    yield from self._rest[node]
                    waiting += [triple.object for triple in self._rest[node]]
            yield from group
        for node in self._rest.keys() - given:
            yield from self._rest[node]
        for number in count(1):
            for group, nodes in zip(self.groups, self._nodes, strict=True):
                yield from _copied(group, nodes, number)

    def followed(self, copies: int) -> Iterator[Triple]:
        """Gives what follows from the edition and so many copies of its indicators."""
        store = Store()
        put(store, [*ontology_dataset(), *(Quad(s, p, o, R07) for s, p, o in self.whole)])
        infer(store)
        facts = [quad.triple for quad in store.quads_for_pattern(None, None, None, INFERRED)]
        yield from facts
        by_node: dict[Term, list[Triple]] = defaultdict(list)
        for fact in facts:
            if any("/id/policy/" in str(end) for end in fact) or "replaces" in str(fact.predicate):
                # It rests on a link or a merge, and these are not copied.
                continue
            by_node[fact.subject].append(fact)
            by_node[fact.object].append(fact)
        groups = []
        for nodes in self._nodes:
            cubes = {
                fact.object for node in nodes for fact in by_node[node] if _is(fact, "dataSet")
            }
            cubes |= {f.subject for node in nodes for f in by_node[node] if _is(f, "observation")}
            own = [*nodes, *(node for node in cubes if isinstance(node, NamedNode))]
            groups.append((list(dict.fromkeys(f for node in own for f in by_node[node])), own))
        for number in range(1, copies + 1):
            for group, own in groups:
                yield from _copied(group, own, number)


def _is(fact: Triple, name: str) -> bool:
    return fact.predicate.value == expand(f"qb:{name}")


def _nodes(triples: list[Triple]) -> list[list[NamedNode]]:
    """Gives each indicator with its observations, by name."""
    of: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for subject, predicate, value in triples:
        if predicate == term("indicator") and isinstance(value, NamedNode):
            assert isinstance(subject, NamedNode)
            of[value].append(subject)
    return [[each, *sorted(of[each], key=str)] for each in sorted(of, key=str)]


def _copied(group: list[Triple], nodes: list[NamedNode], number: int) -> Iterator[Triple]:
    """Gives what is said of an indicator and its own under other names, as the rules name them."""
    slug = nodes[0].value.rpartition("/")[2]
    names: dict[Term, NamedNode] = {}
    for node in nodes:
        head, _, tail = node.value.rpartition("/")
        new = tail.replace(slug, f"{slug}-x{number}", 1)
        names[node] = NamedNode(f"{head}/{new}")
    for subject, predicate, value in group:
        yield Triple(names.get(subject, subject), predicate, names.get(value, value))


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


def more_observations(
    edition: Edition, triples: int, place: NamedNode, number: int = 0
) -> list[Quad]:
    """Gives new observations, about so many triples: those that there are, on other pages."""
    found: dict[Quad, None] = {}
    for group in edition.groups:
        for name in dict.fromkeys(triple.subject for triple in group):
            if isinstance(name, NamedNode) and "/observation/" in name.value:
                new = NamedNode(f"{name.value}{number}")
                for subject, predicate, value in group:
                    if predicate == PAGE and isinstance(value, NamedNode):
                        value = NamedNode(f"{value.value}?again={number}")
                        found[Quad(value, TYPE, term("Document"), place)] = None
                    if subject == name:
                        found[Quad(new, predicate, value, place)] = None
                if len(found) >= triples:
                    return list(found)
    return list(found)
