"""The page of an indicator: its charts, its values with their pages, and what it is used for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from ...graph.store import Store
from ...queries.catalogue import ask
from ..charts.panels import Panel, conflicts, latest, page_name, panels
from ..charts.readings import Reading, Readings, names_of, readings
from ..charts.spec import truncated
from ..language import LANGUAGES, text
from ..service import service
from ..things import Thing

ROWS: Final = 120
"""How many values a page shows; the data beside it has all."""
NEWEST: Final = 6
CITED: Final = 4
"""How many sources a citation names."""
BETWEEN: Final = {"ja": "、", "en": "; "}


@dataclass
class Block:
    """The values of one type of period, as the table shows them."""

    type: str
    chart: Panel | None
    rows: list[tuple[str, Reading]] = field(default_factory=list)


def about(store: Store, thing: Thing, lang: str) -> dict[str, object]:
    """Gives what the page of an indicator shows."""
    found = readings(store, NamedNode(thing.iri), lang)
    newest = latest(found)
    used = ask(store, "indicators/policies", indicator=thing.node, lang=lang).rows
    return {
        "found": found,
        "newest": [(found.series(each), each) for each in newest[:NEWEST]],
        "newer": len(newest) - NEWEST,
        "blocks": blocks(found),
        "charts": panels(found),
        "truncated": {
            panel.id
            for panel in panels(found)
            if panel.kind == "lines"
            and truncated(*(float(f(p.value for p in panel.points)) for f in (min, max)))
        },
        "conflicts": [(found.series(group[0]), group) for group in conflicts(found.all)],
        "policies": used,
        "page_name": page_name,
        "citation": _cited(store, thing, found),
        "cut": max(0, len(found.all) - ROWS),
    }


def _cited(store: Store, thing: Thing, found: Readings) -> dict[str, str]:
    """Gives how to cite the values, in both languages."""
    sources = list(dict.fromkeys(r.source.iri for r in found.all if r.source))[:CITED]
    manifest = service().manifest()
    citation: dict[str, str] = {}
    for lang in LANGUAGES:
        named = names_of(store, [thing.iri, *sources], lang)
        citation[lang] = text(
            "chart.citation",
            lang,
            sources=BETWEEN[lang].join(named[iri] for iri in sources if iri in named),
            label=named.get(thing.iri, thing.id),
            release=manifest.number if manifest else "–",
            year=manifest.created[:4] if manifest else "–",
            iri=thing.iri,
        )
    return citation


def blocks(found: Readings) -> list[Block]:
    """Gives the values by type of period, as many as a page shows."""
    charts: dict[str, Panel] = {panel.type: panel for panel in panels(found)}
    made: dict[str, Block] = {}
    for reading in found.all[:ROWS]:
        type = reading.period.type
        block = made.setdefault(type, Block(type, charts.get(type)))
        block.rows.append((found.series(reading), reading))
    return sorted(made.values(), key=lambda block: -len(block.rows))
