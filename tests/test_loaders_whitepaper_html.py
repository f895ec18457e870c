"""A white paper's pages saved to disk: headings, numbered charts, 出典, tables and figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakusho.loaders.whitepaper.extraction import extract
from hakusho.loaders.whitepaper.html import page_of
from hakusho.loaders.whitepaper.reading import Document, read_document

SAMPLE = Path(__file__).parent / "data" / "whitepaper" / "page.html"


@pytest.fixture(scope="module")
def document() -> Document:
    """The sample page, read."""
    return read_document(SAMPLE)


def test_headings_give_the_place_and_the_address_fills_the_missing_chapter(
    document: Document,
) -> None:
    assert {place: each.title for place, each in document.outline.sections.items()} == {
        (2,): "海洋通信の現状と政策",
        (2, 1, 1): "衛星回線の動向",
        (2, 1, 1, 2): "衛星回線の契約数",
    }


def test_a_page_is_known_by_the_address_that_it_names(document: Document) -> None:
    assert document.page_url == "https://www.example.jp/whitepaper/ja/r09/html/nd211200.html"


def test_charts_have_their_number_title_and_source(document: Document) -> None:
    assert [(title.number, title.label) for title in document.titles] == [
        ("Ⅱ-1-1-3", "衛星回線の契約数の推移"),
        ("Ⅱ-1-1-4", "船の大きさ別の回線数"),
    ]
    sources = {figure.number: document.source_of(figure) for figure in document.figures}
    assert {number: source and source.title for number, source in sources.items()} == {
        "Ⅱ-1-1-3": "船と通信の統計",
        "Ⅱ-1-1-4": "船舶調査",
        "": None,
    }


def test_figures_of_the_text_are_read_past_the_numbers_of_footnotes(document: Document) -> None:
    read = [(each.label, each.period, each.value, each.unit) for each in document.figures]
    assert ("衛星回線の契約数", "FY2026", "123400", "contracts") in read
    assert ("衛星回線の契約数", "FY2025", "11", "contracts-10k") in read
    assert ("衛星回線の契約数（前年度比）", "FY2026", "12.2", "percent") in read


def test_a_table_of_the_page_is_read_with_its_unit(document: Document) -> None:
    read = [(each.label, each.period, each.value, each.unit) for each in document.figures][:3]
    assert read == [
        ("船の大きさ別の回線数（大型船）", "2024", "12.5", "lines-10k"),
        ("船の大きさ別の回線数（大型船）", "2025", "13", "lines-10k"),
        ("船の大きさ別の回線数（小型船）", "2025", "8.25", "lines-10k"),
    ]


def test_navigation_links_and_scripts_are_no_text(document: Document) -> None:
    text = [line.text for line in document.ledger.lines]
    assert not any("9-9-9" in line for line in text), "scripts are not read"
    kinds = {line.text: document.ledger.outcome(line) for line in document.ledger.lines}
    assert kinds["第9章 別の章"] == "furniture"
    assert kinds["テキスト形式のファイルはこちら"] == "furniture"


def test_a_line_of_a_page_is_traced_to_the_line_of_its_file(document: Document) -> None:
    heading = next(line for line in document.ledger.lines if line.tag == "h2")
    source = SAMPLE.read_text(encoding="utf-8").splitlines()
    assert "衛星回線の動向" in source[heading.place - 1]


@pytest.mark.parametrize(
    "text",
    [
        "<p>甲",
        "<table><tr><td>甲</tr>",
        "<p>甲<!-- 乙",
        "<p>甲<a href='",
        "</div></p>甲",
        "<p>甲&#x0;",
    ],
)
def test_a_broken_page_is_read_as_far_as_it_goes(text: str) -> None:
    assert [line.text for line in page_of(text).lines] in (["甲"], ["甲\ufffd"])


def test_a_page_saved_by_a_browser_names_its_address_in_a_comment() -> None:
    page = page_of("<!-- saved from url=(0024)https://www.example.jp/a -->\n<p>甲")
    assert page.address == "https://www.example.jp/a"


def test_pages_are_put_together_with_the_text_of_the_overview() -> None:
    proposal = extract([SAMPLE.with_name("overview.txt"), SAMPLE])
    ids = [row["id"] for row in proposal.tables["sections"]]
    assert ids.count("r09-p2-c1-s1") == 1
    assert ids.index("r09-p2-c1-s1-2") == ids.index("r09-p2-c1-s1") + 1
    assert [row["position"] for row in proposal.tables["sections"]] == [
        str(position) for position in range(1, len(ids) + 1)
    ]
    assert {row["file"] for row in proposal.lines} == {"overview.txt", "page.html"}


def test_a_page_that_names_no_address_takes_it_from_the_folder_it_was_saved_from(
    tmp_path: Path,
) -> None:
    path = tmp_path / "nd211100.html"
    path.write_text("<title>令和9年版 白書</title><h2>第1節 甲</h2>", encoding="cp932")
    proposal = extract([path], base="https://www.example.jp/whitepaper/ja/r09/html/")
    assert proposal.tables["sections"][0] == {
        "id": "r09-p2-c1-s1",
        "edition": "r09",
        "part": "2",
        "chapter": "1",
        "section": "1",
        "subsection": "",
        "position": "1",
        "title_ja": "甲",
        "title_status": "printed",
        "parent_id": "r09-p2-c1",
        "page_url": "https://www.example.jp/whitepaper/ja/r09/html/nd211100.html",
        "evidence": "edition",
    }
