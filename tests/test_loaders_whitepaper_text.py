"""A white paper's text from its PDF: outline, challenges, sources, tables, and the account."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from hakusho.loaders.edition import load_edition
from hakusho.loaders.whitepaper.extraction import extract
from hakusho.loaders.whitepaper.figures import Figure
from hakusho.loaders.whitepaper.outline import place_of_address
from hakusho.loaders.whitepaper.reading import Document, read_document
from hakusho.loaders.whitepaper.writing import ProposalNotWritten, write

SAMPLE = Path(__file__).parent / "data" / "whitepaper" / "overview.txt"


@pytest.fixture(scope="module")
def document() -> Document:
    """The sample, read."""
    return read_document(SAMPLE)


def figures(document: Document, line: int) -> list[Figure]:
    return [figure for figure in document.figures if figure.line == line]


def test_parts_chapters_and_sections_are_read_in_every_way_of_numbering(
    document: Document,
) -> None:
    assert {place: each.title for place, each in document.outline.sections.items()} == {
        (1,): "特集 「つながる海」のこれから",
        (1, 1): "船上の通信の広がり",
        (1, 2): "つながる海がもたらす課題",
        (2,): "海洋通信の現状と政策",
        (2, 1): "海洋通信市場の動向",
        (2, 1, 1): "衛星回線の動向",
        (2, 1, 2): "海底ケーブルの動向",
        (2, 1, 10): "港の通信",
        (2, 2): "海洋庁における政策の取組",
        (2, 2, 1): "電波の割当て",
    }


def test_a_second_title_for_the_same_number_is_left_to_a_person(document: Document) -> None:
    (left,) = [each for each in document.ledger.unread if each.kind == "conflict"]
    assert left.text == "第1 節 別の題の節"


def test_numbered_challenges_are_read_with_what_is_said_of_them(document: Document) -> None:
    read = [(each.number, each.label, each.summary) for each in document.challenges]
    assert read == [
        (
            1,
            "船上の回線の強靱化",
            "荒天時の途絶が増えている。予備の回線の確保と、復旧の手順の共有が必要。",
        ),
        (2, "船員の情報リテラシー", "偽の航路情報が出回っている。学ぶ機会の確保が重要。"),
    ]
    scope = document.challenges[0].scope
    assert document.outline.place_of(scope) == (1, 2)


def test_a_source_is_read_across_lines_and_without_its_mark(document: Document) -> None:
    read = [
        (each.publisher, each.title, each.year, each.kind)
        for cited in document.cited
        for each in cited.citations
    ]
    assert read == [
        ("海洋庁", "船上の通信に関する調査", "2027", "survey"),
        ("海事協会", "船と通信の統計", "", "statistics"),
    ]


def test_a_table_of_shares_has_its_title_by_what_the_page_says_of_it(document: Document) -> None:
    first = figures(document, 41)[1]
    assert (first.label, first.period, first.value) == ("各メディアの信頼度", "2026", "60.5")
    assert first.breakdown == {"age": "total", "medium": "newspaper"}
    assert first.note == ("標本数（N）は1,200。", "N = 1,200.")


def test_a_row_whose_label_is_broken_over_lines_is_one_row(document: Document) -> None:
    read = [(each.area, each.period, each.value, each.status) for each in figures(document, 52)]
    assert read == [
        ("asia-pacific", "1990", "30.5", "actual"),
        ("asia-pacific", "2020", "41.0", "actual"),
        ("asia-pacific", "2040", "55.5", "forecast"),
    ]


def test_a_cell_with_a_doubtful_point_is_left_and_an_empty_one_says_nothing(
    document: Document,
) -> None:
    assert [each.value for each in figures(document, 55)] == ["1200", "1350"]
    assert [each.value for each in figures(document, 56)] == ["310", "400"]
    left = [(each.line, dict(each.facts)["what"]) for each in document.ledger.unread
            if each.kind == "separator"]  # fmt: skip
    assert left == [(55, "2.000"), (60, "6.403")]


def test_a_figure_for_an_age_is_dated_by_the_one_title_that_is_broken_down_by_age(
    document: Document,
) -> None:
    (figure,) = figures(document, 21)
    assert (figure.label, figure.period) == ("船員の動画サービス利用率", "FY2026")
    assert figure.breakdown == {"age": "30s"}
    assert figures(document, 22) == [], "no title of the page is broken down by size of firm"


def test_numbers_apart_from_their_labels_are_left(document: Document) -> None:
    kinds = {each.line: each.kind for each in document.ledger.unread}
    assert (kinds[62], kinds[68], kinds[70]) == ("number", "apart", "period")


def test_every_line_is_understood_or_furniture_or_left(document: Document) -> None:
    counts = document.ledger.counts()
    assert sum(counts.values()) == len(SAMPLE.read_text(encoding="utf-8").splitlines())
    left = {entry.line for entry in document.ledger.unread}
    assert len(left) == counts["unread"]


def test_page_numbers_and_repeated_heads_are_furniture(tmp_path: Path) -> None:
    pages = [f"令和9年版海洋通信白書 概要\n第{n}章 題{n}\n本文の{n}。\n{n}\n" for n in range(1, 5)]
    path = tmp_path / "pages.txt"
    path.write_text("第1部 海\n" + "\f".join(pages), encoding="utf-8")
    document = read_document(path)
    assert document.ledger.counts() == {"understood": 6, "furniture": 7, "unread": 4}


def test_the_address_of_a_page_tells_its_place() -> None:
    assert place_of_address("https://example.org/r07/html/nd21a210.html") == (2, 1, 10, 2, 1)
    assert place_of_address("https://example.org/index.html") == ()


def test_a_proposal_is_tables_that_load_once_a_person_has_seen_the_rest(tmp_path: Path) -> None:
    proposal = extract([SAMPLE])
    write(proposal, tmp_path / "proposal")
    folder = tmp_path / "edition"
    folder.mkdir()
    rows = []
    for path in (tmp_path / "proposal").glob("*.csv"):
        if path.stem != "unread":
            shutil.copy(path, folder)
            with path.open(encoding="utf-8", newline="") as file:
                rows.append(f"{path.stem} = {len(list(csv.DictReader(file)))}")
    (folder / "edition.toml").write_text(
        'id = "r09"\ntitle_ja = "甲"\ntitle_en = "A"\npublished = 2027-07-01\n'
        'publisher_org_id = "r09-organization-1"\nlicence = "https://example.org/"\n'
        'credit_ja = "甲"\ncredit_en = "A"\n[rows]\n' + "\n".join(rows),
        encoding="utf-8",
    )
    loaded = load_edition(folder)
    assert loaded.counts["observations"] == len(proposal.tables["observations"])


def test_a_proposal_never_overwrites(tmp_path: Path) -> None:
    proposal = extract([SAMPLE])
    write(proposal, tmp_path)
    before = (tmp_path / "sections.csv").read_bytes()
    with pytest.raises(ProposalNotWritten, match="is there already"):
        write(proposal, tmp_path)
    assert (tmp_path / "sections.csv").read_bytes() == before


def test_the_same_text_gives_the_same_files(tmp_path: Path) -> None:
    first = write(extract([SAMPLE]), tmp_path / "a")
    second = write(extract([SAMPLE]), tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_what_an_edition_already_knows_keeps_its_id_and_names(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(
        "令和9年版情報通信白書\n第1部 甲\n（出典）総務省「通信利用動向調査」（2024）\n",
        encoding="utf-8",
    )
    tables = extract([path]).tables
    assert [row["id"] for row in tables["organizations"]] == ["mic"]
    assert tables["sources"][0]["id"] == "tsushin-riyo-doko"
    assert tables["sources"][0]["title_en"] == "Communications Usage Trend Survey"
