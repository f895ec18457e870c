"""A store that another engine holds: any that speaks SPARQL 1.1 Protocol and Graph Store Protocol.

    store = RemoteStore("http://localhost:3030/ds")          the engine is recognized by its headers
    store = RemoteStore("http://dba:dba@localhost:8890", "virtuoso")

Only the protocol is spoken; what an engine needs beside is in its profile (`dialects`). What it
answers is given whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import IO, Final, cast

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, Triple

from ..embedded import GRAPHS, TABLES
from ..errors import InvalidQuery, LimitExceeded, QueryRefused, UnsupportedFormat
from ..limits import NARROW, Limits
from ..names import PREFIXES
from ..sparql.clauses import Facts
from ..sparql.guard import check_query
from ..sparql.syntax import bind, position, tokens
from ..store import Form, Query, Row, Term
from ..terms import sparql
from ..workers.answers import PoolAnswer
from ..workers.held import Held
from .engine import Engine
from .graphs import RemoteGraphs
from .results import ACCEPT, Reader
from .wire import Reply
from .witness import rows_of

FORMS: Final[Mapping[str, Form]] = {
    "SELECT": "solutions",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
_BOOLEANS: Final = {
    value: b'{"head":{},"boolean":%s}' % str(value).lower().encode() for value in (True, False)
}


class RemoteStore:
    """A store at an address. Any number of threads may ask at once."""

    def __init__(
        self,
        url: str,
        engine: str | None = None,
        header: str | None = None,
        limits: Limits | None = None,
        addresses: Mapping[str, str] | None = None,
    ) -> None:
        """Takes the engine's address and name, and a header to show it where there is one.

        `addresses` says where `query`, `update` and `graphs` are sent when the profile does not.
        """
        self.limits: Final = limits or Limits()
        self.engine: Final = Engine(url, engine, header, self.limits, addresses or {})
        self.data: Final = RemoteGraphs(self.engine, self.limits, self.graphs)

    def rows(self, text: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Gives the solutions of a SELECT query, with variables bound beforehand where given."""
        query, facts = self._checked(Query(bind(text, bindings or {}), {}), "solutions")
        found = self._reader().solutions(self._sent(query, facts))
        names = [variable.value for variable in found.variables]
        rows: list[Row] = [
            {name: term for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in islice(found, self.limits.rows + 1)
        ]
        if len(rows) > self.limits.rows:
            raise LimitExceeded("rows", f"there are more than {self.limits.rows:,} rows")
        return rows

    def ask(self, text: str) -> bool:
        """Gives the answer of an ASK query."""
        query, facts = self._checked(Query(text, {}), "boolean")
        return self._reader().boolean(self._sent(query, facts))

    def triples(self, text: str) -> list[Triple]:
        """Gives the triples of a CONSTRUCT or DESCRIBE query."""
        query, facts = self._checked(Query(text, {}), "graph")
        found = list(islice(self._graph(query, facts), self.limits.rows + 1))
        if len(found) > self.limits.rows:
            raise LimitExceeded("rows", f"there are more than {self.limits.rows:,} triples")
        return found

    def answer(self, query: Query) -> PoolAnswer:
        """Gives the answer of any query, written in the media type wanted for its form."""
        query, facts = self._checked(query)
        form = FORMS[facts.form]
        media_type = query.media_types.get(form, "")
        offered = GRAPHS if form == "graph" else TABLES
        if media_type not in offered:
            raise UnsupportedFormat(media_type, tuple(offered))
        answer = PoolAnswer(form, media_type, iter(()), limit=self.limits.rows)
        held = _Counted(self.limits)
        try:
            answer.capped = self._write(query, facts, media_type, held)
        except BaseException:
            held.close()
            raise
        answer.size = held.size
        answer.chunks = iter(held)
        return answer

    def graphs(self) -> list[NamedNode]:
        """Gives the names of the graphs that hold data."""
        found = self._listed("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
        hidden = self.engine.hidden()
        return [name for name in found if name.value not in hidden]

    def close(self) -> None:
        """Closes the connections to the engine."""
        self.engine.close()

    def __enter__(self) -> RemoteStore:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _listed(self, text: str) -> list[NamedNode]:
        reply = self.engine.ask(text, ACCEPT["solutions"])
        return [row[0] for row in self._reader().solutions(reply) if isinstance(row[0], NamedNode)]

    def _reader(self) -> Reader:
        return Reader(self.engine.spoken, self.limits, self.engine.host)

    def _checked(self, query: Query, wanted: Form | None = None) -> tuple[Query, Facts]:
        facts = check_query(query.text, self.limits)
        _check_prologue(query.text)
        form = FORMS.get(facts.form)
        if form is None:
            raise InvalidQuery("no SELECT, ASK, CONSTRUCT or DESCRIBE in the text")
        if wanted not in (None, form):
            raise InvalidQuery(f"the query gives {form}, and {wanted} is asked for")
        return query, facts

    def _sent(self, query: Query, facts: Facts) -> Reply:
        before = f"BASE {sparql(NamedNode(query.base_iri))} " if query.base_iri else ""
        default, named = self._dataset(query, facts)
        accept = ACCEPT[FORMS[facts.form]]
        return self.engine.ask(before + query.text, accept, default, named, len(before))

    def _dataset(self, query: Query, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Gives the graphs to name to the engine, so that it reads what ours would."""
        if query.default_graphs or query.named_graphs or facts.names_dataset:
            return query.default_graphs, query.named_graphs
        stand_in = self.engine.stand_in()
        if stand_in is None:
            return (), ()
        named = self.data.names() if "GRAPH" in query.text.upper() else ()
        return (stand_in,), named

    def _write(self, query: Query, facts: Facts, media_type: str, held: _Counted) -> bool:
        """Writes an answer, and gives whether rows or triples of it were left out."""
        form = FORMS[facts.form]
        most = self.limits.rows
        if form == "graph":
            found = self._graph(query, facts)
            pyoxigraph.serialize(
                islice(found, most), held.file, GRAPHS[media_type], prefixes=PREFIXES
            )
            return next(found, None) is not None
        reply = self._sent(query, facts)
        if form == "boolean":
            value = self._reader().boolean(reply)
            said = pyoxigraph.parse_query_results(_BOOLEANS[value], QueryResultsFormat.JSON)
            said.serialize(held.file, TABLES[media_type])
            return False
        solutions = self._reader().solutions(reply)
        capped = self._reader().count(reply, most + 1) > most
        if capped:
            # Only what is asked for again can be written shorter.
            if facts.tail is None:
                raise LimitExceeded("rows", f"there are more than {most:,} rows")
            solutions = self._reader().solutions(self._sent(_limited(query, facts, most), facts))
        solutions.serialize(held.file, TABLES[media_type])
        return capped

    def _graph(self, query: Query, facts: Facts) -> Iterator[Triple]:
        if self.engine.spoken.cuts_graphs:
            self._reader().solutions(self._sent(*self._rows_of(query)))
        return self._reader().triples(self._sent(query, facts))

    def _rows_of(self, query: Query) -> tuple[Query, Facts]:
        rows = replace(query, text=rows_of(query.text))
        return rows, check_query(rows.text, self.limits)


def _check_prologue(text: str) -> None:
    """Refuses what only one engine understands: by its own pragmas some fetch from the network."""
    for token in tokens(text):
        if token.word in FORMS:
            return
        if token.word == "DEFINE":
            raise QueryRefused("DEFINE is no SPARQL", *position(text, token.start))


def _limited(query: Query, facts: Facts, rows: int) -> Query:
    """Gives a SELECT query with another limit."""
    assert facts.tail is not None
    start, end = facts.tail
    offset = f" OFFSET {facts.offset}" if facts.offset else ""
    text = query.text
    return replace(query, text=f"{text[:start]}\nLIMIT {rows}{offset}\n{text[end:]}")


class _Counted(Held):
    """An answer as it is written, no longer than the limit."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits.held_in_memory)
        self._most = limits.result_bytes

    @property
    def file(self) -> IO[bytes]:
        """Itself: of a file, the RDF library uses no more than there is here."""
        return cast(IO[bytes], self)

    def write(self, piece: bytes) -> int:
        """Takes a piece of the answer."""
        if self.size + len(piece) > self._most:
            message = f"the answer is longer than {self._most / 1e6:g} MB"
            raise LimitExceeded("size", message, NARROW)
        self.add(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Does nothing: what is written is kept at once."""
