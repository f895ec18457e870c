"""Terms so that equal values are equal texts: each engine writes numbers in its own way."""

from __future__ import annotations

from decimal import Decimal

from pyoxigraph import BlankNode, Literal, Triple

from hakusho.graph.store import Term

XSD = "http://www.w3.org/2001/XMLSchema#"


def triple_of(triple: Triple) -> tuple[str, ...]:
    return tuple(canonical(term) for term in triple)


def canonical(term: Term | None) -> str:
    """Gives a term as text; any blank node is like any other, and nothing is empty."""
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return "_:"
    if isinstance(term, Literal) and term.datatype.value.startswith(XSD):
        kind = term.datatype.value.removeprefix(XSD)
        if kind in ("integer", "decimal"):
            return f"number {Decimal(term.value).normalize():f}"
        if kind == "boolean":
            return f"boolean {term.value in ('1', 'true')}"
    return str(term)
