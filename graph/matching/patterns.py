"""What a query reads: its triple patterns, put together as they must match together.

What a shape in SPARQL says of a node depends on the triples that its patterns match, whatever its
filters make of them. A context is such a conjunction of patterns: those of a group with one branch
of each of its unions, and for what may or must not be there, with those around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product
from typing import Final

from pyoxigraph import Literal, NamedNode

from ..errors import UnusableShapes
from ..sparql.syntax import Token, tokens
from ..store import Term
from ..terms import literal
from .view import TYPE

Place = str | Term
"""A place of a pattern: the name of a variable with its mark, or a term."""


@dataclass(frozen=True)
class Pattern:
    """A triple pattern; an endless one walks its property any number of times, even none."""

    subject: Place
    predicate: Place
    object: Place
    is_endless: bool = False


Patterns = tuple[Pattern, ...]


@dataclass(frozen=True)
class Context:
    """Patterns of one's own, and those around them, which match as well."""

    around: Patterns
    own: Patterns

    def binds(self, variable: str) -> bool:
        """Tells whether a pattern of its own has a variable."""
        return any(variable in (each.subject, each.object) for each in self.own)


def contexts(query: str, subqueries: bool = False) -> list[Context]:
    """Gives the contexts of a query, with those of its subqueries where it may have any.

    A variable means the same throughout: a subquery hides none that is met outside of it.

    >>> [found] = contexts("SELECT $this { $this <urn:p>/<urn:q> ?v FILTER(?v > 1) }")
    >>> [str(pattern.predicate) for pattern in found.own]
    ['<urn:p>', '<urn:q>']
    """
    reader = _Reader(query, subqueries)
    if reader.begin() == "CONSTRUCT":
        reader.group()
        reader.pass_over("WHERE")
    return list(reader.end(reader.group())._contexts(()))


def template(query: str) -> Patterns:
    """Gives the triples that a CONSTRUCT query makes."""
    reader = _Reader(query, subqueries=False)
    reader.begin()
    return tuple(reader.group().patterns)


@dataclass
class _Group:
    """What stands between two braces."""

    patterns: list[Pattern] = field(default_factory=list)
    unions: list[list[_Group]] = field(default_factory=list)
    apart: list[_Group] = field(default_factory=list)
    """What may or must not be there, or must be there and is not told: OPTIONAL, EXISTS, MINUS."""

    def _branches(self) -> Iterator[tuple[Patterns, list[_Group]]]:
        """Gives the patterns that must match together, once for each choice of branches."""
        unions = [
            [each for branch in union for each in branch._branches()] for union in self.unions
        ]
        for choice in product(*unions):
            patterns = [*self.patterns, *(each for found, _ in choice for each in found)]
            yield tuple(patterns), [*self.apart, *(each for _, more in choice for each in more)]

    def _contexts(self, around: Patterns) -> Iterator[Context]:
        for patterns, apart in self._branches():
            yield Context(around, patterns)
            for group in apart:
                yield from group._contexts((*around, *patterns))


_APART: Final = frozenset(("OPTIONAL", "EXISTS", "MINUS"))
_EXPRESSIONS: Final = frozenset(("FILTER", "BIND"))


class _Reader:
    """Reads the groups of a query, as far as their patterns go."""

    def __init__(self, query: str, subqueries: bool) -> None:
        self._tokens = list(tokens(query))
        self._place = 0
        self._subqueries = subqueries
        self._fresh = (f"?.{number}" for number in count())
        self._prefixes: dict[str, str] = {}

    def begin(self) -> str:
        """Reads up to the first group and gives the form of the query."""
        form = ""
        while self._next.text != "{":
            token = self._taken()
            if token.word == "PREFIX":
                name, iri = self._taken().text, self._taken().text
                self._prefixes[name] = iri[1:-1]
            elif token.word in ("SELECT", "CONSTRUCT"):
                form = token.word
            elif token.text == "(":
                raise UnusableShapes("a query works out what it selects; let it bind it instead")
        return form

    def end(self, group: _Group) -> _Group:
        """Gives the last group, if nothing comes after it."""
        if self._place < len(self._tokens):
            raise UnusableShapes(f"a query goes on with {self._next.text} after its group")
        return group

    def pass_over(self, word: str) -> None:
        """Passes over a word, if it comes next."""
        if self._next.word == word:
            self._taken()

    @property
    def _next(self) -> Token:
        if self._place == len(self._tokens):
            raise UnusableShapes("a query ends too soon")
        return self._tokens[self._place]

    def _taken(self) -> Token:
        token = self._next
        self._place += 1
        return token

    def group(self) -> _Group:
        """Reads what stands between two braces."""
        found = _Group()
        self._taken()
        while self._next.text != "}":
            word = self._next.word
            if word in _EXPRESSIONS:
                self._taken()
                self._expression(found)
            elif word in _APART:
                self._taken()
                found.apart.append(self.group())
            elif self._next.text == "{":
                found.unions.append(self._union())
            elif word == "SELECT" and self._subqueries:
                found.unions.append([self._subquery()])
            elif self._next.text == ".":
                self._taken()
            else:
                self._triples(found)
        self._taken()
        return found

    def _subquery(self) -> _Group:
        """Reads a subquery: what it counts and how it is sorted is nothing that it reads."""
        while self._next.text != "{":
            self._taken()
        found = self.group()
        while self._next.text != "}":
            self._taken()
        return found

    def _union(self) -> list[_Group]:
        branches = [self.group()]
        while self._next.word == "UNION":
            self._taken()
            branches.append(self.group())
        return branches

    def _expression(self, group: _Group) -> None:
        """Passes over an expression, but for the patterns in it."""
        depth = 0
        while True:
            if self._next.text == "{":
                group.apart.append(self.group())
            else:
                token = self._taken()
                depth += {"(": 1, ")": -1}.get(token.text, 0)
            if depth == 0 and self._tokens[self._place - 1].text in (")", "}"):
                return

    def _triples(self, group: _Group) -> None:
        subject = self._term()
        while True:
            start = self._place
            self._path(subject, "?.", _Group())
            after = self._place
            while True:
                value = self._term()
                end, self._place = self._place, start
                self._path(subject, value, group)
                assert self._place == after
                self._place = end
                if self._next.text != ",":
                    break
                self._taken()
            if self._next.text != ";":
                return
            self._taken()

    def _path(self, start: Place, end: Place, group: _Group) -> None:
        """Reads a path between two places: a chain of steps, each of which is a pattern."""
        while True:
            is_inverse = self._next.text == "^"
            if is_inverse:
                self._taken()
            predicate = self._term()
            is_endless = self._next.text in ("*", "+")
            if is_endless:
                self._taken()
            is_last = self._next.text != "/"
            reached: Place = end if is_last else next(self._fresh)
            one, other = (reached, start) if is_inverse else (start, reached)
            group.patterns.append(Pattern(one, predicate, other, is_endless))
            if is_last:
                return
            self._taken()
            start = reached

    def _term(self) -> Place:
        token = self._taken()
        if token.kind == "variable":
            return f"?{token.text[1:]}"
        if token.kind == "iri":
            return NamedNode(token.text[1:-1])
        if token.kind == "name":
            prefix, _, name = token.text.partition(":")
            if f"{prefix}:" in self._prefixes:
                return NamedNode(self._prefixes[f"{prefix}:"] + name)
        if token.text == "a":
            return TYPE
        if token.text in ("true", "false"):
            return literal(token.text == "true")
        if token.kind == "string":
            return Literal(token.text.strip(token.text[0]))
        raise UnusableShapes(f"a query has {token.text!r} where a name or variable is understood")
