"""A query as the program that asks it, in the languages in which people work with the answer."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Final

from flask import render_template

from ..graph.store import Form

QUOTED: Final[dict[str, Callable[[str], str]]] = {
    "curl": lambda text: shlex.quote(text),
    "python": lambda text: python_text(text),
    "r": lambda text: r_text(text),
    "javascript": lambda text: javascript_text(text),
}
"""The languages, and how each writes a text of several lines."""


def snippets(query: str, endpoint: str, form: Form | None) -> list[tuple[str, str]]:
    """Gives for each language the program that asks a query and reads its answer."""
    text = query.replace("\r\n", "\n").strip()
    return [
        (
            language,
            render_template(
                f"sparql/snippets/{language}.txt",
                query=quoted(text),
                endpoint=json.dumps(endpoint, ensure_ascii=False),
                url=shlex.quote(endpoint),
                rdf=form == "graph",
                accept="text/turtle" if form == "graph" else "text/csv",
            ).strip(),
        )
        for language, quoted in QUOTED.items()
    ]


def python_text(text: str) -> str:
    """Gives a text as Python writes it, its lines as they are.

    >>> import ast
    >>> ast.literal_eval(python_text("a line, 'quoted'"))
    "a line, 'quoted'"
    """
    quotes = chr(34) * 3
    safe = text.replace("\\", "\\\\").replace(quotes, '\\"' * 3)
    if safe.endswith('"'):
        safe = safe[:-1] + '\\"'
    return f"{quotes}{safe}{quotes}"


def r_text(text: str) -> str:
    """Gives a text as R writes it: raw, between as many dashes as it needs.

    >>> r_text("SELECT")
    'r"-(SELECT)-"'
    """
    dashes = "-"
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}({text}){dashes}"'


def javascript_text(text: str) -> str:
    """Gives a text as JavaScript writes it.

    >>> javascript_text("SELECT")
    '`SELECT`'
    """
    safe = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"`{safe}`"
