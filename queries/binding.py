"""Binds variables of a query text beforehand: a `VALUES` line goes into each group that needs it.

Where it goes is found by reading the text's tokens, so a brace in a string, an IRI, a comment or
a prefixed name is not taken for one of the query's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..graph.errors import InvalidQuery
from ..graph.store import Form, Term
from ..graph.terms import sparql

# The terminals of SPARQL 1.1, section 19.8, as far as telling them apart needs; the order matters.
TOKEN: Final = re.compile(
    r"""
      (?P<space>   [\x20\t\r\n]+ | \#[^\r\n]* )
    | (?P<iri>     <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string>  \"\"\"(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"\"\"
                 | '''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
                 | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<name>    [\w.\-]*:(?:[\w.\-:\u00b7]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<variable>[?$]\w+ )
    | (?P<word>    @?[A-Za-z_][\w\-]* )
    | (?P<mark>    \{\| | \|\} | . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A token of a query text: what kind it is, its text and where it starts."""

    kind: str
    text: str
    start: int

    def says(self, *words: str) -> bool:
        """Tells whether this is one of the given keywords, which have no case."""
        return self.kind == "word" and self.text.upper() in words


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

    def needs(self, variable: str) -> bool:
        """Tells whether a variable is used here and no binding outside reaches it."""
        if self.kind == "where" and self.parent is not None:
            return variable in self.variables | self.parent.variables
        return self.kind == "group" and variable in self.variables


def tokens(text: str) -> Iterator[Token]:
    """Gives the tokens of a query text, without white space and comments.

    >>> [token.text for token in tokens("ASK { ?x <urn:b> 'a}' } # }")]
    ['ASK', '{', '?x', '<urn:b>', "'a}'", '}']
    """
    for match in TOKEN.finditer(text):
        if match.lastgroup is not None and match.lastgroup != "space":
            yield Token(match.lastgroup, match.group(), match.start())


def groups(text: str) -> list[Group]:
    """Gives the groups of a query text in the order in which they open, the whole query first."""
    current = Group("query", 0)
    found = [current]
    before: list[Token] = [Token("mark", "", 0)] * 2
    values = False
    for token in tokens(text):
        if token.kind == "variable":
            current.variables.add(token.text[1:])
        elif token.says("VALUES"):
            values = True
        elif token.says("SELECT") and before[-1].text == "{":
            # The group turns out to hold a subquery: its pattern is the next group.
            current.kind = "query"
        elif token.text == "{":
            current = Group(_kind(current, before, values), token.start + 1, current)
            found.append(current)
            values = False
        elif token.text == "}" and current.parent is not None:
            current = current.parent
        before = [before[-1], token]
    return found


def _kind(around: Group, before: Sequence[Token], values: bool) -> str:
    if values or before[-1].says("CONSTRUCT"):
        return "data"
    if before[-1].says("OPTIONAL", "EXISTS"):
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
        if token.says("SELECT"):
            selecting = True
        elif token.text == "{" or token.says("WHERE", "FROM"):
            break
        elif token.text in ("(", ")"):
            depth += 1 if token.text == "(" else -1
        elif selecting and token.kind == "variable" and (depth == 0 or renamed):
            names.append(token.text[1:])
        renamed = token.says("AS")
    return tuple(names)


def form(text: str) -> Form:
    """Gives the form of a query text's answer."""
    for token in tokens(text):
        if token.says("SELECT"):
            return "solutions"
        if token.says("ASK"):
            return "boolean"
        if token.says("CONSTRUCT", "DESCRIBE"):
            return "graph"
    raise InvalidQuery("no SELECT, ASK, CONSTRUCT or DESCRIBE in the text")


def bind(text: str, values: Mapping[str, Sequence[Term]]) -> str:
    """Gives the query text with its variables bound to the given terms.

    >>> from pyoxigraph import NamedNode
    >>> bind("SELECT ?p WHERE { ?s ?p 1 }", {"s": [NamedNode("urn:x")]})
    'SELECT ?p WHERE { VALUES ?s { <urn:x> } ?s ?p 1 }'
    """
    lines = {name: _values(name, terms) for name, terms in values.items()}
    pieces: list[str] = []
    done = 0
    for group in groups(text):
        pieces.append(text[done : group.start])
        pieces += (line for name, line in lines.items() if group.needs(name))
        done = group.start
    return "".join((*pieces, text[done:]))


def _values(name: str, terms: Sequence[Term]) -> str:
    return f" VALUES ?{name} {{ {' '.join(sparql(term) for term in terms)} }}"
