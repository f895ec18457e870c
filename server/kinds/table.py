"""Which kind of thing has which page: one table from class to template and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ...graph.store import Store
from ..things import Thing
from . import challenge, indicator, places, policy, sources

About = Callable[[Store, Thing, str], dict[str, object]]


@dataclass(frozen=True)
class Page:
    """A kind of page: its template, and what gathers what that shows."""

    template: str
    about: About


PAGES: Final[Mapping[str, Page]] = {
    "hk:Challenge": Page("challenge", challenge.about),
    "hk:Policy": Page("policy", policy.about),
    "hk:Indicator": Page("indicator", indicator.about),
    "hk:Source": Page("source", sources.source),
    "hk:Organization": Page("organization", sources.organization),
    "hk:DocumentPart": Page("part", places.part),
    "hk:WhitePaper": Page("edition", places.edition),
    "hk:Period": Page("period", places.period),
}

GENERIC: Final = Page("thing", lambda store, thing, lang: {})


def page_of(thing: Thing) -> Page:
    """Gives the page of a thing: that of the first of its classes in the table, else the one for
    everything."""
    # What was merged into another thing says so and no more.
    if thing.replaced_by is not None:
        return GENERIC
    return next((page for name, page in PAGES.items() if name in thing.classes), GENERIC)
