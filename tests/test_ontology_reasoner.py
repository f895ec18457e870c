"""HermiT judges the ontology, and names the class that a broken module makes impossible."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize

from hakusho.graph.names import HK, HKID, PREFIXES
from hakusho.loaders.edition import EditionDataset
from hakusho.ontology import files
from hakusho.ontology.reasoner import ReasonerUnavailable, reason

engines = pytest.mark.engines
SKOS = PREFIXES["skos"]

HEADER = f"@base <{HKID}> .\n" + "".join(
    f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()
)


@engines
def test_the_ontology_is_consistent_and_each_class_can_have_members() -> None:
    verdict = reason()
    assert verdict.consistent
    assert verdict.unsatisfiable == ()
    assert verdict.sound
    assert verdict.parents[HK + "Section"] == {HK + "DocumentPart"}
    assert verdict.parents[HK + "Challenge"] == {SKOS + "Concept"}


@engines
def test_the_ontology_stays_sound_with_all_its_alignments() -> None:
    verdict = reason([*files.core(), *files.alignments()])
    assert verdict.sound
    assert verdict.parents[HK + "WhitePaper"] >= {"http://schema.org/Report"}


@engines
def test_a_broken_module_is_caught_and_the_impossible_class_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(
        HEADER
        + """
        hk:PolicyArea a owl:Class ; rdfs:subClassOf hk:Policy , hk:Area .
        hk:CityPolicy a owl:Class ; rdfs:subClassOf hk:PolicyArea .
        hk:Town a owl:Class ; rdfs:subClassOf hk:Area .
        """,
        encoding="utf-8",
    )
    verdict = reason([*files.core(), broken])
    assert verdict.consistent
    assert not verdict.sound
    assert verdict.unsatisfiable == (HK + "CityPolicy", HK + "PolicyArea")


@engines
def test_a_contradiction_between_facts_is_an_inconsistency(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(
        HEADER + "<policy/council> hk:ledBy <area/JP> . <area/JP> a hk:Area .",
        encoding="utf-8",
    )
    verdict = reason([*files.core(), broken])
    assert not verdict.consistent
    assert not verdict.sound


@engines
def test_dates_and_years_that_owl_does_not_know_take_no_part(tmp_path: Path) -> None:
    dated = tmp_path / "dated.ttl"
    dated.write_text(
        HEADER
        + """
        <period/FY2024> a hk:Period ;
          hk:start "2024-04-01"^^xsd:date ; hk:end "2025-03-31"^^xsd:date .
        <source/survey> a hk:Source ; dcterms:issued "2024"^^xsd:gYear .
        """,
        encoding="utf-8",
    )
    assert reason([*files.core(), dated]).sound


@engines
def test_an_edition_agrees_with_the_ontology(sample: EditionDataset, tmp_path: Path) -> None:
    data = tmp_path / "edition.ttl"
    triples = dict.fromkeys(quad.triple for quad in sample.quads)
    serialize(triples, output=str(data), format=RdfFormat.TURTLE)
    assert reason([*files.core(), data]).sound


def test_without_java_the_error_says_so_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReasonerUnavailable) as caught:
        reason()
    assert caught.value.missing == "java"
    assert "needs Java" in str(caught.value)
    assert "apt-get install default-jre-headless" in str(caught.value)
