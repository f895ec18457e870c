"""JSON documents of people who name our context, or none: the context written into them.

It is put in as text and on one line, so that whatever is said of the document's lines stays true.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from ..graph.names import BASE
from .columns import context

ADDRESSES: Final = (BASE + "context.jsonld", BASE + "ontology/context.jsonld")
"""The addresses by which a document names our context."""

_OURS = "|".join(re.escape(address) for address in ADDRESSES)
_NAMED = re.compile(rf'"@context"\s*:\s*(?:\[[^\[\]{{}}]*?)?(?P<ours>"(?:{_OURS})")')
_ELSEWHERE = re.compile(r'"@context"\s*:\s*(?:\[[^\[\]{}]*?)?"(?P<address>[^"]*)"')


def with_context(text: str, document: Any) -> str:
    """Gives a JSON text with our context in it, where it names that or has none of its own.

    >>> text = '{"@type": "policies", "id": "notice"}'
    >>> json.loads(with_context(text, json.loads(text)))["@context"] == context()
    True
    """
    ours = json.dumps(context(), ensure_ascii=False)
    if isinstance(document, dict) and "@context" not in document:
        start = text.index("{") + 1
        comma = "," if document else ""
        return f'{text[:start]}"@context":{ours}{comma}{text[start:]}'
    if isinstance(document, list) and not any("@context" in each for each in _objects(document)):
        return f'{{"@context":{ours},"@graph":{text}}}'
    while found := _NAMED.search(text):
        text = text[: found.start("ours")] + ours + text[found.end("ours") :]
    return text


def remote_context(text: str) -> tuple[str, int] | None:
    """Gives the address of the first context elsewhere that a text names, and its line."""
    for found in _ELSEWHERE.finditer(text):
        if found["address"] not in ADDRESSES:
            return found["address"], text.count("\n", 0, found.start("address")) + 1
    return None


def _objects(document: list[Any]) -> list[dict[str, Any]]:
    return [each for each in document if isinstance(each, dict)]


def nodes_apart(text: str) -> Iterator[tuple[int, bytes]]:
    """Gives the nodes of a JSON document as documents of their own, each with its line, so that
    what is wrong with one is found there; none where it is a single node.

    >>> [line for line, node in nodes_apart('{"@graph": [\\n{"a": 1},\\n{"b": 2}]}')]
    [2, 3]
    """
    document = json.loads(text)
    begins = re.search(r"\A\s*\[" if isinstance(document, list) else r'"@graph"\s*:\s*\[', text)
    if begins is None:
        return
    whole = document.get("@context", context()) if isinstance(document, dict) else context()
    decoder, place = json.JSONDecoder(), begins.end()
    while (found := re.compile(r"[\s,]*(?=\{)").match(text, place)) is not None:
        node, place = decoder.raw_decode(text, found.end())
        line = text.count("\n", 0, found.end()) + 1
        alone = {"@context": whole, "@graph": [node]}
        yield line, with_context(json.dumps(alone), alone).encode()
