"""Workbooks that people hand in: sheets, merged cells, dates, percentages, formulas, links."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from hakusho.graph.names import expand, term, thing
from hakusho.loaders.references import References, known_to
from hakusho.loaders.submission import Place, Submission, read_submission

from .submitted import grave, said, values

PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"


@pytest.fixture(scope="module")
def known() -> References:
    """The code lists, an organization and an indicator."""
    known = known_to(None)
    known.add("organization", "mic", ["総務省"])
    known.add("indicator", "ai-use", ["生成AIの利用率"])
    return known


@pytest.fixture
def submit(known: References) -> Callable[..., Submission]:
    """Reads a workbook as it is saved, or its bytes."""

    def read(book: Workbook | bytes, file: str = "input.xlsx") -> Submission:
        return read_submission([(file, book if isinstance(book, bytes) else saved(book))], known)

    return read


def saved(book: Workbook) -> bytes:
    """Gives the bytes of a workbook."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(sheet: str, *rows: list[Any]) -> Any:
    """Makes a workbook with one sheet."""
    book: Any = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    return book


def test_every_sheet_that_is_a_table_is_read_and_the_others_are_named(
    submit: Callable[..., Submission],
) -> None:
    book = workbook("施策", ["識別子", "名称", "所管"], ["notice", "通知", "総務省"])
    book.create_sheet("組織").append(["id", "label_ja"])
    book["組織"].append(["new-office", "新しい室"])
    book.create_sheet("説明").append(["この表の使い方"])
    hidden = book.create_sheet("課題")
    hidden.append(["id", "label_ja"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Sheet9")
    read = submit(book)
    assert grave(read) == []
    assert set(read.things) == {thing("policy", "notice"), thing("organization", "new-office")}
    assert said(read, "sheet-passed-over").place == Place("input.xlsx", "説明")
    assert said(read, "hidden-sheet").place == Place("input.xlsx", "課題")
    place = read.place(thing("policy", "notice").value, term("ledBy").value)
    assert place == Place("input.xlsx", "施策", 2, "所管") and read.files[0].rows == 2


def test_a_header_of_merged_cells_over_two_lines_below_a_title_is_read(
    submit: Callable[..., Submission],
) -> None:
    book = workbook(
        "施策",
        ["施策の一覧（令和7年7月時点）"],
        [],
        ["識別子", "名称", None, "所管"],
        [None, "日本語", "英語", None],
        ["notice", "通知", "Notice", "総務省"],
        ["（注）所管は主なもの。"],
    )
    sheet = book.active
    for cells in ("A1:D1", "A3:A4", "B3:C3", "D3:D4", "A6:D6"):
        sheet.merge_cells(cells)
    read = submit(book)
    assert grave(read) == []
    notice = thing("policy", "notice")
    assert values(read, notice, "rdfs:label") == ["通知", "Notice"]
    assert read.place(notice.value, expand("rdfs:label"), "Notice") == Place(
        "input.xlsx", "施策", 5, "名称英語"
    )
    assert said(read, "footnote-passed-over").place.row == 6
    assert said(read, "lines-above-header").severity == "info"


def test_a_merged_cell_holds_for_each_of_its_rows(submit: Callable[..., Submission]) -> None:
    book = workbook(
        "観測値",
        ["指標", "期間", "地域", "値", "掲載ページ"],
        ["ai-use", "FY2023", "JP", 1, PAGE],
        [None, "FY2024", "JP", 2, PAGE],
    )
    book.active.merge_cells("A2:A3")
    read = submit(book)
    assert grave(read) == [] and len(read.things) == 2
    assert "2 rows" in said(read, "merged-read").message_en


def test_cells_are_read_as_they_show_with_no_digit_lost(
    submit: Callable[..., Submission],
) -> None:
    book = workbook("観測値", ["指標", "期間", "地域", "値", "掲載ページ"])
    rows = [
        (0.83, "0%", "83%", "83"),
        (0.8333, "0%", "83.33%", "83.33"),
        (83, "0.0", "83.0", "83.0"),
        (12345.6, "#,##0.0", "12,345.6", "12345.6"),
        (-5.2, '0.0"億円";"△"0.0"億円"', "△5.2億円", "-5.2"),
        (54.7, "General", "54.7", "54.7"),
    ]
    for year, (value, form, _, _) in enumerate(rows, start=2001):
        book.active.append(["ai-use", year, "JP", value, PAGE])
        book.active.cell(book.active.max_row, 4).number_format = form
    read = submit(book)
    assert grave(read) == []
    shown = [
        (values(read, row, "hk:printedValue"), values(read, row, "hk:value")) for row in read.things
    ]
    assert shown == [([printed], [value]) for _, _, printed, value in rows]
    assert said(read, "percent-read").value == "0.83"
    assert values(read, read.things[0], "hk:unit") == [thing("unit", "percent").value]


def test_a_date_is_as_exact_as_its_format_shows(submit: Callable[..., Submission]) -> None:
    book = workbook("施策", ["識別子", "名称", "開始", "終了", "公布"])
    book.active.append(["notice", "通知", datetime(2024, 4, 1), date(2025, 3, 31), 2024])
    book.active["C2"].number_format = "yyyy/m/d"
    book.active["D2"].number_format = 'ggge"年"m"月"'
    read = submit(book)
    assert grave(read) == []
    notice = thing("policy", "notice")
    assert values(read, notice, "hk:startDate") == [thing("period", "2024-04-01").value]
    assert values(read, notice, "hk:endDate") == [thing("period", "2025-03").value]
    assert values(read, notice, "hk:promulgated") == [thing("period", "2024").value]
    assert said(read, "cell-date-read").severity == "info"


def test_a_formula_counts_by_its_saved_result_and_is_refused_without_one(
    submit: Callable[..., Submission],
) -> None:
    book = workbook(
        "観測値",
        ["指標", "期間", "地域", "値", "掲載ページ"],
        ["ai-use", "FY2024", "JP", "=40+2", PAGE],
    )
    assert "formula-without-value" in grave(submit(book))
    with_result = rewritten(
        saved(book), "xl/worksheets/sheet1.xml", b"<f>40+2</f><v />", b"<f>40+2</f><v>42</v>"
    )
    read = submit(with_result)
    assert grave(read) == [] and values(read, read.things[0], "hk:value") == ["42"]
    assert said(read, "formula-read").place == Place("input.xlsx", "観測値", 2, "値")


def test_an_address_behind_a_cell_is_followed_no_further_than_its_text(
    submit: Callable[..., Submission],
) -> None:
    book = workbook("施策", ["識別子", "名称", "URL"], ["notice", "通知", "概要ページ"])
    book.active["C2"].hyperlink = PAGE
    read = submit(book)
    assert grave(read) == [] and values(read, thing("policy", "notice"), "hk:page") == [PAGE]
    assert said(read, "link-read").value == "概要ページ"


def test_macros_and_links_to_other_workbooks_are_ignored_and_said_so(
    submit: Callable[..., Submission],
) -> None:
    book = saved(workbook("施策", ["識別子", "名称"], ["notice", "通知"]))
    read = submit(with_part(book, "xl/vbaProject.bin", b"macro"), "施策.xlsm")
    assert grave(read) == [] and said(read, "macros-ignored").severity == "warning"
    linked = submit(with_part(book, "xl/externalLinks/externalLink1.xml", b"<a/>"))
    assert said(linked, "external-links").severity == "warning"


def with_part(book: bytes, name: str, data: bytes) -> bytes:
    """Adds a part to the bytes of a workbook."""
    file = BytesIO(book)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


def rewritten(book: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Replaces some bytes in a part of a workbook."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as source, zipfile.ZipFile(file, "w") as archive:
        for part in source.namelist():
            data = source.read(part)
            if part == name:
                assert old in data, data
                data = data.replace(old, new)
            archive.writestr(part, data)
    return file.getvalue()
