"""Property paths of shapes (SHACL, 2.3.1): which nodes a path leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from ..errors import UnusableShapes
from ..matching.view import View
from ..store import Term
from .findings import Shapes


@dataclass(frozen=True)
class Inverse:
    """A path read backwards."""

    path: Path


@dataclass(frozen=True)
class Sequence:
    """Paths one after the other."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """Any of several paths."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Repeated:
    """A path walked any number of times: from once or not at all, to once or without end."""

    path: Path
    can_stay: bool
    is_endless: bool


Path = NamedNode | Inverse | Sequence | Alternative | Repeated

_REPEATED = {
    "sh:zeroOrMorePath": (True, True),
    "sh:oneOrMorePath": (False, True),
    "sh:zeroOrOnePath": (True, False),
}


def read_path(shapes: Shapes, term: Term) -> Path:
    """Reads the path that a node of a shapes graph stands for."""
    if isinstance(term, NamedNode):
        return term
    if not isinstance(term, BlankNode):
        raise UnusableShapes(f"{term} is no path")
    if any(True for _ in shapes.values(term, "rdf:first")):
        return Sequence(tuple(read_path(shapes, part) for part in shapes.members(term)))
    for value in shapes.values(term, "sh:inversePath"):
        return Inverse(read_path(shapes, value))
    for value in shapes.values(term, "sh:alternativePath"):
        return Alternative(tuple(read_path(shapes, part) for part in shapes.members(value)))
    for name, (can_stay, is_endless) in _REPEATED.items():
        for value in shapes.values(term, name):
            return Repeated(read_path(shapes, value), can_stay, is_endless)
    raise UnusableShapes(f"{term} is no path")


def values(view: View, node: Term, path: Path, backwards: bool = False) -> dict[Term, None]:
    """Gives the nodes that a path leads to from a node, each once."""
    return dict.fromkeys(_walk(view, node, path, backwards))


def _walk(view: View, node: Term, path: Path, backwards: bool) -> Iterator[Term]:
    if isinstance(path, NamedNode):
        yield from view.pointing(path, node) if backwards else view.objects(node, path)
    elif isinstance(path, Inverse):
        yield from _walk(view, node, path.path, not backwards)
    elif isinstance(path, Alternative):
        for part in path.parts:
            yield from _walk(view, node, part, backwards)
    elif isinstance(path, Sequence):
        reached: dict[Term, None] = {node: None}
        for part in reversed(path.parts) if backwards else path.parts:
            reached = {v: None for each in reached for v in _walk(view, each, part, backwards)}
        yield from reached
    else:
        yield from _repeat(view, node, path, backwards)


def _repeat(view: View, node: Term, path: Repeated, backwards: bool) -> Iterator[Term]:
    if path.can_stay:
        yield node
    found: dict[Term, None] = {}
    for each in (waiting := [node]):
        new = [v for v in _walk(view, each, path.path, backwards) if v not in found]
        found |= dict.fromkeys(new)
        if path.is_endless:
            waiting += new
    yield from found
