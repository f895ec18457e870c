"""Things that have values in common by several properties, found by all of these together.

A query that asks for two such things names each property twice, and whoever follows it property by
property meets all that share one of them. Together they are a key, which few share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from pyoxigraph import NamedNode

from ..store import Term
from .patterns import Pattern
from .view import Node, View

Key = tuple[Term, ...]
"""A value of each property."""

_AT_ONCE: Final = 64
_TIMES: Final = 16
"""So many times as much may be looked up by another property as was found by the first."""


@dataclass(frozen=True)
class Twin:
    """A variable of a query that has values in common with another, and by which properties."""

    variable: str
    names: tuple[NamedNode, ...]


def twin_of(patterns: Iterable[Pattern], goal: str) -> Twin | None:
    """Gives what has values in common with what a variable stands for, by two properties or more.

    >>> from .patterns import contexts
    >>> text = "SELECT $this { $this <urn:p> ?a ; <urn:q> ?b . ?v <urn:q> ?b ; <urn:p> ?a }"
    >>> twin_of(contexts(text)[0].own, "?this").variable
    '?v'
    """
    known = list(patterns)
    mine = {(each.predicate, each.object) for each in known if each.subject == goal}
    shared: dict[str, dict[NamedNode, None]] = defaultdict(dict)
    for each in known:
        name, subject = each.predicate, each.subject
        if not isinstance(subject, str) or subject == goal or not isinstance(each.object, str):
            continue
        if isinstance(name, NamedNode) and (name, each.object) in mine and not each.is_endless:
            shared[subject][name] = None
    found = [Twin(variable, tuple(names)) for variable, names in shared.items() if len(names) > 1]
    return max(found, key=lambda each: len(each.names), default=None)


def keys(view: View, node: Term, names: Iterable[NamedNode]) -> Iterator[Key]:
    """Gives what a thing has by some properties: a key for each choice among several values."""
    said = view.described(node)
    return product(*(said.get(name, ()) for name in names))


class _Holders:
    """The things that have a value of a property, looked up as far as was needed."""

    def __init__(self, view: View, name: NamedNode, value: Term) -> None:
        self.name = name
        self.value = value
        self.found: dict[Node, None] = {}
        self.is_whole = False
        self._more = view.perhaps_pointing(name, value)

    def look(self, many: int) -> bool:
        """Looks up so many more, and tells whether those are all."""
        if not self.is_whole:
            new = list(islice(self._more, many))
            self.found |= dict.fromkeys(new)
            self.is_whole = len(new) < many
        return self.is_whole


class Keyed:
    """The things of a view by their keys, looked up once each, and perhaps some others."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._holders: dict[tuple[NamedNode, Term], _Holders] = {}
        self._having: dict[tuple[NamedNode, ...], dict[Key, Collection[Node]]] = defaultdict(dict)

    def twins(self, names: tuple[NamedNode, ...], nodes: Iterable[Term]) -> set[Term]:
        """Gives the things that have a key in common with any of some things, these among them.

        There may be some more, which have had it or are thought to have it.
        """
        known = self._having[names]
        met: set[Key] = set()
        found: set[Term] = set()
        for node in nodes:
            for key in keys(self._view, node, names):
                if key in met:
                    continue
                met.add(key)
                if key not in known:
                    known[key] = self._find(names, key)
                found.update(known[key])
        return found

    def _find(self, names: Iterable[NamedNode], key: Key) -> Collection[Node]:
        holders = [self._of(*pair) for pair in zip(names, key, strict=True)]
        # Whichever has the fewest is known first, however many share another value.
        while not (least := min(holders, key=lambda each: len(each.found))).look(_AT_ONCE):
            pass
        found: Set[Node] = least.found.keys()
        for each in sorted(holders, key=lambda each: not each.is_whole):
            if each.is_whole or each.look(_TIMES * len(found)):
                found = found & each.found.keys()
            else:
                said = {node: self._view.objects(node, each.name) for node in found}
                found = {node for node, values in said.items() if each.value in values}
        return found

    def _of(self, name: NamedNode, value: Term) -> _Holders:
        known = self._holders.get((name, value))
        if known is None:
            known = self._holders[name, value] = _Holders(self._view, name, value)
        return known
