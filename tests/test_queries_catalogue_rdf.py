"""The catalogue as RDF: questions can be parsed as Turtle and asked about like anything else."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse, serialize
from rdflib import Graph

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import PREFIXES, expand
from hakusho.graph.terms import text
from hakusho.queries.catalogue import catalogue
from hakusho.queries.catalogue_rdf import catalogue_graph, query_of, question_iri

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def questions() -> EmbeddedStore:
    return EmbeddedStore.of(Quad(*triple) for triple in catalogue_graph())


def test_the_catalogue_as_turtle_is_read_alike_by_two_parsers() -> None:
    turtle = serialize(catalogue_graph(), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert turtle is not None
    ours = list(parse(turtle, format=RdfFormat.TURTLE))
    theirs = Graph().parse(data=turtle, format="turtle")
    assert len(ours) == len(theirs) == len(set(catalogue_graph()))


def test_every_question_is_an_executable_with_its_names_in_both_languages(
    questions: EmbeddedStore,
) -> None:
    rows = questions.rows(
        PROLOGUE
        + """SELECT ?id ?ja ?en ?about ?aboutEn WHERE {
          ?question a sh:SPARQLExecutable ; dcterms:identifier ?id ;
            rdfs:label ?ja , ?en ; dcterms:description ?about , ?aboutEn .
          FILTER(LANG(?ja) = "ja" && LANG(?en) = "en")
          FILTER(LANG(?about) = "ja" && LANG(?aboutEn) = "en")
        } ORDER BY ?id"""
    )
    said = {
        text(row["id"]): (
            {"ja": text(row["ja"]), "en": text(row["en"])},
            {"ja": text(row["about"]), "en": text(row["aboutEn"])},
        )
        for row in rows
    }
    assert said == {each.id: (each.title, each.description) for each in catalogue()}


def test_the_text_of_a_question_is_a_query_of_its_kind(questions: EmbeddedStore) -> None:
    rows = questions.rows(
        PROLOGUE
        + """SELECT ?id ?class ?text WHERE {
          VALUES (?class ?says) {
            (sh:SPARQLSelectExecutable sh:select)
            (sh:SPARQLAskExecutable sh:ask)
            (sh:SPARQLConstructExecutable sh:construct)
          }
          ?question a ?class ; ?says ?text ; dcterms:identifier ?id .
        }"""
    )
    assert sorted(text(row["id"]) for row in rows) == sorted(each.id for each in catalogue())
    empty = Store()
    for row in rows:
        assert "#+" not in text(row["text"])
        empty.query(text(row["text"]))


def test_questions_can_be_found_by_the_class_of_thing_they_ask_for(
    questions: EmbeddedStore,
) -> None:
    rows = questions.rows(
        PROLOGUE
        + """SELECT ?id WHERE {
          ?question sh:parameter/sh:class hk:Challenge ; dcterms:identifier ?id .
        } ORDER BY ?id"""
    )
    assert {text(row["id"]) for row in rows} == {
        each.id
        for each in catalogue()
        if any(parameter.type == "hk:Challenge" for parameter in each.parameters)
    }


def test_a_parameter_says_what_it_takes_an_example_and_its_default(
    questions: EmbeddedStore,
) -> None:
    subject = question_iri("indicators/by-status")
    (row,) = questions.rows(
        PROLOGUE
        + f"""SELECT ?path ?name ?scheme ?example ?default ?optional WHERE {{
          {subject} sh:parameter ?parameter .
          ?parameter sh:path ?path ; sh:name ?name ; sh:class skos:Concept ; skos:inScheme ?scheme ;
            skos:example ?example ; sh:defaultValue ?default ; sh:optional ?optional ;
            sh:maxCount 1 .
          FILTER(LANG(?name) = "en")
        }}"""
    )
    assert {name: text(term) for name, term in row.items()} == {
        "path": "variable/status",
        "name": "status",
        "scheme": "scheme/observation-status",
        "example": "observation-status/forecast",
        "default": "observation-status/forecast",
        "optional": "true",
    }


def test_choices_are_a_list(questions: EmbeddedStore) -> None:
    rows = questions.rows(
        PROLOGUE
        + f"""SELECT DISTINCT ?choice WHERE {{
          {question_iri("policies/laws")} sh:parameter/sh:in/rdf:rest*/rdf:first ?choice
        }} ORDER BY ?choice"""
    )
    assert [text(row["choice"]) for row in rows] == ["en", "ja"]


def test_the_same_catalogue_is_the_same_rdf() -> None:
    assert catalogue_graph() == catalogue_graph()
    assert expand("sh:select") in {triple.predicate.value for triple in catalogue_graph()}
    assert query_of(catalogue().question("policies/laws")).startswith("PREFIX")
