"""The indicators, observations and sources of the packaged edition say what the pages print."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from hakusho.graph.names import HK, HKID
from hakusho.graph.periods import parse_period
from hakusho.ontology import files as ontology

Row = dict[str, str]

EDITION = Path(str(files("hakusho.loaders"))) / "editions" / "r07"
WHITE_PAPER = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/"
OVERVIEW = HKID + "document/r07-overview"
PUBLISHED = date(2025, 7, 31)
BREAKDOWNS = (
    "age answer base_year broadcaster category company content_type day_type device firm_size flow "
    "incident item measure medium model network population radio_system service"
).split()
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@cache
def table(name: str) -> list[Row]:
    with (EDITION / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def ids(name: str) -> set[str]:
    return {row["id"] for row in table(name)}


def observation_id(row: Row) -> str:
    codes = [f"{name.replace('_', '-')}-{row[name]}" for name in BREAKDOWNS if row[name]]
    page = sha256(row["page_url"].encode()).hexdigest()[:8]
    return "_".join([row["indicator_id"], row["period"], row["area"], *codes, page])


@cache
def codes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in ontology.vocabularies():
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(HKID):
                kind, _, code = quad.subject.value.removeprefix(HKID).partition("/")
                found[kind].add(code)
    return found


@cache
def units() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    path = next(path for path in ontology.vocabularies() if path.stem == "units")
    for quad in parse(path=str(path), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal | NamedNode):
            unit = quad.subject.value.removeprefix(HKID + "unit/")
            found[unit][quad.predicate.value.removeprefix(HK)] = quad.object.value
    return found


def base(unit: str) -> str:
    return units()[unit]["baseUnit"]


def found(indicator: str, **wanted: str) -> list[Row]:
    return [
        row
        for row in table("observations")
        if row["indicator_id"] == indicator
        and all(row[name] == value for name, value in wanted.items())
    ]


def values(indicator: str, **wanted: str) -> list[str]:
    return sorted(row["value"] for row in found(indicator, **wanted))


def test_rows_are_in_the_order_of_their_ids_and_no_id_occurs_twice() -> None:
    for name in ("sources", "indicators"):
        names = [row["id"] for row in table(name)]
        assert names == sorted(set(names))
    observations = [observation_id(row) for row in table("observations")]
    assert observations == sorted(set(observations))


def test_each_breakdown_column_has_a_code_list_and_is_used() -> None:
    columns = list(table("observations")[0])
    assert columns[3 : 3 + len(BREAKDOWNS)] == BREAKDOWNS
    used = {name for row in table("observations") for name in BREAKDOWNS if row[name]}
    assert used == set(BREAKDOWNS)


def test_every_id_and_code_that_an_observation_names_exists() -> None:
    known = codes()
    unknown = [
        (observation_id(row), name)
        for row in table("observations")
        for name, members in [
            ("indicator_id", ids("indicators")),
            ("source_id", ids("sources")),
            ("area", known["area"]),
            ("unit_id", known["unit"]),
            ("status", known["observation-status"]),
            ("precision", known["precision"]),
            ("evidence", known["evidence-kind"]),
            *((name, known[name.replace("_", "-")] | {""}) for name in BREAKDOWNS),
        ]
        if row[name] not in members
    ]
    assert unknown == []


def test_every_id_and_code_that_an_indicator_or_source_names_exists() -> None:
    known = codes()
    for row in table("indicators"):
        assert row["unit_id"] in known["unit"], row["id"]
        assert row["section_id"] in ids("sections"), row["id"]
        assert set(filter(None, row["challenge_ids"].split(";"))) <= ids("challenges"), row["id"]
    for row in table("sources"):
        assert row["publisher_org_id"] in ids("organizations"), row["id"]
        assert row["kind"] in known["source-kind"], row["id"]
        assert re.fullmatch(r"\d{4}|", row["year"]), row["id"]


def test_every_indicator_is_observed_and_none_was_merged_away() -> None:
    assert {row["indicator_id"] for row in table("observations")} == ids("indicators")
    for name in ("indicators", "sources"):
        dropped = {row["dropped_id"] for row in table("merges") if row["table"] == name}
        assert dropped & ids(name) == set()


def test_a_value_is_one_plain_decimal_with_its_printed_form() -> None:
    for row in table("observations"):
        assert NUMBER.fullmatch(row["value"]), observation_id(row)
        assert row["printed_value"].strip(), observation_id(row)
        printed = row["printed_value"].replace(",", "")
        if NUMBER.fullmatch(printed):
            assert abs(Decimal(printed)) == abs(Decimal(row["value"])), observation_id(row)


def test_a_rough_word_in_print_is_told_by_the_precision() -> None:
    words = {"approximate": ("約", "およそ", "程度"), "over": ("超", "越え", "以上")}
    for row in table("observations"):
        for precision, printed in words.items():
            if any(word in row["printed_value"] for word in printed):
                assert row["precision"] == precision, observation_id(row)


def test_the_unit_of_a_value_converts_into_that_of_its_indicator() -> None:
    unit = {row["id"]: row["unit_id"] for row in table("indicators")}
    assert [
        observation_id(row)
        for row in table("observations")
        if base(row["unit_id"]) != base(unit[row["indicator_id"]])
    ] == []


def test_multipliers_are_powers_of_ten_but_for_time() -> None:
    odd = {
        unit
        for unit, facts in units().items()
        if "multiplier" in facts and set(facts["multiplier"].replace(".", "").strip("0")) != {"1"}
    }
    assert odd == {"minutes", "hours-million", "hours-100m"}


def test_percentages_lie_between_0_and_100_unless_they_are_rates_of_growth() -> None:
    growth = re.compile(r"-(yoy|growth)$|-cagr-")
    beyond = {"mobile-subscriptions-per-population"}
    for row in table("observations"):
        if row["unit_id"] == "percent" and not growth.search(row["indicator_id"]):
            share = Decimal(row["value"])
            assert share >= 0, observation_id(row)
            assert share <= 100 or row["indicator_id"] in beyond, observation_id(row)


def test_periods_and_pages_are_well_formed() -> None:
    for row in table("observations"):
        assert parse_period(row["period"]).id == row["period"]
    for name in ("observations", "indicators", "sources"):
        for row in table(name):
            for address in filter(None, (row["page_url"], row.get("url", ""))):
                assert not address.startswith("http://www.soumu.go.jp"), address
                assert "//" not in address.partition("://")[2], address


def test_what_a_page_is_agrees_with_the_kind_of_evidence() -> None:
    for name in ("observations", "indicators", "sources"):
        for row in table(name):
            page = row["page_url"]
            if page == OVERVIEW or page.startswith(WHITE_PAPER + "r07/"):
                assert row["evidence"] in ("edition", "edition-mirror"), row
            elif page.startswith(WHITE_PAPER):
                assert row["evidence"] == "other-edition", row
            else:
                assert row["evidence"] != "edition", row


def test_texts_are_in_both_languages_and_in_one_language_each() -> None:
    for name, text in [("indicators", "label"), ("indicators", "definition"), ("sources", "title")]:
        for row in table(name):
            ja, en = row[f"{text}_ja"], row[f"{text}_en"]
            assert ja and en, row["id"]
            assert not JAPANESE.search(en), row["id"]
            assert JAPANESE.search(ja) or (text == "title" and ja == en), row["id"]
            assert "(" not in ja, row["id"]


def test_a_note_is_in_both_languages_or_there_is_none() -> None:
    for row in table("observations"):
        ja, en = row["note_ja"], row["note_en"]
        assert bool(ja) == bool(en), observation_id(row)
        assert not JAPANESE.search(en), observation_id(row)
        assert not ja or JAPANESE.search(ja), observation_id(row)
        assert not re.search(r"\[[rhs]\d\d\]", ja + en), observation_id(row)


def test_labels_tell_indicators_apart() -> None:
    for label in ("label_ja", "label_en"):
        labels = [row[label] for row in table("indicators")]
        assert len(labels) == len(set(labels))


def test_all_observations_of_an_indicator_use_the_same_breakdowns() -> None:
    used: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in table("observations"):
        used[row["indicator_id"]].add(tuple(name for name in BREAKDOWNS if row[name]))
    assert {indicator for indicator, sets in used.items() if len(sets) > 1} == set()


def test_a_period_after_the_edition_is_a_forecast_or_target() -> None:
    actual = [
        (row["indicator_id"], row["period"])
        for row in table("observations")
        if parse_period(row["period"]).start > PUBLISHED
        and row["status"] not in ("forecast", "target")
    ]
    # A city's page of August 2025 counts the operators designated since.
    assert actual == [("designated-large-platform-providers", "2025-08-01")]


def test_the_account_places_each_row_once_and_reaches_each_packaged_row() -> None:
    for name, raw in [("sources", 117), ("indicators", 253), ("observations", 1170)]:
        account = table(f"account/{name}")
        placed = [int(line["row"]) for line in account if line["row"]]
        assert sorted(placed) == list(range(1, raw + 1))
        reached = {target for line in account for target in line["target"].split(";")}
        slugs = (
            {observation_id(row) for row in table(name)} if name == "observations" else ids(name)
        )
        assert reached == slugs
        assert [line for line in account if line["outcome"] != "kept" and not line["reason"]] == []


def test_fibre_coverage_has_two_targets_from_two_editions() -> None:
    targets = found("fibre-household-coverage", status="target")
    assert [(row["period"], row["value"], row["source_id"]) for row in targets] == [
        ("2027-03", "99.9", "wp-r04"),
        ("2028-03", "99.9", "wp-r07"),
    ]


def test_the_consultations_of_fy2024_are_6403_on_both_pages() -> None:
    assert values("illegal-harmful-consultations", period="FY2024") == ["6403", "6403"]
    (text,) = found("illegal-harmful-consultations", period="FY2024", figure_no="")
    assert text["printed_value"] == "6,403件"


def test_the_overall_use_of_a_social_medium_names_the_ages_it_covers() -> None:
    (youtube,) = found("social-media-use-rate", service="youtube", age="10s-60s")
    assert (youtube["value"], youtube["unit_id"], youtube["precision"]) == (
        "9",
        "tenths",
        "approximate",
    )
    assert found("social-media-use-rate", age="total") == []


def test_the_corporate_e_tax_rate_tells_of_the_change_of_method() -> None:
    (rate,) = found("etax-use-rate", period="FY2023", category="corporate-income-tax")
    assert rate["value"] == "86.2"
    assert "91.1%" in rate["note_ja"] and "91.1%" in rate["note_en"]


def test_generative_ai_in_firms_is_three_indicators() -> None:
    assert "49.7" in values("genai-policy-adoption-rate", period="FY2024", firm_size="total")
    assert values("genai-business-use-rate", period="FY2024") == ["55.2"]
    assert values("genai-task-use-rate", period="FY2024") == ["47.3"]


def test_a_restated_gdp_keeps_both_printed_values() -> None:
    gdp = {row["value"]: row["status"] for row in found("ict-industry-nominal-gdp", period="2022")}
    assert gdp == {"54.7": "superseded", "55.5": "actual"}


def test_a_tenfold_misprint_stays_as_printed_and_is_marked() -> None:
    calls = found("voice-call-time", period="FY2016")
    assert {row["status"] for row in calls} == {"doubtful"}
    assert values("voice-call-time", period="FY2016", network="total") == ["327.1"]
    assert all("misprint" in row["note_en"] for row in calls)


def test_the_receiving_contracts_that_do_not_add_up_are_marked() -> None:
    doubtful = found("nhk-contracts", status="doubtful")
    assert sorted(row["value"] for row in doubtful) == ["1988", "4412"]


def test_wari_are_tenths() -> None:
    rows = [row for row in table("observations") if row["unit_id"] == "tenths"]
    assert len(rows) == 13
    assert all("割" in row["printed_value"] for row in rows)
    assert Decimal(units()["tenths"]["multiplier"]) == Decimal("0.1")


def test_parts_printed_with_rounding_need_not_add_up() -> None:
    shares = found("smartphone-market-share", period="2024")
    assert sum(Decimal(row["value"]) for row in shares) == 99
    assert all("99%" in row["note_ja"] for row in shares)


def test_a_value_whose_page_names_no_source_has_the_document_of_the_page() -> None:
    (fees,) = found("dispute-cases", category="mediation")
    assert fees["source_id"] == "dispute-annual-report-fy2009"
    assert {row["source_id"] for row in found("dc-location-share")} == {"wp-r04", "wp-r07"}
    assert [row for row in table("observations") if not row["source_id"]] == []


def test_dollars_and_yen_are_not_mixed_in_one_indicator() -> None:
    currencies = {"jpy", "usd"}
    for row in table("indicators"):
        bases = {base(value["unit_id"]).rpartition("/")[2] for value in found(row["id"])}
        assert len(bases & currencies) <= 1, row["id"]


def test_the_first_designation_of_support_areas_is_superseded() -> None:
    first = found("broadband-support-areas", period="2024-08-30")
    assert {row["status"] for row in first} == {"superseded"}
    assert values("broadband-support-areas", period="2024-12-06", category="total") == ["30650"]
