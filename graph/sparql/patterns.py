"""How much a text asks of the engine's planner and stack: nesting, operators, triple patterns."""

from __future__ import annotations

from typing import Final

from ..errors import QueryRefused
from ..limits import Limits
from .lexer import TERM_KINDS, Bracket, Token, position

OPERATORS: Final = frozenset("! = < > <= >= != && || + - * / | ^".split())
PREFIX_OPERATORS: Final = frozenset("!-+^")
PATH_MARKS: Final = frozenset("/|^!*+?")
NO_OPERATION: Final = frozenset(
    "A TRUE FALSE UNDEF AS IN NOT BY WHERE DISTINCT SEPARATOR ASC DESC SILENT".split()
)
TRIPLES: Final = frozenset(("group", "properties", "annotation"))
AFTER: Final = {".": 3, ";": 2, ",": 1}
"""How many terms make a triple after each separator."""


class Patterns:
    """Counts what a text has of each, and stops at the limit."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._groups: list[Bracket] = []
        self._depth = 0
        self._run = 0
        self._operators = 0
        self._previous = ""

    def take(self, token: Token) -> None:
        """Takes a token; what exceeds a limit is refused."""
        kind, said, start, bracket = token
        if kind == "mark":
            self._take_mark(said, start, bracket)
        else:
            self._run = 0
            if kind == "open":
                self._opened(start, bracket)
            elif kind == "close":
                self._closed(start, bracket)
            elif kind == "word":
                self._take_word(said.upper(), start, bracket)
            elif kind in TERM_KINDS and self._previous != "^^":
                bracket.terms += 1
        self._previous = kind if kind in ("name", "iri") else said

    def next_operation(self) -> None:
        """Starts again with the operators: each operation of an update has its own."""
        self._operators = 0

    def _take_mark(self, said: str, start: int, bracket: Bracket) -> None:
        if said in PREFIX_OPERATORS:
            self._run += 1
            self._check_depth(start)
        else:
            self._run = 0
        if said in OPERATORS and bracket.kind not in ("data", "values"):
            self._operate(start)
        if said in AFTER and bracket.kind in TRIPLES:
            self._end_triple(start, bracket)
            bracket.needed = AFTER[said]
        elif said in PATH_MARKS:
            bracket.path = True
            if said == "/" and bracket.kind != "expression":
                self._count(1, start)

    def _take_word(self, word: str, start: int, bracket: Bracket) -> None:
        if word in ("A", "TRUE", "FALSE"):
            bracket.terms += 1
        elif bracket.kind in ("group", "expression"):
            if word not in NO_OPERATION:
                self._operate(start)
            if bracket.kind == "group":
                self._end_triple(start, bracket)

    def _opened(self, start: int, bracket: Bracket) -> None:
        self._depth += 1
        self._check_depth(start)
        if bracket.kind == "group":
            if self._groups:
                self._end_triple(start, self._groups[-1])
            self._groups.append(bracket)
        elif bracket.kind == "expression" and self._previous in ("name", "iri"):
            self._operate(start)
        elif bracket.kind in ("properties", "annotation"):
            bracket.needed = 2

    def _closed(self, start: int, bracket: Bracket) -> None:
        self._depth -= 1
        if bracket.kind in TRIPLES:
            self._end_triple(start, bracket)
        if bracket.kind == "group":
            if self._groups:
                self._groups.pop()
            return
        if bracket.kind == "list" and not bracket.path:
            # Each member of a list is two triples: what it is, and what comes after it.
            self._count(2 * bracket.terms, start)
        elif bracket.kind == "triple" and self._text.startswith(">>", start):
            self._count(1, start)
        if bracket.kind in ("list", "properties", "triple") and bracket.outer is not None:
            bracket.outer.terms += 1

    def _end_triple(self, start: int, bracket: Bracket) -> None:
        if bracket.terms >= bracket.needed:
            self._count(1, start)
        bracket.terms, bracket.needed = 0, 3

    def _count(self, patterns: int, start: int) -> None:
        if not self._groups:
            return
        group = self._groups[-1]
        group.patterns += patterns
        if group.patterns > self._limits.patterns:
            self._refuse(
                start,
                f"one group has more than {self._limits.patterns} triple patterns, which take "
                "too long to plan; divide them among subqueries",
            )

    def _operate(self, start: int) -> None:
        self._operators += 1
        if self._operators > self._limits.operators:
            most = self._limits.operators
            self._refuse(start, f"there are more than {most} operators, function calls and clauses")

    def _check_depth(self, start: int) -> None:
        if self._depth + self._run > self._limits.nesting:
            self._refuse(start, f"this is nested more than {self._limits.nesting} deep")

    def _refuse(self, start: int, message: str) -> None:
        raise QueryRefused(message, *position(self._text, start))
