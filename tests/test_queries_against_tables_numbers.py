"""What questions say of indicators, values and sources, counted again from the tables alone.

Nothing of hakusho's loader, rules or queries counts here: `csv`, dictionaries and loops.
"""

from __future__ import annotations

import csv
import hashlib
import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.terms import text
from hakusho.queries.catalogue import ask

ROOT = Path(__file__).parents[1]
EDITION = ROOT / "loaders" / "editions" / "r07"
UNITS = ROOT / "ontology" / "vocabularies" / "units.ttl"
Row = dict[str, str]

# What of an observation is no breakdown of it.
OTHER = """indicator_id period area value printed_value unit_id status precision source_id figure_no
page_url note_ja note_en evidence""".split()


def table(name: str) -> list[Row]:
    with (EDITION / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


OBSERVATIONS, INDICATORS = table("observations"), table("indicators")
INDICATOR = {row["id"]: row for row in INDICATORS}
BREAKDOWNS = [name for name in OBSERVATIONS[0] if name not in OTHER]
BROADER = {row["id"]: row["broader_id"] for row in table("challenges")}
SCALES = {
    found["id"]: (found["base"], Decimal(found["multiplier"]))
    for found in re.finditer(
        r"id/unit/(?P<id>[^>]+)>\n  a (?:.*\n)+?"
        r"  hk:baseUnit <[^>]*/(?P<base>[^>/]+)> ;\n  hk:multiplier (?P<multiplier>[\d.]+)",
        UNITS.read_text(encoding="utf-8"),
    )
}
"""The base unit and the multiplier of each unit, read from the code list line by line."""


def iri(kind: str, slug: str) -> str:
    return f"{kind}/{slug}" if slug else ""


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def series(row: Row) -> str:
    """Gives the id of the series that an observation belongs to."""
    choices = sorted(f"_{camel(name)}-{row[name]}" for name in BREAKDOWNS if row[name])
    return iri("series", f"{row['indicator_id']}_{row['area']}{''.join(choices)}")


def observation(row: Row) -> str:
    """Gives the id of an observation."""
    choices = [f"{name.replace('_', '-')}-{row[name]}" for name in sorted(BREAKDOWNS) if row[name]]
    page = hashlib.sha256(row["page_url"].encode()).hexdigest()[:8]
    return "_".join((row["indicator_id"], row["period"], row["area"], *choices, page))


def days(period: str) -> tuple[str, date, date]:
    """Gives the type, the first and the last day of a period as the tables write it."""
    if found := re.fullmatch(r"(FY)?(\d{4})(?:-(H|Q)(\d))?", period):
        fiscal, named, part, place = found.groups()
        months = {None: 12, "H": 6, "Q": 3}[part]
        first = int(named) * 12 + (3 if fiscal else 0) + (int(place or 1) - 1) * months
        last = first + months - 1
        end = date(last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1])
        return f"{fiscal}{part}", date(first // 12, first % 12 + 1, 1), end
    survey = period.startswith("survey-")
    year, month, day = ([int(part) for part in period.removeprefix("survey-").split("-")] + [0])[:3]
    if day:
        return "day", date(year, month, day), date(year, month, day)
    kind = "survey" if survey else "month"
    return kind, date(year, month, 1), date(year, month, monthrange(year, month)[1])


def latest() -> list[Row]:
    """Gives the last actual values by period end in each series, for each type of period."""
    ends: dict[tuple[str, str], date] = {}
    actual = [row for row in OBSERVATIONS if row["status"] == "actual"]
    for row in actual:
        kind, _, end = days(row["period"])
        key = series(row), kind
        ends[key] = max(ends.get(key, end), end)
    return [
        row
        for row in actual
        for kind, _, end in [days(row["period"])]
        if ends[series(row), kind] == end
    ]


LATEST = latest()


def number(value: str) -> str:
    return str(Decimal(value).normalize()) if value else ""


def value_cells(row: Row) -> tuple[str, ...]:
    return (
        series(row),
        iri("period", row["period"]),
        row["printed_value"],
        number(row["value"]),
        iri("unit", row["unit_id"]),
        row["page_url"].removeprefix("https://w3id.org/hakusho/id/"),
    )


VALUE = ("series", "period", "printed", "value", "unit", "page")


def cells(store: EmbeddedStore, id: str, *columns: str, **params: str) -> list[tuple[str, ...]]:
    """Gives some columns of a question's rows as text, an unbound one empty."""
    rows = ask(store, id, **params).rows
    found = []
    for row in rows:
        texts = {name: text(row[name]) if name in row else "" for name in columns}
        if "value" in texts:
            texts["value"] = number(texts["value"])
        found.append(tuple(texts[name] for name in columns))
    return found


def same(found: Iterable[tuple[str, ...]], expected: Iterable[tuple[str, ...]]) -> None:
    assert sorted(found) == sorted(expected)


def above(challenge: str) -> set[str]:
    found = {challenge}
    while challenge := BROADER[challenge]:
        found.add(challenge)
    return found


def bearing(challenge: str) -> list[str]:
    """Gives the indicators that bear on a challenge or a narrower one."""
    return [
        row["id"]
        for row in INDICATORS
        if any(challenge in above(one) for one in row["challenge_ids"].split(";") if one)
    ]


def test_indicators_of_each_challenge_come_with_their_latest_values(
    packaged_store: EmbeddedStore,
) -> None:
    for challenge in BROADER:
        expected = []
        for indicator in bearing(challenge):
            values = [row for row in LATEST if row["indicator_id"] == indicator]
            expected += [
                (iri("indicator", indicator), *value_cells(row), iri("source", row["source_id"]))
                for row in values
            ] or [(iri("indicator", indicator), *[""] * 7)]
        found = cells(
            packaged_store,
            "indicators/of-challenge",
            *("indicator", *VALUE, "source"),
            challenge=challenge,
        )
        same(found, expected)


def test_the_chain_leads_from_a_challenge_to_the_page_of_each_latest_value(
    packaged_store: EmbeddedStore,
) -> None:
    relations = {"target": "hasTarget", "monitors": "monitoredBy", "evidence": "evidencedBy"}
    concerned = defaultdict(set)
    for link in table("links"):
        for challenge in above(link["challenge_id"]):
            concerned[challenge].add(link["policy_id"])
    for challenge in BROADER:
        expected = []
        for use in table("policy_indicators"):
            if use["policy_id"] not in concerned[challenge]:
                continue
            start = (
                iri("policy", use["policy_id"]),
                f"hk:{relations[use['relation']]}",
                iri("indicator", use["indicator_id"]),
            )
            values = [row for row in LATEST if row["indicator_id"] == use["indicator_id"]]
            expected += [
                (*start, *value_cells(row), iri("source", row["source_id"])) for row in values
            ] or [(*start, *[""] * 7)]
        columns = ("policy", "relation", "indicator", *VALUE, "source")
        found = cells(packaged_store, "challenges/chain", *columns, challenge=challenge)
        same(found, expected)


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


def test_indicators_without_a_recent_value_are_those_whose_latest_ends_before(
    packaged_store: EmbeddedStore,
) -> None:
    last: dict[str, date] = {}
    for row in LATEST:
        end = days(row["period"])[2]
        last[row["indicator_id"]] = max(end, last.get(row["indicator_id"], end))
    tied = defaultdict(set)
    for use in table("policy_indicators"):
        tied[use["indicator_id"]].add(use["policy_id"])
    expected = [
        (str(last.get(id, "")), iri("indicator", id), str(len(tied[id])))
        for id in INDICATOR
        if id not in last or last[id] < date(2023, 4, 1)
    ]
    found = cells(
        packaged_store,
        "indicators/without-recent-value",
        *("last", "indicator", "policies"),
        since="2023-04-01",
    )
    assert found == sorted(expected)


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
