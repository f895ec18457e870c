"""Each class and property that a reader of the packaged edition meets is named in ja and en."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Quad, QuerySolutions, Store

from hakusho.graph.inference import infer
from hakusho.graph.ontology import ontology_dataset
from hakusho.loaders.edition import EditionDataset

UNNAMED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?word ?language WHERE {
  { ?any ?word ?thing } UNION { ?any a ?word }
  VALUES ?language { "ja" "en" }
  FILTER NOT EXISTS { ?word rdfs:label ?label FILTER(LANG(?label) = ?language) }
}
ORDER BY ?word
"""


def test_every_class_and_property_in_use_has_a_name_in_both_languages(
    packaged: EditionDataset,
) -> None:
    store = Store()
    for quad in (*packaged.quads, *ontology_dataset()):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    infer(store)
    rows = store.query(UNNAMED)
    assert isinstance(rows, QuerySolutions)
    assert [(str(row["word"]), row["language"].value) for row in rows] == []
