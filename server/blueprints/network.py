"""How things hang together: what is around one of them, and what connects two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from ...graph.errors import BadParameter, HakushoError, UnknownThing
from ...graph.names import shorten
from ...graph.network.parts import Edge, Node
from ...graph.network.paths import Connection, connect, explain
from ...graph.network.projection import CONTENT, Projection, project
from ...graph.network.relations import kinds
from ..drawing import Drawing
from ..language import here, language, link, text
from ..negotiation import HTML, JSON, choose
from ..neighbourhood import MOST, Neighbourhood, around
from ..problems import problem_of
from ..remembered import remembered
from ..service import service
from ..things import address

bp = Blueprint("network", __name__)

PATHS: Final = 3
BEGINNINGS: Final = 6
LONGEST: Final = 300
"""How many characters of a name are looked at."""


@bp.get("/network")
def page() -> Response:
    """Shows what is around `?thing=`, or what connects it with `?to=`, as a page or as JSON."""
    media = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    network = remembered("network", lambda: project(service().store))
    try:
        shows = _shows(network)
    except (UnknownThing, BadParameter) as error:
        if media is JSON:
            raise
        return make_response(_page(network, error=error), problem_of(error).status)
    if media is JSON:
        return jsonify(_said(network, **shows))
    return make_response(_page(network, **shows))


def _shows(network: Projection) -> dict[str, Any]:
    asked, goal = (request.args.get(name, "")[:LONGEST].strip() for name in ("thing", "to"))
    if not asked:
        return {}
    centre = network.node(asked)
    if goal:
        through = kinds() if request.args.get("through") == "all" else CONTENT
        found = connect(network, centre.id, network.node(goal).id, limit=PATHS, through=through)
        return {"connection": found}
    chosen = request.args.getlist("group")
    return {"near": around(network, centre, chosen or None)}


def _page(
    network: Projection,
    near: Neighbourhood | None = None,
    connection: Connection | None = None,
    error: HakushoError | None = None,
) -> str:
    lang = language()
    start = near.centre if near else connection.start if connection else None
    drawing = None
    if near is not None:
        drawing = _drawing(network, near.nodes, near.edges, (near.centre.id,), labelled=False)
    elif connection is not None and connection.paths:
        drawing = _of_paths(network, connection)
    return render_template(
        "network/page.html",
        asked=start.name(lang) if start else request.args.get("thing", "")[:LONGEST],
        goal=connection.goal.name(lang) if connection else request.args.get("to", "")[:LONGEST],
        start=start,
        near=near,
        connection=connection,
        drawing=drawing,
        error=error,
        problem=problem_of(error) if error else None,
        beginnings=[] if start else _beginnings(network),
        degree=network.undirected.degree,
        most=MOST,
        name=lambda node: node.name(lang),
        word=lambda relation: network.word(relation, lang),
        sentence=lambda edge: explain(network, edge, lang, page=False),
    )


def _drawing(
    network: Projection,
    nodes: Iterable[Node],
    edges: Iterable[Edge],
    starts: Sequence[str],
    labelled: bool,
) -> Drawing:
    """Gives things and the lines among them as they are drawn."""
    lang = language()
    found = Drawing()
    for node in nodes:
        degree = network.undirected.degree[node.id]
        words = {
            "page": text("network.to_page", lang),
            "centre": text("network.centre_here", lang, number=degree),
        }
        found.add(
            node.id,
            node.name(lang),
            node.kind,
            here(address(node.iri)),
            start=node.id in starts,
            kindLabel=text(f"kinds.{node.kind}", lang),
            centre=link("network.page", thing=node.id),
            actions=words,
        )
    for edge in edges:
        label = network.word(edge.relation, lang)
        found.join(edge.subject, edge.object, label, path=labelled)
    return found


def _of_paths(network: Projection, found: Connection) -> Drawing:
    nodes = {node.id: node for path in found.paths for node in path.nodes}
    edges = {edge: None for path in found.paths for step in path.steps for edge in step.edges}
    ends = (found.start.id, found.goal.id)
    return _drawing(network, nodes.values(), edges, ends, labelled=True)


def _beginnings(network: Projection) -> list[Node]:
    """Gives the challenges with the most around them, to begin with."""
    challenges = [node for node in network.nodes.values() if node.kind == "challenge"]
    degree = network.undirected.degree
    return sorted(challenges, key=lambda node: (-degree[node.id], node.id))[:BEGINNINGS]


def _said(
    network: Projection, near: Neighbourhood | None = None, connection: Connection | None = None
) -> Mapping[str, Any]:
    """Gives what is shown as programs read it."""
    if connection is not None:
        return {
            "from": _node(connection.start),
            "to": _node(connection.goal),
            "total": connection.total,
            "paths": [
                {
                    "nodes": [node.id for node in path.nodes],
                    "edges": [_edge(edge) for step in path.steps for edge in step.edges],
                }
                for path in connection.paths
            ],
            "near": {
                "from": [{"id": one.node.id, "steps": one.steps} for one in connection.near_goal],
                "to": [{"id": one.node.id, "steps": one.steps} for one in connection.near_start],
            },
        }
    if near is None:
        return {"kinds": kinds(), "nodes": len(network.nodes), "edges": len(network.edges)}
    return {
        "thing": _node(near.centre),
        "groups": [
            {
                "name": group.name,
                "relation": group.relation,
                "outward": group.outward,
                "kind": group.kind,
                "count": len(group.nodes),
                "drawn": len(group.drawn),
            }
            for group in near.groups
        ],
        "nodes": [_node(node) for node in near.nodes],
        "edges": [_edge(edge) for edge in near.edges],
    }


def _node(node: Node) -> Mapping[str, Any]:
    return {"id": node.id} | node.attributes()


def _edge(edge: Edge) -> Mapping[str, Any]:
    said = {"subject": edge.subject, "object": edge.object} | edge.attributes()
    return said | ({"link": shorten(edge.link)} if edge.link else {})
