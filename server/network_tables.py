"""What is measured on a network, as tables: short ones for people, whole ones to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from .console import say
from .tables import Cell, Table

if TYPE_CHECKING:
    from ..graph.network.parts import Node
    from ..graph.network.paths import Connection
    from ..graph.network.projection import Projection
    from ..graph.network.related import Related

NAMED: Final = 5
"""How many of several things a person is told by name."""

DIGITS: Final = 6

Row = Sequence[Cell]


def connection_table(network: Projection, found: Connection, lang: str) -> Table:
    """Gives the paths between two things, a row for each relation of each step."""
    from ..graph.network.paths import explain

    columns = (
        "path", "step", "subject", "relation", "object", "sentence",
        "assertion", "evidence", "page", "link",
    )  # fmt: skip
    rows = [
        (
            place,
            number,
            edge.subject,
            edge.relation,
            edge.object,
            explain(network, edge, lang, page=False),
            edge.assertion,
            edge.evidence,
            edge.page,
            edge.link,
        )
        for place, path in enumerate(found.paths, 1)
        for number, step in enumerate(path.steps, 1)
        for edge in step.edges
    ]
    return Table(columns, rows)


def related_table(found: Iterable[Related], lang: str, for_people: bool) -> Table:
    """Gives related things with what they share."""
    rows = [
        (
            one.node.id,
            one.node.name(lang),
            one.count,
            _number(one.jaccard, for_people),
            _number(one.adamic_adar, for_people),
            one.linked,
            _things(one.shared, lang, for_people),
        )
        for one in found
    ]
    columns = ("id", "label", "count", "jaccard", "adamic_adar", "linked", "shared")
    return _headed("related", columns, rows)


def measure(network: Projection, name: str, lang: str, top: int | None, for_people: bool) -> Table:
    """Gives the table of a measure by its name, cut off after its first rows if so wished."""
    return _MEASURES[name](network, lang, top, for_people)


def overview(network: Projection, lang: str) -> Table:
    """Gives how large a network is and what it falls into."""
    import networkx as nx

    from ..graph.network.communities import communities

    division = communities(network)
    numbers: dict[str, Cell] = {
        "things": len(network.nodes),
        "relations": len(network.edges),
        "parts": nx.number_connected_components(network.undirected) - len(division.alone),
        "alone": len(division.alone),
        "communities": len(division.communities),
        "modularity": round(division.modularity, 3),
    }
    return Table(("measure", "value"), list(numbers.items()))


def _centrality(network: Projection, lang: str, top: int | None, for_people: bool) -> Table:
    from ..graph.network.centrality import centrality

    found = centrality(network)[:top]
    rows: list[Row] = [
        (
            one.node.id,
            one.node.name(lang),
            one.degree,
            _number(one.degree_share, for_people),
            _number(one.betweenness, for_people),
            one.exact,
        )
        for one in found
    ]
    columns = ["id", "label", "degree", "degree_share", "betweenness", "exact"]
    if for_people and all(one.exact for one in found):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return _headed("centrality", columns, rows)


def _communities(network: Projection, lang: str, top: int | None, for_people: bool) -> Table:
    from ..graph.network.communities import communities

    found = communities(network).communities[:top]
    rows: list[Row]
    if for_people:
        rows = [
            (place, len(one), _things(one.members, lang, for_people))
            for place, one in enumerate(found, 1)
        ]
        return _headed("communities", ("community", "size", "members"), rows)
    rows = [
        (place, node.id, node.name(lang))
        for place, one in enumerate(found, 1)
        for node in one.members
    ]
    return Table(("community", "id", "label"), rows)


def _cut_points(network: Projection, lang: str, top: int | None, for_people: bool) -> Table:
    from ..graph.network.bridges import weak_points

    rows = [
        (one.node.id, one.node.name(lang), one.cut_off, len(one.pieces))
        for one in weak_points(network).cut_points[:top]
    ]
    return _headed("cut_points", ("id", "label", "cut_off", "pieces"), rows)


def _bridges(network: Projection, lang: str, top: int | None, for_people: bool) -> Table:
    from ..graph.network.bridges import weak_points

    rows = []
    for one in weak_points(network).bridges[:top]:
        names = [edge.relation for edge in one.edges]
        if for_people:
            names = [network.word(name, lang) for name in names]
        rows.append(
            (
                one.node.id,
                one.node.name(lang),
                one.other.id,
                one.other.name(lang),
                "; ".join(names),
                one.near,
                one.far,
            )
        )
    columns = ("id", "label", "other", "other_label", "relations", "near", "far")
    return _headed("bridges", columns, rows)


_MEASURES: Final[dict[str, Callable[[Projection, str, int | None, bool], Table]]] = {
    "centrality": _centrality,
    "communities": _communities,
    "cut-points": _cut_points,
    "bridges": _bridges,
}
MEASURES: Final = tuple(_MEASURES)


def _headed(name: str, columns: Sequence[str], rows: Sequence[Row]) -> Table:
    headings = [say(f"network.{column}") for column in columns]
    return Table(columns, rows, headings, say(f"network.{name}_title"))


def _number(value: float, for_people: bool) -> float:
    return round(value, 3 if for_people else DIGITS)


def _things(nodes: Sequence[Node], lang: str, for_people: bool) -> str:
    if not for_people:
        return ";".join(node.id for node in nodes)
    named = say("network.between").join(node.name(lang) for node in nodes[:NAMED])
    left = len(nodes) - NAMED
    return named + say("network.more", count=left) if left > 0 else named
