"""The `hakusho` command: what it prints, where, and with which status."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from rich.cells import cell_len

from hakusho.graph.names import graph
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.cli import main
from hakusho.server.texts.files import texts

Run = Callable[..., Result]
SMALL = str(Path(__file__).parent / "data" / "edition")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the packaged edition."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    result = CliRunner().invoke(main, ["build"], env={"HAKUSHO_DATA": str(folder)})
    assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture
def run(data: Path) -> Run:
    """Runs a command on that folder, in English."""

    def invoke(*arguments: str, lang: str = "en", **more: object) -> Result:
        env = {"HAKUSHO_DATA": str(data), "HAKUSHO_LANG": lang}
        return CliRunner().invoke(main, list(arguments), env=env, **more)  # type: ignore[arg-type]

    return invoke


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data folder with one statement."""
    statement = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("課題"), graph("r07"))
    DataFolder(tmp_path / "small").publish([statement], who="curator")
    return tmp_path / "small"


@pytest.mark.slow
def test_a_build_accounts_for_the_rows_of_every_table(run: Run, data: Path) -> None:
    result = run("build", "--format", "json")
    rows = {row["table"]: row for row in json.loads(result.stdout)}
    assert {"policies", "challenges", "indicators", "observations", "sources"} <= rows.keys()
    assert all(row["packaged"] > 0 for row in rows.values())
    # Built twice, it is the same: no release is made.
    assert [release.number for release in DataFolder(data).releases()] == [1]
    assert "release 1" in result.stderr


def test_a_question_is_answered_as_a_table_with_headings_in_the_readers_language(run: Run) -> None:
    for lang, heading in (("ja", "施策"), ("en", "policy")):
        result = run("query", "policies/of-challenge", "challenge=cybersecurity", lang=lang)
        assert result.exit_code == 0, result.stderr
        assert heading in result.stdout.splitlines()[1]
        assert "policy/active-cyber-defence-act" in result.stdout


def test_the_questions_are_listed_when_nothing_is_asked(run: Run) -> None:
    listed = json.loads(run("query", "--format", "json").stdout)
    assert "policies/of-challenge" in {row["name"] for row in listed}
    assert all(row["title"] for row in listed)


def test_a_table_keeps_its_columns_in_line_whatever_the_script(run: Run) -> None:
    text = 'SELECT ?ja ?n { VALUES (?ja ?n) { ("課題" 1) ("AI" 22) ("電波" 333) } } ORDER BY ?n'
    lines = run("query", text).stdout.splitlines()
    assert lines == ["ja      n", "課題    1", "AI     22", "電波  333"]
    assert len({cell_len(line) for line in lines}) == 1


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_an_answer_can_be_had_in_every_format_of_results(run: Run, format: str) -> None:
    result = run("query", "SELECT (1 AS ?one) {}", "--format", format)
    assert result.exit_code == 0
    assert "one" in result.stdout and "1" in result.stdout


