"""The page of a challenge: what is done about it where, how one knows, and what moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ...graph.store import Store
from ...graph.terms import text
from ...queries.catalogue import ask
from ..links import Link, of_cell
from ..matrix import Challenge, matrix
from ..remembered import remembered
from ..things import Thing
from .cards import cards

POLICIES: Final = 5
"""How many policies a section shows before the rest is left to the page of its links."""
INDICATORS: Final = 12
MILESTONES: Final = 12


@dataclass(frozen=True)
class LinkedPolicy:
    """A policy with the links that record how it answers the challenge."""

    id: str
    label: str
    links: tuple[Link, ...]

    @property
    def stated(self) -> bool:
        """Whether a page itself says so, by one link at least."""
        return any(link.stated for link in self.links)


@dataclass
class SectionOfPolicies:
    """A part of the white paper with the policies that are described or placed there."""

    id: str
    label: str
    policies: list[LinkedPolicy] = field(default_factory=list)

    @property
    def shown(self) -> list[LinkedPolicy]:
        """The first policies, those that a page states before the others."""
        return sorted(self.policies, key=lambda each: not each.stated)[:POLICIES]

    @property
    def left(self) -> int:
        """How many are not shown."""
        return len(self.policies) - len(self.shown)


def about(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of a challenge shows."""
    tree = remembered(("matrix", lang), lambda: matrix(store, lang))
    place = next((row for row in tree.rows if row.id == thing.id), None)
    links = of_cell(store, thing.id, None, lang)
    found = ask(store, "challenges/indicators", challenge=thing.node, lang=lang).rows
    indicators = [(text(row["indicator"]), text(row["indicatorLabel"])) for row in found]
    milestones = ask(store, "challenges/milestones", challenge=thing.node, lang=lang).rows
    related = ask(store, "challenges/related", challenge=thing.node, lang=lang).rows
    above = {each.id for top in tree.top for each in _path(top, thing.id)}
    below = {each.id for each in place.below()} if place else set()
    return {
        "above": [row for row in tree.rows if row.id in above and row.id != thing.id],
        "narrower": place.narrower if place else [],
        "sections": sections(links),
        "policies": len({link.policy.id for link in links}),
        "stated": sum(link.stated for link in links),
        "links": len(links),
        "cards_of": cards(store, indicators[:INDICATORS], lang),
        "indicators": len(indicators),
        "milestones": milestones[:MILESTONES],
        "related": [row for row in related if text(row["other"]) not in above | below][:10],
    }


def sections(links: list[Link]) -> list[SectionOfPolicies]:
    """Gives links by part of the white paper and policy, in the order they have."""
    found: dict[str, dict[str, list[Link]]] = {}
    labels: dict[str, str] = {}
    for link in links:
        labels[link.part.id], labels[link.policy.id] = link.part.label, link.policy.label
        found.setdefault(link.part.id, {}).setdefault(link.policy.id, []).append(link)
    return [
        SectionOfPolicies(
            part,
            labels[part],
            [LinkedPolicy(id, labels[id], tuple(those)) for id, those in policies.items()],
        )
        for part, policies in found.items()
    ]


def _path(top: Challenge, id: str) -> Iterator[Challenge]:
    """Gives the challenges from the top one down to one, if it is below."""
    if top.id == id or any(each.id == id for each in top.below()):
        yield top
        for each in top.narrower:
            yield from _path(each, id)
