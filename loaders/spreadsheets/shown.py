"""Cells of a workbook as a person sees them: numbers, percentages and dates in their formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

_IN_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_LITERAL: Final = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_DIGITS: Final = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?(,*)")
_LITERALS_ONLY: Final = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True)
class Shown:
    """The text of a cell; `code` says what must be said of it, `stored` what the file holds."""

    text: str
    code: str = ""
    stored: str = ""
    error: bool = False


@dataclass(frozen=True)
class _Format:
    before: str
    after: str
    decimals: int
    grouped: bool
    percent: bool
    digits: bool


def shown(value: Any, format: str, kind: str = "n") -> Shown:
    """Gives the text of a cell by its value and number format; no digit of a number is lost.

    >>> shown(0.83, "0%").text, shown(-1234.5, '#,##0.0"億円";"△"#,##0.0"億円"').text
    ('83%', '△1,234.5億円')
    >>> shown(datetime(2024, 4, 1), "yyyy/m/d").text, shown(datetime(2024, 4, 1), "yyyy年m月").text
    ('2024-04-01', '2024-04')
    """
    if value is None:
        return Shown("")
    if kind == "e":
        return Shown(str(value), error=True)
    if isinstance(value, bool):
        return Shown(str(value).upper())
    if isinstance(value, datetime | date):
        text = _date(value, format)
        return Shown(text, "cell-date-read", text)
    if isinstance(value, time | timedelta):
        return Shown(str(value))
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), format)
    return Shown(str(value).replace("_x000D_", ""))


def _date(value: date, format: str) -> str:
    """Gives a date as far as its format shows it: to the day, the month or the year."""
    bare = _LITERALS_ONLY.sub("", _IN_BRACKETS.sub("", format)).lower()
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(sep=" ", timespec="minutes")
    day = value.date() if isinstance(value, datetime) else value
    if "d" in bare or not re.search("[yge]", bare):
        return day.isoformat()
    return f"{day:%Y-%m}" if "m" in bare else f"{day.year:04}"


def _number(value: Decimal, format: str) -> Shown:
    stored = _plain(value)
    read = _format(format, value < 0)
    if not read.digits:
        return Shown(stored)
    number = value * 100 if read.percent else value
    text = _digits(number, read.decimals, read.grouped)
    if read.before or read.after:
        # A minus that the format shows in another way is not shown twice.
        marked = any(sign in read.before for sign in "△▲-−(")
        text = read.before + (text.removeprefix("-") if marked else text) + read.after
    return Shown(text, "percent-read" if read.percent else "", stored)


@lru_cache(maxsize=1_000)
def _format(format: str, negative: bool) -> _Format:
    """Reads the section of a number format that is for numbers of a sign."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', format)
    section = sections[1] if negative and len(sections) > 1 and sections[1] else sections[0]
    section = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r'"\1"', section)
    section = _IN_BRACKETS.sub("", section)
    bare = _LITERALS_ONLY.sub(lambda found: "\0" * len(found[0]), section)
    found = _DIGITS.search(bare)
    if found is None or section == "General":
        return _Format("", "", 0, False, False, False)
    whole, _, fraction = found[0].rstrip(",").partition(".")
    before, after = section[: found.start()], section[found.end() :]
    return _Format(
        _literal(before),
        _literal(after),
        fraction.count("0"),
        "," in whole,
        "%" in _LITERALS_ONLY.sub("", before + after),
        True,
    )


def _literal(text: str) -> str:
    return _LITERAL.sub(lambda found: found[1] or found[2] or "", text).strip()


def _digits(value: Decimal, decimals: int, grouped: bool) -> str:
    """Gives a number with at least so many decimals, and all those that it has."""
    text = _plain(value)
    whole, _, fraction = text.partition(".")
    fraction = fraction.ljust(decimals, "0")
    if grouped:
        whole = f"{int(whole):,}" if whole not in ("-0", "0") else whole
    return f"{whole}.{fraction}" if fraction else whole


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
