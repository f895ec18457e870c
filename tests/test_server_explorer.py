"""The matrix and the pages behind it, counted by hand on the white paper in little."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.edition import EditionDataset
from hakusho.server.app import create_app
from hakusho.server.matrix import SHADES, Cell, Column, matrix
from hakusho.server.service import Service


def test_columns_are_the_sections_of_the_chapter_and_then_the_feature(
    matrix_store: EmbeddedStore,
) -> None:
    columns = matrix(matrix_store, "en").columns
    assert [(column.label, column.feature) for column in columns] == [
        ("Telecoms", False),
        ("Post", False),
        ("Special feature", True),
    ]


def test_rows_are_the_tree_of_challenges_in_the_order_of_the_paper(
    matrix_store: EmbeddedStore,
) -> None:
    rows = matrix(matrix_store, "ja").rows
    assert [(row.label, row.level) for row in rows] == [
        ("高齢化", 0),
        ("安全", 0),
        ("攻撃", 1),
        ("身代金", 2),
    ]


def test_a_cell_counts_distinct_policies_of_narrower_challenges_and_smaller_parts(
    matrix_store: EmbeddedStore,
) -> None:
    counted = {
        row.label: [(cell.policies, cell.stated) for cell in row.cells] + [row.policies]
        for row in matrix(matrix_store, "en").rows
    }
    # Guard is linked to attacks and to ransom, stated only to the former; it counts once above.
    assert counted == {
        "Safety": [(2, 1), (0, 0), (0, 0), 2],
        "Attacks": [(2, 1), (0, 0), (0, 0), 2],
        "Ransom <b>&</b>": [(2, 0), (0, 0), (0, 0), 2],
        "Ageing": [(0, 0), (1, 0), (0, 0), 1],
    }


def test_the_gaps_are_counted(matrix_store: EmbeddedStore) -> None:
    assert matrix(matrix_store, "en").empty == 8


@pytest.mark.parametrize(("policies", "shade"), [(0, 0), (1, 1), (2, 1), (3, 2), (500, 5)])
def test_a_cell_is_the_darker_the_more_policies_it_has(policies: int, shade: int) -> None:
    assert Cell(Column("part/x", "X", False), policies).shade == shade
    assert len(SHADES) == 5


def test_the_home_page_shows_each_cell_as_a_link_to_what_is_behind_it(client: FlaskClient) -> None:
    page = client.get("/?lang=en").text
    cell = _cell(page, "challenge/attack", "part/r07-p2-c2-s1")
    assert "<b>2</b>" in cell
    assert "1 stated" in cell
    empty = _cell(page, "challenge/ageing", "part/r07-p2-c2-s1")
    assert "no link recorded here" in empty


def test_labels_of_the_graph_are_escaped(client: FlaskClient) -> None:
    page = client.get("/?lang=en").text
    assert "Ransom &lt;b&gt;&amp;&lt;/b&gt;" in page
    assert "Ransom <b>" not in page


def test_the_home_page_is_a_table_that_is_read_without_seeing_it(client: FlaskClient) -> None:
    page = client.get("/?lang=ja").text
    assert page.count('scope="row"') == 4
    assert page.count('scope="col"') >= 4
    assert "<caption" in page
    assert '<html lang="ja">' in page
    assert "出典：総務省「情報通信白書」を加工して作成" in page


def test_rows_are_folded_until_they_are_opened(client: FlaskClient) -> None:
    assert " checked>" not in client.get("/").text
    assert " checked>" in client.get("/?unfold=all").text


SCRIPT = re.compile(r'<script(?! type="application/ld\+json"| [^>]*src="/static/)')


def test_pages_have_no_script_and_forbid_it(client: FlaskClient) -> None:
    for path in ("/", "/links", "/outline", "/id/challenge/attack", "/queries", "/ontology"):
        page = client.get(path, headers={"Accept": "text/html"})
        # A page may tell search engines what it is about, and load scripts of our own files alone.
        assert not SCRIPT.search(page.text)
        assert not re.search(r"\s(style|on\w+)=", page.text)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_the_links_behind_a_cell_name_page_assertion_and_reason(client: FlaskClient) -> None:
    asked = {"challenge": "challenge/safety", "section": "part/r07-p2-c2-s1", "lang": "en"}
    page = client.get("/links", query_string=asked).text
    assert "2 policies, 3 links" in page
    assert "1 stated by the page, 2 assigned by the curators" in page
    assert "It says it is against attacks." in page
    assert 'href="https://example.org/other/drill.html"' in page
    assert "placed there by topic" in page and "described there" in page


def test_an_empty_cell_says_that_nothing_is_recorded_not_that_there_is_nothing(
    client: FlaskClient,
) -> None:
    asked = {"challenge": "challenge/ageing", "section": "part/r07-p1", "lang": "ja"}
    page = client.get("/links", query_string=asked).text
    assert "ここに関連付けの記録はありません。" in page
    assert "施策がない、という意味ではありません" in page


def test_links_of_an_unknown_challenge_are_refused_with_the_nearest(client: FlaskClient) -> None:
    answer = client.get("/links?challenge=challenge/atack")
    assert answer.status_code == 400
    assert answer.json is not None and "challenge/attack" in answer.json["nearest"]


def test_the_outline_is_a_tree_with_the_policies_of_each_part(client: FlaskClient) -> None:
    page = client.get("/outline?lang=en").text
    parts = ("Part I</span> Special feature", "Section 1</span> Telecoms", "1</span> Networks")
    order = [page.index(f">{part}") for part in parts]
    assert order == sorted(order)
    assert "policies: 1" in page


def _cell(page: str, challenge: str, part: str) -> str:
    href = f"/links?challenge={challenge}&amp;section={part}"
    found = re.search(rf'<td class="s\d"><a href="{re.escape(href)}[^>]*>.*?</a></td>', page)
    assert found is not None, href
    return found[0]


def test_where_an_edition_has_no_chapter_on_policies_all_else_is_there(
    sample: EditionDataset, tmp_path: Path
) -> None:
    data = DataFolder(tmp_path)
    release = data.publish([*ontology_dataset(), *sample.quads], who="tests")
    reader = create_app(Service(data, release.open())).test_client()
    assert [column.feature for column in matrix(release.open(), "en").columns] == [True]
    for address in ("/", "/indicators", "/policies", "/outline", "/links"):
        assert reader.get(address, headers={"Accept": "text/html"}).status_code == 200, address
