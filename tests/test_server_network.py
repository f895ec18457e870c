"""`hakusho path`, `related`, `network` and `export` of networks, as a person runs them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import networkx as nx
import pytest

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    matrix_data: DataFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command on the white paper in little: gives status, output and error output."""
    monkeypatch.setenv("HAKUSHO_DATA", str(matrix_data.path))
    monkeypatch.delenv("HAKUSHO_LANG", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main.main(list(arguments))
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_path_is_told_in_japanese_sentences_with_their_pages(run: Run) -> None:
    assert run("path", "policy/drill", "challenge/attack") == (
        0,
        "「演習」と「攻撃」をつなぐ2段の経路：1本（1本を表示）\n"
        "\n"
        "1. 「演習」は「身代金」に取り組む（編集者が付与）\n"
        "     https://example.org/other/drill.html\n"
        "   「身代金」はより広い課題「攻撃」に含まれる\n",
        "",
    )


def test_a_path_is_told_in_english_too(run: Run) -> None:
    assert run("path", "drill", "guard", "--lang", "en") == (
        0,
        "“Drill” and “Guard”: steps of the shortest paths: 2; paths: 1 (shown: 1)\n"
        "\n"
        "1. “Drill” addresses “Ransom <b>&</b>” (assigned)\n"
        "     https://example.org/other/drill.html\n"
        "   “Guard” addresses “Ransom <b>&</b>” (assigned)\n"
        "     https://example.org/r07/guard.html\n",
        "",
    )


def test_several_paths_are_told_up_to_the_limit(run: Run) -> None:
    arguments = ("path", "challenge/ransom", "policy/guard", "--through", "all")
    assert run(*arguments)[1].startswith("「身代金」と「監視」をつなぐ1段の経路：1本")
    rows = table(run("path", "drill", "challenge/safety", "--format", "csv", "--limit", "5")[1])
    assert [(row["path"], row["step"], row["object"]) for row in rows] == [
        ("1", "1", "challenge/ransom"),
        ("1", "2", "challenge/attack"),
        ("1", "3", "challenge/safety"),
    ]


def test_a_path_is_rows_with_their_evidence_to_work_with(run: Run) -> None:
    status, out, _ = run("path", "guard", "attack", "--format", "json", "--lang", "en")
    assert (status, json.loads(out)) == (
        0,
        [
            {
                "path": 1,
                "step": 1,
                "subject": "policy/guard",
                "relation": "hk:addresses",
                "object": "challenge/attack",
                "sentence": "“Guard” addresses “Attacks” (stated)",
                "assertion": "stated",
                "evidence": "edition",
                "page": "https://example.org/r07/guard.html",
                "link": "https://w3id.org/hakusho/id/link/guard_addresses_attack",
            }
        ],
    )


def test_no_path_is_said_with_what_is_near_and_what_would_widen_it(run: Run) -> None:
    assert run("path", "policy/drill", "challenge/ageing") == (
        0,
        "「演習」と「高齢化」をつなぐ経路は記録されていない\n"
        "「演習」から届くもののうち近いもの：「身代金」（challenge/ransom、1段）、"
        "「攻撃」（challenge/attack、2段）、「安全」（challenge/safety、3段）\n"
        "「高齢化」から届くもののうち近いもの：「小包」（policy/parcel、1段）\n"
        "ほかの種類の資源も通れば5段の経路がある（--through all）\n",
        "",
    )


def test_no_path_leaves_the_output_of_other_formats_to_its_rows(run: Run) -> None:
    status, out, err = run("path", "idle", "ageing", "--format", "json", "--lang", "en")
    assert (status, json.loads(out)) == (0, [])
    assert err.startswith("no path is recorded between “Idle” and “Ageing”\n")
    assert "“Idle” has no recorded relation to things of the kinds to lead through" in err


def test_a_thing_and_itself_are_the_same(run: Run) -> None:
    assert run("path", "policy/guard", "監視")[1] == "どちらも「監視」を指す\n"


def test_related_things_are_listed_with_what_they_share(run: Run) -> None:
    status, out, _ = run("related", "policy/guard", "--format", "csv")
    assert status == 0
    assert table(out) == [
        {
            "id": "policy/drill",
            "label": "演習",
            "count": "1",
            "jaccard": "0.5",
            "adamic_adar": "1.442695",
            "linked": "false",
            "shared": "challenge/ransom",
        }
    ]
    assert "身代金" in run("related", "policy/guard")[1]


def test_that_nothing_is_related_is_said(run: Run) -> None:
    said = "「小包」と関係先を共にするものは記録されていない\n"
    assert run("related", "policy/parcel") == (0, said, "")
    assert run("related", "policy/parcel", "--format", "csv")[1].count("\n") == 1


def test_related_things_may_be_of_other_kinds_and_by_other_things(run: Run) -> None:
    out = run("related", "guard", "--through", "part", "--by", "describedIn", "--format", "csv")[1]
    assert table(out) == []
    out = run("related", "attack", "--kind", "policy", "--by", "broader", "--by", "addresses",
              "--format", "csv")[1]  # fmt: skip
    assert [row["id"] for row in table(out)] == ["policy/drill", "policy/guard"]


def test_the_network_is_measured_in_tables(run: Run) -> None:
    out = run("network")[1]
    assert out.startswith("資源8件、関係6件。つながった部分は2、関係のない資源は1件、まとまりは")
    for title in ("中心性", "まとまり", "切断点", "橋"):
        assert f"\n{title}" in out


def test_one_measure_is_rows_to_work_with(run: Run) -> None:
    rows = table(run("network", "centrality", "--format", "csv", "--top", "2", "--lang", "en")[1])
    assert [(row["id"], row["label"], row["degree"], row["exact"]) for row in rows] == [
        ("challenge/attack", "Attacks", "3", "true"),
        ("challenge/ransom", "Ransom <b>&</b>", "3", "true"),
    ]
    rows = table(run("network", "bridges", "--format", "csv")[1])
    assert [(row["id"], row["other"], row["near"], row["far"]) for row in rows] == [
        ("challenge/ageing", "policy/parcel", "1", "1"),
        ("challenge/safety", "challenge/attack", "1", "4"),
        ("policy/drill", "challenge/ransom", "1", "4"),
    ]
    rows = table(run("network", "cut-points", "--format", "csv")[1])
    assert [(row["id"], row["cut_off"]) for row in rows] == [
        ("challenge/attack", "1"),
        ("challenge/ransom", "1"),
    ]
    rows = table(run("network", "communities", "--format", "csv")[1])
    assert [row["id"] for row in rows if row["community"] == "2"] == [
        "challenge/ageing",
        "policy/parcel",
    ]


def test_the_size_of_the_network_is_told_in_other_formats(run: Run) -> None:
    said = json.loads(run("network", "--kind", "all", "--format", "json")[1])
    sizes = {row["measure"]: row["value"] for row in said}
    assert (sizes["things"], sizes["parts"], sizes["alone"]) == (14, 1, 0)


@pytest.mark.parametrize(
    ("format", "read"),
    [
        ("graphml", lambda content: nx.read_graphml(BytesIO(content))),
        ("gexf", lambda content: nx.read_gexf(BytesIO(content))),
        ("cytoscape", lambda content: nx.cytoscape_graph(json.loads(content))),
    ],
)
def test_a_network_is_exported_with_the_kinds_and_relations_asked_for(
    run: Run, tmp_path: Path, format: str, read: Callable[[bytes], nx.Graph[str]]
) -> None:
    file = tmp_path / "network"
    status, _, _ = run(
        "export", format, "--kind", "policy", "--kind", "challenge", "--relation", "addresses",
        "-o", str(file),
    )  # fmt: skip
    graph = read(file.read_bytes())
    assert (status, len(graph), graph.number_of_edges()) == (0, 8, 4)
    assert graph.nodes["policy/guard"]["label"] == "監視"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("path", "policy/gard", "policy/drill"),
            "policy/gard についての記録はありません。もしかして policy/guard",
        ),
        (
            ("path", "policy/guard", "page/x"),
            "page/x はここで扱う種類の資源ではありません。扱うのは challenge, indicator, "
            "organization, part, policy, source です",
        ),
        (
            ("network", "--kind", "polcy"),
            "kind に polcy はありません。あるのは challenge, indicator, organization, part, "
            "policy, source です。もしかして policy",
        ),
        (
            ("network", "bridge"),
            "part に bridge はありません。あるのは centrality, communities, cut-points, bridges "
            "です。もしかして bridges",
        ),
    ],
)
def test_what_is_unknown_is_refused_in_a_japanese_sentence(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    status, out, err = run(*arguments)
    assert (out, err) == ("", f"hakusho: {sentence}\n")
    assert status in (1, 2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("related", "challenge/guard"),
            "the graph says nothing about 'challenge/guard'; did you mean policy/guard?",
        ),
        (
            ("export", "gexf", "--graph", "r07"),
            "--graph: 'r07' was given, expected no graph beside gexf, which is of all of them",
        ),
        (
            ("export", "turtle", "--kind", "policy"),
            "--kind: 'policy' was given, expected a format of networks beside it: "
            "graphml, gexf, cytoscape",
        ),
        (
            ("export", "graphml", "--relation", "adresses"),
            "relation: 'adresses' was given, expected one of addresses, bearsOn, broader, "
            "describedIn, evidencedBy, hasTarget, ledBy, monitoredBy, partOf, placedIn, "
            "publisher, source; did you mean addresses?",
        ),
    ],
)
def test_what_is_unknown_is_refused_in_an_english_sentence(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    status, out, err = run(*arguments, "--lang", "en")
    assert (out, err) == ("", f"hakusho: {sentence}\n")
    assert status in (1, 2)
