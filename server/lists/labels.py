"""What the values of a list are called in a language, ready to stand in a page.

Escaped and freed of harmful characters once for each release, so that a page with hundreds of
values only puts them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import quote_plus

from markupsafe import escape

from ...graph.names import expand
from ...graph.store import Store
from ...graph.terms import text
from ..harmless import harmless
from ..remembered import remembered
from ..things import address, names
from .index import Index
from .kinds import Kind
from .values import Values

SAFE: Final = "!$'()*,/:;?@"
"""What an address may have in its query as it is, as Werkzeug writes it."""
_AT_ONCE: Final = 200
"""Of how many things the names are asked for at once: a query may be only so long."""


@dataclass(frozen=True)
class Labels:
    """The names of a facet's values, as they stand in a page and in an address."""

    texts: Sequence[str]
    """What each value is called."""
    pages: Sequence[str]
    """The address of each value's own page; empty for what is no thing."""
    queries: Sequence[str]
    """Each value as it stands in an address, escaped."""


def labels(store: Store, kind: Kind, index: Index, lang: str) -> dict[str, Labels]:
    """Gives the names of the values of each facet, read at the first request of a release."""
    return remembered(("list labels", kind.name, lang), lambda: _read(store, index, lang))


def safe(text: str) -> str:
    """Gives a text as it stands in a page.

    >>> safe("a < b")
    'a &lt; b'
    """
    return str(escape(harmless(text)))


def _read(store: Store, index: Index, lang: str) -> dict[str, Labels]:
    things = {
        expand(value): value
        for values in index.facets.values()
        for value in values.names
        if "/" in value
    }
    named = {things[iri]: name for iri, name in called(store, things, lang).items()}
    return {facet: _of(values, named) for facet, values in index.facets.items()}


def called(store: Store, things: Iterable[str], lang: str) -> dict[str, str]:
    """Gives what things are called in a language, however many they are, by their IRIs."""
    return {
        iri: text(label)
        for some in _in_parts(things)
        for iri, label in names(store, some, lang).items()
    }


def _of(values: Values, named: dict[str, str]) -> Labels:
    return Labels(
        [safe(named.get(value, value)) for value in values.names],
        [address(value) if "/" in value else "" for value in values.names],
        [safe(quote_plus(value, SAFE)) for value in values.names],
    )


def _in_parts(things: Iterable[str]) -> Iterator[list[str]]:
    left = iter(things)
    while part := list(islice(left, _AT_ONCE)):
        yield part
