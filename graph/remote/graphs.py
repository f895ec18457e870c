"""Writing to a remote engine: updates, and graphs by the Graph Store Protocol."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple

from ..errors import QueryRefused
from ..limits import Limits
from ..sparql.guard import check_update
from ..sparql.syntax import UPDATES, tokens
from ..terms import sparql
from .engine import Engine
from .results import ACCEPT, GRAPH, Reader

GraphName = NamedNode | DefaultGraph
KEPT_SECONDS: Final = 30.0
"""How long the list of graphs is taken for granted; whoever else writes may change it."""


class RemoteGraphs:
    """The graphs that an engine holds."""

    def __init__(
        self, engine: Engine, limits: Limits, listed: Callable[[], Sequence[NamedNode]]
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._listed = listed
        self._lock = threading.Lock()
        self._names: tuple[str, ...] = ()
        self._until = 0.0

    def names(self) -> tuple[str, ...]:
        """Gives the names of the graphs that hold data, as known a moment ago."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._names = tuple(name.value for name in self._listed())
                self._until = time.monotonic() + KEPT_SECONDS
            return self._names

    def update(self, text: str, using: Sequence[str] = (), named: Sequence[str] = ()) -> None:
        """Carries out an update, all of it or nothing.

        On an engine where several operations may take effect in part, they are refused.
        """
        facts = check_update(text, self._limits)
        if not facts.is_update:
            raise QueryRefused("this is a query, and only an update is carried out here")
        if not self._engine.spoken.atomic and _several(text):
            title = self._engine.spoken.title
            raise QueryRefused(
                f"{title} may carry out several operations in part; send them one at a time"
            )
        stand_in = self._engine.stand_in()
        if stand_in and not (using or named or facts.names_dataset):
            using = (stand_in,)
        self._write(text, using, named)

    def add(self, quads: Iterable[Quad]) -> None:
        """Adds quads: a few in one update, more of them graph by graph.

        Within a graph blank nodes stay the same; only a single update is all or nothing.
        """
        spoken = self._engine.spoken
        given = list(quads)
        plain = spoken.blank_nodes_in_update or not any(_has_blank_node(quad) for quad in given)
        if plain and len(given) <= spoken.triples_per_update:
            if given:
                self._write(f"INSERT DATA {{ {self._blocks(given)} }}")
            return
        for name, triples in _by_graph(given):
            self.post(name, triples)

    def remove(self, quads: Iterable[Quad]) -> None:
        """Removes quads, of which none may have a blank node: so many in each update as the
        engine takes."""
        given = list(quads)
        for quad in given:
            if _has_blank_node(quad):
                raise QueryRefused(f"a blank node cannot be named to be removed: {quad}")
        size = self._engine.spoken.triples_per_update
        for start in range(0, len(given), size):
            self._write(f"DELETE DATA {{ {self._blocks(given[start : start + size])} }}")

    def get(self, name: GraphName) -> list[Triple] | None:
        """Gives the triples of a graph; None where there is no such graph."""
        reply = self._engine.graph("GET", _iri(name), accept=ACCEPT["graph"])
        if reply is None:
            return None
        reader = Reader(self._engine.spoken, self._limits, self._engine.host)
        found = list(reader.triples(reply))
        if self._engine.spoken.cuts_graphs:
            iri = _iri(name) or self._engine.stand_in() or ""
            text = f"SELECT (1 AS ?one) WHERE {{ GRAPH {sparql(NamedNode(iri))} {{ ?s ?p ?o }} }}"
            reader.solutions(self._engine.ask(text, ACCEPT["solutions"]))
        return found

    def put(self, name: GraphName, triples: Iterable[Triple]) -> None:
        """Puts triples in the place of those that a graph had."""
        self._send("PUT", name, triples)

    def post(self, name: GraphName, triples: Iterable[Triple]) -> None:
        """Adds triples to a graph."""
        self._send("POST", name, triples)

    def drop(self, name: GraphName) -> bool:
        """Removes a graph and gives whether there was one."""
        there = self._engine.graph("DELETE", _iri(name)) is not None
        self._forget()
        return there

    def _send(self, method: str, name: GraphName, triples: Iterable[Triple]) -> None:
        document = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES)
        self._engine.graph(method, _iri(name), document, GRAPH)
        self._forget()

    def _write(self, text: str, using: Sequence[str] = (), named: Sequence[str] = ()) -> None:
        self._engine.update(text, using, named)
        self._forget()

    def _forget(self) -> None:
        with self._lock:
            self._until = 0.0

    def _blocks(self, quads: Iterable[Quad]) -> str:
        """Gives quads as they stand in INSERT DATA and DELETE DATA."""
        stand_in = self._engine.stand_in()
        blocks = []
        for name, triples in _by_graph(quads):
            lines = "\n".join(
                f"{sparql(each.subject)} {sparql(each.predicate)} {sparql(each.object)} ."
                for each in triples
            )
            iri = _iri(name) or stand_in
            blocks.append(f"GRAPH {sparql(NamedNode(iri))} {{\n{lines}\n}}" if iri else lines)
        return "\n".join(blocks)


def _by_graph(quads: Iterable[Quad]) -> Iterator[tuple[GraphName, list[Triple]]]:
    found: dict[GraphName, list[Triple]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.graph_name, BlankNode):
            raise QueryRefused("a graph that is a blank node cannot be named to another engine")
        found[quad.graph_name].append(quad.triple)
    yield from found.items()


def _has_blank_node(quad: Quad) -> bool:
    return any(map(_is_blank, quad.triple))


def _is_blank(term: object) -> bool:
    if isinstance(term, Triple):
        return any(map(_is_blank, term))
    return isinstance(term, BlankNode)


def _iri(name: GraphName) -> str | None:
    return None if isinstance(name, DefaultGraph) else name.value


def _several(text: str) -> bool:
    """Tells whether an update has more than one operation.

    >>> _several("INSERT DATA { <urn:a> <urn:b> 1 ; <urn:c> 2 } ;")
    False
    """
    depth = 0
    over = False
    for token in tokens(text):
        depth += (token.text == "{") - (token.text == "}")
        over = over or (token.text == ";" and depth == 0)
        if over and depth == 0 and token.word in UPDATES:
            return True
    return False
