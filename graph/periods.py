"""Periods as the tables write them: the days they cover, and their names in both languages.

The form says the type: `FY2024` is a fiscal year (April to March), `2024` a calendar year, then
halves, quarters, months, days and the month of a survey. Types are never mixed silently.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from .eras import era_year, era_years, in_western_years
from .errors import BadPeriod
from .names import expand, term, thing
from .terms import literal

FORMS: Final = {
    "fiscal-year": r"FY(?P<year>\d{4})",
    "year": r"(?P<year>\d{4})",
    "fiscal-half": r"FY(?P<year>\d{4})-H(?P<half>[12])",
    "half": r"(?P<year>\d{4})-H(?P<half>[12])",
    "fiscal-quarter": r"FY(?P<year>\d{4})-Q(?P<quarter>[1-4])",
    "quarter": r"(?P<year>\d{4})-Q(?P<quarter>[1-4])",
    "month": r"(?P<year>\d{4})-(?P<month>\d\d)",
    "date": r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
    "survey-month": r"survey-(?P<year>\d{4})-(?P<month>\d\d)",
}
"""The form of each type of period; a type is a concept of the scheme period-type."""

EXAMPLES: Final = (
    "FY2024, 2024, FY2024-H1, 2024-H1, FY2024-Q2, 2024-Q2, 2024-11, 2024-11-05, survey-2025-02"
)
FISCAL_START: Final = 4
"""The month in which a Japanese fiscal year begins."""

RENAMED: Final = {2019: "令和元"}
"""By the government's decision of 1 April 2019 that whole fiscal year bears the new era's name."""

MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days with the type that its form gives it.

    Sorted by last day, then by first: the last of a sorted list is the latest.
    """

    end: date
    start: date
    id: str
    type: str = field(compare=False)
    label_ja: str = field(compare=False)
    label_en: str = field(compare=False)
    alt_labels_ja: tuple[str, ...] = field(compare=False, default=())

    def __contains__(self, other: date | Period) -> bool:
        """Says whether a day, or every day of another period, lies in this one.

        >>> parse_period("2025-01") in parse_period("FY2024")
        True
        """
        first, last = (other.start, other.end) if isinstance(other, Period) else (other, other)
        return self.start <= first and last <= self.end


@lru_cache(maxsize=10_000)
def parse_period(text: str) -> Period:
    """Gives the period that a text names.

    >>> period = parse_period("FY2024")
    >>> period.start.isoformat(), period.end.isoformat(), period.type, period.label_ja
    ('2024-04-01', '2025-03-31', 'fiscal-year', '令和6年度')
    """
    for kind, form in FORMS.items():
        found = re.fullmatch(form, text, re.ASCII)
        if found is not None:
            parts = {name: int(part) for name, part in found.groupdict().items()}
            start, end = _days(text, kind, parts)
            label, *others = _japanese(kind, parts, start, end)
            return Period(end, start, text, kind, label, _english(kind, parts), tuple(others))
    raise BadPeriod(text, f"the forms are {EXAMPLES}", _nearest(text))


def describe(period: Period) -> list[Triple]:
    """Gives the triples that describe a period in the graph.

    >>> len(describe(parse_period("2024-11")))
    7
    """
    subject, label = thing("period", period.id), NamedNode(expand("rdfs:label"))
    other = NamedNode(expand("skos:altLabel"))
    return [
        Triple(subject, NamedNode(expand("rdf:type")), term("Period")),
        Triple(subject, term("start"), literal(period.start)),
        Triple(subject, term("end"), literal(period.end)),
        Triple(subject, term("periodType"), thing("period-type", period.type)),
        Triple(subject, label, Literal(period.label_ja, language="ja")),
        Triple(subject, label, Literal(period.label_en, language="en")),
        *(Triple(subject, other, Literal(name, language="ja")) for name in period.alt_labels_ja),
    ]


def _days(text: str, kind: str, parts: dict[str, int]) -> tuple[date, date]:
    """Gives the first and last day of a period, refusing days that no calendar has."""
    year, month = parts["year"], parts.get("month", 1)
    if not 1 <= year <= 9998:
        raise BadPeriod(text, "years run from 0001 to 9998")
    if not 1 <= month <= 12:
        raise BadPeriod(text, f"a year has no month {month:02}")
    length = calendar.monthrange(year, month)[1]
    if not 1 <= parts.get("day", 1) <= length:
        named = f"{MONTHS[month - 1]} {year}"
        raise BadPeriod(text, f"{named} has {length} days, no day {parts['day']:02}")
    if "day" in parts:
        day = date(year, month, parts["day"])
        return day, day
    if "month" in parts:
        return date(year, month, 1), date(year, month, length)
    months = 6 if "half" in parts else 3 if "quarter" in parts else 12
    offset = months * (parts.get("half", parts.get("quarter", 1)) - 1)
    first = year * 12 + offset + (FISCAL_START - 1 if kind.startswith("fiscal") else 0)
    last = first + months
    return (
        date(first // 12, first % 12 + 1, 1),
        date(last // 12, last % 12 + 1, 1) - timedelta(days=1),
    )


def _japanese(kind: str, parts: dict[str, int], start: date, end: date) -> list[str]:
    """Gives the Japanese names of a period: by era years first, then by the western year."""
    tail = "年度" if kind.startswith("fiscal") else "年"
    if "half" in parts:
        tail += "上半期" if parts["half"] == 1 else "下半期"
    if "quarter" in parts:
        tail += f"第{parts['quarter']}四半期"
    if "month" in parts:
        tail += f"{parts['month']}月"
    if "day" in parts:
        tail += f"{parts['day']}日"
    if kind == "survey-month":
        tail += "調査"
    if not kind.startswith("fiscal"):
        # A year in which the era changed has two names: 平成31年・令和元年.
        eras = "年・".join(era_years(start, end))
        return [name + tail for name in (eras, str(parts["year"])) if name]
    named_by = era_year(date(parts["year"], FISCAL_START, 1))
    names = (RENAMED.get(parts["year"]), named_by, str(parts["year"]))
    return [name + tail for name in names if name]


def _english(kind: str, parts: dict[str, int]) -> str:
    """Gives the English name of a period, such as `Q2 FY2024` or `5 Nov 2024`."""
    words = [f"FY{parts['year']}" if kind.startswith("fiscal") else str(parts["year"])]
    if "half" in parts:
        words.insert(0, f"H{parts['half']}")
    if "quarter" in parts:
        words.insert(0, f"Q{parts['quarter']}")
    if "month" in parts:
        words.insert(0, MONTHS[parts["month"] - 1])
    if "day" in parts:
        words.insert(0, str(parts["day"]))
    return ("Survey of " if kind == "survey-month" else "") + " ".join(words)


def _nearest(text: str) -> tuple[str, ...]:
    """Gives the form of a period that a person may have meant: FY2024 for 令和6年度."""
    western = re.sub(r"\s", "", in_western_years(text)).upper()
    year, *rest = re.findall(r"\d+", western) or [""]
    if len(year) != 4:
        return ()
    fiscal = "FY" if "年度" in western or western.startswith("FY") else ""
    meant = "-".join([fiscal + year, *(number.zfill(2) for number in rest)])
    try:
        return (parse_period(meant).id,) if meant != text else ()
    except BadPeriod:
        return ()
