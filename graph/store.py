"""What can be asked of a store of named graphs, whoever answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from pyoxigraph import BlankNode, NamedNode, Triple
from pyoxigraph import Literal as RdfLiteral

Term = NamedNode | BlankNode | RdfLiteral | Triple
Row = Mapping[str, Term]
"""One solution: variable name to term; an unbound variable has no entry."""

Form = Literal["solutions", "boolean", "graph"]
"""What a query gives: SELECT solutions, an ASK boolean, or a CONSTRUCT or DESCRIBE graph."""


@dataclass(frozen=True)
class Query:
    """A query text with the dataset that the protocol names for it (SPARQL 1.1 Protocol, 2.1.4).

    `media_types` maps each form to the media type wanted for it; the form is known only once the
    text is parsed.
    """

    text: str
    media_types: Mapping[Form, str]
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base_iri: str | None = None


@dataclass
class Answer:
    """An answer as it is written out: its form, its media type and its bytes, piece by piece.

    `chunks` must be read to its end or closed; either frees what answers.
    """

    form: Form
    media_type: str
    chunks: Iterator[bytes]

    def close(self) -> None:
        """Stops the answer, whether or not it was read to its end."""
        close = getattr(self.chunks, "close", None)
        if close is not None:
            close()


class Store(Protocol):
    """A store that answers SPARQL queries; errors are those of `graph.errors`."""

    def rows(self, text: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Gives the solutions of a SELECT query, with variables bound beforehand where given."""
        ...

    def ask(self, text: str) -> bool:
        """Gives the answer of an ASK query."""
        ...

    def triples(self, text: str) -> list[Triple]:
        """Gives the triples of a CONSTRUCT or DESCRIBE query."""
        ...

    def answer(self, query: Query) -> Answer:
        """Gives the answer of any query, written in the media type wanted for its form."""
        ...
