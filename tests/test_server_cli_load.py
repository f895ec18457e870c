"""`hakusho load`: what passes becomes a release, what does not changes nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.lock import writer_lock
from hakusho.server.cli import main

from .submitted import HEADER, PAGE, RIGHT

pytestmark = pytest.mark.slow

Run = Callable[..., Result]

WRONG = RIGHT.replace("council", "counsil")


@pytest.fixture
def data(small_data: Path, tmp_path: Path) -> Path:
    """A data folder with the small edition."""
    return shutil.copytree(small_data, tmp_path / "data")


@pytest.fixture
def run(data: Path) -> Run:
    """Runs a command on that folder, in English."""

    def invoke(*arguments: str, **more: object) -> Result:
        env = {"HAKUSHO_DATA": str(data), "HAKUSHO_LANG": "en"}
        return CliRunner().invoke(main, list(arguments), env=env, **more)  # type: ignore[arg-type]

    return invoke


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A table of one policy, in which nothing is wrong."""
    path = tmp_path / "policies.csv"
    path.write_text(HEADER + RIGHT, encoding="utf-8")
    return path


def numbers(data: Path) -> list[int]:
    return [release.number for release in DataFolder(data).releases()]


def test_a_load_makes_a_release_and_tells_who_entered_what(
    run: Run, data: Path, policies: Path
) -> None:
    result = run("load", str(policies), "--who", "総務太郎", "--why", "試し")
    assert result.exit_code == 0, result.stderr
    assert "can be published" in result.stdout
    assert "published as release 2: added 1, changed 0, removed 0" in result.stderr
    assert numbers(data) == [1, 2]
    shown = run("show", "policy/new").stdout
    assert "entered by 総務太郎 from policies.csv row 2 on 20" in shown
    assert shown.endswith("(release 2): 試し\n")


def test_each_value_tells_who_entered_it(run: Run, policies: Path, tmp_path: Path) -> None:
    run("load", str(policies), "--who", "first")
    later = tmp_path / "later.csv"
    later.write_text("id,status\nnew,completed\n", encoding="utf-8")
    assert run("load", str(later), "--table", "policies", "--who", "second").exit_code == 0
    rows = json.loads(run("show", "policy/new", "--origin", "--format", "json").stdout)
    told = {(row["property"], row["value"]): row for row in rows}
    assert told["label", "New"]["who"] == "first" and told["label", "New"]["release"] == 2
    status = told["status", "completed"]
    assert (status["who"], status["file"], status["row"], status["release"]) == (
        "second", "later.csv", 2, 3,
    )  # fmt: skip
    assert not [row for row in rows if row["value"] == "ongoing"]


def test_a_dry_run_shows_what_would_change_and_publishes_nothing(
    run: Run, data: Path, policies: Path
) -> None:
    result = run("load", str(policies), "--dry-run")
    assert (result.exit_code, "+  policy/new  New" in result.stdout) == (0, True)
    assert "nothing was published (--dry-run)" in result.stderr
    assert numbers(data) == [1]


def test_a_single_violation_keeps_everything_out(run: Run, data: Path, policies: Path) -> None:
    text = HEADER + RIGHT + WRONG.replace("new,", "other,")
    policies.write_text(text, encoding="utf-8")
    result = run("load", str(policies))
    assert (result.exit_code, numbers(data)) == (1, [1])
    assert "nothing was published; violations: 1" in result.stderr
    assert "row 3, column kind" in result.stdout


def test_the_same_file_twice_makes_one_release(run: Run, data: Path, policies: Path) -> None:
    assert run("load", str(policies)).exit_code == 0
    again = run("load", str(policies))
    assert (again.exit_code, numbers(data)) == (0, [1, 2])
    assert "nothing new: release 2 stays as it is" in again.stderr


def test_of_two_publishers_at_once_one_is_told(run: Run, data: Path, policies: Path) -> None:
    with writer_lock(data, 0):
        result = run("load", str(policies), "--patience", "0.1")
    assert (result.exit_code, numbers(data)) == (2, [1])
    assert "data folder" in result.stderr
    # Nothing of his is lost: the same command does it once the other is done.
    assert run("load", str(policies)).exit_code == 0


def test_a_load_can_be_undone(run: Run, data: Path, policies: Path) -> None:
    run("load", str(policies))
    assert run("rollback", "1").exit_code == 0
    assert run("show", "policy/new").exit_code != 0
    first, _, third = DataFolder(data).releases()
    assert third.manifest.hash == first.manifest.hash


def test_an_empty_data_folder_begins_with_the_ontology(run: Run, tmp_path: Path) -> None:
    header = "id,label_ja,label_en,kind,page_url,evidence\n"
    row = f"mic,総務省,MIC,ministry,{PAGE},edition\n"
    result = run(
        "load", "-", "--table", "organizations", "--data", str(tmp_path / "empty"),
        input=header + row,
    )  # fmt: skip
    assert result.exit_code == 0, result.stdout
    assert "the data folder was empty and begins with the ontology alone" in result.stderr
    assert numbers(tmp_path / "empty") == [1]


def test_a_dump_loads_into_another_folder_with_the_same_content(
    run: Run, data: Path, tmp_path: Path
) -> None:
    dump, other = tmp_path / "dump.nq.gz", tmp_path / "other"
    assert run("export", "nq", "--output", str(dump)).exit_code == 0
    result = run("load", str(dump), "--data", str(other))
    # The small edition does not keep to the shapes, and is told so.
    assert result.exit_code == 1
    assert "has no single source that is known" in result.stdout
    assert numbers(other) == []
