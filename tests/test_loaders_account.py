"""The account of raw rows: every one is placed, every packaged row comes from somewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hakusho.graph.errors import BadAccount
from hakusho.loaders.account import check_account, format_accounts, main
from hakusho.loaders.edition import packaged_editions

Edit = Callable[..., Path]
RAW = Path(__file__).parent / "data" / "raw"


def problems_of(folder: Path, raw: Path | None = RAW) -> tuple[str, ...]:
    with pytest.raises(BadAccount) as caught:
        check_account(folder, raw)
    return caught.value.problems


@pytest.mark.parametrize("folder", packaged_editions(), ids=lambda folder: folder.name)
def test_the_account_of_a_packaged_edition_adds_up(folder: Path) -> None:
    accounts = check_account(folder)
    assert all(account.raw == sum(account.outcomes.values()) for account in accounts)
    assert {"policies", "observations"} <= {account.table for account in accounts}


def test_an_account_counts_what_became_of_the_raw_rows(sample_folder: Path) -> None:
    observations, policies = check_account(sample_folder, RAW)
    assert (policies.raw, policies.added, policies.packaged) == (3, 1, 3)
    assert policies.outcomes == {"kept": 1, "merged": 1, "corrected": 1}
    assert observations.outcomes == {"kept": 2, "split": 1, "corrected": 1}
    assert format_accounts([policies]).splitlines()[1].split() == [
        *("policies", "3", "1", "1", "1", "0", "0", "1", "3")
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("account/policies.csv", "3,corrected", "2,corrected"),
            "account/policies.csv:4: raw row 2 is placed twice",
        ),
        (
            ("account/policies.csv", "3,corrected", "4,corrected"),
            "account/policies.csv: raw row 3 is not placed",
        ),
        (
            ("account/policies.csv", "3,corrected", "4,corrected"),
            "account/policies.csv: there is no raw row 4",
        ),
        (
            ("account/policies.csv", "corrected,disinfo-study", "corrected,disinfo"),
            "account/policies.csv:4: target disinfo is in no packaged table",
        ),
        (
            ("account/policies.csv", "corrected,disinfo-study", "corrected,disinfo"),
            "policies.csv:3: disinfo-study is in no line of account/policies.csv",
        ),
        (
            ("account/policies.csv", "2,merged,ai-act", "2,corrected,ai-act"),
            "policies.csv:2: ai-act is made by 2 rows, none merged",
        ),
        (
            ("account/policies.csv", "3,corrected", "3,mended"),
            "account/policies.csv:4: outcome 'mended' is none of "
            "kept, corrected, merged, split, moved",
        ),
        (
            ("account/policies.csv", "3,corrected", ",corrected"),
            "account/policies.csv:4: outcome 'corrected' is none of added",
        ),
        (
            ("account/policies.csv", "the same act was collected twice", ""),
            "account/policies.csv:3: merged gives no reason",
        ),
        (
            ("account/policies.csv", "3,corrected,disinfo-study,page", "3,kept,disinfo-study,page"),
            "account/policies.csv:4: is kept, but label_ja was '偽情報対策' and is "
            "'偽情報対策の検討'",
        ),
        (
            ("merges.csv", "policies,ai-promotion-act", "policies,ai-furtherance-act"),
            "account/policies.csv:3: ai-promotion-act is merged but not in merges.csv",
        ),
        (
            ("account/observations.csv", "2,split", "2,kept"),
            "account/observations.csv:3: kept has 3 targets",
        ),
    ],
)
def test_what_does_not_add_up_is_named(
    edited: Edit, change: tuple[str, str, str], problem: str
) -> None:
    assert problem in problems_of(edited(*change))


def test_a_raw_table_without_an_account_is_named(edited: Edit) -> None:
    folder = edited("account/policies.csv", "row", "row")
    (folder / "account" / "policies.csv").unlink()
    assert problems_of(folder) == ("account/policies.csv: is missing",)


def test_the_command_prints_the_account_or_what_is_wrong_with_it(
    sample_folder: Path, edited: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(sample_folder), str(RAW)]) == 0
    assert capsys.readouterr().out.splitlines()[0].split()[:3] == ["table", "raw", "kept"]
    assert main([str(edited("account/policies.csv", "1,kept", "9,kept")), str(RAW)]) == 1
    assert "there is no raw row 9" in capsys.readouterr().err
    assert main([]) == 2
