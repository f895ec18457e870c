"""An update taken apart: its operations, and the blocks of triples in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import QueryRefused
from .lexer import Lexer, Token, position

FORMS: Final = frozenset("INSERT DELETE WITH CLEAR DROP CREATE ADD MOVE COPY".split())
PROLOGUE: Final = frozenset("BASE PREFIX VERSION".split())


@dataclass(frozen=True)
class Block:
    """A block in braces outside of all others: where it stands, and the keyword before it."""

    keyword: str
    start: int
    end: int


@dataclass(frozen=True)
class Operation:
    """One operation of an update, and the prologue that it is read with."""

    text: str
    """The text of the whole update: offsets are places in it."""
    prologue: str
    start: int
    end: int
    tokens: Sequence[Token]

    @property
    def words(self) -> list[str]:
        """The keywords outside of all blocks, in capitals."""
        return [token[1].upper() for token in self.outer if token[0] == "word"]

    @property
    def reads(self) -> bool:
        """Whether what it does depends on what there is: of data that are given, it does not."""
        return self.words[:2] not in (["INSERT", "DATA"], ["DELETE", "DATA"])

    @property
    def outer(self) -> Iterator[Token]:
        """The tokens outside of all blocks, and the braces that open and close them."""
        depth = 0
        for token in self.tokens:
            depth -= token[0] == "close"
            if depth == 0:
                yield token
            depth += token[0] == "open"

    @property
    def blocks(self) -> list[Block]:
        """The blocks, in order."""
        found, keyword, start = [], "", 0
        for kind, said, offset, _ in self.outer:
            if kind == "word":
                keyword = said.upper()
            elif kind == "open":
                start = offset
            elif kind == "close":
                found.append(Block(keyword, start, offset + len(said)))
        return found

    def slice(self, start: int, end: int) -> str:
        """Gives a part of the text, complete in itself even if it ends in a comment."""
        return self.text[start:end] + "\n"

    @property
    def alone(self) -> str:
        """The operation as an update of its own."""
        return self.prologue + self.slice(self.start, self.end)


def operations(text: str) -> list[Operation]:
    """Gives the operations of an update that the engine can read.

    >>> text = "PREFIX ex: <urn:> CLEAR ALL; DELETE { ?s ex:p ?o } WHERE { ?s ex:p ?o } ;"
    >>> [operation.words for operation in operations(text)]
    [['CLEAR', 'ALL'], ['DELETE', 'WHERE']]
    """
    found: list[Operation] = []
    tokens: list[Token] = []
    prologue: int | None = None
    previous = ""
    for token in Lexer(text).tokens():
        _, said, start, bracket = token
        if prologue is None:
            if _is_prologue(token, previous):
                previous = said.upper()
                continue
            prologue = start
        if bracket.kind == "top" and said == ";":
            found.append(_operation(text, prologue, tokens, start))
            tokens = []
        else:
            tokens.append(token)
    if tokens:
        found.append(_operation(text, prologue or 0, tokens, len(text)))
    return found


def _is_prologue(token: Token, previous: str) -> bool:
    kind, said = token[0], token[1].upper()
    if kind == "word":
        return said in PROLOGUE
    if kind == "name":
        return previous == "PREFIX" or said.startswith("PREFIX")
    return kind in ("iri", "string")


def _operation(text: str, prologue: int, tokens: list[Token], end: int) -> Operation:
    kind, said, start, _ = tokens[0]
    if kind != "word" or said.upper() not in FORMS:
        # The engine reads keywords without spaces between them; taking those apart is guessing.
        message = f"{said!r} is to be written with spaces between its keywords"
        raise QueryRefused(message, *position(text, start))
    return Operation(text, text[:prologue] + "\n", start, end, tokens)
