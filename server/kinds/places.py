"""The pages of a part of the white paper, of an edition and of a period: what stands there."""

from __future__ import annotations

from typing import Final

from ...graph.errors import BadPeriod
from ...graph.periods import parse_period
from ...graph.store import Row, Store
from ...graph.terms import text
from ...queries.catalogue import ask
from ..outline import Part, outline
from ..remembered import remembered
from ..things import Thing

MOST: Final = 80
"""How many things of a kind a page shows."""
CLASSES: Final = ("hk:Policy", "hk:Challenge", "hk:Indicator")


def part(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of a part shows: where it stands, what is below it and what is in it."""
    top = remembered(("outline", lang), lambda: outline(store, lang))
    path = _path(top, thing.id)
    rows = ask(store, "editions/of-part", section=thing.node, lang=lang).rows
    groups = [(name, [row for row in rows if text(row["class"]) == name]) for name in CLASSES]
    return {
        "above": path[:-1],
        "below": path[-1].below if path else [],
        "groups": [(name, those[:MOST], len(those)) for name, those in groups if those],
        "edition": thing.said.get("hk:partOf", []) if len(path) < 2 else [],
    }


def edition(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of an edition shows: its outline if there is one, and what it gave."""
    top = remembered(("outline", lang), lambda: outline(store, lang))
    given = remembered(
        ("contributions", lang), lambda: ask(store, "editions/contributions", lang=lang).rows
    )
    within = thing.id.removeprefix("whitepaper/")
    return {
        "outline": top if any(each.id.startswith(f"part/{within}-") for each in top) else [],
        "given": next((row for row in given if text(row["edition"]) == thing.id), None),
        "editions": given,
    }


def period(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of a period shows: values, policies and milestones."""
    rows = ask(store, "periods/contents", period=thing.node, lang=lang).rows
    values = [row for row in rows if text(row["property"]) == "hk:period"]
    dates = [row for row in rows if text(row["property"]) not in ("hk:period", "hk:date")]
    milestones: list[Row] = []
    try:
        # Milestones in a stretch of days; what is not a period of ours has none.
        parse_period(thing.id.removeprefix("period/"))
        milestones = ask(store, "milestones/in-period", period=thing.node, lang=lang).rows
    except BadPeriod:
        pass
    return {
        "values_of": values[:MOST],
        "values_count": len(values),
        "dates": dates[:MOST],
        "dates_count": len(dates),
        "milestones": milestones[:MOST],
        "milestones_count": len(milestones),
    }


def _path(parts: list[Part], id: str) -> list[Part]:
    for each in parts:
        if each.id == id:
            return [each]
        below = _path(each.below, id)
        if below:
            return [each, *below]
    return []
