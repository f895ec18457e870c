"""The code lists name and define each code in both languages, and belong to a scheme."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from hakusho.graph.names import HK, HKID
from hakusho.graph.periods import FORMS
from hakusho.ontology import files

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode(RDFS + "label")
DEFINITION = NamedNode(SKOS + "definition")
CONCEPT = NamedNode(SKOS + "Concept")
SCHEME = NamedNode(SKOS + "ConceptScheme")
IN_SCHEME = NamedNode(SKOS + "inScheme")

by_name = pytest.mark.parametrize("path", files.vocabularies(), ids=lambda path: path.stem)


def quads(path: Path) -> list[Quad]:
    return list(parse(path=str(path), format=RdfFormat.TURTLE))


def instances(path: Path, kind: NamedNode) -> list[NamedNode]:
    return [
        quad.subject
        for quad in quads(path)
        if quad.predicate == TYPE and quad.object == kind and isinstance(quad.subject, NamedNode)
    ]


def languages(path: Path, thing: NamedNode, predicate: NamedNode) -> list[str]:
    return sorted(
        quad.object.language or ""
        for quad in quads(path)
        if quad.subject == thing and quad.predicate == predicate
        if isinstance(quad.object, Literal)
    )


@by_name
def test_each_code_and_scheme_has_a_name_in_both_languages(path: Path) -> None:
    things = instances(path, CONCEPT) + instances(path, SCHEME)
    assert things
    assert [thing for thing in things if languages(path, thing, LABEL) != ["en", "ja"]] == []


@by_name
def test_each_code_is_in_a_scheme_of_its_file(path: Path) -> None:
    schemes = set(instances(path, SCHEME))
    placed = {
        quad.subject
        for quad in quads(path)
        if quad.predicate == IN_SCHEME and quad.object in schemes
    }
    assert set(instances(path, CONCEPT)) - placed == set()


def test_a_relation_is_stated_or_assigned() -> None:
    path = next(path for path in files.vocabularies() if path.stem == "assertions")
    assert instances(path, CONCEPT) == [NamedNode(HK + "assigned"), NamedNode(HK + "stated")]


def test_the_types_of_periods_are_those_that_a_form_can_have() -> None:
    path = next(path for path in files.vocabularies() if path.stem == "period-types")
    codes = {code.value.removeprefix(HKID + "period-type/") for code in instances(path, CONCEPT)}
    assert codes == set(FORMS)
