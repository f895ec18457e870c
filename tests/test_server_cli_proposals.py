"""`hakusho propose`, `proposals` and `diff`: what they print, keep and end with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hakusho.server.cli import main

Run = Callable[..., Result]

TABLE = "id,label_ja,label_en,kind,page_url,evidence\n"
ROW = "{id},役所,Office,{kind},https://www.example.go.jp/,official\n"


@pytest.fixture
def run(small_data: Path, tmp_path: Path) -> Run:
    """Runs a command on a data folder of its own, in English."""
    shutil.copytree(small_data, tmp_path / "data")

    def invoke(*arguments: str, lang: str = "en") -> Result:
        env = {"HAKUSHO_DATA": str(tmp_path / "data"), "HAKUSHO_LANG": lang}
        return CliRunner().invoke(main, list(arguments), env=env)

    return invoke


def table(folder: Path, id: str, kind: str = "ministry") -> str:
    path = folder / "organizations.csv"
    path.write_text(TABLE + ROW.format(id=id, kind=kind), encoding="utf-8")
    return str(path)


@pytest.mark.slow
def test_from_a_file_to_a_release_and_what_it_changed(run: Run, tmp_path: Path) -> None:
    filed = run("propose", table(tmp_path, "office"), "--who", "Tanaka", "--why", "new")
    assert filed.exit_code == 0, filed.stderr
    assert "kept as proposal 1" in filed.stderr and "organization/office" in filed.stdout
    (row,) = json.loads(run("proposals", "--format", "json").stdout)
    assert (row["state"], row["who"], row["why"]) == ("open", "Tanaka", "new")
    assert "organization/office" in run("proposals", "show", "1").stdout
    published = run("proposals", "publish", "1", "--who", "Sato")
    assert "as release 2" in published.stderr
    again = run("proposals", "publish", "1")
    assert again.exit_code == 1 and "Sato already" in again.stderr
    changes = json.loads(run("diff", "--format", "json").stdout)
    assert {change["id"] for change in changes} == {
        "organization/office",
        "https://www.example.go.jp/",
    }
    back = run("diff", "2", "1", lang="ja")
    assert "第2版から第1版へ" in back.stderr and "削除" in back.stdout


def test_what_does_not_pass_is_not_kept(run: Run, tmp_path: Path) -> None:
    refused = run("propose", table(tmp_path, "office", "minstry"))
    assert refused.exit_code == 1
    assert "row 2" in refused.stdout and "ministry" in refused.stdout
    assert json.loads(run("proposals", "--format", "json").stdout) == []


def test_a_proposal_is_declined_with_a_reason(run: Run, tmp_path: Path) -> None:
    run("propose", table(tmp_path, "office"))
    silent = run("proposals", "decline", "1")
    assert silent.exit_code == 1 and "--why" in silent.stderr
    assert run("proposals", "decline", "1", "--why", "no office").exit_code == 0
    (row,) = json.loads(run("proposals", "--format", "json").stdout)
    assert row["state"] == "declined" and row["decided"].endswith("no office")


def test_what_is_asked_wrongly_is_told(run: Run) -> None:
    assert "say which proposal" in run("proposals", "show").stderr
    assert "no proposal 7" in run("proposals", "publish", "7").stderr
    assert run("proposals", "burn").exit_code == 2
    assert "name two releases" in run("diff").stderr
    assert "no release 9" in run("diff", "1", "9").stderr
