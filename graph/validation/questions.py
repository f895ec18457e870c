"""What shapes ask in SPARQL, put to a store about many nodes at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import count
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from ..matching.patterns import Context, contexts
from ..matching.twins import Key, Twin, keys, twin_of
from ..matching.view import View, text
from ..names import graph
from ..store import Term
from .findings import Result

THIS: Final = "?this"

_SELECT: Final = re.compile(r"\bSELECT\b[^{]*", re.IGNORECASE)
_MODIFIER: Final = re.compile(r"\b(GROUP|HAVING|LIMIT|OFFSET|ORDER)\b|\bAS\b", re.IGNORECASE)
_KEYS: Final = graph("keys")
"""Where the keys of things stand in the store of questions, apart from what is stated."""


class Question:
    """What a shape asks in SPARQL: its text, and what of the graph the answer rests on."""

    def __init__(self, query: str) -> None:
        self._query = query
        self.reads: tuple[Context, ...] = tuple(contexts(query, _selects_this(query)))

    @cached_property
    def twin(self) -> Twin | None:
        """What must have values in common with the node, where that is so in any case."""
        first = [context.own for context in self.reads if not context.around]
        return twin_of(first[0], THIS) if len(first) == 1 else None

    @cached_property
    def key(self) -> NamedNode | None:
        """The property of a key in the store of questions."""
        names = (quote(each.value, safe="") for each in (self.twin.names if self.twin else ()))
        return graph("keys/" + "/".join(names)) if self.twin else None

    @cached_property
    def text(self) -> str:
        """The query; things that have values in common are found by their keys, first of all."""
        if self.twin is None:
            return self._query
        start, _, rest = self._query.partition("{")
        key = f"<{graph('keys').value}>"
        first = f"{THIS} {self.key} ?_key . {self.twin.variable} {self.key} ?_key"
        return f"{start}{{ GRAPH {key} {{ {first} }} {rest}"

    def results(
        self, store: Store, shape: str, nodes: Collection[Term]
    ) -> Iterator[tuple[Term, Result]]:
        """Gives what the query finds in a store of some nodes, with the node.

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
                yield node, Result(text(node), shape, "sparql", path and text(path), text(value))


def _selects_this(query: str) -> bool:
    """Tells whether all that subqueries do is to give the node and other terms, each once: so they
    mean the same whether the node is bound beforehand or chosen afterwards."""
    selects, others = _SELECT.findall(query)[1:], _MODIFIER.search(query)
    return others is None and all(each.startswith("SELECT DISTINCT $this ") for each in selects)


def with_keys(store: Store, view: View, questions: Iterable[Question]) -> None:
    """Puts the keys by which questions find things into a store of what a view states."""
    wanted = {each.key: each.twin for each in questions if each.twin is not None}
    numbers: dict[Key, int] = {}
    fresh = count()
    for name, twin in wanted.items():
        assert name is not None
        for quad in store.quads_for_pattern(None, twin.names[0], None, None):
            for key in keys(view, quad.subject, twin.names):
                number = numbers.setdefault((name, *key), next(fresh))
                store.add(Quad(quad.subject, name, graph(f"keys#{number}"), _KEYS))
