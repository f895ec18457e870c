"""`hakusho template` and `hakusho export tables`: what they write, and what they refuse."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hakusho.loaders.exporting import TABLES
from hakusho.server.cli import main


@pytest.fixture
def data(small_data: Path) -> Path:
    """A data folder with the small edition, of which tables are read."""
    return small_data


def run(*arguments: object, expect: int = 0) -> None:
    """Runs a command and checks its status."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert ended.value.code == expect


def test_the_tables_are_a_folder_of_files_an_archive_or_a_workbook(
    data: Path, tmp_path: Path, sample_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("export", "tables", "-o", tmp_path / "all", "--data", data, "--lang", "en")
    assert "11 tables" in capsys.readouterr().out
    assert {path.stem for path in (tmp_path / "all").iterdir()} == set(TABLES)
    with (sample_folder / "policies.csv").open(encoding="utf-8", newline="") as file:
        wanted = [row["id"] for row in csv.DictReader(file)]
    with (tmp_path / "all" / "policies.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == sorted(wanted)
    run("export", "tables", "-o", tmp_path / "all.zip", "--data", data)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("policies.csv") == (tmp_path / "all" / "policies.csv").read_bytes()
    run("export", "tables", "-o", tmp_path / "all.xlsx", "--data", data)
    assert load_workbook(tmp_path / "all.xlsx").sheetnames == list(TABLES)


def test_one_table_goes_to_the_standard_output_also_by_its_japanese_name(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run("export", "tables", "--table", "施策", "--excel", "--data", data)
    written = capfdbinary.readouterr().out
    assert written.startswith(b"\xef\xbb\xbfid,label_ja") and b"\r\n" in written


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("tables",), "--output"),
        (("tables", "--table", "polices"), "policies"),
        (("tables", "--format", "ods", "-o", "x"), "csv, xlsx"),
        (("tables", "--graph", "r07", "-o", "x"), "--graph"),
        (("nq", "--table", "policies"), "--table"),
    ],
)
def test_what_tables_cannot_be_is_refused_in_a_sentence(
    arguments: tuple[str, ...],
    sentence: str,
    data: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    run("export", *arguments, "--data", data, "--lang", "en", expect=2)
    assert sentence in capsys.readouterr().err


def test_a_template_is_a_workbook_or_csv(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run("template", "policies")
    assert load_workbook(BytesIO(capfdbinary.readouterr().out)).sheetnames[0] == "policies"
    run("template", "観測値", "--format", "csv")
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert lines[0].startswith("指標,期間,地域") and lines[1].startswith("indicator_id,period,area")
    run("template", "milestones", "--excel", "--lang", "en")
    assert capfdbinary.readouterr().out.startswith(b"\xef\xbb\xbf")


def test_a_template_of_no_table_is_refused_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("template", "polices", "--lang", "en", expect=2)
    assert "did you mean policies" in capsys.readouterr().err
