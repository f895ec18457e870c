"""Tells at a glance that a query is far from every limit, as nearly all of them are.

Reading a text token by token costs more than answering a simple query. So first everything that
hides structure (strings, names, comments) is blanked out in one pass of the regular expression
engine, and the marks that are left are counted. The counts are never less than what the guard would
find; where they are within the limits, so is the query. Whatever is not certain is left to it.
"""

from __future__ import annotations

import re
from typing import Final

from ..limits import Limits
from .clauses import QUERY_FORMS, Facts
from .lexer import NAME, STRING, VARIABLE

# `<http://` can be nothing but an IRI: no expression goes on with two slashes.
_NOISE: Final = re.compile(
    rf"""{STRING}(?:@[A-Za-z][-A-Za-z0-9]*+)?|<https?://[^<>"{{}}|^`\\\x00-\x20]*+>"""
    rf"|\#[^\r\n]*+|{VARIABLE}|{NAME}|[0-9]++(?:\.[0-9]++)?(?![eE.])",
    re.DOTALL,
)
# `<` that may begin an IRI, a quote that no string ends, two terms of a list.
_UNCLEAR: Final = re.compile(
    r"""<(?![ =])|["'\\@]|\([^(){}]*?(?:x|true|false)[ \t\r\n]+(?:x|true|false)"""
)
_WORDS: Final = ("values", "from", "insert", "delete", "data")
"""Keywords that call for a closer look."""
_BRACE: Final = re.compile("[{}]")
_FORM: Final = re.compile(r"(?:[ \t\r\n]|x|prefix(?![a-z])|base(?![a-z]))*+([a-z]++)")
_TAIL: Final = re.compile(
    r"(?P<before>[^<>#'\"]*?)(?<![?$:\w])"
    r"(?:limit[ \t\r\n]+(?P<limit>[0-9]+)(?:[ \t\r\n]+offset[ \t\r\n]+(?P<offset>[0-9]+))?"
    r"|offset[ \t\r\n]+(?P<offset_first>[0-9]+)"
    r"(?:[ \t\r\n]+limit[ \t\r\n]+(?P<limit_last>[0-9]+))?)[ \t\r\n]*"
)


def glance(text: str, limits: Limits) -> Facts | None:
    """Gives what a query is, where it is plain to see that no limit is near; else None."""
    lower = text.lower()
    # Some characters have a lower case of another length, and offsets would be off.
    if "service" in lower or len(lower) != len(text):
        return None
    plain = _NOISE.sub("x", text).lower()
    form = _FORM.match(plain)
    if form is None or _UNCLEAR.search(plain) or any(word in plain for word in _WORDS):
        return None
    said = form[1].upper()
    count = plain.count
    nested = sum(map(count, "{([!-+^"))
    separated = sum(map(count, ".;,/{["))
    if (
        said not in QUERY_FORMS
        or nested > limits.nesting
        or separated > limits.patterns
        or 2 * nested + separated + sum(map(count, "=<>&|*")) > limits.operators
    ):
        return None
    if said != "SELECT":
        return Facts(said)
    if not _is_balanced(plain):
        return None
    return _with_tail(lower, plain)


def _is_balanced(plain: str) -> bool:
    """Tells whether each brace that opens is closed after it."""
    depth = 0
    for brace in _BRACE.findall(plain):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _with_tail(lower: str, plain: str) -> Facts | None:
    """Gives the facts with the query's LIMIT and OFFSET, which stand after its last brace."""
    end = lower.rfind("}") + 1
    # In the text the last brace may be within a comment or a string: not if this is so.
    tail, plain_tail = lower[end:], plain[plain.rfind("}") + 1 :]
    if not end or "#" in tail or _NOISE.sub("x", tail) != plain_tail:
        return None
    if "limit" not in plain_tail and "offset" not in plain_tail:
        return Facts("SELECT", tail=(len(lower), len(lower)))
    found = _TAIL.fullmatch(tail)
    if found is None or "limit" in found["before"] or "offset" in found["before"]:
        return None
    limit = found["limit"] or found["limit_last"]
    offset = found["offset"] or found["offset_first"]
    start = end + found.end("before")
    return Facts(
        "SELECT", False, int(limit) if limit else None, int(offset or 0), (start, len(lower))
    )
