"""The overview of a real white paper, against a list of its figures that was made by hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from hakusho.loaders.whitepaper.extraction import extract
from hakusho.loaders.whitepaper.proposal import Proposal

pytestmark = pytest.mark.suites

SHARED = Path(os.environ.get("HAKUSHO_SHARED") or Path(__file__).parents[2] / "shared")
BY_HAND = Path(__file__).parent / "data" / "whitepaper" / "overview-figures.csv"
COLUMNS = (
    "value", "unit_id", "period", "area", "age", "firm_size", "medium", "status", "precision",
)  # fmt: skip


@pytest.fixture(scope="module")
def overview() -> Path:
    """The text of the overview, which must be there when this marker is run."""
    path = SHARED / "seed" / "r7-overview.txt"
    assert path.exists(), f"no overview at {path}; HAKUSHO_SHARED says where the material is"
    return path


@pytest.fixture(scope="module")
def proposal(overview: Path) -> Proposal:
    """What the overview proposes."""
    return extract([overview])


def test_the_outline_is_whole(proposal: Proposal) -> None:
    ids = [row["id"] for row in proposal.tables["sections"]]
    assert [each for each in ids if each.count("-") <= 2] == [
        "r07-p1", "r07-p1-c1", "r07-p1-c2", "r07-p1-c3", "r07-p2", "r07-p2-c1", "r07-p2-c2",
    ]  # fmt: skip
    assert [each for each in ids if each.startswith("r07-p2-c1-s")] == [
        f"r07-p2-c1-s{number}" for number in range(1, 13)
    ]
    assert [each for each in ids if each.startswith("r07-p2-c2-s")] == [
        f"r07-p2-c2-s{number}" for number in range(1, 10)
    ]


def test_the_titles_are_those_of_the_packaged_edition(proposal: Proposal) -> None:
    packaged = Path(__file__).parents[1] / "loaders" / "editions" / "r07" / "sections.csv"
    with packaged.open(encoding="utf-8", newline="") as file:
        titles = {row["id"]: row["title_ja"] for row in csv.DictReader(file)}
    for row in proposal.tables["sections"]:
        assert row["title_ja"] == titles[row["id"]]


def test_the_seven_numbered_challenges_stand_in_their_chapters(proposal: Proposal) -> None:
    sections = [row["section_id"] for row in proposal.tables["challenges"]]
    assert sections == ["r07-p1-c2"] * 4 + ["r07-p1-c3"] * 3
    assert all(row["summary_ja"].endswith("。") for row in proposal.tables["challenges"])


def test_the_printed_figures_are_read_and_none_is_wrong(proposal: Proposal) -> None:
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        by_hand = {tuple(row[column] for column in COLUMNS) for row in csv.DictReader(file)}
    read = {
        tuple(row.get(column, "") for column in COLUMNS) for row in proposal.tables["observations"]
    }
    assert read - by_hand == set(), "a figure that the overview does not print so"
    assert by_hand - read == set(), "a figure that is no longer read"
    assert len(read) >= 40


def test_each_figure_is_traced_to_its_line(proposal: Proposal) -> None:
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        lines = {row["line"] for row in csv.DictReader(file)}
    traced = {row["line"] for row in proposal.lines if "observations/" in row["target"]}
    assert traced == lines


def test_what_chance_would_mistake_is_left_to_a_person(proposal: Proposal) -> None:
    left = {int(row["line"]): row["kind"] for row in proposal.unread}
    assert left[414] == "separator"
    # The totals of two networks, printed in the other order than their names.
    assert (left[451], left[455]) == ("apart", "apart")
    # Shares of the market whose order against the names is not printed.
    assert left[326] == "apart"


def test_every_line_is_accounted_for(proposal: Proposal, overview: Path) -> None:
    lines = overview.read_text(encoding="utf-8").splitlines()
    assert [int(row["line"]) for row in proposal.lines] == list(range(1, len(lines) + 1))
    assert sum(proposal.counts.values()) == len(lines)
    assert len({row["line"] for row in proposal.unread}) == proposal.counts["unread"]
