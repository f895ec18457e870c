"""Namespaces of the graph, and the way from an id to an IRI and back."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/hakusho/"
HK: Final = BASE + "ontology#"
HKID: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"
SHAPES: Final = BASE + "shapes#"

PREFIXES: Final[dict[str, str]] = {
    "hk": HK,
    "hkid": HKID,
    "hkg": GRAPH,
    "hks": SHAPES,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "http://schema.org/",
    "time": "http://www.w3.org/2006/time#",
    "qudt": "http://qudt.org/schema/qudt/",
    "unit": "http://qudt.org/vocab/unit/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}
"""The prefixes that queries, pages and serializations use, one for each vocabulary."""


def thing(kind: str, slug: str) -> NamedNode:
    """Gives the IRI of a thing from its kind and the id that its table row has.

    >>> thing("policy", "notice")
    <NamedNode value=https://w3id.org/hakusho/id/policy/notice>
    """
    return NamedNode(f"{HKID}{quote(kind)}/{quote(slug, safe='~@!$&()*+,;=:')}")


def term(name: str) -> NamedNode:
    """Gives the IRI of a term of the ontology.

    >>> term("addresses")
    <NamedNode value=https://w3id.org/hakusho/ontology#addresses>
    """
    return NamedNode(HK + name)


def graph(name: str) -> NamedNode:
    """Gives the IRI of a named graph.

    >>> graph("r07")
    <NamedNode value=https://w3id.org/hakusho/graph/r07>
    """
    return NamedNode(GRAPH + name)


def shorten(iri: str) -> str:
    """Gives the short form in which people meet an IRI: KIND/SLUG for a thing, a prefixed name
    for a term, the IRI itself for what has neither.

    >>> shorten("https://w3id.org/hakusho/id/policy/notice")
    'policy/notice'
    >>> shorten("https://w3id.org/hakusho/ontology#addresses")
    'hk:addresses'
    """
    if iri.startswith(HKID):
        return iri.removeprefix(HKID)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def expand(name: str) -> str:
    """Gives the IRI of a short form: KIND/SLUG, a prefixed name, or the IRI itself.

    >>> expand("hk:addresses")
    'https://w3id.org/hakusho/ontology#addresses'
    >>> expand("policy/notice")
    'https://w3id.org/hakusho/id/policy/notice'
    >>> expand("https://example.org/x")
    'https://example.org/x'
    """
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    kind, slash, slug = name.partition("/")
    if slash and kind and slug and ":" not in kind:
        return thing(kind, slug).value
    return name
