"""What a shape finds wrong with a node, in the words of the shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store
from pyoxigraph import Literal as RdfLiteral

from ..names import expand, shorten
from ..store import Term

Severity = Literal["violation", "warning", "info"]

SEVERITIES: Final[tuple[Severity, ...]] = ("violation", "warning", "info")
"""From the worst on: a violation keeps data out, a warning asks to look again."""


@dataclass(frozen=True)
class Result:
    """What an engine says: that a node does not pass a part of a shape.

    `constraint` names that part, such as `min-count`; `path` and `value` are where and what it
    was, where the engine says so. All are IRIs or the text of literals.
    """

    node: str
    shape: str
    constraint: str
    path: str | None
    value: str | None


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a node, and how to mend it.

    `nearest` are the properties that were perhaps meant where one is unknown.
    """

    node: str
    shape: str
    constraint: str
    path: str | None
    value: str | None
    severity: Severity
    message_ja: str
    message_en: str
    hint_ja: str
    hint_en: str
    nearest: tuple[str, ...] = ()

    def order(self) -> tuple[str | int, ...]:
        """Gives what findings are sorted by: the worst first, then node by node."""
        return (
            SEVERITIES.index(self.severity),
            self.node,
            self.shape,
            self.path or "",
            self.value or "",
            self.constraint,
        )


class Shapes:
    """Shapes as data: their severity, their words, and what a closed one lets through."""

    def __init__(self, text: bytes) -> None:
        self.store = Store()
        self.store.load(text, format=RdfFormat.N_TRIPLES)

    def finding(self, result: Result) -> Finding:
        """Gives a result in the words of its shape, both languages."""
        shape = NamedNode(result.shape)
        facts = {
            "path": shorten(result.path) if result.path else "",
            "value": shorten(result.value) if result.value else "",
        }
        severity = next(self.values(shape, "sh:severity"), None)
        closed = result.constraint == "closed" and result.path
        return Finding(
            **vars(result),
            severity=_severity(severity),
            message_ja=_filled(self._words(shape, "sh:message", "ja"), facts),
            message_en=_filled(self._words(shape, "sh:message", "en"), facts),
            hint_ja=self._words(shape, "sh:description", "ja"),
            hint_en=self._words(shape, "sh:description", "en"),
            nearest=self._nearest(shape, str(result.path)) if closed else (),
        )

    def values(self, subject: NamedNode | BlankNode, predicate: str) -> Iterator[Term]:
        """Gives the values of a property, named with its prefix."""
        name = NamedNode(expand(predicate))
        return (quad.object for quad in self.store.quads_for_pattern(subject, name, None))

    def subjects(self, predicate: str, value: Term | None = None) -> list[NamedNode]:
        """Gives the named things that have a property, or a value of it, by name."""
        name = NamedNode(expand(predicate))
        found = {quad.subject for quad in self.store.quads_for_pattern(None, name, value)}
        named = (subject for subject in found if isinstance(subject, NamedNode))
        return sorted(named, key=lambda subject: subject.value)

    def members(self, head: Term) -> Iterator[Term]:
        """Gives the members of a list."""
        while isinstance(head, BlankNode):
            yield from self.values(head, "rdf:first")
            head = next(self.values(head, "rdf:rest"))

    def _words(self, shape: NamedNode, predicate: str, language: str) -> str:
        texts = (text for text in self.values(shape, predicate) if isinstance(text, RdfLiteral))
        return " ".join(sorted(text.value for text in texts if text.language == language))

    def _nearest(self, shape: NamedNode, unknown: str) -> tuple[str, ...]:
        paths = (
            path
            for part in self.values(shape, "sh:property")
            if isinstance(part, NamedNode)
            for path in self.values(part, "sh:path")
        )
        ignored = (
            member
            for head in self.values(shape, "sh:ignoredProperties")
            for member in self.members(head)
        )
        return _closest(unknown, [*paths, *ignored])


def _closest(unknown: str, known: Iterable[Term]) -> tuple[str, ...]:
    names = {shorten(term.value): term.value for term in known if isinstance(term, NamedNode)}
    closest = get_close_matches(shorten(unknown), sorted(names), n=2, cutoff=0.7)
    return tuple(names[name] for name in closest)


def _severity(term: Term | None) -> Severity:
    name = term.value.rpartition("#")[2].lower() if isinstance(term, NamedNode) else ""
    # SHACL, 2.1.4: a shape that says nothing of its severity means a violation.
    return next((known for known in SEVERITIES if known == name), "violation")


def _filled(template: str, facts: dict[str, str]) -> str:
    """Fills the variables of a message (SHACL, 5.3.2), written {?value} or {$value}."""
    return re.sub(r"\{[?$](\w+)\}", lambda found: facts.get(found.group(1), ""), template)
