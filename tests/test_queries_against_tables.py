"""What questions say of policies, challenges and links, counted again from the tables alone.

Nothing of hakusho's loader, rules or queries counts here: `csv`, dictionaries and loops.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.terms import text
from hakusho.queries.catalogue import ask

from .counted import iri, table

POLICIES, CHALLENGES, LINKS = table("policies"), table("challenges"), table("links")
SECTIONS, MILESTONES = table("sections"), table("milestones")
ORGANIZATIONS = table("organizations")
POLICY_INDICATORS = table("policy_indicators")

BROADER = {row["id"]: row["broader_id"] for row in CHALLENGES}
ABOVE = {row["id"]: row["parent_id"] for row in SECTIONS}
POLICY = {row["id"]: row for row in POLICIES}


def chain(start: str, above: dict[str, str]) -> list[str]:
    """Gives a thing and all above it."""
    found = [start]
    while above[found[-1]]:
        found.append(above[found[-1]])
    return found


def cells(store: EmbeddedStore, id: str, *columns: str, **params: str) -> list[tuple[str, ...]]:
    """Gives some columns of a question's rows as text, an unbound one empty."""
    rows = ask(store, id, **params).rows
    return [tuple(text(row[name]) if name in row else "" for name in columns) for row in rows]


def days(period: str) -> tuple[date, date]:
    """Gives the first and last day of a period as the tables write it."""
    if found := re.fullmatch(r"FY(\d{4})", period):
        year = int(found[1])
        return date(year, 4, 1), date(year + 1, 3, 31)
    year, month, day = ([int(part) for part in period.split("-")] + [0, 0])[:3]
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if not day:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


@pytest.mark.parametrize("challenge", BROADER)
def test_policies_of_a_challenge_are_those_of_the_narrower_ones_too(
    packaged_store: EmbeddedStore, challenge: str
) -> None:
    def expected() -> Iterator[tuple[str, ...]]:
        for link in LINKS:
            if challenge in chain(link["challenge_id"], BROADER):
                policy = POLICY[link["policy_id"]]
                yield (
                    iri("policy", policy["id"]),
                    policy["label_ja"],
                    iri("challenge", link["challenge_id"]),
                    iri("policy-kind", policy["kind"]),
                    iri("organization", policy["lead_org_id"]),
                    iri("part", policy["section_id"]),
                )

    columns = ("policy", "policyLabel", "linked", "kind", "lead", "part")
    found = cells(packaged_store, "policies/of-challenge", *columns, challenge=challenge)
    assert sorted(found) == sorted(expected())


def test_challenges_of_each_policy_are_those_of_its_links(packaged_store: EmbeddedStore) -> None:
    expected: dict[str, list[tuple[str, ...]]] = {policy: [] for policy in POLICY}
    for link in LINKS:
        expected[link["policy_id"]].append(
            (
                iri("challenge", link["challenge_id"]),
                iri("challenge", BROADER[link["challenge_id"]]),
                f"hk:{link['assertion']}",
                link["reason_en"],
                link["page_url"],
                iri("evidence-kind", link["evidence"]),
            )
        )
    columns = ("challenge", "broader", "assertion", "reason", "page", "evidence")
    found = {
        policy: cells(packaged_store, "challenges/of-policy", *columns, policy=policy, lang="en")
        for policy in POLICY
    }
    assert found == {policy: sorted(rows) for policy, rows in expected.items()}


def test_the_matrix_counts_each_policy_once_in_every_cell_that_it_rolls_up_to(
    packaged_store: EmbeddedStore,
) -> None:
    policies: dict[tuple[str, str], set[str]] = defaultdict(set)
    stated: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in LINKS:
        for challenge in chain(link["challenge_id"], BROADER):
            for part in chain(POLICY[link["policy_id"]]["section_id"], ABOVE):
                cell = iri("challenge", challenge), iri("part", part)
                policies[cell].add(link["policy_id"])
                if link["assertion"] == "stated":
                    stated[cell].add(link["policy_id"])
    expected = {
        (*cell, str(len(members)), str(len(stated[cell]))) for cell, members in policies.items()
    }
    found = cells(packaged_store, "matrix/cells", "challenge", "part", "policies", "stated")
    assert len(found) == len(expected)
    assert set(found) == expected


