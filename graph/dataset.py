"""The default graph of a query that names several: their merge, in which no triple is twice.

The engine reads several default graphs one after the other, so that a triple which stands in two
of them comes twice and is counted twice. SPARQL 1.1, section 13.2.1, says it is their merge.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from .releases.changes import GraphName

_KEPT: Final = 4


class Datasets:
    """Gives the store and graphs that answer a query's dataset; the store must not change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._disjoint: dict[frozenset[str], bool] = {}
        self._merged: OrderedDict[tuple[frozenset[str], frozenset[str]], Store] = OrderedDict()

    def of(
        self, default: Sequence[str], named: Sequence[str]
    ) -> tuple[Store, list[GraphName], list[NamedNode | BlankNode]]:
        """Gives a store, and its graphs that are the default and the named ones of a dataset."""
        defaults = list(dict.fromkeys(default))
        names: list[NamedNode | BlankNode] = [NamedNode(name) for name in named]
        if all(self._are_disjoint(pair) for pair in combinations(defaults, 2)):
            return self._store, [NamedNode(name) for name in defaults], names
        return self._merge(frozenset(defaults), frozenset(named)), [DefaultGraph()], names

    def _are_disjoint(self, pair: Collection[str]) -> bool:
        key = frozenset(pair)
        if key not in self._disjoint:
            one, other = (NamedNode(name) for name in pair)
            shared = self._store.query(
                f"ASK {{ GRAPH {one} {{ ?s ?p ?o }} GRAPH {other} {{ ?s ?p ?o }} }}"
            )
            self._disjoint[key] = not shared
        return self._disjoint[key]

    def _merge(self, default: frozenset[str], named: frozenset[str]) -> Store:
        key = (default, named)
        if key in self._merged:
            self._merged.move_to_end(key)
            return self._merged[key]
        merged = Store()
        for name in default:
            merged.bulk_extend(
                Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())
                for quad in self._quads(name)
            )
        for name in named:
            merged.add_graph(NamedNode(name))
            merged.bulk_extend(self._quads(name))
        self._merged[key] = merged
        if len(self._merged) > _KEPT:
            self._merged.popitem(last=False)
        return merged

    def _quads(self, name: str) -> list[Quad]:
        return list(self._store.quads_for_pattern(None, None, None, NamedNode(name)))
