"""Runs shapes over a view of a graph: every node that they are about, or chosen ones.

SHACL Core is worked out here, value by value; what a shape asks in SPARQL is put to the store. It
judges a node of a graph that is only looked at where it is, so that a change to ten million
triples costs what it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions, Store

from ..errors import UnusableShapes
from ..matching.patterns import Context, contexts
from ..matching.view import Node, View, text
from ..names import expand
from ..store import Term
from .components import PARAMETERS, Component, components
from .findings import Finding, Result, Shapes
from .paths import Path, read_path, values

TARGETS: Final = ("Class", "Node", "ObjectsOf", "SubjectsOf")
"""The ways in which a shape says what nodes it is about."""

_OTHERS: Final = frozenset(
    "declare deactivated defaultValue description flags group ignoredProperties message name "
    "order path prefixes property qualifiedValueShape severity sparql targetClass targetNode "
    "targetObjectsOf targetSubjectsOf".split()
)
"""What a shape may say beside the parameters of constraints."""


@dataclass(frozen=True)
class Question:
    """What a shape asks in SPARQL: its text, and what of the graph the answer rests on."""

    text: str
    reads: tuple[Context, ...]

    def results(self, store: Store, shape: str, nodes: Collection[Term]) -> Iterator[Result]:
        """Gives what the query finds in a store of some nodes.

        It is asked of all nodes at once: the group that it consists of binds $this, so binding it
        beforehand (SHACL, appendix A) and choosing afterwards are the same.
        """
        found = store.query(self.text)
        assert isinstance(found, QuerySolutions)
        names = {variable.value for variable in found.variables}
        for row in found:
            node = row["this"]
            if node is not None and node in nodes:
                path = row["path"] if "path" in names else None
                # SHACL, 5.3.2: where a query selects no value, the value is the node itself.
                value = (row["value"] if "value" in names else None) or node
                yield Result(text(node), shape, "sparql", path and text(path), text(value))


Source = Callable[[Question, Collection[Term]], Store]
"""Gives a store in which a question can be put about nodes."""


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

    @cached_property
    def name(self) -> str:
        """What findings call it."""
        return text(self.node)


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

    def is_about(self, view: View, shape: Shape, node: Term) -> bool:
        """Tells whether a shape is about a node."""
        return (
            node in shape.targets["Node"]
            or any(view.is_a(node, kind) for kind in shape.targets["Class"])
            or any(name in view.described(node) for name in _names(shape.targets["SubjectsOf"]))
            or any(view.pointing(name, node) for name in _names(shape.targets["ObjectsOf"]))
        )

    def findings(
        self, view: View, chosen: Mapping[Shape, Collection[Term]], source: Source
    ) -> list[Finding]:
        """Gives what shapes find wrong with nodes chosen for each, the worst first."""
        found: set[Result] = set()
        for shape, nodes in chosen.items():
            for node in nodes:
                found.update(self._results(view, shape, node))
            for question in shape.questions if nodes else ():
                found.update(question.results(source(question, nodes), shape.name, nodes))
        return sorted(map(self.shapes.finding, found), key=Finding.order)

    def conforms(self, view: View, node: Term, shape: Term) -> bool:
        """Tells whether a node passes a shape."""
        return next(self._results(view, self.shape(shape), node), None) is None

    def _results(self, view: View, shape: Shape, focus: Term) -> Iterator[Result]:
        if not shape.is_active:
            return
        path = shape.path
        found = [focus] if path is None else list(values(view, focus, path))
        name = text(path) if isinstance(path, NamedNode) else None
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
            query = _query(self.shapes, constraint)
            found = tuple(contexts(query))
            if not all(context.around or context.binds("?this") for context in found):
                raise UnusableShapes(f"a query of {text(node)} does not bind $this")
            yield Question(query, found)


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