def test_the_gaps_are_what_no_row_of_the_tables_fills(packaged_store: EmbeddedStore) -> None:
    addressed = {above for link in LINKS for above in chain(link["challenge_id"], BROADER)}
    measured = {
        above
        for row in table("indicators")
        for challenge in filter(None, row["challenge_ids"].split(";"))
        for above in chain(challenge, BROADER)
    }
    with_indicator = {row["policy_id"] for row in POLICY_INDICATORS}
    linked = Counter(link["policy_id"] for link in LINKS)

    def gaps(id: str, *columns: str) -> list[tuple[str, ...]]:
        return cells(packaged_store, id, *columns)

    assert gaps("challenges/without-policy", "challenge") == [
        (iri("challenge", id),) for id in sorted(set(BROADER) - addressed)
    ]
    assert set(gaps("challenges/without-indicator", "challenge")) == {
        (iri("challenge", id),) for id in set(BROADER) - measured
    }
    assert sorted(gaps("policies/without-indicator", "policy", "challenges")) == sorted(
        (iri("policy", id), str(linked[id])) for id in POLICY if id not in with_indicator
    )
    assert gaps("matrix/unlinked", "policy") == [
        (iri("policy", id),) for id in sorted(POLICY) if not linked[id]
    ]


def test_policies_of_each_part_are_those_of_the_parts_below_it(
    packaged_store: EmbeddedStore,
) -> None:
    expected: dict[str, set[tuple[str, ...]]] = {part: set() for part in ABOVE}
    for policy in POLICIES:
        described = policy["evidence"].startswith("edition")
        for part in chain(policy["section_id"], ABOVE):
            expected[part].add(
                (
                    iri("policy", policy["id"]),
                    iri("policy-kind", policy["kind"]),
                    iri("organization", policy["lead_org_id"]),
                    iri("policy-status", policy["status"]),
                    iri("part", policy["section_id"]),
                    "hk:describedIn" if described else "hk:placedIn",
                )
            )
    columns = ("policy", "kind", "lead", "status", "part", "placement")
    for part, rows in expected.items():
        found = cells(packaged_store, "policies/of-section", *columns, section=part)
        assert len(found) == len(rows), part
        assert set(found) == rows, part


def test_milestones_are_in_order_and_inside_or_across_the_period(
    packaged_store: EmbeddedStore,
) -> None:
    begin, finish = days("FY2024")
    expected = [
        (
            iri("period", row["date"]),
            iri("policy", row["policy_id"]),
            row["label_ja"],
            str(begin <= first and last <= finish).lower(),
            row["page_url"],
        )
        for row in MILESTONES
        for first, last in [days(row["date"])]
        if first <= finish and begin <= last
    ]
    columns = ("date", "policy", "milestoneLabel", "within", "page")
    found = cells(packaged_store, "milestones/in-period", *columns, period="FY2024")
    assert sorted(found) == sorted(expected)
    starts = [days(row[0].removeprefix("period/")) for row in found]
    assert starts == sorted(starts)


def test_milestones_of_each_policy_are_its_rows_oldest_first(
    packaged_store: EmbeddedStore,
) -> None:
    for policy in POLICY:
        rows = [row for row in MILESTONES if row["policy_id"] == policy]
        expected = sorted(
            (days(row["date"]), iri("period", row["date"]), row["label_en"]) for row in rows
        )
        found = cells(
            packaged_store,
            "milestones/of-policy",
            "date",
            "milestoneLabel",
            policy=policy,
            lang="en",
        )
        assert sorted((days(when.removeprefix("period/")), when, what) for when, what in found) == (
            expected
        )
        assert [days(when.removeprefix("period/")) for when, _ in found] == [
            when for when, *_ in expected
        ]


