"""The dataset that a request names for an update: SPARQL 1.1 Protocol, section 2.2.3.

The engine knows no dataset beside the text, so it is written into the text, as USING before each
WHERE, at a place that the text's tokens give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from ..errors import InvalidQuery
from ..terms import sparql
from .syntax import Token, position, tokens


class DatasetNamedTwice(InvalidQuery):
    """An update whose text names a dataset, in a request that names one too."""


def with_dataset(text: str, graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """Gives an update whose patterns match in these graphs and named graphs.

    >>> with_dataset("DELETE WHERE { ?s ?p 1 }", ["urn:g"], [])
    'DELETE { ?s ?p 1 } USING <urn:g> WHERE { ?s ?p 1 }'

    Raises DatasetNamedTwice where the text names one itself.
    """
    if not graphs and not named_graphs:
        return text
    clause = " ".join(
        [
            *(f"USING {sparql(NamedNode(graph))}" for graph in graphs),
            *(f"USING NAMED {sparql(NamedNode(graph))}" for graph in named_graphs),
        ]
    )
    pieces: list[str] = []
    done = 0
    outer = list(_outermost(text))
    for before, token, after in zip([None, *outer], outer, [*outer[1:], None], strict=False):
        if token.word in ("USING", "WITH"):
            raise DatasetNamedTwice(
                f"the request names the dataset, so the update must not do so by {token.word}",
                *position(text, token.start),
            )
        if token.word == "WHERE":
            pieces.append(text[done : token.start])
            if before is not None and before.word == "DELETE" and after is not None:
                # The short form has no place for USING: its pattern is its template too.
                pieces.append(_block(text, after) + " ")
            pieces.append(clause + " ")
            done = token.start
    return "".join((*pieces, text[done:]))


def _outermost(text: str) -> Iterator[Token]:
    """Gives the tokens outside of all braces, and the brace that opens each block."""
    depth = 0
    for token in tokens(text):
        if token.text == "}":
            depth -= 1
        elif depth == 0:
            yield token
        if token.text == "{":
            depth += 1


def _block(text: str, opening: Token) -> str:
    """Gives the text from a brace to the one that closes it."""
    depth = 0
    for token in tokens(text[opening.start :]):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return text[opening.start : opening.start + token.end]
    return text[opening.start :]
