"""`hakusho load --no-validation`: RDF and tables streamed into a release as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import QuerySolutions

from hakusho.graph.names import GRAPH, term
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.content import Content, by_graph
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.release import Release
from hakusho.loaders.edition import EditionDataset
from hakusho.server.cli import main


def run(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env={"HAKUSHO_LANG": lang})


def current(folder: Path) -> Release:
    release = DataFolder(folder).current()
    assert release is not None
    return release


def test_a_release_that_was_exported_is_loaded_again_as_it_was(
    sample: EditionDataset, tmp_path: Path
) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "release.nq.gz"
    DataFolder(old).publish(sample.quads, who="tests")
    assert run("export", "nq", "--data", old, "-o", file).exit_code == 0
    result = run("load", "--no-validation", file, "--data", new)
    assert result.exit_code == 0, result.stderr
    assert "published as release 1; nothing was validated" in result.stderr
    assert "statements: " in result.stderr
    assert current(new).manifest.content == current(old).manifest.content


def test_statements_without_a_graph_go_to_that_of_the_submission(tmp_path: Path) -> None:
    file, data = tmp_path / "a.ttl", tmp_path / "data"
    file.write_text("<http://e/a> <http://e/b> [ <http://e/c> 1 ] .")
    assert run("load", "--no-validation", file, "--data", data).exit_code == 0
    assert current(data).manifest.graphs[GRAPH + "submission-1"].quads == 2


@pytest.mark.parametrize(
    "name, content, told",
    [
        ("a.nt", "bad\n<http://e/a> <http://e/a> <http://e/a> .\nbad\n", "; line 3: "),
        ("a.xlsx", "", "format 'a.xlsx' is not offered here"),
        ("a.nt.gz", "no gzip", "line 1: "),
    ],
)
def test_what_is_wrong_lets_nothing_in(name: str, content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    result = run("load", "--no-validation", tmp_path / name, "--data", tmp_path / "data")
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "data" / "current").exists()


PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"
HEADER = "indicator_id,period,area,value,unit_id,page_url,evidence\n"


@pytest.fixture
def data(sample: EditionDataset, tmp_path: Path) -> Path:
    """A data folder with the small edition."""
    folder = tmp_path / "data"
    DataFolder(folder).publish([*ontology_dataset(), *sample.quads], who="tests")
    return folder


def rows(count: int) -> str:
    """Gives a table of observations that the small edition does not have."""
    row = "sns-use,FY{},JP,{},percent," + PAGE + ",edition\n"
    return HEADER + "".join(row.format(1900 + number, number) for number in range(count))


def observed(folder: Path) -> int:
    found = (
        current(folder)
        .engine()
        .query("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o a <" + term("Observation").value + "> }")
    )
    assert isinstance(found, QuerySolutions)
    return int(next(found)["n"].value)


def test_a_table_is_streamed_into_a_release_and_what_follows_is_drawn(
    data: Path, tmp_path: Path
) -> None:
    before, file = observed(data), tmp_path / "observations.csv"
    file.write_text(rows(60))
    result = run("load", "--no-validation", file, "--data", data)
    assert result.exit_code == 0, result.stderr
    assert "published as release 2; nothing was validated" in result.stderr
    assert "rows: 60" in result.stderr
    assert observed(data) == before + 60
    manifest = current(data).manifest
    assert manifest.changed[GRAPH + "submission-2"].added > 60 * 7
    assert manifest.changed[GRAPH + "inferred"].added > 60
    assert [each.name for each in manifest.sources] == ["observations.csv"]


def test_rows_that_cannot_be_read_are_told_together_and_none_gets_in(
    data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "observations.csv"
    file.write_text(
        rows(3).replace("FY1900", "FY19000").replace("sns-use,FY1902", "sns-usage,FY1902")
    )
    result = run("load", "--no-validation", file, "--data", data)
    assert result.exit_code == 1
    assert "FY19000" in result.stdout and "sns-usage" in result.stdout
    assert "nothing was published; violations: 2" in result.stderr
    assert current(data).number == 1


@pytest.mark.parametrize("is_twice", [False, True])
def test_without_a_merge_the_rows_are_loaded_as_they_are_and_counted(
    sample: EditionDataset, is_twice: bool, tmp_path: Path
) -> None:
    folder, file, more = tmp_path / "plain", tmp_path / "observations.csv", tmp_path / "more.nq"
    DataFolder(folder, "plain").publish([*ontology_dataset(), *sample.quads], who="tests")
    file.write_text(rows(60).replace("JP,7,", "JP,7.50,"))
    # Of the same graph, and in two ways of writing a number the same thing.
    own = f"<{GRAPH}submission-2>"
    number = '"{}"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    values = ["1.50", "1.5" if is_twice else "2"]
    more.write_text(
        "".join(f"<http://e/a> <http://e/b> {number.format(v)} {own} .\n" for v in values)
    )
    result = run("load", "--no-validation", file, more, "--data", folder)
    assert result.exit_code == 0, result.stderr
    release = current(folder)
    graphs = by_graph(release.engine())
    default = graphs.pop("", Content())
    assert (release.manifest.graphs, release.manifest.default) == (graphs, default)
    added = graphs[GRAPH + "submission-2"].quads
    assert release.manifest.changed.keys() == {GRAPH + "submission-2"}
    assert release.manifest.changed[GRAPH + "submission-2"].added == added > 60 * 7


def test_rows_that_cannot_be_read_change_nothing_without_a_merge(
    sample: EditionDataset, tmp_path: Path
) -> None:
    folder, file = tmp_path / "plain", tmp_path / "observations.csv"
    DataFolder(folder, "plain").publish([*ontology_dataset(), *sample.quads], who="tests")
    file.write_text(rows(3).replace("FY1902", "FY19022"))
    result = run("load", "--no-validation", file, "--data", folder)
    assert result.exit_code == 1 and "FY19022" in result.stdout
    assert current(folder).number == 1


def test_a_row_of_what_is_there_already_is_no_addition(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "observations.csv"
    file.write_text(rows(2))
    assert run("load", "--no-validation", file, "--data", data).exit_code == 0
    result = run("load", "--no-validation", file, "--data", data)
    assert result.exit_code == 1
    assert "is there already" in result.stdout and "with validation" in result.stdout
    assert current(data).number == 2
