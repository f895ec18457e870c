"""The commands about editions: a folder laid out, two compared, several built into one release."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, Quad

from hakusho.graph.names import GRAPH, expand, graph, thing
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.cli import main

R08 = Path(__file__).parent / "data" / "editions" / "r08"


def run(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env={"HAKUSHO_LANG": lang})


def test_a_new_edition_says_where_to_begin_and_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "r09"
    made = run("new-edition", "r09", folder)
    assert (made.exit_code, made.stdout) == (
        0,
        f"laid out 13 files in {folder}; begin with edition.toml\n",
    )
    built = run("build", "r07", folder, "--data", tmp_path / "data", lang="ja")
    assert built.exit_code == 1
    assert built.stderr == (
        f"hakusho: 版のフォルダ {folder}：edition.toml に published がありません、"
        "sections.csv に行がありません\n"
    )
    assert not (tmp_path / "data" / "current").exists()


@pytest.mark.parametrize("lang, gone", [("en", "gone 702"), ("ja", "なし 702")])
def test_the_difference_of_two_editions_is_a_table_with_its_sums(lang: str, gone: str) -> None:
    result = run("diff-editions", "r07", R08, "--format", "csv", lang=lang)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert gone in result.stderr
    assert {row["how"] for row in rows} == {"new", "dropped", "renamed", "moved", "revised"}
    assert [row["after"] for row in rows if row["how"] == "revised"] == ["85.7 percent"]


def test_what_is_no_edition_is_told_in_a_sentence(tmp_path: Path) -> None:
    result = run("diff-editions", "r07", tmp_path / "none")
    assert (result.exit_code, result.stderr) == (
        1,
        f"hakusho: edition folder {tmp_path / 'none'}: has no edition.toml\n",
    )


@pytest.mark.slow
def test_two_editions_make_one_release_and_a_submission_outlives_a_build(tmp_path: Path) -> None:
    data = tmp_path / "data"
    built = run("build", "r07", R08, "--data", data, "--format", "csv")
    assert built.exit_code == 0, built.stderr
    assert "built r07, r08: release 1" in built.stderr
    rows = {row["table"]: row for row in csv.DictReader(io.StringIO(built.stdout))}
    assert (rows["r07/policies"]["packaged"], rows["r08/policies"]["packaged"]) == ("242", "3")

    folder = DataFolder(data)
    first = folder.current()
    assert first is not None
    notice, label = thing("policy", "notice"), NamedNode(expand("rdfs:label"))
    given_up = Quad(notice, label, Literal("NOTICEプログラム", language="ja"), graph("r08"))
    said = Quad(notice, label, Literal("別の名称", language="ja"), graph("submission-2"))
    assert given_up in first.engine()
    folder.publish(Change(add=[said], remove=[given_up]), who="curator")

    again = run("build", "r07", R08, "--data", data)
    assert again.exit_code == 0, again.stderr
    current = folder.current()
    assert current is not None
    labels = {quad.object for quad in current.engine().quads_for_pattern(notice, label, None, None)}
    japanese = {
        each.value for each in labels if isinstance(each, Literal) and each.language == "ja"
    }
    assert "NOTICEプログラム" not in japanese and "別の名称" in japanese
    assert GRAPH + "superseded-r07" in current.manifest.graphs
