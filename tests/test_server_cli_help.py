"""The help of the `hakusho` command, and how little is read to begin with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad

from hakusho.graph.names import graph
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.cli import COMMANDS, main
from hakusho.server.texts.files import texts

HEAVY = ("flask", "networkx", "openpyxl", "owlready2", "pyshacl", "rdflib", "vl_convert")
"""What takes long to import and is not needed to ask a question."""

STARTING = f"""
import sys
from hakusho.server.cli import main
try:
    main()
finally:
    print(*sorted({set(HEAVY)} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_command_has_help_with_examples_in_both_languages(name: str, lang: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"], env={"HAKUSHO_LANG": lang})
    assert result.exit_code == 0
    assert texts("console")[name]["help"][lang].split("\n")[0] in result.stdout
    assert f"hakusho {name}" in texts("console")[name]["examples"]
    assert "--data" in result.stdout and "--lang" in result.stdout


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_help_tells_each_command_in_a_line(lang: str) -> None:
    help = CliRunner().invoke(main, ["--help"], env={"HAKUSHO_LANG": lang}).stdout
    for name in COMMANDS:
        first = texts("console")[name]["help"][lang].split("\n")[0].rstrip("。.")
        assert f"  {name} " in help and first[:20] in help
    assert "：:" not in help


def test_every_text_is_said_in_both_languages() -> None:
    for section, said in texts("console").items():
        for name, text in said.items():
            if name != "examples" and section != "error":
                assert text["ja"] and text["en"], f"{section}.{name}"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["query", "--help"], ["query", "ASK { ?s ?p 1 }"]]
)
def test_a_command_begins_without_what_it_does_not_need(
    tmp_path: Path, arguments: list[str]
) -> None:
    statement = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(1), graph("r07"))
    DataFolder(tmp_path / "data", infer=None).publish([statement], who="curator")
    env = {**os.environ, "HAKUSHO_DATA": str(tmp_path / "data"), "HAKUSHO_LANG": "en"}
    command = [sys.executable, "-c", STARTING, *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "\n")
    assert done.stdout
