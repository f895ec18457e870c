"""What an update would change, worked out on a copy of the store that nobody else sees.

The writer is to apply the difference, not the text. Comparing the whole store before and after
would cost as much as the store is large, so an operation with a pattern is made to write down what
it would remove and add in graphs of its own, which are then read, applied and dropped: the cost
follows the change. The engine still evaluates every pattern and fills in every template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store

from ..errors import InvalidQuery
from ..sparql.operations import Operation, operations
from ..sparql.recording import GraphName, Record
from ..sparql.syntax import syntax_error

DEFAULT: Final = DefaultGraph()
REMOVED_AT_ONCE: Final = 10_000


@dataclass
class Difference:
    """What an update removed and added, and which graphs it named or forgot."""

    added: dict[Quad, None] = field(default_factory=dict)
    removed: dict[Quad, None] = field(default_factory=dict)
    created: set[NamedNode | BlankNode] = field(default_factory=set)
    dropped: set[NamedNode | BlankNode] = field(default_factory=set)

    def take(self, quad: Quad) -> None:
        """Notes that a quad which was there is gone."""
        if quad in self.added:
            del self.added[quad]
        else:
            self.removed[quad] = None

    def put(self, quad: Quad) -> None:
        """Notes that a quad which was not there has come."""
        if quad in self.removed:
            del self.removed[quad]
        else:
            self.added[quad] = None


def difference(
    store: Store, text: str, base_iri: str | None = None, last: bool = True
) -> Difference:
    """Gives what an update would change in a store, which is a copy.

    With `last`, the copy is of no further use; else the change is made in it.
    """
    before = set(store.named_graphs())
    update = _Update(store, base_iri)
    found = operations(text)
    for operation in found:
        update.run(operation, is_last=last and operation is found[-1])
    after = update.graphs()
    update.difference.created = after - before
    update.difference.dropped = before - after
    return update.difference


def check_syntax(text: str, base_iri: str | None = None) -> None:
    """Raises InvalidQuery, with the place, where a text is no update that the engine can read."""
    try:
        Store().update(text, base_iri=base_iri)
    except SyntaxError as error:
        raise syntax_error(text, error, Store().update, update=True) from error
    except UnicodeEncodeError as error:
        raise InvalidQuery("the text has characters that are not Unicode") from error
    except (OSError, RuntimeError):
        pass  # It can be read; whether it can be done is not said by an empty store.


class _Update:
    def __init__(self, store: Store, base_iri: str | None) -> None:
        self._store = store
        self._base_iri = base_iri
        self._is_last = False
        self._records: set[NamedNode | BlankNode] = set()
        self.difference = Difference()

    def graphs(self) -> set[NamedNode | BlankNode]:
        """Gives the names of the graphs that there are now."""
        named = set(self._store.named_graphs()) - self._records
        coming = (quad.graph_name for quad in self.difference.added)
        return named | {name for name in coming if not isinstance(name, DefaultGraph)}

    def run(self, operation: Operation, is_last: bool) -> None:
        """Makes an operation. What nothing comes after need not be written into the store."""
        self._is_last = is_last
        words = operation.words
        if words[:2] in (["INSERT", "DATA"], ["DELETE", "DATA"]):
            self._data(operation, words[0])
        elif words[0] in ("INSERT", "DELETE", "WITH"):
            self._modify(operation)
        else:
            self._manage(operation)

    def _data(self, operation: Operation, form: str) -> None:
        """Reads the data by putting it into an empty store, whatever is to become of it."""
        (block,) = operation.blocks
        scratch = Store()
        data = operation.slice(block.start, block.end)
        self._execute(scratch, f"{operation.prologue}INSERT DATA {data}")
        if form == "DELETE":
            self._apply(removed=scratch, added=())
        else:
            self._apply(removed=(), added=scratch)
            for name in scratch.named_graphs():
                self._store.add_graph(name)

    def _modify(self, operation: Operation) -> None:
        record = Record(operation)
        self._execute(self._store, record.text)
        found: dict[str, list[Quad]] = {"INSERT": [], "DELETE": []}
        records = {name: record.target(name) for name in self._store.named_graphs()}
        for name, target in records.items():
            if target is None:
                continue
            self._records.add(name)
            for quad in self._quads(name):
                found[target[0]].append(Quad(quad.subject, quad.predicate, quad.object, target[1]))
        noted = NamedNode(record.noted)
        if noted in records or not self._is_last:
            for written in (*self._records, noted):
                self._store.remove_graph(written)
        if noted in records:
            self._compare(operation, None)
        else:
            self._apply(found["DELETE"], found["INSERT"])

    def _manage(self, operation: Operation) -> None:
        """Runs an operation on whole graphs, and compares those that it names."""
        self._compare(operation, self._named(operation))

    def _compare(self, operation: Operation, graphs: list[GraphName] | None) -> None:
        before = self._content(graphs)
        self._execute(self._store, operation.alone)
        after = self._content(graphs)
        for quad in before - after:
            self.difference.take(quad)
        for quad in after - before:
            self.difference.put(quad)

    def _content(self, graphs: list[GraphName] | None) -> set[Quad]:
        if graphs is None:
            return set(self._store)
        return {quad for name in graphs for quad in self._quads(name)}

    def _named(self, operation: Operation) -> list[GraphName] | None:
        words = operation.words
        if "ALL" in words:
            return None
        if "NAMED" in words:
            return list(self._store.named_graphs())
        terms = [said for kind, said, _, _ in operation.outer if kind in ("iri", "name")]
        found: list[GraphName] = [DEFAULT] if "DEFAULT" in words else []
        for term in terms:
            document = f"{operation.prologue}<urn:x> <urn:x> {term} ."
            for quad in pyoxigraph.parse(document, RdfFormat.TURTLE, base_iri=self._base_iri):
                if isinstance(quad.object, NamedNode):
                    found.append(quad.object)
        return found

    def _quads(self, name: GraphName) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, None, None, name)

    def _apply(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        coming = set(added)
        gone = [quad for quad in set(removed) - coming if quad in self._store]
        new = [quad for quad in coming if quad not in self._store]
        for quad in gone:
            self.difference.take(quad)
        for quad in new:
            self.difference.put(quad)
        if not self._is_last:
            self._remove(gone)
            self._store.extend(new)

    def _remove(self, quads: list[Quad]) -> None:
        # One by one, each would be a transaction of its own.
        nameless = [quad for quad in quads if "_:" in str(quad)]
        for quad in nameless:
            self._store.remove(quad)
        named = [quad for quad in quads if "_:" not in str(quad)]
        for start in range(0, len(named), REMOVED_AT_ONCE):
            data = " ".join(map(_written, named[start : start + REMOVED_AT_ONCE]))
            self._execute(self._store, f"DELETE DATA {{ {data} }}")

    def _execute(self, store: Store, text: str) -> None:
        try:
            store.update(text, base_iri=self._base_iri)
        except (SyntaxError, OSError, RuntimeError) as error:
            raise InvalidQuery(f"the update cannot be done: {error}") from error


def _written(quad: Quad) -> str:
    """Gives a quad as SPARQL data writes it."""
    triple = f"{quad.subject} {quad.predicate} {quad.object}"
    if isinstance(quad.graph_name, DefaultGraph):
        return f"{triple} ."
    return f"GRAPH {quad.graph_name} {{ {triple} }}"
