"""The modules of the ontology hang together: imports, headers, names, order and literal types."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from hakusho.graph.names import HK
from hakusho.ontology import files

ROOT = NamedNode("https://w3id.org/hakusho/ontology")
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
IMPORTS = NamedNode(OWL + "imports")
DEFINED_BY = NamedNode(RDFS + "isDefinedBy")
TYPE = NamedNode(RDF + "type")
TERM_KINDS = {
    NamedNode(OWL + name)
    for name in (
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "NamedIndividual",
    )
}

by_name = pytest.mark.parametrize("path", files.modules(), ids=lambda path: path.stem)


def quads(path: Path) -> list[Quad]:
    return list(parse(path=str(path), format=RdfFormat.TURTLE))


def header(path: Path) -> NamedNode:
    return NamedNode(f"{ROOT.value}/{path.stem}")


def imports(path: Path) -> set[NamedNode]:
    return {
        quad.object
        for quad in quads(path)
        if quad.predicate == IMPORTS and isinstance(quad.object, NamedNode)
    }


def declared(path: Path) -> set[str]:
    return {
        quad.subject.value
        for quad in quads(path)
        if quad.predicate == TYPE and quad.object in TERM_KINDS
        if isinstance(quad.subject, NamedNode)
    }


def test_the_root_imports_exactly_the_modules_of_the_folder() -> None:
    assert imports(files.root()) == {header(path) for path in files.modules()}


def test_the_root_declares_no_term() -> None:
    assert declared(files.root()) == set()


def test_the_version_of_the_ontology_is_the_version_of_the_project() -> None:
    pyproject = Path(__file__).parents[1] / "pyproject.toml"
    version = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"]
    said = {
        quad.predicate.value.removeprefix(OWL): quad.object
        for quad in quads(files.root())
        if quad.predicate.value.startswith(OWL + "version")
    }
    assert said == {
        "versionIRI": NamedNode(f"{ROOT.value}/{version}"),
        "versionInfo": Literal(version),
    }


@by_name
def test_a_module_is_named_for_its_file_and_says_what_it_is_about(path: Path) -> None:
    said = {quad.predicate.value for quad in quads(path) if quad.subject == header(path)}
    for name in ("title", "description", "license"):
        assert f"http://purl.org/dc/terms/{name}" in said


@by_name
def test_each_term_of_a_module_says_that_this_module_defines_it(path: Path) -> None:
    defined = {
        quad.subject.value
        for quad in quads(path)
        if quad.predicate == DEFINED_BY and quad.object == header(path)
        if isinstance(quad.subject, NamedNode)
    }
    assert defined == {iri for iri in declared(path) if iri.startswith(HK)}


@by_name
def test_a_module_imports_whatever_declares_the_terms_that_it_uses(path: Path) -> None:
    modules = {header(module): module for module in files.modules()}
    reached, waiting = set(), {header(path)}
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= imports(modules[module]) - reached
    known = set().union(*(declared(modules[module]) for module in reached))
    # What the code lists hold (hk:stated …) are individuals, which need no declaration.
    individuals = set().union(*(declared(vocabulary) for vocabulary in files.vocabularies()))
    schemes = {
        term.value
        for quad in quads(path)
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode) and quad.predicate not in (IMPORTS, DEFINED_BY)
        if "#" in term.value or term.value.startswith(("http://purl.org", "http://xmlns.com"))
        if not term.value.startswith((OWL, RDF, RDFS, XSD))
    }
    assert schemes - known - individuals == set()


def test_a_property_that_follows_from_others_is_not_counted() -> None:
    # OWL 2 Structural Specification, 11.1: what is transitive or derived by a chain, and all
    # above it, is not simple, and only simple properties may be functional and the like.
    store = Store()
    for path in files.modules():
        store.load(path=str(path), format=RdfFormat.TURTLE)
    counted = store.query("""
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?property WHERE {
          { ?composite a owl:TransitiveProperty } UNION { ?composite owl:propertyChainAxiom ?any }
          ?composite (rdfs:subPropertyOf|owl:inverseOf|^owl:inverseOf)* ?property .
          VALUES ?count {
            owl:FunctionalProperty owl:InverseFunctionalProperty
            owl:AsymmetricProperty owl:IrreflexiveProperty
            owl:cardinality owl:minCardinality owl:maxCardinality
            owl:qualifiedCardinality owl:minQualifiedCardinality owl:maxQualifiedCardinality
          }
          { ?property a ?count } UNION { ?limit owl:onProperty ?property ; ?count ?number }
        }""")
    assert isinstance(counted, QuerySolutions)
    assert [str(row["property"]) for row in counted] == []


@by_name
def test_a_module_uses_no_literal_type_that_owl_does_not_know(path: Path) -> None:
    known = {XSD + name for name in ("boolean", "decimal", "integer", "string")}
    known.add(RDF + "langString")
    types = {quad.object.datatype.value for quad in quads(path) if isinstance(quad.object, Literal)}
    ranges = {
        quad.object.value
        for quad in quads(path)
        if quad.predicate.value == RDFS + "range" and isinstance(quad.object, NamedNode)
        if quad.object.value.startswith(XSD)
    }
    assert types | ranges <= known


@pytest.mark.parametrize(
    "path",
    [*files.modules(), *files.vocabularies(), *files.alignments()],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_the_subjects_of_a_file_stand_in_order(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    subjects = [
        match[1].rstrip(">")
        for line in lines
        if (match := re.match(r"(<[^>]+>|[\w-]+:[\w-]+)(?=\s|$)", line))
    ]
    # The header, an ontology or a concept scheme, comes first.
    assert subjects[1:] == sorted(subjects[1:])
