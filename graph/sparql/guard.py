"""What a query or an update may contain before it is run.

The guard reads tokens and nothing else: what is no SPARQL at all is for the engine to say. What it
refuses, it refuses with the place and the words at fault. Isolation is what contains an attack; the
guard is there so that the usual ones cost nothing and get a clear answer.
"""

from __future__ import annotations

from ..errors import QueryRefused, UpdateInsteadOfQuery
from ..limits import Limits
from .clauses import Clauses, Facts
from .glance import glance
from .lexer import Lexer, position
from .patterns import Patterns
from .reach import Reach

__all__ = ["Facts", "check_query", "check_update", "without_loads"]


def check_query(text: str, limits: Limits) -> Facts:
    """Gives what a query is, or raises QueryRefused with the place of what is not allowed.

    >>> check_query("ASK { SERVICE <http://localhost/> { ?s ?p ?o } }", Limits())
    Traceback (most recent call last):
    hakusho.graph.errors.QueryRefused: line 1, column 7: SERVICE <http://localhost/> is not \
allowed here; no other endpoint is asked
    """
    _check_size(text, limits.text_bytes)
    facts = glance(text, limits) or _read(text, limits, update=False)
    if facts.is_update:
        raise UpdateInsteadOfQuery("this is an update, and only a query is answered here")
    return facts


def check_update(text: str, limits: Limits) -> Facts:
    """Gives what an update is, or raises QueryRefused with the place of what is not allowed.

    The data that it carries may be as long as an upload; it is bounded in nothing but nesting.
    """
    _check_size(text, limits.upload_bytes)
    return _read(text, limits, update=True)


def without_loads(text: str, facts: Facts) -> str:
    """Gives an update in which each LOAD SILENT has failed in silence.

    >>> text = "LOAD SILENT <http://localhost/> INTO GRAPH <urn:g> ; CLEAR DEFAULT"
    >>> without_loads(text, check_update(text, Limits()))
    'DELETE DATA {}; CLEAR DEFAULT'
    """
    for start, end in reversed(facts.loads):
        text = f"{text[:start]}DELETE DATA {{}}{text[end:]}"
    return text


def _read(text: str, limits: Limits, update: bool) -> Facts:
    lexer = Lexer(text)
    clauses, reach, patterns = Clauses(text), Reach(text, limits, update), Patterns(text, limits)
    is_long = len(text.encode("utf-8", "surrogatepass")) > limits.text_bytes
    for token in lexer.tokens():
        patterns.take(token)
        reach.take(token)
        if token[3].kind == "top":
            clauses.take(token)
            if update and token[1] == ";":
                patterns.next_operation()
        if is_long and token[2] - lexer.data > limits.text_bytes:
            raise QueryRefused(
                f"the text has more than {limits.text_bytes:,} bytes beside the data in it",
                *position(text, token[2]),
            )
    reach.end_operation(len(text))
    return clauses.facts(len(text), reach.loads)


def _check_size(text: str, most: int) -> None:
    # A character has no more than four bytes.
    if len(text) > most // 4:
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > most:
            raise QueryRefused(f"the text has {size:,} bytes, and {most:,} is the limit")
