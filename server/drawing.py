"""Graphs as the script that draws them reads them: nodes of some kinds, and lines between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..graph.names import HK, HKID

OTHER: Final = "other"
KINDS: Final = (
    "challenge",
    "policy",
    "indicator",
    "organization",
    "source",
    "part",
    "milestone",
    "term",
    OTHER,
)
"""The kinds that have a shape and a colour of their own, in the order of the legend."""

SHORT: Final = 26


@dataclass
class Drawing:
    """The elements of a graph as the script takes them."""

    nodes: list[Mapping[str, Any]] = field(default_factory=list)
    edges: list[Mapping[str, Any]] = field(default_factory=list)

    def add(self, id: str, label: str, kind: str, href: str | None = None, **more: Any) -> None:
        """Adds a node."""
        data = {"id": id, "label": label, "short": short(label), "kind": drawn_kind(kind)}
        if href:
            data["href"] = href
        self.nodes.append({"data": data | more})

    def join(self, source: str, target: str, label: str | None = None, **more: Any) -> None:
        """Adds a line from one node to another."""
        data = {"source": source, "target": target} | ({"label": label} if label else {})
        self.edges.append({"data": data | more})

    @property
    def elements(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The nodes and lines as JSON has them."""
        return {"nodes": self.nodes, "edges": self.edges}

    @property
    def kinds(self) -> list[str]:
        """The kinds of its nodes, in the order of the legend."""
        return in_order(node["data"]["kind"] for node in self.nodes)


def in_order(kinds: Iterable[str]) -> list[str]:
    """Gives kinds each once, in the order of the legend."""
    return sorted(set(kinds), key=KINDS.index)


def drawn_kind(kind: str) -> str:
    """Gives the kind as which a thing is drawn."""
    return kind if kind in KINDS else OTHER


def kind_of(iri: str) -> str:
    """Gives the kind as which the thing with an IRI is drawn.

    >>> kind_of("https://w3id.org/hakusho/id/policy/notice")
    'policy'
    >>> kind_of("https://example.org/x")
    'other'
    """
    if iri.startswith(HKID):
        return drawn_kind(iri.removeprefix(HKID).partition("/")[0])
    return "term" if iri.startswith(HK) else OTHER


def short(label: str) -> str:
    """Gives a name as it stands under its node, cut off where it is long.

    >>> short("あ" * 40) == "あ" * 25 + "…"
    True
    """
    most = SHORT if not label.isascii() else 2 * SHORT
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
