"""The charts of a release drawn before anyone looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from pyoxigraph import NamedNode

from ...graph.names import expand
from ..choices import choices
from ..service import service
from .drawing import NotDrawn
from .pictures import pictures
from .readings import readings
from .service import drawings

MOST: Final = 3_000
"""How many charts of a release are drawn ahead at most; the others wait to be looked at."""


def charts_ahead(lang: str) -> Iterator[None]:
    """Draws every chart that pages show of indicators, one after another, for as long as the
    release is the current one."""
    store, number = service().store, service().number()
    drawn = 0
    for id, label in choices(store, "indicator", lang):
        found = readings(store, NamedNode(expand(id)), lang)
        yield
        for each in pictures(found, label, lang):
            if drawn == MOST or service().number() != number:
                return
            # What is wrong with one is told to those who look at it.
            with suppress(NotDrawn):
                drawings().svg(number, each.spec, each.title, each.description)
            drawn += 1
            yield
