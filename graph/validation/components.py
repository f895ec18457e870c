"""The constraint components of SHACL Core (SHACL, 4): what each asks of the values of a shape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode

from ..errors import UnusableShapes
from ..matching.view import View, text
from ..names import expand
from ..store import Term
from .datatypes import compare, is_well_formed
from .findings import Shapes

Values = Collection[Term]
Told = tuple[NamedNode | None, Term | None]
"""What does not pass: by which property, where that is not the path of the shape, and the value."""

Failures = Callable[[View, Term, Values], Iterable[Told]]


class Engine(Protocol):
    """What components that refer to other shapes ask of the engine."""

    def conforms(self, view: View, node: Term, shape: Term) -> bool:
        """Tells whether a node passes a shape."""
        ...


@dataclass(frozen=True)
class Component:
    """One constraint of a shape: its name in findings, and what fails it."""

    name: str
    failures: Failures


Make = Callable[[Shapes, Term, Term, Engine], Failures]
"""Makes a constraint from the shapes, the shape, the value of its parameter, and the engine."""


def components(shapes: Shapes, shape: NamedNode | BlankNode, engine: Engine) -> Iterator[Component]:
    """Gives the constraints of a shape, but for those in SPARQL."""
    for parameter, (name, make) in PARAMETERS.items():
        for value in shapes.values(shape, f"sh:{parameter}"):
            yield Component(name, make(shapes, shape, value, engine))


def _each(passes: Callable[[View, Term], bool]) -> Failures:
    """Gives a constraint that every value must pass by itself."""

    def failures(view: View, focus: Term, values: Values) -> Iterator[Told]:
        return ((None, value) for value in values if not passes(view, value))

    return failures


def _whole(passes: Callable[[View, Term, Values], bool]) -> Failures:
    """Gives a constraint on all values together."""

    def failures(view: View, focus: Term, values: Values) -> Iterator[Told]:
        return iter(() if passes(view, focus, values) else ((None, None),))

    return failures


def _number(value: Term) -> int:
    if not isinstance(value, Literal) or not value.value.isdecimal():
        raise UnusableShapes(f"{value} is no whole number")
    return int(value.value)


def _members(shapes: Shapes, head: Term) -> list[Term]:
    return list(shapes.members(head))


def _min_count(shapes: Shapes, shape: Term, value: Term, engine: Engine) -> Failures:
    least = _number(value)
    return _whole(lambda view, focus, values: len(values) >= least)


def _max_count(shapes: Shapes, shape: Term, value: Term, engine: Engine) -> Failures:
    most = _number(value)
    return _whole(lambda view, focus, values: len(values) <= most)


def _class(shapes: Shapes, shape: Term, kind: Term, engine: Engine) -> Failures:
    return _each(lambda view, value: view.is_a(value, kind))


def _datatype(shapes: Shapes, shape: Term, datatype: Term, engine: Engine) -> Failures:
    return _each(
        lambda view, value: (
            isinstance(value, Literal) and value.datatype == datatype and is_well_formed(value)
        )
    )


_KINDS: Final = {
    "BlankNode": (BlankNode,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRI": (NamedNode,),
    "IRIOrLiteral": (NamedNode, Literal),
    "Literal": (Literal,),
}


def _node_kind(shapes: Shapes, shape: Term, value: Term, engine: Engine) -> Failures:
    kinds = _KINDS[text(value).removeprefix(expand("sh:"))]
    return _each(lambda view, value: isinstance(value, kinds))


def _bound(passes: Callable[[int], bool]) -> Make:
    def make(shapes: Shapes, shape: Term, bound: Term, engine: Engine) -> Failures:
        def within(view: View, value: Term) -> bool:
            order = compare(value, bound)
            return order is not None and passes(order)

        return _each(within)

    return make


def _length(passes: Callable[[int, int], bool]) -> Make:
    def make(shapes: Shapes, shape: Term, bound: Term, engine: Engine) -> Failures:
        length = _number(bound)
        return _each(
            lambda view, value: (
                isinstance(value, NamedNode | Literal) and passes(len(value.value), length)
            )
        )

    return make


def _pattern(shapes: Shapes, shape: Term, value: Term, engine: Engine) -> Failures:
    assert isinstance(shape, NamedNode | BlankNode)
    letters = "".join(text(flags) for flags in shapes.values(shape, "sh:flags"))
    marks = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
    flags = re.RegexFlag(0)
    for letter in letters:
        flags |= marks[letter]
    pattern = re.compile(text(value), flags)
    return _each(
        lambda view, value: (
            isinstance(value, NamedNode | Literal) and bool(pattern.search(value.value))
        )
    )


def _language_in(shapes: Shapes, shape: Term, head: Term, engine: Engine) -> Failures:
    ranges = [text(each).lower() for each in shapes.members(head)]

    def passes(view: View, value: Term) -> bool:
        language = (isinstance(value, Literal) and value.language) or ""
        # Basic filtering of RFC 4647: a range fits the tags that begin with it.
        return any(f"{language.lower()}-".startswith(f"{each}-") for each in ranges)

    return _each(passes)


def _unique_lang(shapes: Shapes, shape: Term, value: Term, engine: Engine) -> Failures:
    def passes(view: View, focus: Term, values: Values) -> bool:
        languages = Counter(
            each.language.lower() for each in values if isinstance(each, Literal) and each.language
        )
        return text(value) != "true" or all(count == 1 for count in languages.values())

    return _whole(passes)


def _has_value(shapes: Shapes, shape: Term, value: Term, engine: Engine) -> Failures:
    return _whole(lambda view, focus, values: value in values)


def _in(shapes: Shapes, shape: Term, head: Term, engine: Engine) -> Failures:
    allowed = frozenset(shapes.members(head))
    return _each(lambda view, value: value in allowed)


def _node(shapes: Shapes, shape: Term, other: Term, engine: Engine) -> Failures:
    return _each(lambda view, value: engine.conforms(view, value, other))


def _not(shapes: Shapes, shape: Term, other: Term, engine: Engine) -> Failures:
    return _each(lambda view, value: not engine.conforms(view, value, other))


def _list(passes: Callable[[Iterator[bool]], bool]) -> Make:
    def make(shapes: Shapes, shape: Term, head: Term, engine: Engine) -> Failures:
        others = _members(shapes, head)
        return _each(
            lambda view, value: passes(engine.conforms(view, value, other) for other in others)
        )

    return make


def _qualified(passes: Callable[[int, int], bool]) -> Make:
    def make(shapes: Shapes, shape: Term, bound: Term, engine: Engine) -> Failures:
        assert isinstance(shape, NamedNode | BlankNode)
        others = list(shapes.values(shape, "sh:qualifiedValueShape"))
        count = _number(bound)
        return _whole(
            lambda view, focus, values: all(
                passes(sum(engine.conforms(view, value, other) for value in values), count)
                for other in others
            )
        )

    return make


def _closed(shapes: Shapes, shape: Term, value: Term, engine: Engine) -> Failures:
    assert isinstance(shape, NamedNode | BlankNode)
    allowed: set[Term] = set()
    for part in shapes.values(shape, "sh:property"):
        if isinstance(part, NamedNode | BlankNode):
            allowed.update(shapes.values(part, "sh:path"))
    for head in shapes.values(shape, "sh:ignoredProperties"):
        allowed.update(shapes.members(head))

    def failures(view: View, focus: Term, values: Values) -> Iterator[Told]:
        for node in values if text(value) == "true" else ():
            for predicate, objects in view.described(node).items():
                if predicate not in allowed:
                    yield from ((predicate, each) for each in objects)

    return failures


def _equals(shapes: Shapes, shape: Term, predicate: Term, engine: Engine) -> Failures:
    def failures(view: View, focus: Term, values: Values) -> Iterator[Told]:
        others = view.objects(focus, predicate)  # type: ignore[arg-type]
        yield from ((None, value) for value in values if value not in others)
        yield from ((None, other) for other in others if other not in values)

    return failures


def _disjoint(shapes: Shapes, shape: Term, predicate: Term, engine: Engine) -> Failures:
    def failures(view: View, focus: Term, values: Values) -> Iterator[Told]:
        others = view.objects(focus, predicate)  # type: ignore[arg-type]
        return ((None, value) for value in values if value in others)

    return failures


def _less(passes: Callable[[int], bool]) -> Make:
    def make(shapes: Shapes, shape: Term, predicate: Term, engine: Engine) -> Failures:
        def failures(view: View, focus: Term, values: Values) -> Iterator[Told]:
            for value in values:
                for other in view.objects(focus, predicate):  # type: ignore[arg-type]
                    order = compare(value, other)
                    if order is None or not passes(order):
                        yield None, value

        return failures

    return make


PARAMETERS: Final[dict[str, tuple[str, Make]]] = {
    "minCount": ("min-count", _min_count),
    "maxCount": ("max-count", _max_count),
    "class": ("class", _class),
    "datatype": ("datatype", _datatype),
    "nodeKind": ("node-kind", _node_kind),
    "minExclusive": ("min-exclusive", _bound(lambda order: order > 0)),
    "minInclusive": ("min-inclusive", _bound(lambda order: order >= 0)),
    "maxExclusive": ("max-exclusive", _bound(lambda order: order < 0)),
    "maxInclusive": ("max-inclusive", _bound(lambda order: order <= 0)),
    "minLength": ("min-length", _length(lambda length, bound: length >= bound)),
    "maxLength": ("max-length", _length(lambda length, bound: length <= bound)),
    "pattern": ("pattern", _pattern),
    "languageIn": ("language-in", _language_in),
    "uniqueLang": ("unique-lang", _unique_lang),
    "equals": ("equals", _equals),
    "disjoint": ("disjoint", _disjoint),
    "lessThan": ("less-than", _less(lambda order: order < 0)),
    "lessThanOrEquals": ("less-than-or-equals", _less(lambda order: order <= 0)),
    "not": ("not", _not),
    "and": ("and", _list(all)),
    "or": ("or", _list(any)),
    "xone": ("xone", _list(lambda passed: sum(passed) == 1)),
    "node": ("node", _node),
    "qualifiedMinCount": ("qualified-min-count", _qualified(lambda count, least: count >= least)),
    "qualifiedMaxCount": ("qualified-max-count", _qualified(lambda count, most: count <= most)),
    "closed": ("closed", _closed),
    "hasValue": ("has-value", _has_value),
    "in": ("in", _in),
}
"""Each parameter with the name of its constraint and how it is made."""

OF_FOCUS: Final = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
"""The parameters of constraints that rest on more of the node than the values."""
