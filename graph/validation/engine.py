"""Runs shapes over a view of a graph: every node that they are about, or chosen ones.

SHACL Core is worked out here, value by value; what a shape asks in SPARQL is put to the store. It
judges a node of a graph that is only looked at where it is, so that a change to ten million
triples costs what it touches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, Store

from ..errors import UnusableShapes
from ..matching.view import TYPE, Node, View, text
from ..names import expand
from ..progress import Told, counted, parts
from ..store import Term
from .components import OF_FOCUS, PARAMETERS, Component, components
from .findings import Finding, Result, Shapes
from .paths import Path, read_path, values
from .questions import Question, with_keys

TARGETS: Final = ("Class", "Node", "ObjectsOf", "SubjectsOf")
"""The ways in which a shape says what nodes it is about."""

_OTHERS: Final = frozenset(
    "declare deactivated defaultValue description flags group ignoredProperties message name "
    "order path prefixes property qualifiedValueShape severity sparql targetClass targetNode "
    "targetObjectsOf targetSubjectsOf".split()
)
"""What a shape may say beside the parameters of constraints."""


Source = Callable[[Mapping[Question, Collection[Term]]], Store]
"""Gives a store in which questions can be put, each about some nodes."""


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape as it is run."""

    node: Node
    targets: Mapping[str, frozenset[Term]]
    path: Path | None
    components: tuple[Component, ...]
    parts: tuple[Term, ...]
    questions: tuple[Question, ...]
    is_active: bool
    is_of_values: bool
    """Whether what it says of itself rests on the values alone, and not on what has them."""

    @cached_property
    def name(self) -> str:
        """What findings call it."""
        return text(self.node)

    @cached_property
    def is_of_classes(self) -> bool:
        """Whether it is about things of some classes and no others."""
        return not any(nodes for way, nodes in self.targets.items() if way != "Class")


@dataclass(frozen=True)
class Outcome:
    """What shapes say of nodes, and the nodes that they say it of."""

    results: frozenset[Result]
    at: Mapping[Shape, set[Term]]

    def is_of_nodes(self) -> bool:
        """Tells whether each result is about a node that was judged, not one that it leads to."""
        judged = {text(node) for nodes in self.at.values() for node in nodes}
        return all(result.node in judged for result in self.results)


