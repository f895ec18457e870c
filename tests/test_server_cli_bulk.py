"""`hakusho load --no-validation`: RDF streamed into a release as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hakusho.graph.names import GRAPH
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
        ("a.csv", "id\n", "format 'a.csv' is not offered here"),
        ("a.nt.gz", "no gzip", "line 1: "),
    ],
)
def test_what_is_wrong_lets_nothing_in(name: str, content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    result = run("load", "--no-validation", tmp_path / name, "--data", tmp_path / "data")
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "data" / "current").exists()
