"""A thing as search engines read it: JSON-LD of schema.org in its page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from flask import request
from pyoxigraph import NamedNode, RdfFormat, parse

from ..graph.names import PREFIXES, expand, shorten
from ..ontology import files
from .language import language, text
from .things import Thing, address

SCHEMA: Final = PREFIXES["schema"]
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
ALIGNMENT: Final = "schema-org"
NEAR: Final = ("rdfs:subClassOf", "skos:closeMatch")
"""What in the alignment says that a class of ours may be called by one of theirs."""
LAW: Final = "policy-kind/law"


@cache
def types() -> Mapping[str, str]:
    """Gives the schema.org type of our classes, as the alignment has it.

    >>> types()["hk:WhitePaper"], types()["hk:Organization"]
    ('Report', 'Organization')
    """
    path = next(path for path in files.alignments() if path.stem == ALIGNMENT)
    near = {NamedNode(expand(name)) for name in NEAR}
    return {
        shorten(quad.subject.value): quad.object.value.removeprefix(SCHEMA)
        for quad in parse(path=path, format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.predicate in near
        and quad.object.value.startswith(SCHEMA)
        and not quad.subject.value.startswith(SCHEMA)
    }


def structured(thing: Thing) -> Mapping[str, Any]:
    """Gives what a thing's page says, in the words of schema.org."""
    lang = language()
    here = request.url_root.rstrip("/")
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _type(thing),
        "@id": thing.iri,
        "identifier": thing.id,
        "url": here + address(thing.iri),
        "name": thing.label or thing.id,
        "inLanguage": lang,
    }
    also = [name for name in (thing.other_label, *thing.also) if name]
    pages = [page.href for page in thing.pages if page.href]
    more = {
        "alternateName": also,
        "description": thing.sentence,
        "subjectOf": [{"@type": "WebPage", "url": page} for page in pages],
        "mainEntityOfPage": here + address(thing.iri),
    }
    said |= {name: value for name, value in more.items() if value}
    if said["@type"] in ("Report", "Chapter", "CreativeWork", "Legislation"):
        said |= {"license": LICENCE, "creditText": str(text("site.credit", lang))}
    return said


def _type(thing: Thing) -> str:
    kinds = {value.href for value in thing.said.get("hk:kind", ())}
    if address(LAW) in kinds:
        return "Legislation"
    found = [types()[name] for name in sorted(thing.classes) if name in types()]
    # The narrower type says more: every chapter is a creative work.
    narrow = [name for name in found if name != "CreativeWork"]
    return next(iter(narrow or found), "Thing")
