"""The outline of the white paper as pages show it: a tree of parts with what stands in each."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..graph.store import Store
from ..graph.terms import text
from ..queries.catalogue import ask
from .matrix import editions
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


def outline(store: Store, lang: str, edition: str | None = None) -> list[Part]:
    """Gives the top parts of a white paper in reading order, each with all below it: of the newest,
    unless another is named, and none where no outline is recorded."""
    if edition is None:
        there = editions(store, lang)
        if not there:
            return []
        edition = there[0].id
    parts: dict[str, Part] = {}
    top: list[Part] = []
    for row in ask(store, "editions/outline", lang=lang, edition=f"whitepaper/{edition}").rows:
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


def outlines(store: Store, lang: str) -> list[Part]:
    """Gives the top parts of every white paper, of the newest first."""
    return [part for each in editions(store, lang) for part in outline(store, lang, each.id)]
