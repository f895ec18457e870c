"""What reports say, in the one language of their reader."""

from __future__ import annotations

from functools import cache

from pyoxigraph import Literal

from ...graph.names import expand, shorten
from ...graph.ontology import ontology_dataset
from ..texts.files import texts


def say(lang: str, name: str, /, **values: object) -> str:
    """Gives a text of the reports.

    >>> say("en", "row", row=3)
    'row 3'
    """
    return str(texts("console")["report"][name][lang]).format(**values)


def called(iri: str, lang: str) -> str:
    """Gives what the ontology calls a term in a language, else its short form.

    >>> called("https://w3id.org/hakusho/ontology#ledBy", "en")
    'lead organization'
    """
    return _labels().get((iri, lang)) or shorten(iri)


@cache
def _labels() -> dict[tuple[str, str], str]:
    label = expand("rdfs:label")
    return {
        (str(getattr(quad.subject, "value", "")), quad.object.language or ""): quad.object.value
        for quad in ontology_dataset()
        if quad.predicate.value == label and isinstance(quad.object, Literal)
    }
