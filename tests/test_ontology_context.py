"""The JSON-LD context: complete for the tables, defined terms, and the same to two parsers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import Graph

from hakusho.graph.names import PREFIXES, expand, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.loaders.about import read_about
from hakusho.loaders.columns import columns, context, kinds
from hakusho.loaders.edition import complete, packaged_editions, read_tables
from hakusho.loaders.nodes import jsonld, quads

TABLES = [path for folder in packaged_editions() for path in sorted(folder.glob("*.csv"))]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_column_of_a_packaged_table_is_in_the_context(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert [name for name in header if name not in columns(path.stem)] == []


def test_every_own_term_of_the_context_is_defined_by_the_ontology() -> None:
    used = {NamedNode(expand(name)) for name in _terms(context()) if name.startswith("hk:")}
    label = NamedNode(expand("rdfs:label"))
    defined = {quad.subject for quad in ontology_dataset() if quad.predicate == label}
    assert used - defined == set()


def test_prefixes_mean_what_they_mean_everywhere_else() -> None:
    prefixes = {
        name: iri
        for name, iri in context().items()
        if isinstance(iri, str) and iri.startswith("http") and name[0] != "@"
    }
    assert prefixes == {name: PREFIXES[name] for name in prefixes}


# rdflib's JSON-LD parser uses a class that rdflib itself calls outdated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_two_parsers_read_the_same_statements_from_completed_rows(sample_folder: Path) -> None:
    rows = complete(read_about(sample_folder), read_tables(sample_folder))
    rows_as_json = {"@context": context(), "@graph": [node.body for node in rows.nodes]}
    text = json.dumps(rows_as_json, ensure_ascii=False)
    ours = {quad.triple for quad in parse(text.encode(), format=RdfFormat.JSON_LD)}
    theirs = Graph().parse(data=text, format="json-ld").serialize(format="nt")
    assert ours == {quad.triple for quad in parse(theirs.encode(), format=RdfFormat.N_TRIPLES)}
    assert {node.table() for node in rows.nodes} >= set(kinds()), "a table without a sample row"


def test_the_context_of_one_table_says_the_same_as_the_whole(sample_folder: Path) -> None:
    rows = complete(read_about(sample_folder), read_tables(sample_folder))
    text = jsonld(rows.nodes, context())
    assert set(parse(text.encode(), format=RdfFormat.JSON_LD)) == set(quads(rows.nodes))


def test_a_column_means_in_each_table_what_that_table_says() -> None:
    rows = [
        {"type": "policies", "id": "a", "status": "ongoing"},
        {"type": "observations", "id": "b", "status": "actual"},
    ]
    text = json.dumps({"@context": context(), "@graph": rows})
    found = parse(text.encode(), format=RdfFormat.JSON_LD)
    said = {(quad.predicate, quad.object) for quad in found}
    assert (term("status"), thing("policy-status", "ongoing")) in said
    assert (term("observationStatus"), thing("observation-status", "actual")) in said


def _terms(entry: object) -> set[str]:
    """Gives every compact IRI that a context maps something to."""
    if isinstance(entry, str):
        return {entry}
    if isinstance(entry, dict):
        return {name for value in entry.values() for name in _terms(value)}
    return set()
