"""A report as Turtle: a validation report of SHACL (section 3), with the place of each result."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from ...graph.names import PREFIXES, SHAPES, expand, shorten, thing
from ...graph.store import Term
from ...graph.terms import literal
from ...loaders.checking.report import Occurrence, PlacedFinding, Report


def turtle(report: Report, lang: str) -> str:
    """Gives a report as Turtle, its messages in one language.

    As the recommendation has it, data conforms where there is no result at all, warnings
    included. A result without a thing is about the row or file that it stands in.
    """
    written = serialize(_triples(report, lang), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    return (written or b"").decode()


def _triples(report: Report, lang: str) -> Iterator[Triple]:
    node = BlankNode("report")
    conforms = literal(not report.findings)
    yield _said(node, "rdf:type", NamedNode(expand("sh:ValidationReport")))
    yield _said(node, "sh:conforms", conforms)
    hashes = {file.name: file.sha256 for file in report.submission.files}
    number = 0
    for found in report.findings:
        for each in found.occurrences:
            number += 1
            result = BlankNode(f"result{number}")
            yield _said(node, "sh:result", result)
            yield from _result(result, found, each, hashes, lang)


def _result(
    result: BlankNode,
    found: PlacedFinding,
    each: Occurrence,
    hashes: dict[str, str],
    lang: str,
) -> Iterator[Triple]:
    place = _place(each, hashes)
    yield _said(result, "rdf:type", NamedNode(expand("sh:ValidationResult")))
    yield _said(result, "sh:focusNode", _node(each.node) or place or BlankNode("unknown"))
    yield _said(result, "sh:resultSeverity", NamedNode(expand(f"sh:{found.severity.title()}")))
    yield _said(result, "sh:sourceConstraintComponent", component(found))
    yield _said(result, "sh:resultMessage", Literal(found.message(lang), language=lang))
    if found.path is not None:
        yield _said(result, "sh:resultPath", NamedNode(found.path))
    if found.value is not None:
        yield _said(result, "sh:value", _node(found.value) or Literal(found.value))
    if found.shape is not None:
        yield _said(result, "sh:sourceShape", NamedNode(found.shape))
    if found.hint(lang):
        yield _said(result, "rdfs:comment", Literal(found.hint(lang), language=lang))
    if place is not None:
        yield _said(result, "prov:wasDerivedFrom", place)


def component(found: PlacedFinding) -> NamedNode:
    """Gives the constraint component that found something; ours for a fault of a file."""
    if found.constraint is None:
        return NamedNode(SHAPES + found.code)
    # SHACL writes SPARQL in capitals.
    words = found.constraint.replace("sparql", "SPARQL").split("-")
    name = "".join(word if word.isupper() else word.capitalize() for word in words)
    return NamedNode(expand(f"sh:{name}ConstraintComponent"))


def _place(each: Occurrence, hashes: dict[str, str]) -> NamedNode | None:
    place = each.place
    if place is None or place.file not in hashes:
        return None
    slug = hashes[place.file] + ("" if place.sheet is None else f";sheet={place.sheet}")
    row = "" if place.row is None else f"#row={place.row}"
    return NamedNode(thing("file", slug).value + row)


def _node(text: str | None) -> NamedNode | None:
    """Gives an IRI that is written as one; other texts are literals."""
    if text is None or ":" not in text or shorten(text) == text and "://" not in text:
        return None
    try:
        return NamedNode(text)
    except ValueError:
        return None


def _said(subject: BlankNode, predicate: str, value: Term) -> Triple:
    return Triple(subject, NamedNode(expand(predicate)), value)
