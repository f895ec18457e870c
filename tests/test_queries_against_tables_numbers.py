"""What questions say of values and sources, counted again from the tables alone."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.terms import text
from hakusho.queries.catalogue import ask

from .counted import (
    BREAKDOWNS,
    INDICATOR,
    INDICATORS,
    LATEST,
    OBSERVATIONS,
    SCALES,
    VALUE,
    Row,
    camel,
    cells,
    days,
    iri,
    number,
    observation,
    same,
    series,
    table,
    value_cells,
)


def test_a_series_has_all_values_of_its_indicator_oldest_first(
    packaged_store: EmbeddedStore,
) -> None:
    for indicator in sorted(INDICATOR)[::6]:
        rows = [row for row in OBSERVATIONS if row["indicator_id"] == indicator]
        expected = [
            (
                *value_cells(row),
                iri("observation-status", row["status"]),
                iri("precision", row["precision"]),
                iri("source", row["source_id"]),
                row["note_ja"],
            )
            for row in rows
        ]
        columns = (*VALUE, "status", "precision", "source", "note")
        found = cells(packaged_store, "indicators/series", *columns, indicator=indicator)
        same(found, expected)
        keys = [(one, *days(period.removeprefix("period/"))) for one, period, *_ in found]
        within: dict[tuple[str, str], list[date]] = defaultdict(list)
        for one, kind, start, _ in keys:
            within[one, kind].append(start)
        assert all(starts == sorted(starts) for starts in within.values())


def test_all_values_from_each_source_are_its_rows(packaged_store: EmbeddedStore) -> None:
    for source in table("sources"):
        expected = [
            (
                iri("indicator", row["indicator_id"]),
                *value_cells(row),
                iri("observation-status", row["status"]),
            )
            for row in OBSERVATIONS
            if row["source_id"] == source["id"]
        ]
        columns = ("indicator", *VALUE, "status")
        same(cells(packaged_store, "sources/values", *columns, source=source["id"]), expected)


def test_countries_are_compared_by_their_latest_values(packaged_store: EmbeddedStore) -> None:
    abroad = {row["indicator_id"] for row in OBSERVATIONS if re.fullmatch("[A-Z]{2}", row["area"])}
    abroad -= {
        row["id"]
        for row in INDICATORS
        if {"JP"} == {each["area"] for each in OBSERVATIONS if each["indicator_id"] == row["id"]}
    }
    assert len(abroad) > 20
    for indicator in abroad:
        rows = [
            row
            for row in LATEST
            if row["indicator_id"] == indicator and re.fullmatch("[A-Z]{2}", row["area"])
        ]
        expected = [(iri("area", row["area"]), *value_cells(row)) for row in rows]
        found = cells(
            packaged_store, "indicators/countries", "country", *VALUE, indicator=indicator
        )
        same(found, expected)
        values = [Decimal(value) for *_, value, _, _ in found]
        assert values == sorted(values, reverse=True)


def test_a_breakdown_has_the_latest_value_of_each_code(packaged_store: EmbeddedStore) -> None:
    for name in BREAKDOWNS:
        kind = name.replace("_", "-")
        rows = [row for row in LATEST if row[name]]
        for indicator in sorted({row["indicator_id"] for row in rows})[:4]:
            expected = [
                (iri(kind, row[name]), *value_cells(row))
                for row in rows
                if row["indicator_id"] == indicator
            ]
            found = cells(
                packaged_store,
                "indicators/breakdown",
                *("code", *VALUE),
                indicator=indicator,
                dimension=f"hk:{camel(name)}",
            )
            same(found, expected)


def test_the_largest_moves_are_against_the_same_period_a_year_before(
    packaged_store: EmbeddedStore,
) -> None:
    within: dict[str, list[Row]] = defaultdict(list)
    for row in OBSERVATIONS:
        within[series(row)].append(row)
    expected = []
    for now in LATEST:
        for then in within[series(now)]:
            if now["unit_id"] != then["unit_id"]:
                continue
            kind, start, _ = days(now["period"])
            before, earlier, _ = days(then["period"])
            year_before = (earlier.year + 1, earlier.month, earlier.day)
            if kind != before or (start.year, start.month, start.day) != year_before:
                continue
            value, base = Decimal(now["value"]), Decimal(then["value"])
            exact = now["precision"] == then["precision"] == "exact"
            rank = now["unit_id"] == "rank"
            if not exact or rank or then["status"] != "actual" or value <= 0 or base <= 0:
                continue
            # SPARQL's ROUND takes a half to the larger number.
            thousandths = (value - base) * 1000 / base
            change = (thousandths + Decimal("0.5")).to_integral_value(ROUND_FLOOR) / 10
            if abs(change) >= 20:
                expected.append(
                    (
                        series(now),
                        iri("period", then["period"]),
                        iri("period", now["period"]),
                        number(str(value - base)),
                        number(str(change)),
                        observation(now).rpartition("_")[2],
                    )
                )
    rows = ask(packaged_store, "indicators/largest-moves", least="20").rows
    found = [
        (
            text(row["series"]),
            text(row["beforePeriod"]),
            text(row["period"]),
            number(text(row["difference"])),
            number(text(row["change"])),
            hashlib.sha256(text(row["page"]).encode()).hexdigest()[:8],
        )
        for row in rows
    ]
    same(found, expected)
    moves = [abs(Decimal(change)) for *_, change, _ in found]
    assert moves == sorted(moves, reverse=True)


def normalized(row: Row) -> tuple[str, Decimal]:
    base, multiplier = SCALES[row["unit_id"]]
    return base, Decimal(row["value"]) * multiplier


def test_values_that_differ_are_pairs_of_pages_for_the_same_thing(
    packaged_store: EmbeddedStore,
) -> None:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in OBSERVATIONS:
        groups[series(row), row["period"]].append(row)
    expected = []
    for (one, period), rows in groups.items():
        rows.sort(key=observation)
        for place, row in enumerate(rows):
            for other in rows[place + 1 :]:
                (base, value), (other_base, other_value) = normalized(row), normalized(other)
                if base == other_base and value != other_value:
                    expected.append(
                        (
                            one,
                            iri("period", period),
                            row["printed_value"],
                            other["printed_value"],
                            iri("observation-status", row["status"]),
                            iri("observation-status", other["status"]),
                        )
                    )
    columns = ("series", "period", "printed", "otherPrinted", "status", "otherStatus")
    same(cells(packaged_store, "indicators/differing-values", *columns), expected)


def test_the_distance_to_a_target_is_what_is_left_in_its_own_unit(
    packaged_store: EmbeddedStore,
) -> None:
    links = {
        (use["indicator_id"], use["page_url"]): use["policy_id"]
        for use in table("policy_indicators")
        if use["relation"] == "target"
    }
    expected = []
    for row in OBSERVATIONS:
        if row["status"] != "target":
            continue
        policy = links.get((row["indicator_id"], row["page_url"]), "")
        start = (
            series(row),
            iri("period", row["period"]),
            row["printed_value"],
            iri("policy", policy),
        )
        actual = [each for each in LATEST if series(each) == series(row)]
        for each in actual:
            left = (normalized(row)[1] - normalized(each)[1]) / SCALES[row["unit_id"]][1]
            expected.append((*start, iri("period", each["period"]), number(str(left))))
        if not actual:
            expected.append((*start, "", ""))
    rows = ask(packaged_store, "policies/targets").rows
    columns = ("series", "due", "target", "policy", "latestPeriod")
    found = [
        (
            *(text(row[name]) if name in row else "" for name in columns),
            number(text(row["distance"])) if "distance" in row else "",
        )
        for row in rows
    ]
    same(found, expected)


def test_a_page_has_the_things_of_all_rows_that_name_it(packaged_store: EmbeddedStore) -> None:
    rows_of = {
        "challenge": table("challenges"),
        "policy": table("policies"),
        "indicator": INDICATORS,
        "source": table("sources"),
        "organization": table("organizations"),
        "part": table("sections"),
    }
    expected: dict[str, set[str]] = defaultdict(set)
    for kind, rows in rows_of.items():
        for row in rows:
            expected[row["page_url"]].add(iri(kind, row["id"]))
    for row in OBSERVATIONS:
        expected[row["page_url"]].add(iri("observation", observation(row)))
    for link in table("links"):
        id = f"{link['policy_id']}_addresses_{link['challenge_id']}"
        expected[link["page_url"]].add(iri("link", id))
    relations = {"target": "hasTarget", "monitors": "monitoredBy", "evidence": "evidencedBy"}
    for use in table("policy_indicators"):
        id = f"{use['policy_id']}_{relations[use['relation']]}_{use['indicator_id']}"
        expected[use["page_url"]].add(iri("link", id))
    for row in table("milestones"):
        label = hashlib.sha256(row["label_ja"].encode()).hexdigest()[:8]
        id = f"{row['policy_id']}_{row['date']}_{label}"
        expected[row["page_url"]].add(iri("milestone", id))
    for page in sorted(expected)[::4]:
        found = cells(packaged_store, "pages/contents", "thing", page=page)
        things = [thing for (thing,) in found if not thing.startswith("figure/")]
        same([(thing,) for thing in things], [(thing,) for thing in expected[page]])
