"""What may be chosen where a thing of a kind is asked for, found once for each release."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.store import Store
from ..graph.terms import text
from ..queries.catalogue import ask
from .remembered import remembered

Choice = tuple[str, str]
"""The id of a thing, as KIND/SLUG, and its label."""


def choices(store: Store, kind: str, lang: str) -> Sequence[Choice]:
    """Gives all things of a kind by id and label, in the order of their labels."""

    def find() -> list[Choice]:
        rows = ask(store, "things/labels", kind=kind, lang=lang).rows
        return [(text(row["thing"]), text(row["thingLabel"])) for row in rows]

    return remembered(("choices", kind, lang), find)
