"""Where a thing and each of its values come from: who entered it, when, from which row."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from pyoxigraph import NamedNode

from ...graph.errors import BadParameter
from ...graph.names import GRAPH, expand, shorten
from ...graph.store import Row
from ...graph.terms import python, text
from ...loaders.columns import kinds
from ...loaders.exporting import TABLES
from ...loaders.rdf import rdf_format
from ...queries.catalogue import ask, catalogue
from ..language import language
from ..negotiation import HTML, JSON, choose
from ..service import service
from ..things import Value, heading_of, text_of, value_of

bp = Blueprint("provenance", __name__)

OWN: Final = GRAPH + "submission-"
"""What the name of a submission's graph begins with; its number is that of its release."""

APART: Final = GRAPH + "provenance"
"""What the names of graphs begin with that say where things come from."""
SHOWN: Final = 150
"""How many values the page shows; as data there are all."""


@dataclass(frozen=True)
class Entry:
    """One time that a thing was entered: from which row, by whom, when, why, in which release."""

    file: str
    sheet: str
    row: str
    who: str
    when: str
    why: str
    release: str
    sha256: str

    @property
    def by_line(self) -> bool:
        """Whether what is counted in the file is lines: RDF has no rows."""
        return rdf_format(self.file) is not None


@dataclass(frozen=True)
class Statement:
    """A value of a thing: the graph that states it, and the release that entered that graph."""

    name: Value
    value: Value
    graph: str
    iri: str
    edition: Value | None
    link: Value | None
    page: Value | None
    entry: Entry | None

    @property
    def inferred(self) -> bool:
        """Whether it follows from a rule."""
        return self.graph == "inferred"


@bp.app_template_global("entered")
def entered(iri: str) -> list[Entry]:
    """Gives each time that a thing was entered, the first first."""
    rows = ask(service().store, "things/entered", thing=NamedNode(iri)).rows
    names = [each.name for each in dataclass_fields(Entry)]
    return [Entry(**{name: _cell(row, name) for name in names}) for row in rows]


@bp.app_template_filter("shortened")
def shortened(iri: str) -> str:
    """Gives an IRI as people meet it."""
    return shorten(iri)


@bp.app_template_global("correctable")
def correctable(iri: str) -> str | None:
    """Gives the kind and id by which there is a form to correct a thing, if there is one."""
    id = shorten(iri)
    kind, slash, _ = id.partition("/")
    formed = {kinds()[table] for table in TABLES if table in kinds()}
    return id if slash and kind in formed and id != iri else None


@bp.get("/provenance")
def page() -> Response:
    """Shows where a thing and each of its values come from."""
    media = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    store, lang = service().store, language()
    thing = _thing(request.args.get("thing", ""))
    if not catalogue().knows(store, thing):
        raise catalogue().missing(store, shorten(thing.value))
    entries = entered(thing.value)
    rows = [
        row
        for row in ask(store, "things/provenance-of-statement", subject=thing, lang=lang).rows
        if not text_of(row, "graph").startswith(APART)
    ]
    statements = [_statement(row, entries) for row in rows]
    if media is JSON:
        return jsonify(
            {
                "thing": thing.value,
                "entered": [vars(each) for each in entries],
                "values": [_said(row, each) for row, each in zip(rows, statements, strict=True)],
            }
        )
    heading = ask(store, "things/heading", thing=thing, lang=lang).rows
    return make_response(
        render_template(
            "provenance/page.html",
            iri=thing.value,
            id=shorten(thing.value),
            label=text(heading_of(heading[0], lang)) if heading else shorten(thing.value),
            entries=entries,
            replaced=any(text(row["property"]) == "dcterms:isReplacedBy" for row in rows),
            statements=statements[:SHOWN],
            more=max(0, len(statements) - SHOWN),
        )
    )


def _thing(given: str) -> NamedNode:
    try:
        return NamedNode(expand(given))
    except ValueError:
        raise BadParameter("thing", given, "the id of a thing, such as policy/notice") from None


def _cell(row: Row, name: str) -> str:
    return str(python(row[name])) if name in row else ""


def _statement(row: Row, entries: list[Entry]) -> Statement:
    graph = text_of(row, "graph")
    number = graph.removeprefix(OWN) if graph.startswith(OWN) else None
    mine = [each for each in entries if each.release == number] if number else entries[:1]

    def shown(name: str) -> Value | None:
        return value_of(row[name], row.get(f"{name}Label")) if name in row else None

    return Statement(
        name=value_of(row["property"], row.get("propertyLabel")),
        value=value_of(row["value"], row.get("valueLabel")),
        graph=graph.removeprefix(GRAPH),
        iri=graph,
        edition=shown("edition"),
        link=shown("link"),
        page=shown("page"),
        entry=mine[0] if mine and not graph.endswith("/inferred") else None,
    )


def _said(row: Row, each: Statement) -> dict[str, Any]:
    return {
        "property": text(row["property"]),
        "value": text(row["value"]),
        "graph": each.iri,
        "page": text_of(row, "page") or None,
        "link": text_of(row, "link") or None,
        "entered": vars(each.entry) if each.entry else None,
    }
