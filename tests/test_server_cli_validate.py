"""`hakusho validate`: the report, the status, and nothing changed."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.cli import main
from hakusho.server.texts.files import texts

from .submitted import HEADER, PAGE, RIGHT

Run = Callable[..., Result]


@pytest.fixture
def run(small_data: Path, tmp_path: Path) -> Run:
    """Runs a command on that folder where the files of a curator lie, in English."""
    (tmp_path / "policies.csv").write_text(HEADER + RIGHT, encoding="utf-8")
    (tmp_path / "new.csv").write_text(HEADER + RIGHT, encoding="utf-8")
    wrong = HEADER + RIGHT.replace("council", "counsil").replace("mic", "soumu")
    (tmp_path / "wrong.csv").write_text(wrong, encoding="utf-8")
    milestones = "policy_id,date,label_ja,label_en,page_url,evidence\nnew,2026-04,始まる,Begins,"
    (tmp_path / "milestones.csv").write_text(f"{milestones}{PAGE},edition\n", encoding="utf-8")

    quad = b"<urn:a> <urn:b> <urn:c> <https://w3id.org/hakusho/graph/r07> ."
    (tmp_path / "release.nq.gz").write_bytes(gzip.compress(quad))

    def invoke(*arguments: str, lang: str = "en", **more: object) -> Result:
        env = {"HAKUSHO_DATA": str(small_data), "HAKUSHO_LANG": lang}
        here = Path.cwd()
        os.chdir(tmp_path)
        try:
            return CliRunner().invoke(main, list(arguments), env=env, **more)  # type: ignore[arg-type]
        finally:
            os.chdir(here)

    return invoke


def test_what_is_right_ends_with_status_0_and_changes_nothing(run: Run, small_data: Path) -> None:
    result = run("validate", "policies.csv")
    assert (result.exit_code, "can be published: violations: 0" in result.stdout) == (0, True)
    assert "+  policy/new  New" in result.stdout
    assert re.search(r"^rows: 1, [0-9.]+ s \([0-9,]+ rows/s\)$", result.stderr, re.MULTILINE)
    assert [release.number for release in DataFolder(small_data).releases()] == [1]


def test_what_is_wrong_ends_with_status_1_and_is_told_by_row_and_column(run: Run) -> None:
    result = run("validate", "wrong.csv", "--table", "policies")
    assert result.exit_code == 1
    assert "wrong.csv, row 2, column kind  value “counsil”" in result.stdout
    assert "did you mean council?" in result.stdout
    assert "wrong.csv, row 2, column lead_org_id  value “soumu”" in result.stdout


def test_warnings_alone_end_with_status_0(run: Run, tmp_path: Path) -> None:
    text = HEADER + RIGHT.replace("New,", ",")
    (tmp_path / "policies.csv").write_text(text, encoding="utf-8")
    result = run("validate", "policies.csv")
    assert (result.exit_code, "has no label in English" in result.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.csv"], "missing.csv cannot be read (No such file or directory)"),
        (["policies.csv", "--format", "pdf"], "format 'pdf' is not offered here"),
        (["policies.csv", "--output", "no/report.txt"], "no/report.txt cannot be written"),
        ([], "FILE... is missing"),
    ],
)  # fmt: skip
def test_what_could_not_run_ends_with_status_2(run: Run, arguments: list[str], said: str) -> None:
    result = run("validate", *arguments)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_a_data_folder_that_cannot_be_used_ends_with_status_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    result = run("validate", "policies.csv", "--data", str(tmp_path / "file"))
    assert result.exit_code == 2 and "data folder" in result.stderr


def test_the_standard_input_is_read_as_the_table_that_is_named(run: Run) -> None:
    right = run("validate", "-", "--table", "policies", input=HEADER + RIGHT)
    assert right.exit_code == 0, right.stdout
    unnamed = run("validate", "-", input="a,b\n1,2\n")
    assert unnamed.exit_code == 1


def test_all_files_of_a_folder_are_read_together(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "handed-in"
    folder.mkdir()
    for name in ("policies.csv", "milestones.csv"):
        shutil.copy(tmp_path / name, folder)
    alone = run("validate", "milestones.csv")
    assert (alone.exit_code, "row 2, column policy_id" in alone.stdout) == (1, True)
    together = json.loads(run("validate", str(folder), "--format", "json").stdout)
    assert together["passes"] and len(together["files"]) == 2


@pytest.mark.parametrize("format", ["text", "html", "json", "csv", "turtle", "junit"])
def test_a_report_goes_to_a_file_in_every_form(run: Run, tmp_path: Path, format: str) -> None:
    arguments = ["wrong.csv", "--table", "policies", "--format", format, "--output", "report"]
    result = run("validate", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "counsil" in (tmp_path / "report").read_text(encoding="utf-8")


def test_the_report_is_in_the_language_of_its_reader(run: Run) -> None:
    result = run("validate", "wrong.csv", "--table", "policies", lang="ja")
    assert "登録できません：違反 2、警告 0、情報 0（第1版に対して検査）" in result.stdout
    assert "1行を" in result.stderr


@pytest.mark.parametrize("name", ["validate", "load"])
def test_the_examples_of_the_help_run(
    run: Run, small_data: Path, sample_folder: Path, tmp_path: Path, name: str
) -> None:
    copy = shutil.copytree(small_data, tmp_path / "data")
    header, first, *_ = (sample_folder / "observations.csv").read_text("utf-8").splitlines()
    later = first.replace(",2023,", ",2022,")
    (tmp_path / "observations.csv").write_text(f"{header}\n{later}\n", encoding="utf-8")
    for line in texts("console")[name]["examples"].strip().splitlines():
        arguments = re.findall(r'"[^"]*"|\S+', line.rpartition("| ")[2])
        given = [each.strip('"') for each in arguments[1:]]
        result = run(*given, "--data", str(copy), input=HEADER + RIGHT)
        assert result.exit_code == 0, f"{line}: {result.stdout}{result.stderr}"
