"""The data as a whole, described for machines that look for data: VoID and DCAT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from flask import url_for
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..graph.errors import TooBusy
from ..graph.names import HK, HKID, expand
from ..graph.releases.manifest import Manifest
from ..graph.releases.release import Release
from ..graph.terms import literal
from ..queries.catalogue import ask
from .dumps import Dump, dumps
from .language import LANGUAGES, text
from .negotiation import MEDIA
from .remembered import remembered
from .service import Service, service

Subject = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal

LICENCE: Final = NamedNode("https://creativecommons.org/licenses/by/4.0/")
LANGUAGE: Final = "http://id.loc.gov/vocabulary/iso639-1/"
THEME: Final = "http://publications.europa.eu/resource/authority/data-theme/"
JAPAN: Final = "http://publications.europa.eu/resource/authority/country/JPN"
MEDIA_TYPE: Final = "https://www.iana.org/assignments/media-types/"
SPDX: Final = "http://spdx.org/rdf/terms#"
"""Checksums, as DCAT 3 writes them."""
EXAMPLES: Final = ("challenge/cybersecurity", "policy/notice", "indicator/internet-use-individual")
VOCABULARIES: Final = ("hk", "skos", "dcterms", "qb", "prov", "rdfs")


def void() -> Iterator[Triple]:
    """Gives the VoID description of the release that answers."""
    said = service()
    dataset = NamedNode(_link("linked_data.void_description") + "#dataset")
    yield from _both(dataset, "void:Dataset")
    yield _is(dataset, "void:sparqlEndpoint", NamedNode(_link("sparql.endpoint")))
    yield _is(dataset, "void:uriSpace", literal(HKID))
    for name in EXAMPLES:
        yield _is(dataset, "void:exampleResource", NamedNode(expand(name)))
    for prefix in VOCABULARIES:
        yield _is(dataset, "void:vocabulary", NamedNode(expand(f"{prefix}:x").removesuffix("x")))
    for media in MEDIA:
        if media.iri and "graph" in media.families:
            yield _is(dataset, "void:feature", NamedNode(media.iri))
    manifest = said.manifest()
    if manifest is not None:
        yield from _counted(dataset, manifest)
        for each in _files(said, manifest):
            yield _is(dataset, "void:dataDump", NamedNode(_file(each)))
    page = NamedNode(_link("linked_data.void_description"))
    yield _is(page, "rdf:type", _term("void:DatasetDescription"))
    yield _is(page, "foaf:primaryTopic", dataset)


def dcat() -> Iterator[Triple]:
    """Gives the DCAT catalogue: the data set, its files and the services that answer about it."""
    said = service()
    root = _link("linked_data.catalogue")
    catalogue, dataset = NamedNode(f"{root}#catalogue"), NamedNode(f"{root}#dataset")
    yield from _both(catalogue, "dcat:Catalog", title="site.name")
    yield _is(catalogue, "foaf:homepage", NamedNode(_link("explorer.home")))
    yield _is(catalogue, "dcat:dataset", dataset)
    yield from _both(dataset, "dcat:Dataset")
    yield _is(dataset, "dcat:landingPage", NamedNode(_link("linked_data.files")))
    yield _is(dataset, "dcat:theme", NamedNode(THEME + "TECH"))
    yield _is(dataset, "dcat:theme", NamedNode(THEME + "GOVE"))
    yield _is(dataset, "dcterms:conformsTo", NamedNode(HK.removesuffix("#")))
    yield _is(dataset, "dcterms:spatial", NamedNode(JAPAN))
    for lang in LANGUAGES:
        yield _is(dataset, "dcterms:language", NamedNode(LANGUAGE + lang))
        for word in str(text("dumps.keywords", lang)).split("、" if lang == "ja" else ", "):
            yield _is(dataset, "dcat:keyword", Literal(word, language=lang))
    endpoint = NamedNode(f"{root}#sparql")
    yield _is(catalogue, "dcat:service", endpoint)
    yield _is(endpoint, "rdf:type", _term("dcat:DataService"))
    yield _is(endpoint, "dcat:endpointURL", NamedNode(_link("sparql.endpoint")))
    yield _is(endpoint, "dcat:endpointDescription", NamedNode(_link("linked_data.openapi")))
    yield _is(endpoint, "dcat:servesDataset", dataset)
    yield from _titled(endpoint, "sparql.title")
    manifest = said.manifest()
    if manifest is not None:
        yield _is(dataset, "dcat:version", literal(str(manifest.number)))
        yield _is(dataset, "dcterms:identifier", literal(manifest.hash))
        yield _is(dataset, "dcterms:modified", literal(manifest.created, "xsd:dateTime"))
        for each in _files(said, manifest):
            yield from _distribution(dataset, f"{root}#{each.format}", each)


def _both(about: NamedNode, kind: str, title: str = "dumps.dataset") -> Iterator[Triple]:
    """Gives what both vocabularies say of a set of data: its title, what it is, whom to credit."""
    yield _is(about, "rdf:type", _term(kind))
    yield from _titled(about, title)
    for lang in LANGUAGES:
        yield _is(about, "dcterms:description", Literal(text("dumps.about", lang), language=lang))
        credit = Literal(text("site.credit", lang), language=lang)
        yield _is(about, "schema:creditText", credit)
        yield _is(about, "dcterms:rights", credit)
    yield _is(about, "dcterms:license", LICENCE)


def _titled(about: NamedNode, key: str) -> Iterator[Triple]:
    for lang in LANGUAGES:
        yield _is(about, "dcterms:title", Literal(text(key, lang), language=lang))


def _counted(dataset: NamedNode, manifest: Manifest) -> Iterator[Triple]:
    """Gives how much there is: statements, and things of each class."""
    yield _is(dataset, "void:triples", literal(manifest.triples))
    yield _is(dataset, "dcterms:modified", literal(manifest.created, "xsd:dateTime"))
    yield _is(dataset, "dcterms:identifier", literal(manifest.hash))
    rows = remembered(
        "dataset.classes", lambda: ask(service().store, "graphs/classes", lang="en").rows
    )
    yield _is(dataset, "void:classes", literal(len(rows)))
    for row in rows:
        part = BlankNode()
        yield _is(dataset, "void:classPartition", part)
        yield _is(part, "void:class", _node(row["class"]))
        yield _is(part, "void:entities", _node(row["things"]))
    rows = remembered(
        "dataset.properties", lambda: ask(service().store, "graphs/properties", lang="en").rows
    )
    yield _is(dataset, "void:properties", literal(len(rows)))
    for row in rows:
        part = BlankNode()
        yield _is(dataset, "void:propertyPartition", part)
        yield _is(part, "void:property", _node(row["property"]))
        yield _is(part, "void:triples", _node(row["statements"]))


def _distribution(dataset: NamedNode, iri: str, each: Dump) -> Iterator[Triple]:
    about, checksum = NamedNode(iri), BlankNode()
    yield _is(dataset, "dcat:distribution", about)
    yield _is(about, "rdf:type", _term("dcat:Distribution"))
    for lang in LANGUAGES:
        title = Literal(text(f"formats.{each.format}", lang), language=lang)
        yield _is(about, "dcterms:title", title)
    yield _is(about, "dcat:accessURL", NamedNode(_link("linked_data.files")))
    yield _is(about, "dcat:downloadURL", NamedNode(_file(each)))
    yield _is(about, "dcat:mediaType", NamedNode(MEDIA_TYPE + each.media_type))
    packing = "packageFormat" if each.packed.endswith("zip") and each.format == "csv" else None
    packed = NamedNode(MEDIA_TYPE + each.packed)
    yield _is(about, f"dcat:{packing or 'compressFormat'}", packed)
    yield _is(about, "dcat:byteSize", literal(each.size))
    yield _is(about, "dcterms:license", LICENCE)
    yield _is(about, "spdx:checksum", checksum)
    yield _is(checksum, "spdx:algorithm", _term("spdx:checksumAlgorithm_sha256"))
    yield _is(checksum, "spdx:checksumValue", literal(each.sha256, "xsd:hexBinary"))


def _files(said: Service, manifest: Manifest) -> Sequence[Dump]:
    """Gives the files to take away; none while they are still being made."""
    try:
        return dumps(Release(said.data.path, manifest.number))
    except TooBusy:
        return ()


def _file(each: Dump) -> str:
    return _link("linked_data.file", name=each.name)


def _link(endpoint: str, **values: str) -> str:
    return url_for(endpoint, _external=True, **values)


def _is(subject: Subject, property: str, object: Object) -> Triple:
    return Triple(subject, _term(property), object)


def _node(term: object) -> Object:
    assert isinstance(term, NamedNode | BlankNode | Literal)
    return term


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(SPDX + local if prefix == "spdx" else expand(name))
