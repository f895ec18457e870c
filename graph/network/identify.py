"""Which thing a person means: by its id, its IRI, its id without the kind, or its label."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Protocol

from ..errors import BadParameter, UnknownThing
from ..names import expand, shorten
from .parts import Node


class Known(Protocol):
    """The things that may be meant, by id, with their kinds and what was merged into them."""

    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def nodes(self) -> Mapping[str, Node]: ...
    @property
    def replaced(self) -> Mapping[str, str]: ...


class WrongKind(BadParameter):
    """The id of a thing of a kind that was not asked for; `kinds` are those that were."""

    def __init__(self, asked: str, kinds: tuple[str, ...], nearest: tuple[str, ...]) -> None:
        wanted = f"the id of a thing of kind {' or '.join(kinds)}"
        super().__init__("thing", asked, wanted, nearest)
        self.kinds = kinds


class Ambiguous(BadParameter):
    """A name that several things have; `meant` are their ids."""

    def __init__(self, asked: str, meant: tuple[str, ...]) -> None:
        super().__init__("thing", asked, f"the id of one thing, {' or '.join(meant)}")
        self.meant = meant


def identify(asked: str, known: Known) -> str:
    """Gives the id of the thing that is meant, or raises what says which may have been."""
    id = _kept(shorten(expand(asked.strip())), known.replaced)
    if id in known.nodes:
        return id
    meant = _named(asked, known.nodes)
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise Ambiguous(asked, meant)
    kind, slash, slug = id.partition("/")
    nearest = tuple(id for id, node in known.nodes.items() if slash and node.slug == slug)
    if not nearest:
        nearest = _nearest(id, known.nodes)
    if slash and kind not in known.kinds:
        raise WrongKind(asked, known.kinds, nearest)
    raise UnknownThing(asked, nearest)


def _kept(id: str, replaced: Mapping[str, str]) -> str:
    passed = set()
    while id in replaced and id not in passed:
        passed.add(id)
        id = replaced[id]
    return id


def _named(asked: str, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """Gives the ids that have a name as their slug, or else the things it is a label of."""
    name = _plain(asked)
    slugs = tuple(id for id, node in nodes.items() if _plain(node.slug) == name)
    return slugs or tuple(id for id, node in nodes.items() if name in _names(node))


def _names(node: Node) -> Iterator[str]:
    yield _plain(node.slug)
    for label in (node.label_ja, node.label_en):
        if label is not None:
            yield _plain(label)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _nearest(asked: str, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """Gives the ids most like what was asked for: by the slug among those of its kind, by the
    whole id where it has another, and by all names where it has none."""
    kind, slash, slug = asked.partition("/")
    if slash:
        slugs = {node.slug: id for id, node in nodes.items() if node.kind == kind}
        if slugs:
            return tuple(slugs[near] for near in get_close_matches(slug, slugs, 3))
        return tuple(get_close_matches(asked, nodes, 3))
    named: dict[str, str] = {}
    for id, node in nodes.items():
        for name in _names(node):
            named.setdefault(name, id)
    found = get_close_matches(_plain(asked), named, 3)
    return tuple(dict.fromkeys(named[name] for name in found))