@pytest.mark.parametrize(
    ("format", "rdf"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("rdfxml", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
        ("trig", RdfFormat.TRIG),
        ("nq", RdfFormat.N_QUADS),
    ],
)
def test_a_graph_can_be_had_in_every_format_of_rdf(run: Run, format: str, rdf: RdfFormat) -> None:
    result = run("query", "CONSTRUCT { <urn:a> <urn:b> 'c' } {}", "--format", format)
    assert [str(quad) for quad in parse(result.stdout, rdf)] == ['<urn:a> <urn:b> "c"']


def test_a_query_comes_from_a_file_the_input_or_the_command_line(run: Run, tmp_path: Path) -> None:
    text = "# 問い\nASK { ?s ?p ?o }"
    path = tmp_path / "question.rq"
    path.write_text(text, encoding="utf-8")
    for result in (run("query", str(path)), run("query", "-", input=text), run("query", text)):
        assert (result.exit_code, result.stdout) == (0, "true\n")


def test_an_answer_goes_to_a_file_in_the_format_of_its_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "answer.csv"
    result = run("query", "SELECT (1 AS ?one) {}", "-o", str(path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_text(encoding="utf-8").split() == ["one", "1"]
    table = tmp_path / "table"
    assert run("query", "SELECT (1 AS ?one) {}", "-o", str(table)).exit_code == 0
    assert table.read_text(encoding="utf-8").split() == ["one", "1"]


def test_a_release_can_be_asked_by_its_number(run: Run) -> None:
    assert run("query", "ASK {}", "--release", "1").stdout == "true\n"
    result = run("query", "ASK {}", "--release", "9")
    assert (result.exit_code, "no release 9; there are 1" in result.stderr) == (1, True)


def test_a_syntax_error_shows_the_line_and_points_to_the_place(run: Run) -> None:
    result = run("query", 'SELECT *\nWHERE { ?s ?p "日本語" . ?s ? }')
    assert (result.exit_code, result.stdout) == (2, "")
    said, line, mark = result.stderr.splitlines()
    assert said == "hakusho: line 2, column 26: '?' cannot stand here"
    assert line.endswith('WHERE { ?s ?p "日本語" . ?s ? }')
    assert cell_len(mark) == cell_len(line[: line.rindex("?") + 1])


QUESTION = """#+ title = { ja = "種類ごとの施策", en = "policies by kind" }
#+ description = { ja = "一つの種類の施策。", en = "Policies of one kind." }
#+ [parameters.kind]
#+ type = "scheme/policy-kind"
#+ label = { ja = "種類", en = "kind" }
#+ example = "policy-kind/law"
#+ [columns]
#+ policy = { ja = "施策", en = "policy" }
PREFIX hk: <https://w3id.org/hakusho/ontology#>
SELECT ?policy WHERE { ?policy hk:kind ?kind } ORDER BY ?policy
"""


def test_a_file_with_a_header_is_asked_with_its_parameters(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "of-kind.rq"
    file.write_text(QUESTION, encoding="utf-8")
    result = run("query", str(file), "kind=policy-kind/law", "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "id/policy/radio-act" in result.stdout
    assert "id/policy/notice" not in result.stdout
    missing = run("query", str(file))
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "kind: nothing was given" in missing.stderr


def test_a_file_with_a_broken_header_is_refused_by_name(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "broken.rq"
    file.write_text(QUESTION.replace('"種類", en', '"種類" en'), encoding="utf-8")
    result = run("query", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{file}" in result.stderr
    assert "the header is not TOML" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["quer"], 2, "there is no command quer; did you mean query?"),
        (["show"], 2, "ID is missing"),
        (["query", "--format", "png"], 2, "there is table, json, csv, tsv"),
        (["query", "ASK {}", "--formt", "csv"], 2, "there is no option --formt; did you mean"),
        (["query", "ASK {}", "--lang", "fr"], 2, "--lang has a wrong value: one of ja, en"),
        (["query", "policies/of-challeng"], 2, "no question has the id .*did you mean policies/of"),
        (
            ["query", "policies/of-challenge", "challenge=cybersecurty"],
            2,
            "did you mean challenge/",
        ),
        (["query", "policies/of-challenge", "chalenge=ai-risk"], 2, "chalenge: .*challenge"),
        (["query", "policies/of-challenge", "challenge"], 2, "as NAME=VALUE"),
        (["query", "ASK {}", "k=v"], 2, "k: .*no parameters beside a text"),
        (["query", "missing.rq"], 1, "missing.rq cannot be read"),
        (["query", "ASK {}", "--format", "png"], 2, "'png'.*there is table, json, xml, csv, tsv"),
        (["query", "ASK {}", "--format", "turtle"], 2, "'turtle'.*there is table, json"),
        (["query", "CONSTRUCT {} {}", "--format", "csv"], 2, "'csv'.*there is turtle, jsonld, nt"),
        (["query", "DROP ALL"], 2, "this is an update"),
        (["query", "DELETE WHERE { ?s ?p ?o }"], 2, "this is an update"),
        (["query", "ASK {}", "-o", "/no/such/folder/x.csv"], 1, "x.csv cannot be written"),
        (["query", "ASK {}", "--data", "/no/such"], 1, "has no release yet; `hakusho build`"),
        (["show", "policy/notise"], 1, "nothing about 'policy/notise'; did you mean policy/notice"),
        (["show", "policy/notice", "--format", "png"], 2, "there is table, json, csv, tsv, turtle"),
        (["show", "a b"], 1, "nothing about 'a b'"),
        (["export", "pdf"], 2, "there is nq, trig, turtle, nt, rdfxml, jsonld"),
        (["export", "nt", "--graph", "r99"], 1, "no graph r99; there are .*official"),
        (["releases", "--format", "xml"], 2, "there is table, json, csv, tsv"),
        (["rollback", "9"], 1, "there is no release 9"),
        (["rollback", "x"], 2, "wrong value"),
        (["restore", "/no/such"], 1, "archive /no/such: has no archive.json"),
        (["build", SMALL, "--data", "/proc/none"], 1, "data folder /proc/none: cannot be written"),
        (["releases", "--data", "/"], 1, "has other files in it"),
    ],
)
def test_what_is_wrong_is_one_sentence_on_the_error_output(
    run: Run, arguments: list[str], status: int, said: str
) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    first = result.stderr.splitlines()[0]
    assert first.startswith("hakusho: ") and re.search(said, first)
    assert "Traceback" not in result.stderr
    assert run(*arguments, lang="ja").stderr.splitlines()[0].startswith("hakusho: ")


def test_a_variable_that_is_no_setting_is_refused() -> None:
    result = CliRunner().invoke(main, ["releases", "--lang", "en"], env={"HAKUSHO_PROT": "1"})
    assert result.exit_code == 2
    assert "did you mean HAKUSHO_PORT" in result.stderr


def test_a_thing_is_shown_with_what_it_says_and_what_points_to_it(run: Run) -> None:
    text = run("show", "policy/notice").stdout
    assert "NOTICE" in text and "hk:Policy" in text and "← " in text
    rows = list(csv.DictReader(io.StringIO(run("show", "policy/notice", "--format", "csv").stdout)))
    assert {"property", "value", "id"} == rows[0].keys()
    turtle = run("show", "policy/notice", "--format", "turtle").stdout
    assert any("policy/notice" in quad.subject.value for quad in parse(turtle, RdfFormat.TURTLE))


def test_an_export_has_all_graphs_and_its_credit(run: Run, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.nq.gz"
    assert run("export", "nq", "-o", str(path)).exit_code == 0
    text = gzip.decompress(path.read_bytes()).decode()
    assert "総務省「情報通信白書」を加工して作成" in text.split("<", 1)[0]
    release = DataFolder(data).current()
    assert release is not None
    expected = sum(content.quads for content in release.manifest.graphs.values())
    assert sum(1 for _ in parse(text, RdfFormat.N_QUADS)) == expected


def test_an_export_of_one_graph_has_that_graph(run: Run, data: Path) -> None:
    text = run("export", "turtle", "--graph", "official").stdout
    release = DataFolder(data).current()
    assert release is not None
    expected = release.manifest.graphs["https://w3id.org/hakusho/graph/official"].quads
    assert sum(1 for _ in parse(text, RdfFormat.TURTLE)) == expected


def test_a_dump_is_files_with_their_sums(run: Run, small: Path, tmp_path: Path) -> None:
    result = run("dump", str(tmp_path / "dump"), "--data", str(small))
    names = ["nq.gz", "trig.gz", "ttl.gz", "tables.zip"]
    names = [f"hakusho-1.{ending}" for ending in names]
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "dump").iterdir()) == [
        "SHA256SUMS",
        *sorted(names),
    ]
    sums = (tmp_path / "dump" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in sums] == names


def test_releases_are_listed_pinned_and_gone_back_to(run: Run, small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert run("backup", str(tmp_path / "archive"), "--data", str(small)).exit_code == 0
    assert run("restore", str(tmp_path / "archive"), "--data", str(copy)).exit_code == 0
    assert run("rollback", "1", "--why", "a test", "--data", str(copy)).exit_code == 0
    result = run("releases", "--pin", "1", "--verify", "--format", "json", "--data", str(copy))
    rows = json.loads(result.stdout)
    assert [(row["number"], row["kind"], row["state"], row["why"]) for row in rows] == [
        (1, "restore", "pinned", "archive of release 1"),
        (2, "rollback", "current", "a test"),
    ]
    assert rows[0]["hash"] == rows[1]["hash"]


def test_a_damaged_release_is_listed_as_such(run: Run, small: Path) -> None:
    next((small / "releases" / "1" / "store").glob("*.sst")).unlink()
    result = run("releases", "--data", str(small))
    assert (result.exit_code, "damaged" in result.stdout) == (1, True)
    assert "hakusho rollback N" in result.stderr
    assert run("query", "ASK {}", "--data", str(small)).exit_code == 1


def test_a_check_without_the_reasoner_finds_nothing_wrong(run: Run) -> None:
    result = run("check", "--no-reasoner")
    assert (result.exit_code, result.stdout) == (0, "nothing was found\n")


@pytest.mark.engines
def test_a_check_tells_the_verdict_of_the_reasoner_and_the_hierarchy_it_inferred(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("HermiT: consistent, ")
    assert ", 0 unsatisfiable\n" in result.stdout
    assert "skos:Concept\n│   ├── hk:Area\n│   ├── hk:Challenge\n" in result.stdout


def test_the_examples_of_the_help_run(run: Run, tmp_path: Path) -> None:
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        (tmp_path / "challenges.rq").write_text("SELECT ?c { ?c a ?class }", encoding="utf-8")
        for name in ("query", "show", "releases"):
            for line in texts("console")[name]["examples"].strip().splitlines():
                arguments = re.findall(r"'[^']*'|\S+", line.rpartition("| ")[2])
                given = [each.strip("'") for each in arguments[1:]]
                result = run(*given, input="ASK { ?s ?p ?o }")
                assert result.exit_code == 0, f"{line}: {result.stderr}"
    finally:
        os.chdir(here)


def test_a_reader_who_stops_early_hears_nothing(data: Path) -> None:
    code = "from hakusho.server.cli import main; main()"
    command = [sys.executable, "-c", code, "export", "nq"]
    env = {**os.environ, "HAKUSHO_DATA": str(data)}
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().startswith(b"#")
        process.stdout.close()
        assert process.stderr.read() == b""
