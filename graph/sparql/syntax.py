"""The text of a query: its tokens, the dataset it names, and where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from ..errors import InvalidQuery, UpdateInsteadOfQuery
from ..store import Term
from ..terms import sparql

# The terminals of SPARQL 1.1, section 19.8, as far as telling them apart needs; the order matters.
_TOKEN: Final = re.compile(
    r"""
      (?P<space>   [\x20\t\r\n]+ | \#[^\r\n]* )
    | (?P<iri>     <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string>  \"\"\"(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"\"\"
                 | '''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
                 | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<name>    [\w.\-]*:(?:[\w.\-:\u00b7]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<variable>[?$]\w+ )
    | (?P<number>  \d+(?:\.\d+)?(?:[eE][+-]?\d+)? )
    | (?P<word>    @?[^\W\d][\w\-]* )
    | (?P<mark>    \^\^ | && | \|\| | [<>!]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)

UPDATES: Final = frozenset("INSERT DELETE WITH LOAD CLEAR DROP CREATE ADD MOVE COPY".split())
QUERIES: Final = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())


@dataclass(frozen=True)
class Token:
    """A token of a query text: what kind it is, its text and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The keyword that this is, in capitals; nothing for another kind of token."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def end(self) -> int:
        """Where the token ends."""
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Gives the tokens of a query text, without white space and comments.

    >>> [token.text for token in tokens("ASK { ?x <urn:b> 'a}' } # }")]
    ['ASK', '{', '?x', '<urn:b>', "'a}'", '}']
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup is not None and match.lastgroup != "space":
            yield Token(match.lastgroup, match.group(), match.start())


def dataset(text: str, base_iri: str | None = None) -> tuple[list[str], list[str]]:
    """Gives the graphs that a query names by FROM and by FROM NAMED.

    >>> dataset("PREFIX g: <urn:g:> SELECT * FROM g:a FROM NAMED <urn:b> { ?from ?p 'FROM <c>' }")
    (['urn:g:a'], ['urn:b'])
    """
    if "from" not in text.lower():
        return [], []
    named: dict[bool, list[str]] = {False: [], True: []}
    asked = list(tokens(text))
    prologue = next((token.start for token in asked if token.word in QUERIES), 0)
    for token, after, last in zip(asked, asked[1:], asked[2:], strict=False):
        if token.word == "FROM":
            is_named = after.word == "NAMED"
            named[is_named].append((last if is_named else after).text)
    # A prologue is written alike in Turtle, which knows how to read names relative to it.
    found = {
        is_named: _resolved(text[:prologue], names, base_iri) for is_named, names in named.items()
    }
    return found[False], found[True]


def _resolved(prologue: str, names: list[str], base_iri: str | None) -> list[str]:
    if not names:
        return []
    document = f"{prologue}\n<urn:x> <urn:x> ({' '.join(names)}) ."
    try:
        quads = list(parse(document, RdfFormat.TURTLE, base_iri=base_iri))
    except SyntaxError:
        # The engine will say what is wrong with the text.
        return []
    return [
        quad.object.value
        for quad in quads
        if isinstance(quad.object, NamedNode) and quad.predicate.value.endswith("#first")
    ]


def bind(text: str, values: Mapping[str, Term]) -> str:
    """Gives a SELECT query with variables of its outermost group bound beforehand.

    >>> bind("SELECT ?p WHERE { ?s ?p 1 }", {"s": NamedNode("urn:x")})
    'SELECT ?p WHERE { VALUES (?s) { (<urn:x>) } ?s ?p 1 }'
    """
    if not values:
        return text
    depth = 0
    for token in tokens(text):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{" and depth == 0:
            names = " ".join(f"?{name}" for name in values)
            cells = " ".join(sparql(term) for term in values.values())
            return f"{text[: token.end]} VALUES ({names}) {{ ({cells}) }}{text[token.end :]}"
    return text


def is_update(text: str) -> bool:
    """Tells whether a text is an update by the first word after its prologue.

    >>> is_update("PREFIX insert: <urn:x> DELETE WHERE { ?s ?p ?o }")
    True
    """
    for token in tokens(text):
        if token.word in UPDATES or token.word in QUERIES:
            return token.word in UPDATES
    return False


_POSITION: Final = re.compile(r"error at (\d+):(\d+): ")
_OPENED: Final = re.compile(r"<[^<>\r\n]*\Z")
# Among the characters and keywords that it expected, the engine also lists what it did not like.
_REASONS: Final = {
    "Prefix not found": "this prefix is not declared",
    "IRI parsing failed": "this is no absolute IRI",
    "The SELECT contains a variable that is unbound": (
        "a variable after SELECT is neither in the pattern nor in GROUP BY"
    ),
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot be used with GROUP BY",
}
# The engine looks this far ahead for a keyword and reports a place beyond the true one.
_AHEAD: Final = " " * 40 + "\x00"


def syntax_error(
    text: str, error: SyntaxError, parse: Callable[[str], object], update: bool = False
) -> InvalidQuery:
    """Gives what is wrong with a text that the engine has refused, and where.

    The engine's own position is only near the place. What it can still read up to, with nothing
    legal after it, tells the place exactly: the first token that cannot follow what stands before.
    """
    if not update and is_update(text):
        return UpdateInsteadOfQuery("this is an update, and only a query is answered here")
    wrong = _first_wrong(text, parse)
    if wrong is None:
        line, column = position(text, len(text.rstrip()))
        return InvalidQuery(_reason(str(error)) or "the text ends too early", line, column)
    start = wrong.start
    if wrong.text == ">" and (opened := _OPENED.search(text, 0, start)):
        # An IRI that may not be one is known as such only at its end.
        start = opened.start()
    line, column = position(text, start)
    reason = _reason(_refusal(text[: wrong.end], parse))
    said = f": {reason}" if reason else " cannot stand here"
    return InvalidQuery(f"{text[start : wrong.end]!r}{said}", line, column)


def position(text: str, offset: int) -> tuple[int, int]:
    """Gives line and column of a place in a text, both counted from 1.

    >>> position("ab\\ncd", 4)
    (2, 2)
    """
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _first_wrong(text: str, parse: Callable[[str], object]) -> Token | None:
    """Gives the first token that nothing legal can begin with, up to and including it."""
    found = list(tokens(text))
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        if _may_go_on(text[: found[middle].end], parse):
            low = middle + 1
        else:
            high = middle
    return found[low] if low < len(found) else None


def _may_go_on(start: str, parse: Callable[[str], object]) -> bool:
    match = _POSITION.match(_refusal(start + _AHEAD, parse))
    if match is None:
        return True
    end = position(start + _AHEAD, len(start) + len(_AHEAD) - 1)
    return (int(match[1]), int(match[2])) >= end


def _refusal(text: str, parse: Callable[[str], object]) -> str:
    try:
        parse(text)
    except SyntaxError as error:
        return str(error)
    return ""


def _reason(refusal: str) -> str | None:
    return next((ours for theirs, ours in _REASONS.items() if theirs in refusal), None)
