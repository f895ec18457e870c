"""Figures in running text: read where a sentence leaves no choice, left with a reason elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakusho.loaders.whitepaper.figures import Figure
from hakusho.loaders.whitepaper.reading import Document, read_document

HEAD = "令和9年版海洋通信白書\n第1部 海\n第1章 船\n"


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "text.txt"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_document(path)


def said(figure: Figure) -> tuple[str, str, str, str]:
    return (figure.label, figure.period, figure.value, figure.unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("船の契約数は、2025年に1,234万件となった。", ("船の契約数", "2025", "1234", "cases-10k")),
        ("また、令和７年度の売上高は１．５兆円。", ("売上高", "FY2025", "1.5", "jpy-trillion")),
        ("2025年11月時点の普及率は約3割。", ("普及率", "2025-11", "3", "tenths")),
        ("船の売上高は2025年に1兆2,345億円。", ("船の売上高", "2025", "12345", "jpy-100m")),
        ("船の数は2024年(令和6年)3月末で3億件。", ("船の数", "2024-03", "300000000", "cases")),
        ("船の利用率(2025年度調査)は、45.0%。", ("船の利用率", "FY2025", "45.0", "percent")),
        ("船の契約数は2025年第2四半期に9万件。", ("船の契約数", "2025-Q2", "9", "cases-10k")),
        ("船の数は増加傾向にあり、2025年は8社。", ("船の数", "2025", "8", "companies")),
        ("船の規模(貨物船(外航)の計)は2025年に5億円。",
         ("船の規模（貨物船（外航）の計）", "2025", "5", "jpy-100m")),
        ("船の数は2025年に10カ国。", ("船の数", "2025", "10", "countries")),
        ("船の収支は2025年に△3億円。", ("船の収支", "2025", "-3", "jpy-100m")),
        ("船の成長率は2025年にマイナス0.5%。", ("船の成長率", "2025", "-0.5", "percent")),
        ("平成８年度の船の数は、6千社をピークに減少。", ("船の数", "FY1996", "6000", "companies")),
    ],
)  # fmt: skip
def test_a_plain_statement_is_read(
    tmp_path: Path, text: str, expected: tuple[str, str, str, str]
) -> None:
    assert [said(figure) for figure in read(tmp_path, text).figures] == [expected]


def test_each_figure_of_a_series_has_its_own_date(tmp_path: Path) -> None:
    text = (
        "船の売上高は、2024年の50億円から2025年には62億円に増え、2030年には80億円に達すると予測。"
    )
    figures = read(tmp_path, text).figures
    assert [(each.period, each.value, each.status) for each in figures] == [
        ("2024", "50", "actual"),
        ("2025", "62", "actual"),
        ("2030", "80", "forecast"),
    ]


def test_a_year_that_is_compared_with_the_one_before_is_still_the_year(tmp_path: Path) -> None:
    text = "船の売上高は2023年に8億円、2025年に前年比5%増の10億円となった。"
    assert [said(figure) for figure in read(tmp_path, text).figures] == [
        ("船の売上高", "2023", "8", "jpy-100m"),
        ("船の売上高（前年比）", "2025", "5", "percent"),
        ("船の売上高", "2025", "10", "jpy-100m"),
    ]


def test_each_subject_of_a_sentence_has_its_own_figures(tmp_path: Path) -> None:
    text = (
        "2025年の貨物船市場は50億円（前年比5.0％増）、漁船市場は10億円（前年比1.5％減）となった。"
    )
    assert [said(figure) for figure in read(tmp_path, text).figures] == [
        ("貨物船市場", "2025", "50", "jpy-100m"),
        ("貨物船市場（前年比）", "2025", "5.0", "percent"),
        ("漁船市場", "2025", "10", "jpy-100m"),
        ("漁船市場（前年比）", "2025", "-1.5", "percent"),
    ]


def test_a_figure_in_the_bracket_of_a_year_is_of_that_year(tmp_path: Path) -> None:
    text = "2025年の船の売上高は54億円であり、前年（53億円）と比較すると1.9%の増加となった。"
    assert [said(figure) for figure in read(tmp_path, text).figures] == [
        ("船の売上高", "2025", "54", "jpy-100m"),
        ("船の売上高", "2024", "53", "jpy-100m"),
        ("船の売上高（前年比）", "2025", "1.9", "percent"),
    ]


def test_a_sentence_that_begins_with_a_date_goes_on_about_the_same_subject(tmp_path: Path) -> None:
    text = "船の利用率（2025年度調査）は、約50%。2024年度調査（約43%）より増加。"
    assert [said(figure) for figure in read(tmp_path, text).figures] == [
        ("船の利用率", "FY2025", "50", "percent"),
        ("船の利用率", "FY2024", "43", "percent"),
    ]


@pytest.mark.parametrize(
    ("printed", "precision"),
    [
        ("30万件", "exact"), ("約30万件", "approximate"), ("30万件程度", "approximate"),
        ("30万件を超え", "over"), ("30万件以上", "over"), ("約30万件超", "over"),
        ("30万件未満", "under"), ("30万件を下回り", "under"),
    ],
)  # fmt: skip
def test_how_exact_a_value_is_said_to_be_is_kept(
    tmp_path: Path, printed: str, precision: str
) -> None:
    (figure,) = read(tmp_path, f"船の数は2025年に{printed}となった。").figures
    assert (figure.value, figure.precision) == ("30", precision)


@pytest.mark.parametrize(
    ("words", "period", "status"),
    [
        ("2030年には5億円に達すると予測されている", "2030", "forecast"),
        ("2026年は5億円となる見込み", "2026", "estimate"),
        ("2030年までに5億円とすることを目指す", "2030", "target"),
        ("2030年に5億円となる", "2030", "forecast"),
        ("2026年に5億円となった", "2026", "actual"),
    ],
)
def test_what_is_not_yet_so_is_no_actual_value(
    tmp_path: Path, words: str, period: str, status: str
) -> None:
    (figure,) = read(tmp_path, f"船の売上高は、{words}。").figures
    assert (figure.period, figure.status) == (period, status)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("約8割の船が通信を利用。", "period"),
        ("2020年に開始した事業の契約数は5億円。", "period"),
        ("船の売上高は、2020年から毎年3億円。", "period"),
        ("2024年及び2025年の船の数は、それぞれ3社、5社。", "respectively"),
        ("船の数は2025年に3社であり、これは2%に当たる。", "subject"),
        ("2025年の割合は3%。", "subject"),
        ("2025年のこれらの売上高は3億円。", "subject"),
        ("船の数は2025年に93件増加した。", "change"),
        ("船の数は2025年に30〜40件。", "range"),
        ("船の速度は2025年に1秒当たり3Gbps。", "rate"),
        ("船の速度は2025年に最大3Gbps。", "bound"),
        ("船の利用率は2025年に8％台。", "bound"),
        ("船の数は2025年に12位。", "rate"),
        ("船の数は2025年に6.403件。", "separator"),
        ("船の数は2025年に3局。", "ambiguous-unit"),
        ("海外では、船の数は2025年に3社。", "area"),
        ("船の数は2025年に12社で", "cut"),
        ("2025年の船の輸入額は3億円の赤字。", "subject"),
        ("船の売上高は2025年(令和6年)に3億円。", "period"),
        ("2024年から2025年の船の成長率は3%。", "period"),
        ("2024～2025年の船の成長率は3%。", "period"),
        ("船の数は、目標（2025年までに港の3社）を達している。", "subject"),
        ("港に占める割合は2025年に3%。", "subject"),
        ("船の数は2025年に前年比で3件。", "change"),
    ],
)
def test_what_leaves_a_choice_is_left_with_the_reason(tmp_path: Path, text: str, kind: str) -> None:
    document = read(tmp_path, text)
    last = document.ledger.unread[-1]
    assert (last.line, last.kind) == (4, kind)
    assert all(text and kind for text in last.why.values())


@pytest.mark.parametrize(
    "text",
    [
        "第17回の調査では、GPT-4oやLlama 3.1を船で使う人に尋ねた。",
        "2025年の船は、第5世代移動通信システム（5G）を使う。",
        "約10年で倍増した。",
        "9.11の後、船の警備が変わった。",
        "船は東京都の3番埠頭を出た。",
    ],
)
def test_numbers_that_are_no_values_are_not_read(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, text)
    assert document.figures == []
    assert [entry.kind for entry in document.ledger.unread] == ["digits"]


def test_a_lost_separator_is_restored_where_the_text_prints_the_number_whole(
    tmp_path: Path,
) -> None:
    text = "船の数は2025年に6.403件。\n\n合計は6,403であった。"
    (figure,) = read(tmp_path, text).figures
    assert figure.value == "6403"


def test_a_value_printed_twice_differently_is_left_both_times(tmp_path: Path) -> None:
    text = "船の数は2025年に3件。\n\n船の数は2025年に4件。"
    document = read(tmp_path, text)
    assert document.figures == []
    assert [(each.line, each.kind) for each in document.ledger.unread] == [
        (6, "conflict"), (4, "conflict"),
    ]  # fmt: skip


def test_an_area_that_is_named_is_that_of_the_figure(tmp_path: Path) -> None:
    text = "米国の船の数は、2025年に3件。世界の船の売上高は、2025年に5億円。"
    figures = read(tmp_path, text).figures
    assert [(each.area, each.area_printed) for each in figures] == [("US", True), ("world", True)]


def test_a_figure_after_another_country_is_not_taken_for_the_own_one(tmp_path: Path) -> None:
    text = "米国では船が多い。船の数は、2025年に3件。"
    document = read(tmp_path, text)
    assert document.figures == []
    assert document.ledger.unread[-1].kind == "area"
