"""The tokens of a SPARQL 1.1 or 1.2 text, told apart as the engine tells them.

Two things make this more than a regular expression. `<` begins an IRI, or compares: `(?a<?b&&'>'…`
must not be read as an IRI with a quote in it. So the lexer knows which brackets are expressions
and whether an operand has just ended. And the engine reads keywords without looking at where a
word ends: `SERVICEex:a` may be a name and may be a SERVICE clause. The lexer gives such words
whole; what they may mean is for the reader of the tokens to consider.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

Kind = Literal[
    "word", "name", "variable", "iri", "string", "language", "number", "blank", "mark", "open",
    "close",
]  # fmt: skip
BracketKind = Literal[
    "top", "group", "template", "data", "values", "expression", "list", "properties", "triple",
    "annotation",
]  # fmt: skip

# Section 19.8 of SPARQL 1.1. Nothing here gives back what it has taken, as in the engine.
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE: Final = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS: Final = rf"[{_BASE}_{_MORE}-]"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL_CHARS: Final = rf"(?:[{_BASE}_{_MORE}:-]|{_ESCAPED})"
_PREFIX: Final = rf"[{_BASE}]{_CHARS}*+(?:\.++{_CHARS}++)*+"
# After the first run of dots the engine lets a local name end, and so must we.
_LOCAL: Final = rf"(?:[{_BASE}_:0-9]|{_ESCAPED}){_LOCAL_CHARS}*+(?:\.++{_LOCAL_CHARS}++)?+"
_ESCAPE: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IRI: Final = rf"""<(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*+>"""
STRING: Final = (
    r"'''(?:'{0,2}(?:[^'\\]++|\\.))*+'''"
    r'|"""(?:"{0,2}(?:[^"\\]++|\\.))*+"""'
    r"|'(?:[^'\\\n\r]++|\\.)*+'"
    r'|"(?:[^"\\\n\r]++|\\.)*+"'
)
VARIABLE: Final = rf"[?$][{_BASE}_0-9][{_BASE}_{_MORE}]*+"
NAME: Final = rf"(?:{_PREFIX})?+:(?:{_LOCAL})?+"
_SPACE: Final = r"[ \t\r\n]*+(?:\#[^\r\n]*+[ \t\r\n]*+)*+"


def _tokens(less: str) -> re.Pattern[str]:
    """Compiles the tokens with what may begin with `<`."""
    return re.compile(
        rf"""{_SPACE}(?:
          (?P<variable> {VARIABLE} )
        | (?P<name>     {NAME} )
        | (?P<word>     [A-Za-z][A-Za-z0-9_]*+ )
        | {less}
        | (?P<open>     \{{\|? | [\[(] )
        | (?P<close>    [}}\]] | \)(?:>>)?+ | \|\}} | >> )
        | (?P<string>   {STRING} )
        | (?P<number>   (?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+ | [0-9]*\.[0-9]+ | [0-9]+ )
        | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)? )
        | (?P<blank>    _:[{_BASE}_0-9]{_CHARS}*+(?:\.++{_CHARS}++)*+ )
        | (?P<mark>     \^\^ | && | \|\| | [!<>]= | . )
        | (?P<end>      \Z )
        )""",
        re.VERBOSE | re.DOTALL,
    )


# Where a term may begin, `<` begins an IRI or a triple; after an operand, it compares.
_TERM: Final = _tokens(rf"(?P<iri> {_IRI}) | (?P<triple> <<\(?+ )")
_AFTER_OPERAND: Final = _tokens("(?P<less> <=? )")
# What stands between two brackets in data, at one go: there may be megabytes of it.
_DATA: Final = re.compile(
    rf"""(?:[^<"'\#(){{}}\[\]|>\\]++|{STRING}|{_IRI}|\#[^\r\n]*+|\\.|[|>](?![}}>]))*+""",
    re.DOTALL,
)

OPERANDS: Final = frozenset(
    ("variable", "name", "iri", "string", "language", "number", "blank", "close")
)
TERM_KINDS: Final = OPERANDS - {"language", "close"}


class Bracket:
    """An open bracket, or the text itself: what kind of thing stands in it."""

    __slots__ = ("kind", "outer", "select", "patterns", "terms", "needed", "path")

    def __init__(self, kind: BracketKind, outer: Bracket | None = None) -> None:
        self.kind: BracketKind = kind
        self.outer = outer
        self.select = False
        """Whether what stands in this group is a subquery: its parentheses are expressions."""
        # For whoever counts triple patterns: those so far, the terms since the last separator,
        # how many of them make a triple, and whether this is a path.
        self.patterns = self.terms = 0
        self.needed = 3
        self.path = False


Token = tuple[Kind, str, int, Bracket]
"""Kind, text, offset, and the innermost bracket: for `open` the new one, for `close` its own."""


class Lexer:
    """Reads a text token by token, and knows what is open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.open = [Bracket("top")]
        self.data = 0
        """How many characters of data there were so far."""
        self._values = self._filter = False

    def tokens(self) -> Iterator[Token]:
        """Gives the tokens in order."""
        text, stack, after_operand, last_word = self._text, self.open, False, ""
        top, position = stack[-1], 0
        while True:
            if after_operand and top.kind == "expression":
                match = _AFTER_OPERAND.match(text, position)
            else:
                match = _TERM.match(text, position)
            # There is always a match: the last of the marks is any character.
            assert match is not None and match.lastgroup is not None
            kind, position = match.lastgroup, match.end()
            start = match.start(kind)
            said = text[start:position]
            if kind == "word":
                last_word = said.upper()
                after_operand = said.endswith(("true", "false"))
                self._consider(last_word, top)
                yield "word", said, start, top
                continue
            if kind in OPERANDS and kind != "close":
                after_operand = True
                if kind == "name" and said[:6].upper() == "FILTER":
                    self._filter = True
                yield kind, said, start, top  # type: ignore[misc]
            elif kind == "open" or kind == "triple":
                top = Bracket(self._opened(said, last_word, top), top)
                stack.append(top)
                after_operand = False
                yield "open", said, start, top
                if top.kind == "data":
                    position = self._skip_data(position)
            elif kind == "close":
                if said == ")>>" and top.kind != "triple":
                    said, position = ")", position - 2
                after_operand = True
                yield "close", said, start, top
                if len(stack) > 1:
                    stack.pop()
                top = stack[-1]
                if top.kind == "data":
                    position = self._skip_data(position)
            elif kind == "end":
                return
            else:
                after_operand = False
                yield "mark", said, start, top
            last_word = ""

    def _skip_data(self, position: int) -> int:
        match = _DATA.match(self._text, position)
        end = match.end() if match else position
        self.data += end - position
        return end

    def _consider(self, word: str, top: Bracket) -> None:
        if word.endswith("VALUES"):
            self._values = True
        elif word.endswith("FILTER"):
            self._filter = True
        elif word.startswith("SELECT") and top.kind == "group":
            top.select = True

    def _opened(self, said: str, word: str, top: Bracket) -> BracketKind:
        """Gives the kind of bracket that one opens, by the word before it and by what it is in."""
        if said == "{":
            values, self._values, self._filter = self._values, False, False
            if values:
                return "values"
            if top.kind in ("data", "template"):
                return top.kind
            if word.endswith("DATA"):
                return "data"
            return "template" if word.endswith(("CONSTRUCT", "INSERT", "DELETE")) else "group"
        if said == "(":
            return self._parenthesis(word, top)
        if said == "[":
            return "data" if top.kind == "data" else "properties"
        return "annotation" if said == "{|" else "triple"

    def _parenthesis(self, word: str, top: Bracket) -> BracketKind:
        if top.kind == "data":
            return "data"
        if top.kind == "expression":
            return "expression"
        if top.kind not in ("top", "group") or self._values:
            return "list"
        is_call = bool(word) and word != "A"
        if top.kind == "top" or top.select or self._filter or is_call:
            self._filter = False
            return "expression"
        return "list"


def position(text: str, offset: int) -> tuple[int, int]:
    """Gives line and column of an offset, both from 1.

    >>> position("ab\\ncd", 4)
    (2, 2)
    """
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1
