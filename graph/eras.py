"""Years of the Japanese eras: 令和6年 is 2024, and 平成 ends on 30 April 2019."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final, NamedTuple


class Era(NamedTuple):
    """An era: the year that it counts as its first, and the days that bear its name."""

    name: str
    letter: str
    first_year: int
    first_day: date
    last_day: date


def _eras() -> tuple[Era, ...]:
    # Days of Meiji count from 1873, when Japan took the Gregorian calendar: an earlier month or
    # day of an era year is not the month or day of the same number.
    starts = (
        ("明治", "m", 1868, date(1873, 1, 1)),
        ("大正", "t", 1912, date(1912, 7, 30)),
        ("昭和", "s", 1926, date(1926, 12, 25)),
        ("平成", "h", 1989, date(1989, 1, 8)),
        ("令和", "r", 2019, date(2019, 5, 1)),
    )
    ends = [start[3] - timedelta(days=1) for start in starts[1:]] + [date.max]
    return tuple(Era(*start, end) for start, end in zip(starts, ends, strict=True))


ERAS: Final = _eras()
"""The eras since Meiji, oldest first."""


def era_year(day: date) -> str | None:
    """Gives the era year of a day as it is written, or None before the eras known here.

    >>> era_year(date(2019, 4, 30)), era_year(date(2019, 5, 1))
    ('平成31', '令和元')
    """
    for era in ERAS:
        if era.first_day <= day <= era.last_day:
            return written(era, day.year - era.first_year + 1)
    return None


def written(era: Era, year: int) -> str:
    """Gives an era year as it is written: the first year of an era is 元.

    >>> written(ERAS[-1], 1), written(ERAS[-1], 7)
    ('令和元', '令和7')
    """
    return era.name + ("元" if year == 1 else str(year))


def era_years(first: date, last: date) -> list[str]:
    """Gives the era years that some days of a stretch bear, in their order.

    >>> era_years(date(2019, 1, 1), date(2019, 12, 31))
    ['平成31', '令和元']
    """
    years = [era_year(first), *(era_year(era.first_day) for era in ERAS)]
    within = [True, *(first < era.first_day <= last for era in ERAS)]
    return [year for year, inside in zip(years, within, strict=True) if inside and year]


def western_year(name: str, year: int) -> int | None:
    """Gives the year of an era year, by the era's name or letter; None where it has no such year.

    >>> western_year("令和", 6), western_year("h", 27), western_year("平成", 40)
    (2024, 2015, None)
    """
    for era in ERAS:
        western = era.first_year + year - 1
        if name in (era.name, era.letter) and year >= 1 and western <= era.last_day.year:
            return western
    return None


def in_western_years(text: str) -> str:
    """Gives a text with its era years and full-width digits written in western years.

    >>> in_western_years("令和６年度の予算、平成元年度比")
    '2024年度の予算、1989年度比'
    """

    def western(found: re.Match[str]) -> str:
        year = 1 if found[2] == "元" else int(found[2])
        return f"{western_year(found[1], year) or found[0].removesuffix('年')}年"

    names = "|".join(era.name for era in ERAS)
    normal = unicodedata.normalize("NFKC", text)
    return re.sub(rf"({names})\s?([0-9]{{1,2}}|元)年", western, normal)
