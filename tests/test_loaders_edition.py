"""An edition folder as a dataset: what rows say, in which graph, from which row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from hakusho.graph.errors import BadEdition, BadTables
from hakusho.graph.names import expand, graph, shorten
from hakusho.graph.ontology import ontology_dataset
from hakusho.loaders.edition import EditionDataset, load_edition, packaged_editions
from hakusho.loaders.series import edition_labels, edition_of_page

Edit = Callable[..., Path]
R07 = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"


@pytest.fixture(scope="module")
def store(sample: EditionDataset) -> Store:
    store = Store()
    store.extend(sample.quads)
    return store


def said(store: Store, thing: str, property: str) -> set[str]:
    """Gives what a store says of a thing, each value with the graph that says it."""
    pattern = (NamedNode(expand(thing)), NamedNode(expand(property)), None, None)
    return {
        f"{_text(quad.object)} {shorten(quad.graph_name.value)}"  # type: ignore[union-attr]
        for quad in store.quads_for_pattern(*pattern)
    }


def _text(term: object) -> str:
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else term.value
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)


def errors_of(folder: Path) -> list[str]:
    with pytest.raises(BadTables) as caught:
        load_edition(folder)
    return [str(error) for error in caught.value.errors]


@pytest.mark.parametrize("folder", packaged_editions(), ids=lambda folder: folder.name)
def test_a_packaged_edition_loads_with_the_rows_that_it_promises(folder: Path) -> None:
    dataset = load_edition(folder)
    assert dataset.edition == folder.name
    assert dataset.graphs()[folder.name] > dataset.counts["policies"] * 10


def test_the_same_folder_gives_the_same_statements(sample_folder: Path) -> None:
    assert load_edition(sample_folder).quads == load_edition(sample_folder).quads


def test_a_row_goes_into_the_graph_of_what_printed_it(sample: EditionDataset) -> None:
    assert list(sample.graphs()) == ["official", "provenance-r07", "r06", "r07"]


def test_only_what_the_edition_says_is_described_in_its_section(store: Store) -> None:
    assert said(store, "policy/ai-act", "hk:describedIn") == {"part/r07-p1-c1-s1 hkg:r07"}
    assert said(store, "policy/quantum-project", "hk:placedIn") == {
        "part/r07-p1-c1-s1 hkg:official"
    }
    assert said(store, "policy/quantum-project", "hk:describedIn") == set()


def test_a_law_keeps_its_three_dates_and_policies_have_milestones(store: Store) -> None:
    assert said(store, "policy/ai-act", "hk:passed") == {"period/2025-05-28 hkg:r07"}
    assert said(store, "policy/ai-act", "hk:promulgated") == {"period/2025-06-04 hkg:r07"}
    assert said(store, "policy/ai-act", "hk:inForceFrom") == {"period/2025-06 hkg:r07"}
    milestone = "milestone/ai-act_2025-05-28_2c4c1d4f"
    assert said(store, "policy/ai-act", "hk:milestone") == {f"{milestone} hkg:r07"}
    assert said(store, milestone, "hk:date") == {"period/2025-05-28 hkg:r07"}


def test_a_period_is_described_in_each_graph_that_uses_it(store: Store) -> None:
    assert said(store, "period/2024-09", "hk:end") == {
        "2024-09-30 hkg:r06",
        "2024-09-30 hkg:official",
    }


def test_an_observation_has_its_value_as_printed_and_its_breakdown(store: Store) -> None:
    observation = "observation/sns-use_2024_JP_age-20s_f62a2b56"
    assert said(store, observation, "rdf:type") == {
        "qb:Observation hkg:r07",
        "hk:Observation hkg:r07",
    }
    assert said(store, observation, "hk:value") == {"91.5 hkg:r07"}
    assert said(store, observation, "hk:printedValue") == {"91.5 hkg:r07"}
    assert said(store, observation, "hk:age") == {"age/20s hkg:r07"}
    assert said(store, observation, "skos:note") == {
        "20代@ja hkg:r07",
        "People in their twenties@en hkg:r07",
    }


def test_two_printed_values_stay_two_observations_with_two_pages(store: Store) -> None:
    values = [
        said(store, f"observation/sns-use_2024_JP_age-total_{page}", "hk:value")
        for page in ("f62a2b56", "b8ef9ace")
    ]
    assert values == [{"81.9 hkg:r07"}, {"82 hkg:r07"}]


def test_a_figure_is_that_of_the_edition_that_prints_it(store: Store) -> None:
    assert said(store, "observation/sns-use_2023_JP_age-total_ddf98ced", "hk:figure") == {
        "figure/r06_I-1-1-5 hkg:r06"
    }
    assert said(store, "figure/r06_I-1-1-5", "hk:edition") == {"whitepaper/r06 hkg:r06"}
    assert said(store, "figure/r06_I-1-1-5", "hk:number") == {"I-1-1-5 hkg:r06"}
    assert said(store, "figure/r06_I-1-1-5", "rdfs:label") == {
        "図表I-1-1-5@ja hkg:r06",
        "Figure I-1-1-5@en hkg:r06",
    }


def test_a_number_that_is_not_unique_makes_a_figure_of_its_page(store: Store) -> None:
    figure = "figure/table-1_46a202f4"
    assert said(store, figure, "hk:page") == {"https://www.nict.go.jp/staff.html hkg:official"}
    assert said(store, figure, "rdfs:label") == {"表1@ja hkg:official", "Table 1@en hkg:official"}
    assert said(store, figure, "hk:edition") == set()


def test_a_page_belongs_to_the_edition_that_its_address_names(store: Store) -> None:
    assert said(store, R07, "hk:edition") == {"whitepaper/r07 hkg:r07"}
    assert said(store, "https://www.nict.go.jp/", "rdf:type") == {"hk:Document hkg:official"}
    assert said(store, "https://www.nict.go.jp/", "hk:edition") == set()
    assert said(store, "document/r07-overview", "rdfs:label") == {
        "令和7年版情報通信白書の概要@ja hkg:r07",
        "Overview of the 2025 white paper@en hkg:r07",
    }


def test_every_pair_without_a_reason_of_its_own_is_an_assigned_link(store: Store) -> None:
    stated, assigned = "link/ai-act_addresses_ai-risk", "link/disinfo-study_addresses_ai-risk"
    assert said(store, stated, "hk:assertion") == {"hk:stated hkg:r07"}
    assert len(said(store, stated, "dcterms:description")) == 2
    assert said(store, assigned, "hk:assertion") == {"hk:assigned hkg:r06"}
    assert said(store, assigned, "dcterms:description") == set()
    assert said(store, assigned, "hk:edition") == {"whitepaper/r06 hkg:r06"}
    assert said(store, assigned, "prov:wasDerivedFrom") == {
        "table/r07-policies#row=3 hkg:provenance-r07"
    }


def test_a_link_to_an_indicator_says_the_property_that_it_stands_for(store: Store) -> None:
    link = "link/disinfo-study_monitoredBy_sns-use"
    assert said(store, link, "hk:relation") == {"hk:monitoredBy hkg:r07"}
    assert said(store, link, "hk:object") == {"indicator/sns-use hkg:r07"}


def test_direct_properties_are_never_loaded(sample: EditionDataset) -> None:
    direct = {expand(f"hk:{name}") for name in ("addresses", "hasTarget", "monitoredBy")}
    assert {quad.predicate.value for quad in sample.quads} & direct == set()


def test_a_section_has_the_class_of_its_level_and_its_place(store: Store) -> None:
    assert said(store, "part/r07-p1-c1-s1-2", "rdf:type") == {
        "hk:Subsection hkg:r07",
        "hk:DocumentPart hkg:r07",
    }
    assert said(store, "part/r07-p1-c1-s1-2", "schema:position") == {"4 hkg:r07"}
    assert said(store, "part/r07-p1-c1-s1-2", "hk:partOf") == {"part/r07-p1-c1-s1 hkg:r07"}
    assert said(store, "part/r07-p1", "hk:partOf") == {"whitepaper/r07 hkg:r07"}


def test_a_challenge_is_a_concept_of_its_scheme(store: Store) -> None:
    assert "skos:Concept hkg:r07" in said(store, "challenge/ai-risk", "rdf:type")
    assert said(store, "challenge/ai-risk", "skos:inScheme") == {"scheme/challenge hkg:r07"}
    assert said(store, "challenge/ai-risk", "skos:topConceptOf") == set()
    assert said(store, "challenge/digital-society", "skos:topConceptOf") == {
        "scheme/challenge hkg:r07"
    }


def test_a_merged_thing_keeps_its_old_iri(store: Store) -> None:
    old = "policy/ai-promotion-act"
    assert said(store, old, "dcterms:isReplacedBy") == {"policy/ai-act hkg:r07"}


def test_graphs_and_tables_say_where_they_come_from(store: Store, sample: EditionDataset) -> None:
    assert said(store, "hkg:r06", "prov:hadPrimarySource") == {"whitepaper/r06 hkg:provenance-r07"}
    assert "table/r07-policies hkg:provenance-r07" in said(store, "hkg:r06", "prov:wasDerivedFrom")
    assert len(said(store, "table/r07-policies", "schema:sha256")) == 1
    assert said(store, "observation/telecom-staff_FY2025_JP_4d6b80cf", "prov:wasDerivedFrom") == {
        "table/r07-observations#row=7 hkg:provenance-r07"
    }


def test_editions_are_named_in_their_era() -> None:
    assert edition_labels("r01")["ja"] == "令和元年版情報通信白書"
    assert edition_labels("h12")["ja"] == "平成12年版通信白書"
    assert edition_labels("s58")["en"] == "1983 White Paper on Communications in Japan"
    assert edition_labels("official") == edition_labels("r99x") == {}
    archived = "https://megalodon.jp/ref/2018/www.soumu.go.jp/johotsusintokei/whitepaper/ja/h27/a"
    assert edition_of_page(archived) == "h27"


ROW_FAULTS = [
    (
        ("policies.csv", "council,completed,FY2023", "council,complete,FY2023"),
        'policies.csv:3: status "complete" is no code of policy-status; did you mean "completed"?',
    ),
    (
        ("policies.csv", "2025-06,mic", "2025-06,総務省"),
        'policies.csv:2: lead_org_id "総務省" is in no row of organizations.csv; '
        'did you mean "mic"?',
    ),
    (
        ("policies.csv", "2025-05-28", "2025-05-99"),
        'policies.csv:2: passed "2025-05-99" is no period: May 2025 has 31 days, no day 99',
    ),
    (
        ("policies.csv", "FY2023", "令和5年度"),
        'policies.csv:3: start_date "令和5年度" is no period: the forms are FY2024, 2024, '
        "FY2024-H1, 2024-H1, FY2024-Q2, 2024-Q2, 2024-11, 2024-11-05, survey-2025-02; "
        'did you mean "FY2023"?',
    ),
    (
        ("policies.csv", "quantum-project", "Quantum Project"),
        'policies.csv:4: id "Quantum Project" is no id in lower case, digits and single hyphens',
    ),
    (
        ("policies.csv", "quantum-project", "ai-act"),
        'policies.csv:4: id "ai-act" is the same policy as policies.csv:2',
    ),
    (
        ("policies.csv", "disinformation,https", "ai-risk,https"),
        'policies.csv:3: addresses_challenge_ids "ai-risk" is listed twice',
    ),
    (
        ("observations.csv", "81.9,81.9", "81.9%,81.9"),
        'observations.csv:4: value "81.9%" is no decimal number such as 54.7',
    ),
    (
        ("observations.csv", "JP,20s", "JP,21s"),
        'observations.csv:3: age "21s" is no code of age; did you mean "20s"?',
    ),
    (
        ("observations.csv", "/r07/text/nd111120.txt", "/r07/html/nd111120.html"),
        'observations.csv:5: id "sns-use_2024_JP_age-total_f62a2b56" is the same observation '
        "as observations.csv:4",
    ),
    (
        ("links.csv", "ai-act,ai-risk", "ai-act,disinformation"),
        'links.csv:2: challenge_id "disinformation" is not among the challenges of policy '
        '"ai-act" in policies.csv',
    ),
    (
        ("links.csv", "stated", "said"),
        'links.csv:2: assertion "said" is none of stated, assigned',
    ),
    (
        ("merges.csv", "ai-promotion-act", "quantum-project"),
        'merges.csv:2: dropped_id "quantum-project" is merged away but still has a row',
    ),
    (
        ("milestones.csv", "https://www.soumu.go.jp/menu_news/report.html", "menu news"),
        'milestones.csv:3: page_url "menu news" is no web address',
    ),
    (
        ("sources.csv", ",edition", ","),
        "sources.csv:2: has no evidence",
    ),
    (
        ("organizations.csv", "/r07/", "/r06/"),
        'organizations.csv:2: page_url "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r06'
        '/html/nd110000.html" is a page of r06, not of r07',
    ),
]


@pytest.mark.parametrize(("change", "sentence"), ROW_FAULTS, ids=[fault[1] for fault in ROW_FAULTS])
def test_a_bad_row_is_named_with_its_line_and_the_nearest_right_thing(
    edited: Edit, change: tuple[str, str, str], sentence: str
) -> None:
    assert sentence in errors_of(edited(*change))


def test_all_bad_rows_are_found_at_once(edited: Edit) -> None:
    edited("policies.csv", "rd-project", "rd-projekt")
    edited("sources.csv", "statistics", "statistic")
    folder = edited("observations.csv", "/r06/", "/r07/")
    assert [error.split(" ")[0] for error in errors_of(folder)] == [
        "observations.csv:2:",
        "policies.csv:4:",
        "sources.csv:2:",
    ]


def test_a_column_that_the_context_lacks_is_refused(edited: Edit) -> None:
    folder = edited("policies.csv", "lead_org_id", "lead_org")
    assert errors_of(folder) == [
        "policies.csv: column lead_org is not in the context; did you mean lead_org_id?"
    ]


def test_a_table_that_the_context_lacks_is_refused(edited: Edit) -> None:
    folder = edited("policies.csv", "id", "id")
    (folder / "policies.csv").rename(folder / "policy.csv")
    assert errors_of(folder) == ["policy.csv: there is no table 'policy'; did you mean policies?"]


def test_a_table_with_another_number_of_rows_is_refused(edited: Edit) -> None:
    with pytest.raises(BadEdition, match="policies has 3 rows, not the 4 expected"):
        load_edition(edited("edition.toml", "policies = 3", "policies = 4"))


def test_an_edition_toml_that_leaves_out_what_is_needed_is_refused(edited: Edit) -> None:
    with pytest.raises(BadEdition, match="edition.toml does not say licence"):
        load_edition(edited("edition.toml", "licence =", "license ="))


def test_the_ontology_is_one_graph_with_stable_blank_nodes() -> None:
    first = ontology_dataset()
    ontology_dataset.cache_clear()
    assert ontology_dataset() == first
    assert {quad.graph_name for quad in first} == {graph("ontology")}
    assert NamedNode(expand("hk:Policy")) in {quad.subject for quad in first}
