"""What a change reaches: the nodes whose findings may differ, and what must be read to judge them.

Both follow from the shapes alone. What a shape reads is put as contexts of patterns from the node
that it judges on ($this), for SHACL Core as for SPARQL. A triple that came or went may matter
where it matches a pattern; the other patterns of the context then lead back to the nodes that
matter. Filters are left aside, so too much may be found, and nothing is missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count

from pyoxigraph import NamedNode, Triple

from ..errors import UnusableShapes
from ..matching.patterns import Context, Pattern, Patterns, Place
from ..matching.twins import Keyed
from ..matching.view import BELOW, TYPE, View
from ..store import Term
from .engine import Engine, Shape
from .paths import Alternative, Inverse, Path, Repeated, Sequence
from .questions import THIS
from .watching import Affected, Changes, Watched


class Reach:
    """What each of the shapes that have targets reads."""

    def __init__(self, engine: Engine) -> None:
        self._fresh = (f"?_{number}" for number in count())
        self._engine = engine
        self._watched = [
            Watched(shape, context)
            for shape in engine.targeted
            for context in self._contexts(shape)
        ]

    def affected(self, view: View, changed: Iterable[Triple], keyed: Keyed) -> Affected:
        """Gives the nodes of which shapes may say something else.

        The view has what was stated before and what is stated after.
        """
        changes = Changes(changed)
        led: dict[Shape, dict[Term, None]] = defaultdict(dict)
        for watched in self._watched:
            led[watched.shape] |= dict.fromkeys(watched.reached(view, changes, keyed))
        return Affected(changes.subjects, led)

    def _contexts(self, shape: Shape) -> Iterator[Context]:
        for kind in shape.targets["Class"]:
            yield Context((), self._being(THIS, kind))
        for name in shape.targets["SubjectsOf"]:
            yield Context((), (Pattern(THIS, name, next(self._fresh)),))
        for name in shape.targets["ObjectsOf"]:
            yield Context((), (Pattern(next(self._fresh), name, THIS),))
        yield from self._read(shape, THIS, (), ())

    def _read(
        self, shape: Shape, node: str, around: Patterns, within: tuple[Shape, ...]
    ) -> Iterator[Context]:
        """Gives what a shape reads to judge the node that a variable stands for."""
        if shape in within:
            raise UnusableShapes(f"{shape.name} refers to itself")
        shapes, within = self._engine.shapes, (*within, shape)
        for question in shape.questions:
            for context in question.reads:
                yield _renamed(context, node, around, self._fresh)
        for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"):
            for other in shapes.values(shape.node, f"sh:{name}"):
                yield Context(around, (Pattern(node, other, next(self._fresh)),))
        for value, steps in self._walked(shape, node):
            if steps:
                yield Context(around, steps)
            inner = (*around, *steps)
            for kind in shapes.values(shape.node, "sh:class"):
                yield Context(inner, self._being(value, kind))
            if any(shapes.values(shape.node, "sh:closed")):
                yield Context(inner, (Pattern(value, next(self._fresh), next(self._fresh)),))
            for other in self._others(shape):
                yield from self._read(self._engine.shape(other), value, inner, within)

    def _others(self, shape: Shape) -> Iterator[Term]:
        shapes = self._engine.shapes
        for name in ("property", "node", "not", "qualifiedValueShape"):
            yield from shapes.values(shape.node, f"sh:{name}")
        for name in ("and", "or", "xone"):
            for head in shapes.values(shape.node, f"sh:{name}"):
                yield from shapes.members(head)

    def _walked(self, shape: Shape, node: str) -> Iterator[tuple[str, Patterns]]:
        """Gives the variable of the values of a shape, and the patterns that lead there."""
        if shape.path is None:
            yield node, ()
            return
        value = next(self._fresh)
        for steps in self._steps(node, shape.path, value):
            yield value, steps

    def _steps(self, start: Place, path: Path, end: Place) -> Iterator[Patterns]:
        if isinstance(path, NamedNode):
            yield (Pattern(start, path, end),)
        elif isinstance(path, Inverse):
            yield from self._steps(end, path.path, start)
        elif isinstance(path, Alternative):
            for part in path.parts:
                yield from self._steps(start, part, end)
        elif isinstance(path, Sequence):
            middle = next(self._fresh) if len(path.parts) > 1 else end
            for first in self._steps(start, path.parts[0], middle):
                if len(path.parts) == 1:
                    yield first
                    continue
                for rest in self._steps(middle, Sequence(path.parts[1:]), end):
                    yield (*first, *rest)
        elif isinstance(path, Repeated) and isinstance(path.path, NamedNode):
            yield (Pattern(start, path.path, end, is_endless=True),)
        else:
            raise UnusableShapes("only one property can be walked again and again")

    def _being(self, node: str, kind: Term) -> Patterns:
        lowest = next(self._fresh)
        return Pattern(node, TYPE, lowest), Pattern(lowest, BELOW, kind, is_endless=True)


def _renamed(context: Context, node: str, around: Patterns, fresh: Iterator[str]) -> Context:
    """Gives a context of a query as one of the shape that asks it."""
    names: dict[str, str] = {THIS: node}

    def named(place: Place) -> Place:
        if not isinstance(place, str):
            return place
        return names.setdefault(place, place if node == THIS else next(fresh))

    def renamed(pattern: Pattern) -> Pattern:
        places = named(pattern.subject), named(pattern.predicate), named(pattern.object)
        return Pattern(*places, pattern.is_endless)

    own = tuple(map(renamed, context.own))
    return Context((*around, *map(renamed, context.around)), own)
