"""A term is retired by data: since when, why in both languages, and what takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from hakusho.graph.inference import infer
from hakusho.graph.names import PREFIXES, term
from hakusho.ontology import files
from hakusho.ontology.deprecation import Deprecation, IncompleteDeprecation, deprecations

PREFIX_LINES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())

TACKLES = """
hk:tackles
  owl:deprecated true ;
  owl:versionInfo "0.2.0" ;
  skos:historyNote
    "施策と課題の関係は hk:addresses に一本化した。"@ja ,
    "Merged into hk:addresses, which says the same."@en ;
  dcterms:isReplacedBy hk:addresses ;
  owl:equivalentProperty hk:addresses .
"""


def written(folder: Path, name: str, turtle: str) -> Path:
    path = folder / name
    path.write_text(PREFIX_LINES + turtle, encoding="utf-8")
    return path


def test_what_is_retired_says_since_when_why_and_what_to_use(tmp_path: Path) -> None:
    assert deprecations([written(tmp_path, "0.2.0.ttl", TACKLES)]) == [
        Deprecation(
            term="https://w3id.org/hakusho/ontology#tackles",
            version="0.2.0",
            message_ja="施策と課題の関係は hk:addresses に一本化した。",
            message_en="Merged into hk:addresses, which says the same.",
            replaced_by="https://w3id.org/hakusho/ontology#addresses",
        )
    ]


def test_a_term_may_be_retired_without_another_in_its_place(tmp_path: Path) -> None:
    turtle = """
    hk:mood owl:deprecated true ; owl:versionInfo "0.3.0" ;
      skos:historyNote "用途がなくなった。"@ja , "No longer needed."@en ."""
    (only,) = deprecations([written(tmp_path, "0.3.0.ttl", turtle)])
    assert only.replaced_by is None


def test_all_that_a_retirement_leaves_out_is_reported_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "0.2.0.ttl",
        """
        hk:mood owl:deprecated true ; skos:historyNote "No longer needed."@en .
        hk:tackles owl:deprecated true ; owl:versionInfo "0.1.0" ;
          skos:historyNote "一本化した。"@ja , "Merged."@en .
        """,
    )
    with pytest.raises(IncompleteDeprecation) as caught:
        deprecations([path])
    base = "0.2.0.ttl: https://w3id.org/hakusho/ontology#"
    assert caught.value.problems == (
        f"{base}mood has no skos:historyNote in Japanese",
        f"{base}mood says owl:versionInfo None in the file of '0.2.0'",
        f"{base}tackles says owl:versionInfo '0.1.0' in the file of '0.2.0'",
    )


def test_what_is_retired_in_the_ontology_says_all_that_it_must() -> None:
    retired = {deprecation.term for deprecation in deprecations()}
    modules = Store()
    for path in files.modules():
        modules.load(path=str(path), format=RdfFormat.TURTLE)
    # A retired term keeps its declaration: data that uses it still means something.
    assert all(any(modules.quads_for_pattern(NamedNode(iri), None, None)) for iri in retired)


def test_data_with_a_retired_term_answers_to_the_one_that_took_its_place(tmp_path: Path) -> None:
    store = Store()
    store.load(
        path=str(written(tmp_path, "0.2.0.ttl", TACKLES)),
        format=RdfFormat.TURTLE,
        to_graph=DefaultGraph(),
    )
    policy, challenge = NamedNode("https://example.org/p"), NamedNode("https://example.org/c")
    store.add(Quad(policy, term("tackles"), challenge, DefaultGraph()))
    infer(store)
    assert store.query(f"ASK {{ {policy} {term('addresses')} {challenge} }}")
