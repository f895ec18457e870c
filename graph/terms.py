"""Python values to RDF terms and back, and terms as SPARQL writes them: only here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .names import PREFIXES, expand, shorten
from .store import Term

XSD: Final = PREFIXES["xsd"]
INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger "
        "negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
)


def literal(value: str | bool | int | Decimal | date, datatype: str | None = None) -> Literal:
    """Gives the literal of a Python value; `datatype` is a prefixed name such as `xsd:gYear`.

    >>> literal(Decimal("54.7"))
    <Literal value=54.7 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#decimal>>
    >>> literal("2024", "xsd:gYear").datatype.value
    'http://www.w3.org/2001/XMLSchema#gYear'
    """
    if datatype is None:
        # bool before int: a bool is an int in Python.
        for kind, name in (
            (bool, "boolean"),
            (int, "integer"),
            (Decimal, "decimal"),
            (date, "date"),
        ):
            if isinstance(value, kind):
                datatype = f"xsd:{name}"
                break
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Literal(text, datatype=NamedNode(expand(datatype))) if datatype else Literal(text)


def python(term: Term) -> str | bool | int | Decimal | date:
    """Gives the Python value of a term: a number, truth or date where it is one, else its text.

    >>> python(Literal("3"))
    '3'
    >>> python(literal(Decimal("54.7")))
    Decimal('54.7')
    """
    if not isinstance(term, Literal):
        return text(term)
    datatype, lexical = term.datatype.value, term.value
    try:
        if datatype in INTEGERS:
            return int(lexical)
        if datatype in (XSD + "decimal", XSD + "double", XSD + "float"):
            return Decimal(lexical)
        if datatype == XSD + "boolean":
            return lexical in ("true", "1")
        if datatype == XSD + "date":
            return date.fromisoformat(lexical)
    except (ValueError, InvalidOperation):
        # An ill-typed literal is legal RDF: what it says is its text.
        return lexical
    return lexical


def text(term: Term) -> str:
    """Gives a term as people read it: a literal's text, an IRI's short form.

    >>> text(NamedNode("https://w3id.org/hakusho/id/policy/notice"))
    'policy/notice'
    """
    if isinstance(term, Triple):
        return str(term)
    if isinstance(term, NamedNode):
        return shorten(term.value)
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def sparql(term: Term) -> str:
    """Gives a term as it is written in a SPARQL query, escaped by the RDF library.

    >>> sparql(Literal('say "no"', language="en"))
    '"say \\\\"no\\\\""@en'
    """
    return str(term)
