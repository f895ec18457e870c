"""Writes the values of a query's parameters into its text, ready for an engine.

A term that is written where its variable stands is known to the engine from the start: it looks
for that term alone, and compares a language with a text where it meets one, not at the end. Where
a variable has to stay, because it is given out, or has several values, `VALUES` binds it as for a
person to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from ..graph.sparql.syntax import Token, tokens
from ..graph.store import Term
from ..graph.terms import sparql
from .binding import groups_of, line


@dataclass
class _Places:
    """Where the variables of a query text stand, and which of them no term can stand for."""

    spans: list[tuple[int, int, str]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    keeps_all: bool = False

    def takes(self, name: str, terms: Sequence[Term]) -> bool:
        """Tells whether a term is written wherever a variable stands."""
        if self.keeps_all or name in self.kept or len(terms) != 1:
            return False
        return isinstance(terms[0], NamedNode | Literal)


def fill(text: str, values: Mapping[str, Sequence[Term]]) -> str:
    """Gives the query text with the given terms in it.

    >>> filled = {"s": [NamedNode("urn:x")], "n": [Literal("1"), Literal("2")]}
    >>> fill("SELECT ?p WHERE { ?s ?p ?n }", filled)
    'SELECT ?p WHERE { VALUES ?n { "1" "2" } <urn:x> ?p ?n }'
    """
    places = _places_of(text)
    written = {
        name: sparql(terms[0]) for name, terms in values.items() if places.takes(name, terms)
    }
    edits = [(start, end, written[name]) for start, end, name in places.spans if name in written]
    rest = {name: terms for name, terms in values.items() if name not in written}
    if rest:
        for group in groups_of(text):
            lines = [line(name, terms) for name, terms in rest.items() if group.needs(name)]
            edits.append((group.start, group.start, "".join(lines)))
    return "".join(_edited(text, sorted(edits)))


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    done = 0
    for start, end, new in edits:
        yield text[done:start]
        yield new
        done = end
    yield text[done:]


@lru_cache(maxsize=512)
def _places_of(text: str) -> _Places:
    # The text of a question is always the same.
    places = _Places()
    clause, depth = "", 0
    before = [Token("mark", "", 0)] * 2
    for token in tokens(text):
        clause = _clause(clause, token)
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "variable":
            name = token.text[1:]
            places.spans.append((token.start, token.end, name))
            is_listed = clause == "VALUES" or (clause != "" and depth == 0)
            is_tested = before[-1].text == "(" and before[-2].word == "BOUND"
            if is_listed or is_tested or before[-1].word == "AS":
                places.kept.add(name)
        elif token.word == "MINUS" or (token.text == "*" and clause == "SELECT" and depth == 0):
            # What a MINUS takes away depends on which variables both sides have.
            places.keeps_all = True
        before = [before[-1], token]
    return places


def _clause(clause: str, token: Token) -> str:
    """Gives in which clause of those that list variables a token stands; none in a pattern."""
    if token.word in ("SELECT", "VALUES", "GROUP", "ORDER"):
        return token.word
    if token.text in ("{", "}") or token.word in ("WHERE", "FROM", "HAVING", "LIMIT", "OFFSET"):
        return ""
    return clause
