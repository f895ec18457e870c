"""What a release states, as a submission meets it: what is there, who says it, its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import count
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from ...graph.names import GRAPH, HK, HKID, PREFIXES, expand, graph
from ...graph.ontology import code_lists, ontology_dataset
from ...graph.releases.changes import GraphName
from ...graph.releases.merge import INFERRED, is_merged
from ...graph.releases.publishing import numbers
from ...graph.releases.release import Release
from ...graph.store import Term
from ..columns import kinds

TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
IN_SCHEME: Final = NamedNode(PREFIXES["skos"] + "inScheme")
REPLACED: Final = NamedNode(PREFIXES["dcterms"] + "isReplacedBy")
ONTOLOGY: Final = graph("ontology")
_SCHEME: Final = HKID + "scheme/"

Label = tuple[str | None, str | None]
"""What a thing is called in Japanese and in English."""


class Standing:
    """What stands in a release, or in a data folder that has none yet: the ontology alone."""

    def __init__(self, release: Release | None, merged: bool = True) -> None:
        self.number = None if release is None else release.number
        self.next = 1 if release is None else max(numbers(release.folder), default=0) + 1
        self.merged = merged
        self._known: dict[NamedNode, bool] = {}
        if release is None:
            self.store = Store()
            self.store.extend(ontology_dataset())
        else:
            self.store = release.engine()
            self.merged = release.manifest.default_graph == "merged"

    @cached_property
    def own(self) -> str:
        """The name of a submission's graph: by the release that it makes, or another where a graph
        of that name came from elsewhere."""
        name = f"submission-{self.next}"
        names = (name if number == 1 else f"{name}-{number}" for number in count(1))
        return next(each for each in names if not self.has(graph(each)))

    @cached_property
    def own_graph(self) -> NamedNode:
        """The graph of a submission."""
        return graph(self.own)

    def has(self, name: GraphName) -> bool:
        """Says whether the release has a graph of that name."""
        if isinstance(name, DefaultGraph) or self.number is None:
            return False
        return self.store.contains_named_graph(name)

    def is_replaceable(self, name: GraphName) -> bool:
        """Says whether statements of a graph can give way to a submission's."""
        if isinstance(name, DefaultGraph):
            return not self.merged
        return is_merged(name) and name not in (INFERRED, ONTOLOGY)

    def states(self, triple: Triple) -> bool:
        """Says whether a graph that is read by everyone states a triple, inferred ones too."""
        # Most of a submission is about things of which nothing is said, looked up once each.
        if isinstance(triple.subject, NamedNode) and not self.knows(triple.subject):
            return False
        found = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(
            is_merged(quad.graph_name) or isinstance(quad.graph_name, DefaultGraph)
            for quad in found
        )

    def replaceable(self, subject: NamedNode, predicate: NamedNode) -> Iterator[Quad]:
        """Gives the statements of a property that can give way to a submission's."""
        for quad in self.store.quads_for_pattern(subject, predicate, None, None):
            if self.is_replaceable(quad.graph_name):
                yield quad

    def describing(self, thing: NamedNode | BlankNode) -> tuple[str, ...]:
        """Gives the graphs that say something of a thing, by their short names."""
        names = {
            quad.graph_name
            for quad in self.store.quads_for_pattern(thing, None, None, None)
            if self.is_replaceable(quad.graph_name)
        }
        short = (name.value.removeprefix(GRAPH) for name in names if isinstance(name, NamedNode))
        return tuple(sorted(short)) or (("",) if names else ())

    def knows(self, thing: NamedNode) -> bool:
        """Says whether anything is stated of a thing."""
        known = self._known.get(thing)
        if known is None:
            found = self.store.quads_for_pattern(thing, None, None, None)
            known = self._known[thing] = any(True for _ in found)
        return known

    def classes(self, thing: NamedNode | BlankNode) -> set[str]:
        """Gives the classes that a thing has, all IRIs."""
        found = self.store.quads_for_pattern(thing, TYPE, None, None)
        return {quad.object.value for quad in found if isinstance(quad.object, NamedNode)}

    def label(self, thing: Term) -> Label:
        """Gives what a thing is called."""
        if not isinstance(thing, NamedNode):
            return (None, None)
        found = self.store.quads_for_pattern(thing, LABEL, None, None)
        return labels(quad.object for quad in found)

    def names_in(self, kind: str, of_class: str) -> Iterator[tuple[str, list[str]]]:
        """Gives the ids of a kind of thing, each with its labels."""
        start = f"{HKID}{kind}/"
        found = self.store.quads_for_pattern(None, TYPE, NamedNode(of_class), None)
        for subject in dict.fromkeys(quad.subject for quad in found):
            if isinstance(subject, NamedNode) and subject.value.startswith(start):
                called = self.label(subject)
                yield subject.value.removeprefix(start), [name for name in called if name]

    @cached_property
    def terms(self) -> frozenset[str]:
        """Everything that the ontology and its code lists describe."""
        described = (quad.subject for quad in self._ontology())
        return frozenset(each.value for each in described if isinstance(each, NamedNode))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The classes and properties of the ontology."""
        return frozenset(name for name in self.terms if name.startswith(HK) and name != HK)

    @cached_property
    def lists(self) -> frozenset[str]:
        """The kinds of ids that belong to code lists, such as `policy-kind`."""
        schemes = {
            quad.object.value.removeprefix(_SCHEME)
            for quad in code_lists()
            if quad.predicate == IN_SCHEME and isinstance(quad.object, NamedNode)
        }
        return frozenset(schemes - set(kinds().values()))

    def _ontology(self) -> Iterator[Quad]:
        yield from ontology_dataset()
        yield from self.store.quads_for_pattern(None, None, None, ONTOLOGY)


def labels(terms: Iterator[Term]) -> Label:
    """Gives the Japanese and the English of some texts."""
    texts = {term.language: term.value for term in terms if isinstance(term, Literal)}
    return (texts.get("ja"), texts.get("en"))


def class_of(kind: str) -> str | None:
    """Gives the class of the things of a kind, such as `hk:Policy` in full for `policy`."""
    from ..columns import context

    tables = {of: name for name, of in kinds().items()}
    entry = context().get(tables.get(kind, ""))
    return expand(entry["@id"]) if isinstance(entry, dict) else None
