"""The links between policies and challenges as lists show them, read once for each release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..graph.store import Row, Store
from ..graph.terms import text
from ..queries.catalogue import ask
from .matrix import Challenge, matrix
from .outline import Part, outline
from .remembered import remembered
from .things import text_of


@dataclass(frozen=True)
class Named:
    """A thing by its id and label."""

    id: str
    label: str


@dataclass(frozen=True)
class Link:
    """A link: the policy, the challenge, where the policy stands, and what proves it."""

    id: str
    policy: Named
    linked: Named
    part: Named
    described: bool
    assertion: Named
    stated: bool
    reason: str
    page: str
    evidence: Named | None


def of_cell(store: Store, challenge: str | None, section: str | None, lang: str) -> list[Link]:
    """Gives the links of a challenge and a part of the white paper, smaller ones included; raises
    BadParameter for what is neither."""
    broader = remembered("broader", lambda: _broader(store))
    if any(each is not None and each not in broader for each in (challenge, section)):
        # Something else than a row or a column of the matrix, or nothing that is known.
        asked = ask(store, "links/of-cell", challenge=challenge, section=section, lang=lang)
        return [_link(row) for row in asked.rows]
    every = remembered(
        ("links", lang), lambda: [_link(row) for row in ask(store, "links/of-cell", lang=lang).rows]
    )
    return [
        link
        for link in every
        if (challenge is None or challenge in broader.get(link.linked.id, ()))
        and (section is None or section in broader.get(link.part.id, ()))
    ]


def _broader(store: Store) -> Mapping[str, frozenset[str]]:
    """Gives each challenge and part with all that it is in, itself included."""

    def walk(
        nodes: Iterable[Challenge | Part], path: frozenset[str]
    ) -> Iterator[tuple[str, frozenset[str]]]:
        for node in nodes:
            whole = path | {node.id}
            yield node.id, whole
            yield from walk(node.narrower if isinstance(node, Challenge) else node.below, whole)

    top = remembered(("matrix", "ja"), lambda: matrix(store, "ja")).top
    parts = remembered(("outline", "ja"), lambda: outline(store, "ja"))
    return dict(walk([*top, *parts], frozenset()))


def _link(row: Row) -> Link:
    return Link(
        id=text(row["link"]),
        policy=_named(row, "policy"),
        linked=_named(row, "linked"),
        part=_named(row, "part"),
        described=text(row["placement"]) == "hk:describedIn",
        assertion=_named(row, "assertion"),
        stated=text(row["assertion"]) == "hk:stated",
        reason=text_of(row, "reason"),
        page=text_of(row, "page"),
        evidence=_named(row, "evidence") if "evidence" in row else None,
    )


def _named(row: Row, name: str) -> Named:
    label = row.get(f"{name}Label")
    return Named(text(row[name]), text(label) if label is not None else text(row[name]))
