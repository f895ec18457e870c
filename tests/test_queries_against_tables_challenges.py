"""What questions say of the indicators of challenges, counted again from the tables alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from hakusho.graph.embedded import EmbeddedStore

from .counted import (
    BROADER,
    INDICATOR,
    LATEST,
    VALUE,
    above,
    bearing,
    cells,
    days,
    iri,
    same,
    table,
    value_cells,
)


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
