"""Whether a graph that an engine gave is whole, where the engine cuts graphs without a word.

Such an engine does say of rows that they were cut. So the rows that the graph was made of are asked
for as well, and the answer to that bears witness.
"""

from __future__ import annotations

from typing import Final

from ..errors import QueryRefused
from ..sparql.syntax import position, tokens

ROW: Final = "SELECT (1 AS ?one)"


def rows_of(text: str) -> str:
    """Gives a query for as many rows as a CONSTRUCT query has solutions.

    >>> rows_of("CONSTRUCT { ?s a ?t } FROM <urn:g> WHERE { ?s a ?t } LIMIT 5")
    'SELECT (1 AS ?one) FROM <urn:g> WHERE { ?s a ?t } LIMIT 5'
    >>> rows_of("CONSTRUCT WHERE { ?s a ?t }")
    'SELECT (1 AS ?one) WHERE { ?s a ?t }'
    """
    start = end = depth = 0
    constructs = False
    for token in tokens(text):
        if not constructs:
            if token.word == "DESCRIBE":
                place = position(text, token.start)
                raise QueryRefused(
                    "this engine may cut short what DESCRIBE gives and not say so; "
                    "ask for it by CONSTRUCT",
                    *place,
                )
            if token.word == "CONSTRUCT":
                constructs, start, end = True, token.start, token.end
            continue
        if token.text == "{":
            depth += 1
        elif token.text == "}":
            depth -= 1
        if depth == 0:
            # What follows the keyword is a template, or the text goes on at once.
            end = token.end if token.text == "}" else end
            break
    return f"{text[:start]}{ROW}{text[end:]}"
