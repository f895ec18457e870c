"""The raw tables as they were collected, handed in as they are: nothing lost, nothing invented.

They are beside the checkout, at ../shared/data/r07 or under the folder in HAKUSHO_SHARED.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from hakusho.graph.names import expand, term, thing
from hakusho.loaders.columns import breakdowns, kinds
from hakusho.loaders.references import known_to
from hakusho.loaders.submission import Submission, read_submission

pytestmark = pytest.mark.suites

SHARED = Path(os.environ.get("HAKUSHO_SHARED", Path(__file__).parents[2] / "shared"))
RAW = SHARED / "data" / "r07"


@pytest.fixture(scope="module")
def raw() -> dict[str, list[dict[str, str]]]:
    """The rows of the raw tables, read by nothing of ours."""
    found = {}
    for path in sorted(RAW.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.name] = list(csv.DictReader(file))
    assert found, f"there are no raw tables in {RAW}"
    return found


@pytest.fixture(scope="module")
def read() -> Submission:
    """The raw tables as one submission to an empty release."""
    known = known_to(None)
    known.add("whitepaper", "r07")
    files = [(path.name, path.read_bytes()) for path in sorted(RAW.glob("*.csv"))]
    return read_submission(files, known)


def rows_of(read: Submission, severity: str) -> set[tuple[str, int]]:
    """Gives the rows of which a submission has a defect of some severity."""
    return {
        (each.place.file, each.place.row)
        for each in read.defects
        if each.severity == severity and each.place.row is not None and each.place.row > 1
    }


def test_every_row_is_a_thing_or_is_refused_with_its_defects(
    read: Submission, raw: dict[str, list[dict[str, str]]]
) -> None:
    assert {file.name: file.rows for file in read.files} == {
        name: len(rows) for name, rows in raw.items()
    }
    refused = rows_of(read, "violation")
    taken: set[tuple[str, int]] = set()
    for subject in read.things:
        place = read.place(subject.value)
        assert place is not None and place.row is not None
        taken.add((place.file, place.row))
    everything = {(name, at) for name, rows in raw.items() for at in range(2, len(rows) + 2)}
    assert taken | refused == everything, "no row is lost"
    assert not taken & refused, "no row is both"
    assert len(taken) == len(read.things), "no thing stands for two rows"
    counts = Counter(name for name, _ in taken)
    print({name: (len(rows), counts[name]) for name, rows in raw.items()})
    assert all(counts[name] == len(rows) for name, rows in raw.items() if name in WHOLE)
    assert len(refused) < len(everything) / 3


WHOLE = ("challenges.csv", "milestones.csv", "organizations.csv", "policies.csv")
"""Tables in which there is nothing that keeps a row out."""


def test_every_cell_of_a_row_that_is_taken_is_in_the_graph_as_it_is_written(
    read: Submission, raw: dict[str, list[dict[str, str]]]
) -> None:
    texts = {
        (quad.subject, quad.predicate.value, quad.object.value)
        for quad in read.quads
        if isinstance(quad.object, Literal | NamedNode)
    }
    label = expand("rdfs:label")
    for subject in read.things:
        place = read.place(subject.value)
        assert place is not None and place.row is not None
        row = raw[place.file][place.row - 2]
        for column in ("label_ja", "label_en", "title_ja", "title_en"):
            if row.get(column):
                assert (subject, label, row[column].strip()) in texts
        if row.get("page_url"):
            assert (subject, term("page").value, row["page_url"].strip()) in texts
        if row.get("value"):
            assert (subject, term("printedValue").value, row["value"]) in texts
            assert (subject, term("value").value, row["value"]) in texts
        if place.file in ("policies.csv", "indicators.csv", "organizations.csv"):
            assert subject == thing(kinds()[place.file.removesuffix(".csv")], row["id"])


def test_no_statement_comes_from_nowhere(read: Submission) -> None:
    known = {"period", "document", "figure", "whitepaper", "link", "policy"}
    for quad in read.quads:
        assert isinstance(quad.subject, NamedNode)
        kind = quad.subject.value.removeprefix(thing("a", "b").value.removesuffix("a/b"))
        place = read.place(quad.subject.value, quad.predicate.value)
        assert place is not None or kind.partition("/")[0] in known or "://" in kind, quad


def test_the_defects_of_the_observations_are_those_that_their_rows_have(
    read: Submission, raw: dict[str, list[dict[str, str]]]
) -> None:
    fine = {*(name.replace("_", "-") for name in breakdowns()), "status", "precision"}
    expected = Counter(
        key
        for row in raw["observations.csv"]
        for key in (part.partition("=")[0] for part in row["dimensions"].split(";") if part)
        if key not in fine
    )
    found = Counter(each.value for each in read.defects if each.code == "unknown-dimension")
    assert found == expected
