"""Which thing a person means: by its id, its IRI, its id without the kind, or its label."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Protocol

from .errors import BadParameter, UnknownThing
from .names import expand, shorten
from .network_parts import Node


class Known(Protocol):
    """The things that may be meant, by id, with their kinds and what was merged into them."""

    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def nodes(self) -> Mapping[str, Node]: ...
    @property
    def replaced(self) -> Mapping[str, str]: ...


def identify(asked: str, known: Known) -> str:
    """Gives the id of the thing that is meant, or raises what says which may have been."""
    id = _kept(shorten(expand(asked.strip())), known.replaced)
    if id in known.nodes:
        return id
    meant = [id for id, node in known.nodes.items() if _plain(asked) in _names(node)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise BadParameter("thing", asked, f"the id of one thing, {' or '.join(meant)}")
    kind, slash, slug = id.partition("/")
    nearest = tuple(id for id, node in known.nodes.items() if slash and node.slug == slug)
    if not nearest:
        nearest = _nearest(id, known.nodes)
    if slash and kind not in known.kinds:
        wanted = f"the id of a thing of kind {' or '.join(known.kinds)}"
        raise BadParameter("thing", asked, wanted, nearest)
    raise UnknownThing(asked, nearest)


def _kept(id: str, replaced: Mapping[str, str]) -> str:
    passed = set()
    while id in replaced and id not in passed:
        passed.add(id)
        id = replaced[id]
    return id


def _names(node: Node) -> Iterator[str]:
    yield _plain(node.slug)
    for label in (node.label_ja, node.label_en):
        if label is not None:
            yield _plain(label)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _nearest(asked: str, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """Gives the ids most like what was asked for, by the whole id or by one of the names."""
    if asked.partition("/")[1]:
        return tuple(get_close_matches(asked, nodes, 3))
    named: dict[str, str] = {}
    for id, node in nodes.items():
        for name in _names(node):
            named.setdefault(name, id)
    found = get_close_matches(_plain(asked), named, 3)
    return tuple(dict.fromkeys(named[name] for name in found))
