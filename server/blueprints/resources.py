"""One thing at its own address, as a page or as RDF, and the terms of the ontology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from flask import Blueprint, Response, make_response, redirect, render_template, request
from pyoxigraph import NamedNode

from ...graph.errors import BadParameter, UnknownThing
from ...graph.names import BASE, GRAPH, HK, expand, shorten
from ...graph.names import thing as iri_of
from ...graph.store import Term
from ...graph.terms import text
from ...queries.catalogue import ask, catalogue
from ..answers import stream
from ..kinds.cards import Card, value
from ..kinds.table import GENERIC, page_of
from ..language import language, link
from ..negotiation import HTML, choose, offered
from ..service import service
from ..texts.files import texts
from ..things import Value, address, headings, text_of, value_of
from ..things import thing as read_thing

bp = Blueprint("resources", __name__)

PAGE_OR_RDF = (HTML, *offered("graph"))
GROUPS = ("classes", "properties", "others")
PAGE_ROWS = 50
EDITABLE = (
    "challenge", "indicator", "milestone", "observation", "organization", "policy", "source",
)  # fmt: skip
"""The kinds of things that have a form of their own."""


@dataclass(frozen=True)
class TermEntry:
    """A term of the ontology in the list of terms."""

    id: str
    name: str
    label: str
    definition: str


@bp.get("/id/<kind>/<path:slug>")
def thing(kind: str, slug: str) -> Response:
    """Shows a thing of the graph at its own address."""
    store = service().store
    iri = iri_of(kind, slug)
    stem, dot, extension = slug.rpartition(".")
    names = {name for media in PAGE_OR_RDF for name in media.names}
    if dot and extension in names and not catalogue().knows(store, iri):
        return _answer(iri_of(kind, stem).value, extension)
    return _answer(iri.value)


@bp.get("/resource")
def resource() -> Response:
    """Shows what the graph says about any IRI."""
    iri = _iri("iri", request.args.get("iri", "")).value
    if iri.startswith(GRAPH):
        return cast(Response, redirect(address(iri), 303))
    return _answer(iri)


@bp.get("/ontology/<name>")
def term(name: str) -> Response:
    """Shows a term of the ontology, or the module of that name where there is no such term."""
    found = HK + name
    if not catalogue().knows(service().store, NamedNode(found)):
        module = f"{BASE}ontology/{name}"
        if catalogue().knows(service().store, NamedNode(module)):
            found = module
    return _answer(found)


@bp.get("/ontology")
def ontology() -> Response:
    """Lists the terms of the ontology, or gives all that is said about them as RDF."""
    media = choose(PAGE_OR_RDF, request.headers.get("Accept"), request.args.get("format"))
    store, lang = service().store, language()
    if media is not HTML:
        return stream(
            catalogue().answer(store, "ontology/statements", {}, {"graph": media.media_type})
        )
    entries: dict[str, list[TermEntry]] = {group: [] for group in GROUPS}
    for row in ask(store, "ontology/terms", lang=lang).rows:
        iri = text_of(row, "term")
        entry = TermEntry(
            shorten(iri),
            iri.removeprefix(HK),
            text(row["termLabel"]) if "termLabel" in row else shorten(iri),
            text_of(row, "definition"),
        )
        entries[text(row["group"])].append(entry)
    body = render_template(
        "resources/ontology.html",
        groups=[(group, entries[group]) for group in GROUPS],
        namespace=HK,
        media_types=offered("graph"),
        formats={
            media.name: link("resources.ontology", format=media.name) for media in offered("graph")
        },
    )
    return make_response(body)


def _answer(iri: str, extension: str | None = None) -> Response:
    format = extension or request.args.get("format")
    media = choose(PAGE_OR_RDF, request.headers.get("Accept"), format)
    store = service().store
    if media is HTML:
        response = make_response(_page(iri))
    else:
        node = NamedNode(iri)
        if not catalogue().knows(store, node):
            raise _unknown(iri)
        response = stream(
            catalogue().answer(
                store, "things/statements", {"thing": node}, {"graph": media.media_type}
            )
        )
    for each in PAGE_OR_RDF:
        address = _formats(iri)[each.name]
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{each.media_type}"')
    return response


def _page(iri: str) -> str:
    """Gives the page of a thing, as its kind has it."""
    store, lang = service().store, language()
    found = read_thing(store, iri, lang)
    found.formats = _formats(iri)
    page = page_of(found)
    return render_template(
        f"resources/{page.template}.html",
        thing=found,
        media_types=offered("graph"),
        generic=page is GENERIC,
        editable=EDITABLE,
        kinds=texts("pages")["kinds"],
        **page.about(store, found, lang),
    )


@bp.get("/pointing")
def pointing() -> str:
    """Lists what points to a thing by one property, page after page."""
    store, lang = service().store, language()
    given = {name: request.args.get(name, "") for name in ("iri", "property")}
    after = request.args.get("after") or " "
    iri, property = (_iri(name, value) for name, value in given.items())
    rows = ask(store, "things/pointing-by", thing=iri, property=property, after=after).rows
    subjects = [text_of(row, "subject") for row in rows]
    shown = subjects[:PAGE_ROWS]
    labels = headings(store, [iri.value, property.value, *shown], lang)

    def named(address: str) -> Value:
        return value_of(NamedNode(address), labels.get(address))

    return render_template(
        "resources/pointing.html",
        thing=named(iri.value),
        property=named(property.value),
        iri=shorten(iri.value),
        property_id=shorten(property.value),
        subjects=[named(each) for each in shown],
        after=shown[-1] if len(subjects) > PAGE_ROWS else None,
    )


def _iri(name: str, given: str) -> NamedNode:
    """Gives the IRI of a parameter."""
    try:
        return NamedNode(expand(given))
    except ValueError:
        raise BadParameter(name, given, "an absolute IRI or an id") from None


@bp.app_template_filter("term")
def _term(term: Term) -> str:
    return text(term)


@bp.app_template_filter("number")
def _number(term: Term) -> Decimal:
    return Decimal(text(term))


@bp.app_template_filter("value")
def _value(card: Card) -> str:
    return value(card)


def _unknown(iri: str) -> UnknownThing:
    return catalogue().missing(service().store, shorten(iri))


def _formats(iri: str) -> Mapping[str, str]:
    """Gives the address of each format of a thing, which is that of its page and a format."""
    arguments = dict(request.view_args or {})
    if request.endpoint == "resources.resource":
        arguments["iri"] = iri
    elif request.endpoint == "resources.thing":
        kind, _, slug = shorten(iri).partition("/")
        arguments = {"kind": kind, "slug": slug}
    endpoint = request.endpoint or "resources.resource"
    return {media.name: link(endpoint, **arguments, format=media.name) for media in PAGE_OR_RDF}
