"""The pages of a source and of an organization: which numbers, policies and sources are theirs."""

from __future__ import annotations

from typing import Final

from ...graph.store import Store
from ...queries.catalogue import ask
from ..things import Thing

MOST: Final = 60
"""How many rows of each table a page shows."""


def source(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of a source shows."""
    return {
        "publishers": thing.said.get("dcterms:publisher", []),
        "issued": thing.said.get("dcterms:issued", []),
        "addresses": thing.said.get("dcat:landingPage", []),
        "indicators": ask(store, "sources/indicators", source=thing.node, lang=lang).rows,
    }


def organization(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of an organization shows."""
    led = ask(store, "policies/of-organization", organization=thing.node, lang=lang).rows
    published = ask(store, "sources/of-organization", organization=thing.node, lang=lang).rows
    return {
        "led": led[:MOST],
        "led_count": len(led),
        "published": published[:MOST],
        "published_count": len(published),
    }
