"""Observations as data cubes: whole by the specification's own constraints, and easy to read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from hakusho.graph.inference import inconsistencies, infer
from hakusho.graph.names import HKID, PREFIXES, graph, shorten
from hakusho.graph.ontology import ontology_dataset
from hakusho.loaders.edition import EditionDataset
from hakusho.ontology import files
from hakusho.ontology.hygiene import faults_of

pytestmark = pytest.mark.slow

HEADER = f"BASE <{HKID}>\n" + "".join(
    f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()
)
CONSTRAINTS = [path for path in files.checks() if path.stem.startswith("cube-ic-")]


def inferred(facts: Iterable[Quad | Triple]) -> Store:
    """Gives a store with some facts, the ontology and what follows from both."""
    store = Store()
    store.extend(
        Quad(fact.subject, fact.predicate, fact.object, place)
        for fact in [*facts, *ontology_dataset()]
        for place in (graph("r07"), DefaultGraph())
    )
    infer(store)
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(HEADER + query)
    assert isinstance(found, QuerySolutions)
    return [tuple(shorten(term.value) for term in row) for row in found]


@pytest.fixture(scope="module")
def edition(packaged: EditionDataset) -> Store:
    """The packaged edition with what follows from it."""
    return inferred(quad for quad in packaged.quads if quad.graph_name != graph("provenance"))


@pytest.fixture(scope="module")
def observations() -> Store:
    """Sales by age and country, for two years and a fiscal year, from two pages."""
    cells = [
        ("2023", "JP", "20s", "p1", "actual", 10),
        ("2024", "JP", "20s", "p1", "actual", 11),
        ("2024", "JP", "20s", "p2", "actual", 12),
        ("2025", "JP", "20s", "p2", "forecast", 13),
        ("FY2022", "JP", "20s", "p1", "actual", 14),
        ("2023", "JP", "30s", "p1", "actual", 15),
        ("2024", "US", None, "p1", "estimate", 16),
    ]
    turtle = """
        <indicator/sales> a hk:Indicator ; rdfs:label "売上"@ja, "Sales"@en .
        <period/2023> hk:periodType <period-type/year> ; hk:end "2023-12-31"^^xsd:date .
        <period/2024> hk:periodType <period-type/year> ; hk:end "2024-12-31"^^xsd:date .
        <period/2025> hk:periodType <period-type/year> ; hk:end "2025-12-31"^^xsd:date .
        <period/FY2022> hk:periodType <period-type/fiscal-year> ; hk:end "2023-03-31"^^xsd:date .
    """
    for number, (period, area, age, page, status, value) in enumerate(cells):
        breakdown = f"hk:age <age/{age}> ;" if age else ""
        turtle += f"""
            <observation/{number}> a hk:Observation ; hk:indicator <indicator/sales> ;
              hk:period <period/{period}> ; hk:area <area/{area}> ; hk:page <page/{page}> ;
              {breakdown} hk:value {value}.0 ; hk:unit <unit/jpy-trillion> ;
              hk:observationStatus <observation-status/{status}> ; hk:precision <precision/exact> .
        """
    return inferred(quad.triple for quad in parse(HEADER + turtle, format=RdfFormat.TURTLE))


@pytest.mark.parametrize("path", CONSTRAINTS, ids=lambda path: path.stem)
def test_the_packaged_edition_is_a_well_formed_cube(path: Path, edition: Store) -> None:
    assert [fault.message_en for fault in faults_of(path, edition)] == []


@pytest.mark.parametrize("path", CONSTRAINTS, ids=lambda path: path.stem)
def test_observations_make_a_well_formed_cube(path: Path, observations: Store) -> None:
    assert [fault.message_en for fault in faults_of(path, observations)] == []


def test_all_21_constraints_of_the_specification_are_there() -> None:
    assert [path.stem[:10] for path in CONSTRAINTS] == [f"cube-ic-{n:02d}" for n in range(1, 22)]


def test_every_observation_of_the_edition_is_in_a_data_set_of_its_indicator(
    edition: Store, packaged: EditionDataset
) -> None:
    found = rows(
        edition,
        """SELECT ?observation WHERE {
          ?observation hk:indicator ?indicator ; qb:dataSet ?set ; qb:dataSet/qb:slice ?series .
          ?set dcterms:subject ?indicator . ?series qb:observation ?observation .
        }""",
    )
    assert len(found) == len(set(found)) == packaged.counts["observations"]


def test_the_edition_contradicts_nothing(edition: Store) -> None:
    assert inconsistencies(edition) == []


def test_a_data_set_has_a_structure_for_its_breakdowns(observations: Store) -> None:
    found = rows(
        observations,
        """SELECT ?set ?dimension WHERE {
          ?set a qb:DataSet ; qb:structure/qb:component/qb:dimension ?dimension .
        } ORDER BY ?set ?dimension""",
    )
    plain = ["hk:area", "hk:page", "hk:period"]
    assert found == [
        *(("dataset/sales", dimension) for dimension in plain),
        *(("dataset/sales_age", dimension) for dimension in ["hk:age", *plain]),
    ]


def test_a_series_fixes_all_but_period_and_page(observations: Store) -> None:
    found = rows(
        observations,
        """SELECT ?series (GROUP_CONCAT(?number; separator = " ") AS ?observations) WHERE {
          { SELECT ?series ?number WHERE {
            ?series a qb:Slice ; qb:observation ?observation .
            BIND(STRAFTER(STR(?observation), "observation/") AS ?number)
          } ORDER BY ?series ?number }
        } GROUP BY ?series ORDER BY ?series""",
    )
    assert found == [
        ("series/sales_JP_age-20s", "0 1 2 3 4"),
        ("series/sales_JP_age-30s", "5"),
        ("series/sales_US", "6"),
    ]


def test_data_sets_and_series_are_named_for_people(observations: Store) -> None:
    found = rows(
        observations,
        """SELECT ?thing ?label WHERE {
          VALUES ?thing { <dataset/sales> <dataset/sales_age> <series/sales_JP_age-20s> }
          ?thing rdfs:label ?label .
        } ORDER BY ?thing DESC(LANG(?label))""",
    )
    assert found == [
        ("dataset/sales", "売上"),
        ("dataset/sales", "Sales"),
        ("dataset/sales_age", "売上（年代）"),
        ("dataset/sales_age", "Sales (age group)"),
        ("series/sales_JP_age-20s", "売上（20代、日本）"),
        ("series/sales_JP_age-20s", "Sales (Japan, twenties)"),
    ]


def test_the_latest_is_the_last_actual_value_of_each_series_and_period_type(
    observations: Store,
) -> None:
    # Both pages print 2024; its forecast for 2025, the estimate and older values are left out.
    found = rows(
        observations,
        """SELECT ?observation WHERE { <indicator/sales> hk:latestObservation ?observation }
        ORDER BY ?observation""",
    )
    assert found == [(f"observation/{number}",) for number in (1, 2, 4, 5)]


def test_only_observations_have_an_indicator(edition: Store) -> None:
    query = "SELECT ?x WHERE { ?x hk:indicator ?i FILTER NOT EXISTS { ?x a hk:Observation } }"
    assert rows(edition, query) == []
