"""Whether a text reaches out to the network: SERVICE and LOAD under every disguise.

The engine reads keywords wherever its grammar allows one, not where a word begins: `SERVICEex:a`
and `trueSERVICE<…>` are SERVICE clauses to it, and a name whose IRI is not valid falls apart into a
shorter name and what follows. So a word is suspect for what it contains, and a name that contains
it is innocent only if it is the valid name that it looks like.
"""

from __future__ import annotations

from typing import Final

from ..errors import QueryRefused
from ..limits import Limits
from .iris import Declarations, written
from .lexer import Kind, Token, position

NAME_BEFORE: Final = frozenset("GRAPH WITH USING NAMED TO INTO SILENT ADD COPY MOVE FROM".split())


class Reach:
    """Follows the tokens that may name something outside."""

    def __init__(self, text: str, limits: Limits, update: bool) -> None:
        self._text = text
        self._allowed = limits.services
        self._update = update
        self._declarations = Declarations()
        self._declared: str | None = None
        self._service: int | None = None
        self._load: int | None = None
        self._silent_load: int | None = None
        self._word = ""
        self.loads: list[tuple[int, int]] = []
        """Where LOAD SILENT stands: it is allowed to fail, so it is left out and not refused."""

    def take(self, token: Token) -> None:
        """Takes a token; what reaches out and may not is refused."""
        kind, said, start, bracket = token
        if self._service is not None and said.upper() != "SILENT":
            self._check_target(kind, said)
        if self._load is not None:
            self._check_load(said)
        if kind == "word":
            self._take_word(said.upper(), start, bracket.kind == "top")
            return
        if kind == "name":
            self._take_name(said, start, bracket.kind == "top")
        elif said == ";" and bracket.kind == "top":
            self.end_operation(start)
        elif kind == "iri" and self._declared is not None:
            self._declarations.declare(self._declared, said)
            self._declared = None
        self._word = ""

    def end_operation(self, end: int) -> None:
        """Takes the end of an operation."""
        if self._load is not None:
            self._refuse_load(self._load)
        if self._silent_load is not None:
            self.loads.append((self._silent_load, end))
        self._silent_load = None

    def _take_word(self, word: str, start: int, outermost: bool) -> None:
        if "SERVICE" in word:
            self._service = start
            if word not in ("SERVICE", "SERVICESILENT"):
                self._refuse_service(start)
        elif self._update and outermost and "LOAD" in word:
            self._load = start
            if word != "LOAD":
                self._check_load(word.removeprefix("LOAD"))
        self._word = word

    def _take_name(self, name: str, start: int, outermost: bool) -> None:
        folded = name.upper()
        prefix = name.partition(":")[0]
        if outermost and (self._word == "PREFIX" or folded.startswith("PREFIX")):
            glued = self._word != "PREFIX"
            self._declared = prefix[len("PREFIX") :] if glued else prefix
        elif "SERVICE" in folded and self._declarations.expand(name) is None:
            self._refuse_service(start)
        elif (
            self._update
            and outermost
            and folded.startswith("LOAD")
            and self._word not in NAME_BEFORE
        ):
            self._refuse_load(start)

    def _check_load(self, said: str) -> None:
        start, self._load = self._load, None
        assert start is not None
        if said.upper() != "SILENT":
            self._refuse_load(start)
        self._silent_load = start

    def _check_target(self, kind: Kind, said: str) -> None:
        start, self._service = self._service, None
        assert start is not None
        if kind == "variable":
            self._refuse(start, "SERVICE must name its endpoint here: a variable may be any")
        iri = written(said) if kind == "iri" else self._declarations.expand(said)
        if kind not in ("iri", "name") or iri not in self._allowed:
            self._refuse_service(start, iri)

    def _refuse_service(self, start: int, iri: str | None = None) -> None:
        asked = f" <{iri}>" if iri else ""
        there = ", ".join(f"<{allowed}>" for allowed in sorted(self._allowed))
        self._refuse(
            start,
            f"SERVICE{asked} is not allowed here; "
            + (f"there is {there}" if there else "no other endpoint is asked"),
        )

    def _refuse_load(self, start: int) -> None:
        self._refuse(start, "LOAD is not allowed here: send the document itself")

    def _refuse(self, start: int, message: str) -> None:
        raise QueryRefused(message, *position(self._text, start))
