"""The page of a policy: when what happened, which challenges it answers, and whether it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ...graph.errors import BadPeriod
from ...graph.periods import parse_period
from ...graph.store import Row, Store
from ...graph.terms import text
from ...queries.catalogue import ask
from ..remembered import remembered
from ..things import Thing, Value, text_of
from .cards import Card, cards

DATES: Final = ("hk:startDate", "hk:passed", "hk:promulgated", "hk:inForceFrom", "hk:endDate")
CARD: Final = ("hk:kind", "hk:status", "hk:ledBy", "hk:describedIn", "hk:placedIn")
"""What the head of the page says, in this order."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a policy: when, what, and the page that says so."""

    when: Value
    what: str
    property: str = ""
    """The property of a date that has no name of its own."""
    href: str = ""
    page: str = ""


@dataclass(frozen=True)
class Use:
    """How a policy uses an indicator, and the indicator's latest value."""

    relation: str
    relation_id: str
    reason: str
    card: Card


def about(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of a policy shows."""
    linked = ask(store, "challenges/of-policy", policy=thing.node, lang=lang).rows
    used = ask(store, "indicators/of-policy", policy=thing.node, lang=lang).rows
    first: dict[tuple[str, str], Row] = {}
    for row in used:
        first.setdefault((text(row["relation"]), text(row["indicator"])), row)
    pairs = [(text(row["indicator"]), text(row["indicatorLabel"])) for row in first.values()]
    uses = [
        Use(text(row["relationLabel"]), text(row["relation"]), text_of(row, "reason"), card)
        for row, card in zip(first.values(), cards(store, pairs, lang), strict=True)
    ]
    every = remembered(("targets", lang), lambda: ask(store, "policies/targets", lang=lang).rows)
    ids = {id for id, _ in pairs}
    return {
        "card": [(name, thing.said[name]) for name in CARD if name in thing.said],
        "events": _events(store, thing, lang),
        "challenges": linked,
        "uses": sorted(uses, key=lambda use: use.relation_id != "hk:hasTarget"),
        "targets": [
            row
            for row in every
            if text_of(row, "policy")
            and text(row["policy"]) == thing.id
            or ("policy" not in row and text(row["indicator"]) in ids)
        ],
    }


def _events(store: Store, thing: Thing, lang: str) -> list[Event]:
    """Gives the dates and milestones of a policy, the earliest first."""
    events = [Event(when, "", name) for name in DATES for when in thing.said.get(name, ())]
    for row in ask(store, "milestones/of-policy", policy=thing.node, lang=lang).rows:
        when = Value(text(row["dateLabel"]), f"/id/{text(row['date'])}")
        href = f"/id/{text(row['milestone'])}"
        events.append(Event(when, text(row["milestoneLabel"]), "", href, text_of(row, "page")))
    return sorted(events, key=lambda event: (_start(event.when), event.property == ""))


def _start(when: Value) -> date:
    try:
        return parse_period((when.href or "").removeprefix("/id/period/")).start
    except BadPeriod:
        return date.max
