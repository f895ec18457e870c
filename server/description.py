"""The endpoint's description of itself: SPARQL 1.1 Service Description with VoID counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..graph.names import HK, expand
from ..graph.store import Answer
from ..graph.terms import literal
from .answers import written
from .language import LANGUAGES, text
from .negotiation import MEDIA, Media
from .service import Service

TYPE: Final = NamedNode(expand("rdf:type"))


def describe(service: Service, endpoint: str, media: Media) -> Answer:
    """Gives the description of the endpoint at an address, written in a media type."""
    return written(_triples(service, endpoint), media)


def _triples(service: Service, endpoint: str) -> Iterator[Triple]:
    about = NamedNode(endpoint)
    yield Triple(about, TYPE, _term("sd:Service"))
    yield Triple(about, _term("sd:endpoint"), about)
    yield Triple(about, _term("sd:supportedLanguage"), _term("sd:SPARQL11Query"))
    if service.tokens:
        yield Triple(about, _term("sd:supportedLanguage"), _term("sd:SPARQL11Update"))
    for media in MEDIA:
        if media.iri:
            yield Triple(about, _term("sd:resultFormat"), NamedNode(media.iri))
    for lang in LANGUAGES:
        credit = Literal(text("site.credit", lang), language=lang)
        yield Triple(about, _term("dcterms:description"), credit)
    yield Triple(about, _term("void:vocabulary"), NamedNode(HK))
    yield from _dataset(service, about)


def _dataset(service: Service, about: NamedNode) -> Iterator[Triple]:
    manifest = service.manifest()
    dataset, default = BlankNode("dataset"), BlankNode("default")
    yield Triple(about, _term("sd:defaultDataset"), dataset)
    yield Triple(dataset, TYPE, _term("sd:Dataset"))
    yield Triple(dataset, TYPE, _term("void:Dataset"))
    yield Triple(dataset, _term("sd:defaultGraph"), default)
    yield Triple(default, TYPE, _term("sd:Graph"))
    if manifest is not None:
        yield Triple(dataset, _term("dcterms:identifier"), literal(manifest.hash))
        yield Triple(dataset, _term("dcterms:issued"), literal(manifest.created, "xsd:dateTime"))
        yield Triple(default, _term("void:triples"), literal(manifest.triples))
        if manifest.default_graph == "merged":
            yield Triple(about, _term("sd:feature"), _term("sd:UnionDefaultGraph"))
    for number, (name, count) in enumerate(service.graphs().items()):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Triple(dataset, _term("sd:namedGraph"), named)
        yield Triple(named, TYPE, _term("sd:NamedGraph"))
        yield Triple(named, _term("sd:name"), NamedNode(name))
        yield Triple(named, _term("sd:graph"), graph)
        yield Triple(graph, TYPE, _term("sd:Graph"))
        if count is not None:
            yield Triple(graph, _term("void:triples"), literal(count))


def _term(name: str) -> NamedNode:
    return NamedNode(expand(name))
