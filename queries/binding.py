"""Binds variables of a query text beforehand: a `VALUES` line goes into each group that needs it.

Where it goes is found by reading the text's tokens, so a brace in a string, an IRI, a comment or
a prefixed name is not taken for one of the query's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..graph.errors import InvalidQuery
from ..graph.sparql.syntax import Token, tokens
from ..graph.store import Form, Term
from ..graph.terms import sparql


@dataclass
class Group:
    """What stands between two braces: its kind, where it starts and the variables it names itself.

    Kinds: `query` (around a whole query or subquery), `where` (its pattern), `group` (a group in a
    pattern), `inner` (OPTIONAL and EXISTS, which see the bindings around them), `data` (a template
    or a VALUES block).
    """

    kind: str
    start: int
    parent: Group | None = None
    variables: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    """Those that the inner groups directly in it use, which see what is bound here."""

    def needs(self, variable: str) -> bool:
        """Tells whether a variable is used here and no binding outside reaches it."""
        if self.kind == "where" and self.parent is not None:
            return variable in self.variables | self.within | self.parent.variables
        if self.kind == "inner":
            # One that is not directly in the pattern does not see as far as the bindings there.
            return variable in self.within
        return self.kind == "group" and variable in self.variables | self.within


def groups(text: str) -> list[Group]:
    """Gives the groups of a query text in the order in which they open, the whole query first."""
    current = Group("query", 0)
    found = [current]
    before: list[Token] = [Token("mark", "", 0)] * 2
    values = False
    for token in tokens(text):
        if token.kind == "variable":
            current.variables.add(token.text[1:])
        elif token.word == "VALUES":
            values = True
        elif token.word == "SELECT" and before[-1].text == "{":
            # The group turns out to hold a subquery: its pattern is the next group.
            current.kind = "query"
        elif token.text == "{":
            current = Group(_kind(current, before, values), token.start + 1, current)
            found.append(current)
            values = False
        elif token.text == "}" and current.parent is not None:
            if current.kind == "inner":
                current.parent.within |= current.variables | current.within
            current = current.parent
        before = [before[-1], token]
    return found


def _kind(around: Group, before: Sequence[Token], values: bool) -> str:
    if values or before[-1].word == "CONSTRUCT":
        return "data"
    if before[-1].word in ("OPTIONAL", "EXISTS"):
        return "inner"
    return "where" if around.kind == "query" else "group"


def variables(text: str) -> frozenset[str]:
    """Gives the names of all variables of a query text."""
    return frozenset(token.text[1:] for token in tokens(text) if token.kind == "variable")


def projected(text: str) -> tuple[str, ...]:
    """Gives the variables that the outermost SELECT lists, in order; none for another form.

    >>> projected("SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a ?p ?b } GROUP BY ?a")
    ('a', 'n')
    """
    names: list[str] = []
    depth, selecting, renamed = 0, False, False
    for token in tokens(text):
        if token.word == "SELECT":
            selecting = True
        elif token.text == "{" or token.word in ("WHERE", "FROM"):
            break
        elif token.text in ("(", ")"):
            depth += 1 if token.text == "(" else -1
        elif selecting and token.kind == "variable" and (depth == 0 or renamed):
            names.append(token.text[1:])
        renamed = token.word == "AS"
    return tuple(names)


def form(text: str) -> Form:
    """Gives the form of a query text's answer."""
    for token in tokens(text):
        if token.word == "SELECT":
            return "solutions"
        if token.word == "ASK":
            return "boolean"
        if token.word in ("CONSTRUCT", "DESCRIBE"):
            return "graph"
    raise InvalidQuery("no SELECT, ASK, CONSTRUCT or DESCRIBE in the text")


def bind(text: str, values: Mapping[str, Sequence[Term]]) -> str:
    """Gives the query text with its variables bound to the given terms.

    >>> from pyoxigraph import NamedNode
    >>> bind("SELECT ?p WHERE { ?s ?p 1 }", {"s": [NamedNode("urn:x")]})
    'SELECT ?p WHERE { VALUES ?s { <urn:x> } ?s ?p 1 }'
    """
    lines = {name: line(name, terms) for name, terms in values.items()}
    pieces: list[str] = []
    done = 0
    for group in groups_of(text):
        pieces.append(text[done : group.start])
        pieces += (line for name, line in lines.items() if group.needs(name))
        done = group.start
    return "".join((*pieces, text[done:]))


@lru_cache(maxsize=512)
def groups_of(text: str) -> tuple[Group, ...]:
    """Gives the groups of a query text, found once."""
    # A question is bound at every request, and its text is always the same.
    return tuple(groups(text))


def line(name: str, terms: Sequence[Term]) -> str:
    """Gives the line that binds a variable to terms."""
    return f" VALUES ?{name} {{ {' '.join(sparql(term) for term in terms)} }}"
