"""The outline of the white paper as pages show it: a tree of parts with what stands in each."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..graph.store import Store
from ..graph.terms import text
from ..queries.catalogue import ask
from .things import text_of


@dataclass
class Part:
    """A part of a white paper with the parts below it."""

    id: str
    label: str
    page: str
    policies: int
    level: int = 0
    below: list[Part] = field(default_factory=list)


def outline(store: Store, lang: str) -> list[Part]:
    """Gives the top parts in reading order, each with all below it."""
    parts: dict[str, Part] = {}
    top: list[Part] = []
    for row in ask(store, "editions/outline", lang=lang).rows:
        part = Part(
            text(row["part"]),
            text(row["partLabel"]),
            text_of(row, "page"),
            int(text(row["policies"])),
        )
        above = parts.get(text(row["parent"]))
        part.level = above.level + 1 if above else 0
        (above.below if above else top).append(part)
        parts[part.id] = part
    return top
