"""A store whose queries workers answer: what is asked in Python's terms, from written answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from ..errors import InvalidQuery, LimitExceeded
from ..sparql.syntax import bind
from ..store import Form, Query, Row, Term
from .answers import PoolAnswer

OWN: Final[dict[Form, str]] = {
    # Of what says all of a term, this is written and read in half the time of JSON.
    "solutions": "text/tab-separated-values",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}


class PoolStore:
    """A store that is asked by `answer`, and gives what that wrote as terms."""

    def answer(self, query: Query) -> PoolAnswer:
        """Gives the answer of a query, written in the media type wanted for its form."""
        raise NotImplementedError

    def rows(self, text: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Gives the solutions of a SELECT query, with variables bound beforehand where given."""
        written = self._whole(bind(text, bindings or {}), "solutions")
        results = pyoxigraph.parse_query_results(written, QueryResultsFormat.TSV)
        assert isinstance(results, QuerySolutions)
        names = [variable.value for variable in results.variables]
        return [
            {name: value for name, value in zip(names, solution, strict=True) if value is not None}
            for solution in results
        ]

    def ask(self, text: str) -> bool:
        """Gives the answer of an ASK query."""
        written = self._whole(text, "boolean")
        results = pyoxigraph.parse_query_results(written, QueryResultsFormat.JSON)
        assert isinstance(results, QueryBoolean)
        return bool(results)

    def triples(self, text: str) -> list[Triple]:
        """Gives the triples of a CONSTRUCT or DESCRIBE query."""
        written = self._whole(text, "graph")
        return [quad.triple for quad in pyoxigraph.parse(written, RdfFormat.N_TRIPLES)]

    def _whole(self, text: str, form: Form) -> bytes:
        answer = self.answer(Query(text, OWN))
        written = b"".join(answer.chunks)
        if answer.form != form:
            raise InvalidQuery(f"the query gives {answer.form}, and {form} is asked for")
        if answer.capped:
            raise LimitExceeded("rows", f"there are more than {answer.limit:,} rows")
        return written


class PastStore(PoolStore):
    """A store of one release, whichever is current."""

    def __init__(self, answer: Callable[[Query], PoolAnswer]) -> None:
        self._answer: Final = answer

    def answer(self, query: Query) -> PoolAnswer:
        """Gives the answer of a query, written in the media type wanted for its form."""
        return self._answer(query)
