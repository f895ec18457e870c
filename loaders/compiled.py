"""The context compiled: for each column of a table, the statement that a cell of it makes.

It says of a completed row what JSON-LD with the same context says, and to which column each
statement is due, without making a document of the row first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from ..graph.names import HKID, expand, graph
from .cells import Json
from .columns import context, kinds
from .nodes import Node

Make = Callable[[str], NamedNode | Literal]
"""Gives the term of a cell's text."""

TYPE: Final = NamedNode(expand("rdf:type"))
_KEYWORD: Final = "@"


@dataclass(frozen=True)
class Statement:
    """How the cells of a column become statements: their property, and the term of a text.

    `reverse` says that the row's thing is what is spoken of, not what is said.
    """

    property: NamedNode
    make: Make
    reverse: bool = False


@cache
def statements(table: str) -> Mapping[str, Statement]:
    """Gives the statements that the columns of a table make.

    >>> about = statements("policies")["lead_org_id"]
    >>> about.property.value, about.make("mic").value
    ('https://w3id.org/hakusho/ontology#ledBy', 'https://w3id.org/hakusho/id/organization/mic')
    """
    own = context()[table]["@context"] if table in kinds() else {}
    found = {}
    for name, entry in {**context(), **own}.items():
        statement = None if name.startswith(_KEYWORD) else _statement(entry)
        if statement is not None:
            found[name] = statement
    return found


def _statement(entry: Any) -> Statement | None:
    """Reads an entry of the context; None where it makes no statement."""
    if isinstance(entry, str):
        is_property = not entry.startswith((_KEYWORD, "http"))
        return Statement(NamedNode(expand(entry)), Literal) if is_property else None
    if entry is None:
        return None
    name = entry.get("@reverse") or entry["@id"]
    return Statement(NamedNode(expand(name)), _make(entry), "@reverse" in entry)


def _make(entry: Mapping[str, Any]) -> Make:
    scoped, datatype = entry.get("@context", {}), entry.get("@type")
    if datatype == "@vocab":
        terms = {word: NamedNode(expand(name)) for word, name in scoped.items()}
        return lambda text: terms.get(text) or NamedNode(HKID + text)
    if datatype == "@id":
        base = scoped.get("@base", HKID)
        return lambda text: NamedNode(text if "://" in text else base + text)
    if datatype is not None:
        of = NamedNode(expand(datatype))
        return lambda text: Literal(text, datatype=of)
    language = entry.get("@language")
    return lambda text: Literal(text, language=language)


@cache
def classes() -> Mapping[str, NamedNode]:
    """Gives the classes by the names that a row's type may have.

    >>> classes()["policies"].value, classes()["Chapter"].value
    ('https://w3id.org/hakusho/ontology#Policy', 'https://w3id.org/hakusho/ontology#Chapter')
    """
    named = {name: entry for name, entry in context().items() if isinstance(entry, str)}
    named |= {name: context()[name]["@id"] for name in kinds()}
    return {
        name: NamedNode(expand(iri))
        for name, iri in named.items()
        if name in kinds() or name[0].isupper()
    }


def said_by(node: Node) -> Iterator[tuple[str, Triple]]:
    """Gives the statements of a node, each with the name of what says it."""
    subject, columns = node.subject(), statements(node.table())
    for name in node.types():
        yield "type", Triple(subject, TYPE, classes()[name])
    for name, value in node.body.items():
        about = columns.get(name)
        if about is None or name in ("type", "id", "dropped_id"):
            continue
        for text in _texts(value):
            term = about.make(text)
            if not about.reverse:
                yield name, Triple(subject, about.property, term)
            elif isinstance(term, NamedNode):
                yield name, Triple(term, about.property, subject)


def quads_of(node: Node) -> Iterator[Quad]:
    """Gives the statements of a node in its graph."""
    name = graph(node.graph)
    for _, triple in said_by(node):
        yield Quad(triple.subject, triple.predicate, triple.object, name)


def _texts(value: Json) -> list[str]:
    return [value] if isinstance(value, str) else value