class Engine:
    """Shapes made ready to be run."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self._read: dict[Term, Shape] = {}
        targets = {
            quad.subject
            for way in TARGETS
            for quad in shapes.store.quads_for_pattern(
                None, NamedNode(expand(f"sh:target{way}")), None
            )
        }
        found = (self.shape(each) for each in targets)
        self.targeted = tuple(
            sorted((each for each in found if each.is_active), key=lambda each: each.name)
        )
        """The shapes that say which nodes they are about."""

    def shape(self, node: Term) -> Shape:
        """Gives the shape that a node of the shapes graph is."""
        known = self._read.get(node)
        if known is None:
            known = self._read[node] = self._shape(node)
        return known

    def targets(self, view: View, shape: Shape) -> dict[Term, None]:
        """Gives the nodes that a shape is about (SHACL, 2.1.3)."""
        found: dict[Term, None] = dict.fromkeys(shape.targets["Node"])
        for kind in shape.targets["Class"]:
            found.update(dict.fromkeys(view.members(kind)))
        for predicate in _names(shape.targets["SubjectsOf"]):
            found |= {node: None for node, _ in view.stated(predicate)}
        for predicate in _names(shape.targets["ObjectsOf"]):
            found |= {value: None for _, value in view.stated(predicate)}
        return found

    def about(self, view: View, shape: Shape, nodes: Iterable[Term]) -> dict[Term, None]:
        """Gives those of some nodes that a shape is about."""
        kinds: dict[tuple[Term, ...], bool] = {}
        found: dict[Term, None] = {}
        for node in nodes:
            key = tuple(view.objects(node, TYPE))
            if key not in kinds:
                kinds[key] = not shape.targets["Class"].isdisjoint(view.above_all(key))
            if kinds[key] or (
                not shape.is_of_classes and self._is_otherwise_about(view, shape, node)
            ):
                found[node] = None
        return found

    def about_any(self, view: View, nodes: Iterable[Term]) -> dict[Shape, dict[Term, None]]:
        """Gives, for each shape, those of some nodes that it is about."""
        alike: dict[tuple[Term, ...], dict[Term, None]] = defaultdict(dict)
        for node in nodes:
            alike[tuple(view.objects(node, TYPE))][node] = None
        found: dict[Shape, dict[Term, None]] = defaultdict(dict)
        for kinds, group in alike.items():
            above = view.above_all(kinds)
            for shape in self.targeted:
                if not shape.targets["Class"].isdisjoint(above):
                    found[shape] |= group
                elif not shape.is_of_classes:
                    found[shape] |= self.about(view, shape, group)
        return found

    def findings(
        self, view: View, chosen: Mapping[Shape, Collection[Term]], source: Source
    ) -> list[Finding]:
        """Gives what shapes find wrong with nodes chosen for each, the worst first."""
        return self.told(self.outcome(view, chosen, source).results)

    def told(self, results: Iterable[Result]) -> list[Finding]:
        """Gives results as findings, the worst first."""
        return sorted(map(self.shapes.finding, results), key=Finding.order)

    def outcome(
        self,
        view: View,
        chosen: Mapping[Shape, Collection[Term]],
        source: Source,
        told: Told | None = None,
    ) -> Outcome:
        """Gives what shapes say of nodes chosen for each, and tells how many shapes were run."""
        judged, gathered, answered = parts(told, (2, 5, 3))
        found: set[Result] = set()
        at: dict[Shape, set[Term]] = defaultdict(set)
        asked: dict[Question, Collection[Term]] = {}
        for shape, nodes in counted(chosen.items(), judged):
            asked |= dict.fromkeys(shape.questions if nodes else (), nodes)
            for node in nodes if shape.components or shape.parts else ():
                for result in self._results(view, shape, node):
                    found.add(result)
                    at[shape].add(node)
        if asked:
            store = source(asked)
            with_keys(store, view, asked)
        gathered(1.0)
        for shape, nodes in counted(chosen.items(), answered):
            for question in shape.questions if nodes else ():
                for node, result in question.results(store, shape.name, nodes):
                    found.add(result)
                    at[shape].add(node)
        return Outcome(frozenset(found), at)

    def conforms(self, view: View, node: Term, shape: Term) -> bool:
        """Tells whether a node passes a shape."""
        return next(self._results(view, self.shape(shape), node), None) is None

    def _results(self, view: View, shape: Shape, focus: Term) -> Iterator[Result]:
        if not shape.is_active:
            return
        path = shape.path
        if isinstance(path, NamedNode) and shape.is_of_values:
            # What rests on values alone is as it was when they were met before.
            met, key = view.passed[shape], tuple(view.objects(focus, path))
            if key in met:
                return
            results = list(self._told(view, shape, focus, key))
            if results:
                yield from results
            elif all(isinstance(value, NamedNode) for value in key):
                met.add(key)
            return
        found = (focus,) if path is None else tuple(values(view, focus, path))
        yield from self._told(view, shape, focus, found)

    def _told(
        self, view: View, shape: Shape, focus: Term, found: tuple[Term, ...]
    ) -> Iterator[Result]:
        name = text(shape.path) if isinstance(shape.path, NamedNode) else None
        for component in shape.components:
            for predicate, value in component.failures(view, focus, found):
                yield Result(
                    text(focus),
                    shape.name,
                    component.name,
                    name if predicate is None else text(predicate),
                    None if value is None else text(value),
                )
        for part in shape.parts:
            for value in found:
                yield from self._results(view, self.shape(part), value)

    def _is_otherwise_about(self, view: View, shape: Shape, node: Term) -> bool:
        """Tells whether a shape is about a node, whatever the classes of that."""
        return (
            node in shape.targets["Node"]
            or any(name in view.described(node) for name in _names(shape.targets["SubjectsOf"]))
            or any(view.pointing(name, node) for name in _names(shape.targets["ObjectsOf"]))
        )

    def _shape(self, node: Term) -> Shape:
        if not isinstance(node, Node):
            raise UnusableShapes(f"{node} is no shape")
        paths = [read_path(self.shapes, path) for path in self.shapes.values(node, "sh:path")]
        self._check(node, bool(paths))
        return Shape(
            node,
            {way: frozenset(self.shapes.values(node, f"sh:target{way}")) for way in TARGETS},
            paths[0] if paths else None,
            tuple(components(self.shapes, node, self)),
            tuple(self.shapes.values(node, "sh:property")),
            tuple(self._questions(node)),
            all(text(each) != "true" for each in self.shapes.values(node, "sh:deactivated")),
            not any(any(self.shapes.values(node, f"sh:{name}")) for name in OF_FOCUS),
        )

    def _check(self, node: Node, has_path: bool) -> None:
        kinds = set(self.shapes.values(node, "rdf:type"))
        if NamedNode(expand("sh:PropertyShape")) in kinds and not has_path:
            raise UnusableShapes(f"{text(node)} is a property shape without a path")
        if NamedNode(expand("rdfs:Class")) in kinds:
            raise UnusableShapes(f"{text(node)} is a class, too; give it sh:targetClass")
        for quad in self.shapes.store.quads_for_pattern(node, None, None):
            name = quad.predicate.value.removeprefix(expand("sh:"))
            is_known = name in PARAMETERS or name in _OTHERS
            if name != quad.predicate.value and not is_known:
                raise UnusableShapes(f"{text(node)} has sh:{name}, which is not understood")
            if name == "sparql" and has_path:
                raise UnusableShapes(f"{text(node)} asks in SPARQL of a path; let it ask of a node")

    def _questions(self, node: Node) -> Iterator[Question]:
        for constraint in self.shapes.values(node, "sh:sparql"):
            found = Question(_query(self.shapes, constraint))
            if not all(context.around or context.binds("?this") for context in found.reads):
                raise UnusableShapes(f"a query of {text(node)} does not bind $this")
            yield found


def _names(terms: Iterable[Term]) -> Iterator[NamedNode]:
    return (term for term in terms if isinstance(term, NamedNode))


def _query(shapes: Shapes, constraint: Term) -> str:
    """Gives the query of a constraint under the prefixes that it asks for (SHACL, 5.2.1)."""
    assert isinstance(constraint, Node)
    lines = []
    for source in shapes.values(constraint, "sh:prefixes"):
        for declared in shapes.values(source, "sh:declare"):  # type: ignore[arg-type]
            assert isinstance(declared, Node)
            prefix = next(shapes.values(declared, "sh:prefix"))
            namespace = next(shapes.values(declared, "sh:namespace"))
            lines.append(f"PREFIX {text(prefix)}: <{text(namespace)}>")
    select = next(shapes.values(constraint, "sh:select"))
    return "\n".join([*sorted(lines), text(select)])
