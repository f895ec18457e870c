"""Files that are no text of a white paper: one sentence each, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakusho.graph.errors import BadParameter, BadText
from hakusho.loaders.whitepaper import lines
from hakusho.loaders.whitepaper.extraction import BadTexts, extract
from hakusho.loaders.whitepaper.reading import read_document

CASES = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "pdf": (
        b"%PDF-1.7\n",
        "is a PDF and no text; give the text extracted from it, as by pdftotext",
    ),
    "zip": (b"PK\x03\x04abc", "is a ZIP file and no text"),
    "nul": ("第1章\n甲\0".encode(), "is no text: there is a NUL byte on line 2"),
    "binary": (b"\x01\x02\x03abc", "is no text: there is a control character on line 1"),
    "encoding": (b"\xff\xfe\x81\n", "is neither in UTF-8 nor in Shift_JIS (CP932)"),
    "latin": (b"\xe9\x20caf\xe9\n", "is neither in UTF-8 nor in Shift_JIS (CP932)"),
    "letter": (
        "拝啓 秋も深まり、ご健勝のことと存じます。".encode(),
        "is no text of a white paper: it has no heading such as 第1章, no numbered 図表 "
        "and no 出典",
    ),
    "nameless": (
        "第1部 海\n第1章 船".encode(),
        "does not say of which edition it is; name one, such as r08",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_no_white_paper_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    data, sentence = CASES[name]
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(BadText) as caught:
        read_document(path)
    assert str(caught.value) == f"text.txt: {sentence}"
    assert caught.value.problem_ja and "{" not in caught.value.problem_ja


def test_a_line_that_nobody_wrote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("令和9年版白書\n第1章 " + "甲" * 60_000, encoding="utf-8")
    with pytest.raises(BadText, match="line 2 has 60,004 characters"):
        read_document(path)


def test_a_file_too_large_to_be_a_text_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(BadText, match="has 104,857,600 bytes; .* at most 10,000,000"):
        read_document(path)


def test_more_lines_than_any_white_paper_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("令和9年版白書\n" + "\n" * lines.MOST_LINES, encoding="utf-8")
    with pytest.raises(BadText, match="has 200,002 lines"):
        read_document(path)


def test_cp932_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    text = "令和９年版海洋通信白書\n第１部 海"
    for encoding in ("cp932", "utf-8-sig", "utf-8"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes(text.encode(encoding))
        assert read_document(path).outline.sections[1,].title == "海"


def test_a_text_of_another_edition_than_asked_for_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("令和9年版海洋通信白書\n第1部 海", encoding="utf-8")
    with pytest.raises(BadText, match="is of r09 by its own words, not of r08"):
        read_document(path, "r08")
    with pytest.raises(BadParameter):
        read_document(path, "2026")


def test_everything_wrong_with_some_files_is_told_at_once(tmp_path: Path) -> None:
    for name, text in (("a.txt", ""), ("b.txt", "拝啓"), ("c.txt", "令和9年版白書\n第1部 海")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt", "d.txt")]
    with pytest.raises(BadTexts) as caught:
        extract(paths)
    assert [error.file for error in caught.value.errors] == ["a.txt", "b.txt", "d.txt"]


def test_files_of_two_editions_are_not_mixed(tmp_path: Path) -> None:
    for number in (8, 9):
        text = f"令和{number}年版海洋通信白書\n第1部 海"
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    with pytest.raises(BadText, match=r"several editions \(r08, r09\)"):
        extract([tmp_path / "8.txt", tmp_path / "9.txt"])
