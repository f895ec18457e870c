"""What a person gives for a parameter, as the RDF terms that its type asks for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import NamedNode

from ..graph.errors import BadParameter
from ..graph.names import HKID, expand, thing
from ..graph.store import Term
from ..graph.terms import literal
from .header import Parameter

Given = str | Term
"""A value as a person gives it, or a term that is already one."""

PARTS: Final = ("DocumentPart", "Part", "Chapter", "Section", "Subsection")
LITERALS: Final = {
    "xsd:string": ("a text", r"(?s).*"),
    "xsd:integer": ("a whole number such as 3", r"[+-]?\d+"),
    "xsd:decimal": ("a number such as 54.7", r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "xsd:boolean": ("true or false", r"true|false"),
    "xsd:date": ("a date such as 2025-03-31", r"\d{4}-\d\d-\d\d"),
    "xsd:gYear": ("a year such as 2025", r"\d{4}"),
    "lang": ("ja or en", r"ja|en"),
}


def kind_of(type: str) -> str | None:
    """Gives the KIND in the IRIs of a parameter type's things; none for a literal or any IRI.

    >>> kind_of("hk:Challenge"), kind_of("scheme/policy-kind"), kind_of("hk:Section")
    ('challenge', 'policy-kind', 'part')
    """
    if type.startswith("scheme/"):
        return type.removeprefix("scheme/")
    if not type.startswith("hk:"):
        return None
    name = type.removeprefix("hk:")
    return "part" if name in PARTS else name.lower()


def terms_of(parameter: Parameter, given: Given | Iterable[Given]) -> list[Term]:
    """Gives the terms of what was given for a parameter, each once."""
    values = [given] if isinstance(given, str | Term) else list(given)
    if len(values) > 1 and not parameter.many:
        raise BadParameter(parameter.name, ", ".join(map(str, values)), "one value")
    return list(dict.fromkeys(term_of(parameter, value) for value in values))


def term_of(parameter: Parameter, value: Given) -> Term:
    """Gives the term of one value, checked against the parameter's type.

    >>> challenge = Parameter("challenge", "hk:Challenge", {}, "challenge/ai-risk")
    >>> term_of(challenge, "ai-risk")
    <NamedNode value=https://w3id.org/hakusho/id/challenge/ai-risk>
    """
    if not isinstance(value, str):
        return value
    if parameter.choices and value not in parameter.choices:
        raise BadParameter(
            parameter.name,
            value,
            f"one of {', '.join(parameter.choices)}",
            nearest(value, parameter.choices),
        )
    if parameter.type in LITERALS:
        return _literal(parameter, value)
    iri = _iri(parameter, value.strip())
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadParameter(parameter.name, value, _wanted(parameter)) from error


def _literal(parameter: Parameter, value: str) -> Term:
    expected, pattern = LITERALS[parameter.type]
    if parameter.type != "xsd:string":
        value = value.strip()
    if not re.fullmatch(pattern, value):
        raise BadParameter(parameter.name, value, expected)
    try:
        if parameter.type == "xsd:date":
            return literal(date.fromisoformat(value))
        if parameter.type == "xsd:decimal":
            return literal(Decimal(value))
    except (ValueError, InvalidOperation) as error:
        raise BadParameter(parameter.name, value, expected) from error
    return literal(value, None if parameter.type == "lang" else parameter.type)


def _iri(parameter: Parameter, value: str) -> str:
    kind = kind_of(parameter.type)
    if kind is None:
        iri = expand(value)
        if ":" not in iri or not value:
            raise BadParameter(parameter.name, value, _wanted(parameter))
        return iri
    if ":" in value and not value.startswith(HKID):
        # The things of a class may have IRIs of their own, as the pages of a document do.
        return expand(value)
    given_kind, slash, slug = value.removeprefix(HKID).rpartition("/")
    if not slug or (slash and given_kind != kind):
        raise BadParameter(parameter.name, value, _wanted(parameter))
    return thing(kind, slug).value


def _wanted(parameter: Parameter) -> str:
    kind = kind_of(parameter.type)
    what = f"the id of a thing of kind {kind}" if kind else "an IRI"
    return f"{what} such as {parameter.example}"


def nearest(asked: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Gives the known names most like the one asked, the likest first.

    >>> nearest("ai-rsk", ["ai-risk", "disaster"])
    ('ai-risk',)
    """
    return tuple(difflib.get_close_matches(asked, list(known), limit, 0.6))
