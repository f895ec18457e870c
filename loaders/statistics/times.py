"""Times as statistics code them: those of e-Stat and of SDMX, as the periods of the tables."""

from __future__ import annotations

import re
from typing import Final

from ...graph.errors import BadPeriod
from ...graph.periods import parse_period
from ..spreadsheets import forms

_ESTAT: Final = re.compile(
    r"(?P<year>[0-9]{4})(?P<kind>[0-9]{2})(?P<first>[0-9]{2})(?P<last>[0-9]{2})"
)
_RANGE: Final = re.compile(
    r"(?P<year>[0-9]{4})年(?P<first>[0-9]{1,2})月?[~～〜-](?P<last>[0-9]{1,2})月期?"
)
_SDMX: Final = (
    (r"([0-9]{4})(?:-A1)?", "{0}"),
    (r"([0-9]{4})-S([12])", "{0}-H{1}"),
    (r"([0-9]{4})-Q([1-4])", "{0}-Q{1}"),
    (r"([0-9]{4})-M?(0[1-9]|1[0-2])", "{0}-{1}"),
    (r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T00:00:00)?", "{0}"),
)
FISCAL: Final = "10"
"""What stands for a fiscal year where e-Stat codes what kind of time it is."""


def estat_period(code: str, label: str = "") -> str | None:
    """Gives the period of a time of e-Stat: by its name where that can be read, else by its code.

    The code is the year, the kind (10 is a fiscal year) and the first and last month; None stands
    for what is no period here, and for a name and a code that say different things.

    >>> estat_period("2024100000", "2024年度"), estat_period("2024000000", "2024年")
    ('FY2024', '2024')
    >>> estat_period("2024000101", "2024年1月"), estat_period("2024000103", "2024年1～3月期")
    ('2024-01', '2024-Q1')
    >>> estat_period("2024000101"), estat_period("2024100000", "2024年"), estat_period("301")
    ('2024-01', None, None)
    """
    coded, named = _coded(code), _named(label)
    if coded and named and coded != named:
        # The code of a survey's or a day's time holds the year alone.
        return named if named.startswith(coded) and not named.startswith("FY") else None
    return named or coded


def sdmx_period(text: str) -> str | None:
    """Gives the period of a time of SDMX, None where there is none of its length.

    >>> [sdmx_period(text) for text in ("2024", "2024-Q2", "2024-S1", "2024-M03", "2024-03")]
    ['2024', '2024-Q2', '2024-H1', '2024-03', '2024-03']
    >>> sdmx_period("2024-A1"), sdmx_period("2024-W07")
    ('2024', None)
    """
    for form, meant in _SDMX:
        found = re.fullmatch(form, text)
        if found is not None:
            return _known(meant.format(*found.groups()))
    return None


def as_fiscal(period: str) -> str:
    """Gives the fiscal year, half or quarter of the same number.

    >>> as_fiscal("2024"), as_fiscal("2024-Q1"), as_fiscal("2024-03"), as_fiscal("FY2024")
    ('FY2024', 'FY2024-Q1', '2024-03', 'FY2024')
    """
    return f"FY{period}" if re.fullmatch(r"[0-9]{4}(-[HQ][1-4])?", period) else period


def _coded(code: str) -> str | None:
    found = _ESTAT.fullmatch(code)
    if found is None:
        return None
    first, last = int(found["first"]), int(found["last"])
    if first == last == 0:
        return _known(("FY" if found["kind"] == FISCAL else "") + found["year"])
    return _months(found["year"], first, last)


def _named(label: str) -> str | None:
    narrowed = "".join(label.replace("～", "~").split())
    found = _RANGE.fullmatch(narrowed)
    if found is not None:
        return _months(found["year"], int(found["first"]), int(found["last"]))
    period = forms.period(label) if label else None
    return None if period is None else _known(period)


def _months(year: str, first: int, last: int) -> str | None:
    """Gives the month, quarter, half or calendar year that some months are."""
    if first == last:
        return _known(f"{year}-{first:02}")
    if (first, last) == (1, 12):
        return _known(year)
    for length, letter in ((3, "Q"), (6, "H")):
        if last - first + 1 == length and first % length == 1:
            return _known(f"{year}-{letter}{last // length}")
    return None


def _known(text: str) -> str | None:
    try:
        return parse_period(text).id
    except BadPeriod:
        return None
