"""`hakusho extract`: tables into a folder, the account on the error output."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hakusho.server.cli import main

SAMPLE = Path(__file__).parent / "data" / "whitepaper" / "overview.txt"


@pytest.mark.parametrize(("lang", "words"), [("ja", "人に残したもの"), ("en", "left to a person")])
def test_a_text_becomes_tables_and_an_account(tmp_path: Path, lang: str, words: str) -> None:
    arguments = ["extract", str(SAMPLE), "--out", str(tmp_path / "out"), "--lang", lang]
    result = CliRunner().invoke(main, [*arguments, "--format", "csv"])
    assert result.exit_code == 0
    assert "sections,10" in result.stdout
    assert words in result.stderr
    assert {path.name for path in (tmp_path / "out").rglob("*.csv")} == {
        "sections.csv", "challenges.csv", "organizations.csv", "sources.csv", "indicators.csv",
        "observations.csv", "unread.csv", "lines.csv", "figures.csv",
    }  # fmt: skip


def test_what_cannot_be_read_is_said_in_the_reader_s_language(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    for lang, sentence in (("ja", "empty.txt：空である"), ("en", "empty.txt: is empty")):
        arguments = ["extract", str(path), "--out", str(tmp_path / "out"), "--lang", lang]
        result = CliRunner().invoke(main, arguments)
        assert (result.exit_code, result.stderr) == (1, f"hakusho: {sentence}\n")
    assert not (tmp_path / "out").exists()
