"""Periods: each form, its days and names, the borders of eras, and what is no date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from hakusho.graph.eras import era_year, in_western_years, western_year
from hakusho.graph.errors import BadPeriod
from hakusho.graph.names import term, thing
from hakusho.graph.periods import FORMS, describe, parse_period

DAYS = """
FY2024         2024-04-01  2025-03-31  fiscal-year       令和6年度            FY2024
2024           2024-01-01  2024-12-31  year              令和6年              2024
2024-H1        2024-01-01  2024-06-30  half              令和6年上半期        H1_2024
2024-H2        2024-07-01  2024-12-31  half              令和6年下半期        H2_2024
FY2024-H1      2024-04-01  2024-09-30  fiscal-half       令和6年度上半期      H1_FY2024
FY2024-H2      2024-10-01  2025-03-31  fiscal-half       令和6年度下半期      H2_FY2024
2024-Q2        2024-04-01  2024-06-30  quarter           令和6年第2四半期     Q2_2024
FY2024-Q2      2024-07-01  2024-09-30  fiscal-quarter    令和6年度第2四半期   Q2_FY2024
FY2024-Q4      2025-01-01  2025-03-31  fiscal-quarter    令和6年度第4四半期   Q4_FY2024
2024-02        2024-02-01  2024-02-29  month             令和6年2月           Feb_2024
2024-11-05     2024-11-05  2024-11-05  date              令和6年11月5日       5_Nov_2024
survey-2025-02 2025-02-01  2025-02-28  survey-month      令和7年2月調査       Survey_of_Feb_2025
2019-04-30     2019-04-30  2019-04-30  date              平成31年4月30日      30_Apr_2019
2019-05-01     2019-05-01  2019-05-01  date              令和元年5月1日       1_May_2019
2019           2019-01-01  2019-12-31  year              平成31年・令和元年   2019
2019-H2        2019-07-01  2019-12-31  half              令和元年下半期       H2_2019
FY2019         2019-04-01  2020-03-31  fiscal-year       令和元年度           FY2019
FY2018         2018-04-01  2019-03-31  fiscal-year       平成30年度           FY2018
1989           1989-01-01  1989-12-31  year              昭和64年・平成元年   1989
1989-01        1989-01-01  1989-01-31  month             昭和64年・平成元年1月 Jan_1989
1989-01-07     1989-01-07  1989-01-07  date              昭和64年1月7日       7_Jan_1989
FY1988         1988-04-01  1989-03-31  fiscal-year       昭和63年度           FY1988
1872-06        1872-06-01  1872-06-30  month             1872年6月            Jun_1872
"""


@pytest.mark.parametrize("line", DAYS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_a_form_gives_its_days_type_and_names(line: str) -> None:
    text, start, end, kind, japanese, english = line.split()
    period = parse_period(text)
    assert (period.id, period.start.isoformat(), period.end.isoformat()) == (text, start, end)
    assert (period.type, period.label_ja, period.label_en) == (
        kind,
        japanese,
        english.replace("_", " "),
    )


def test_every_type_is_among_the_cases() -> None:
    assert {line.split()[3] for line in DAYS.strip().splitlines()} == set(FORMS)


def test_the_western_year_is_another_name() -> None:
    assert parse_period("FY2024").alt_labels_ja == ("2024年度",)
    assert parse_period("FY2019").alt_labels_ja == ("平成31年度", "2019年度")
    assert parse_period("2024-11").alt_labels_ja == ("2024年11月",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2024-02-31", "'2024-02-31' is no period: Feb 2024 has 29 days, no day 31"),
        ("2024-06-99", "'2024-06-99' is no period: Jun 2024 has 30 days, no day 99"),
        ("2023-02-29", "'2023-02-29' is no period: Feb 2023 has 28 days, no day 29"),
        ("2024-13", "'2024-13' is no period: a year has no month 13"),
        ("2024-11-00", "'2024-11-00' is no period: Nov 2024 has 30 days, no day 00"),
        ("survey-2024-00", "'survey-2024-00' is no period: a year has no month 00"),
        ("9999", "'9999' is no period: years run from 0001 to 9998"),
    ],
)
def test_a_day_that_no_calendar_has_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        parse_period(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("令和6年度", "FY2024"),
        ("令和元年", "2019"),
        ("平成31年4月", "2019-04"),
        ("２０２４年１１月５日", "2024-11-05"),
        ("fy2024", "FY2024"),
        ("2024/4", "2024-04"),
        ("2024年度", "FY2024"),
    ],
)
def test_a_form_that_is_not_ours_is_refused_with_ours(text: str, meant: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        parse_period(text)
    assert caught.value.nearest == (meant,)
    assert str(caught.value).endswith(f"; did you mean {meant}?")


@pytest.mark.parametrize("text", ["", "FY24", "2024-Q5", "2024-H3", " 2024", "2024-1", "今年度"])
def test_what_names_no_period_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(BadPeriod, match="the forms are FY2024, 2024, "):
        parse_period(text)


def test_periods_sort_by_their_last_day() -> None:
    names = ["FY2024", "2024", "2024-11-05", "FY2023", "2024-12", "survey-2025-02"]
    ordered = ["FY2023", "2024-11-05", "2024", "2024-12", "survey-2025-02", "FY2024"]
    assert [period.id for period in sorted(map(parse_period, names))] == ordered


def test_a_fiscal_year_contains_its_quarters_but_not_the_calendar_year() -> None:
    fiscal = parse_period("FY2024")
    assert all(parse_period(f"FY2024-Q{quarter}") in fiscal for quarter in (1, 2, 3, 4))
    assert parse_period("2024") not in fiscal
    assert date(2025, 3, 31) in fiscal and date(2025, 4, 1) not in fiscal


def test_a_period_is_described_in_both_languages_with_its_days_and_type() -> None:
    triples = describe(parse_period("FY2024"))
    assert {triple.subject for triple in triples} == {thing("period", "FY2024")}
    said = {(triple.predicate, triple.object) for triple in triples}
    day = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    assert (term("start"), Literal("2024-04-01", datatype=day)) in said
    assert (term("end"), Literal("2025-03-31", datatype=day)) in said
    assert (term("periodType"), thing("period-type", "fiscal-year")) in said
    assert (label, Literal("令和6年度", language="ja")) in said
    assert (label, Literal("FY2024", language="en")) in said


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_has_one_era_year_that_leads_back_to_its_year(day: date) -> None:
    written = era_year(day)
    assert written is not None
    name, year = written[:2], written[2:]
    assert western_year(name, 1 if year == "元" else int(year)) == day.year
    assert parse_period(day.isoformat()).label_ja == f"{written}年{day.month}月{day.day}日"


def test_era_years_in_a_text_are_written_in_western_years() -> None:
    assert in_western_years("平成27年版、昭和64年１月") == "2015年版、1989年1月"
    assert in_western_years("令和の時代") == "令和の時代"
    assert western_year("昭和", 70) is None