@pytest.mark.parametrize("asked", ["1984-12-31", "1985-06-01", "2022-12-31", "2025-04-01"])
def test_laws_in_force_are_those_whose_date_has_come(
    packaged_store: EmbeddedStore, asked: str
) -> None:
    day = date.fromisoformat(asked)
    expected = set()
    for law in POLICIES:
        ended = law["end_date"] and days(law["end_date"])[1] < day
        if law["kind"] != "law" or ended:
            continue
        since = law["in_force_from"] or law["start_date"]
        if since:
            first, last = days(since)
            if first <= day:
                certain = str(last <= day).lower()
                expected.add((iri("policy", law["id"]), iri("period", since), certain))
        elif law["status"] == "in-force":
            made = law["promulgated"] or law["passed"]
            if not made or days(made)[0] <= day:
                expected.add((iri("policy", law["id"]), "", ""))
    found = cells(packaged_store, "policies/laws-in-force", "law", "since", "certain", date=asked)
    assert len(found) == len(expected)
    assert set(found) == expected


def test_organizations_are_counted_by_the_policies_that_they_lead(
    packaged_store: EmbeddedStore,
) -> None:
    led: dict[str, set[str]] = defaultdict(set)
    for policy in POLICIES:
        led[policy["lead_org_id"]].add(policy["id"])
    addressed = defaultdict(set)
    for link in LINKS:
        addressed[link["policy_id"]].add(link["challenge_id"])
    kinds = {row["id"]: row["kind"] for row in ORGANIZATIONS}
    expected = sorted(
        (
            -len(policies),
            iri("organization", lead),
            iri("organization-kind", kinds[lead]),
            len(set().union(*(addressed[policy] for policy in policies))),
        )
        for lead, policies in led.items()
    )
    columns = ("policies", "organization", "kind", "challenges")
    found = [
        (-int(policies), lead, kind, int(challenges))
        for policies, lead, kind, challenges in cells(
            packaged_store, "organizations/by-policies", *columns
        )
    ]
    assert found == expected


def addressing() -> dict[str, set[str]]:
    """Gives the policies that address each challenge itself."""
    found: dict[str, set[str]] = {id: set() for id in BROADER}
    for link in LINKS:
        found[link["challenge_id"]].add(link["policy_id"])
    return found


def pairs(ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    ordered = sorted(ids)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            yield one, other


def test_challenges_share_the_policies_that_address_both(packaged_store: EmbeddedStore) -> None:
    direct = addressing()
    expected = [
        (
            -len(direct[one] & direct[other]),
            iri("challenge", one),
            iri("challenge", other),
            len(direct[one]),
            len(direct[other]),
        )
        for one, other in pairs(direct)
        if direct[one] & direct[other]
        and one not in chain(other, BROADER)
        and other not in chain(one, BROADER)
    ]
    columns = ("shared", "challenge", "other", "policies", "otherPolicies")
    found = [
        (-int(shared), one, other, int(policies), int(others))
        for shared, one, other, policies, others in cells(
            packaged_store, "challenges/sharing-policies", *columns
        )
    ]
    assert found == sorted(expected)


def test_policies_bridge_two_challenges_with_all_that_is_narrower(
    packaged_store: EmbeddedStore,
) -> None:
    concerned: dict[str, set[str]] = {id: set() for id in BROADER}
    for link in LINKS:
        for challenge in chain(link["challenge_id"], BROADER):
            concerned[challenge].add(link["policy_id"])
    busy = sorted(concerned, key=lambda id: len(concerned[id]), reverse=True)[:10]
    for one, other in pairs(busy):
        expected = {
            (iri("policy", link["policy_id"]), iri("challenge", link["challenge_id"]))
            for link in LINKS
            if link["policy_id"] in concerned[one] & concerned[other]
        }
        found = cells(
            packaged_store, "policies/bridging", "policy", "linked", challenge=one, other=other
        )
        assert len(found) == len(expected)
        assert set(found) == expected


def test_the_outline_is_the_table_of_sections_in_reading_order(
    packaged_store: EmbeddedStore,
) -> None:
    placed = Counter(policy["section_id"] for policy in POLICIES)
    expected = [
        (
            iri("part", row["id"]),
            row["title_en"],
            iri("part", row["parent_id"]) or "whitepaper/r07",
            row["position"],
        )
        for row in sorted(SECTIONS, key=lambda row: int(row["position"]))
    ]
    columns = ("part", "partLabel", "parent", "position")
    found = cells(packaged_store, "editions/outline", *columns, lang="en")
    assert found == expected
    counted = cells(packaged_store, "editions/outline", "part", "policies")
    assert {part: number for part, number in counted} == {
        iri("part", id): str(placed[id]) for id in ABOVE
    }
