"""The alignments claim things of terms, codes and challenges that there are."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from hakusho.graph.names import HK, HKID
from hakusho.ontology import files

EDITION = Path(__file__).parents[1] / "loaders" / "editions" / "r07"
ROOT = NamedNode("https://w3id.org/hakusho/ontology")
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
IMPORTS = NamedNode(OWL + "imports")
SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
SUBPROPERTY = NamedNode("http://www.w3.org/2000/01/rdf-schema#subPropertyOf")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

by_name = pytest.mark.parametrize("path", files.alignments(), ids=lambda path: path.stem)


def quads(*paths: Path) -> list[Quad]:
    return [quad for path in paths for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


def named(path: Path) -> set[str]:
    """Gives every IRI that a file mentions."""
    return {
        term.value
        for quad in quads(path)
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode)
    }


def test_there_is_an_alignment_for_each_vocabulary_around() -> None:
    names = "data-cube dcat eli org owl-time prov qudt schema-org sdg skos".split()
    assert [path.stem for path in files.alignments()] == names


@by_name
def test_an_alignment_imports_the_root_and_is_imported_by_nothing(path: Path) -> None:
    header = NamedNode(f"{ROOT.value}/alignment/{path.stem}")
    said = {(quad.subject, quad.object) for quad in quads(path) if quad.predicate == IMPORTS}
    assert said == {(header, ROOT)}
    others = quads(files.root(), *files.modules(), *files.vocabularies())
    assert header not in {quad.object for quad in others}


@by_name
def test_an_alignment_speaks_of_terms_and_codes_that_are_declared(path: Path) -> None:
    core = quads(files.root(), *files.modules(), *files.vocabularies())
    known = {quad.subject.value for quad in core if isinstance(quad.subject, NamedNode)}
    challenges = EDITION / "challenges.csv"
    with challenges.open(encoding="utf-8", newline="") as file:
        known |= {f"{HKID}challenge/{row['id']}" for row in csv.DictReader(file)}
    assert {iri for iri in named(path) if iri.startswith((HK, HKID))} - known == set()


@by_name
def test_an_alignment_declares_the_classes_and_properties_that_it_puts_ours_under(
    path: Path,
) -> None:
    declared = {
        quad.subject
        for quad in quads(*files.modules(), path)
        if quad.predicate == TYPE
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(OWL)
    }
    above = {
        quad.object
        for quad in quads(path)
        if quad.predicate in (SUBCLASS, SUBPROPERTY) and isinstance(quad.object, NamedNode)
    }
    assert above - declared == set()


@by_name
def test_an_alignment_claims_no_two_things_to_be_one(path: Path) -> None:
    sameness = {OWL + "equivalentClass", OWL + "equivalentProperty", OWL + "sameAs"}
    assert named(path) & sameness == set()


def test_challenges_are_related_to_goals_that_the_united_nations_have() -> None:
    sdg = next(path for path in files.alignments() if path.stem == "sdg")
    related = [quad for quad in quads(sdg) if quad.predicate.value == SKOS + "relatedMatch"]
    assert len(related) > 30
    for quad in related:
        assert isinstance(quad.object, NamedNode)
        match = re.fullmatch(r"http://metadata\.un\.org/sdg/(\d+)", quad.object.value)
        assert match and 1 <= int(match[1]) <= 17
