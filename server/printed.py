"""A value as a page reads it out: as it is printed, with the unit that the print leaves out, or in
the reader's language with the print beside it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
QUALIFIERS: Final = (
    (re.compile("約|およそ|程度"), "about "),
    (re.compile("超|を越え"), "over "),
    (re.compile("以上"), "at least "),
    (re.compile("以下"), "at most "),
    (re.compile("未満"), "under "),
)
"""Words of a print that say how exact a number is, and the English ones."""
RANK: Final = "rank"
"""The English unit that stands before its number."""
BARE: Final = re.compile(r"(約|およそ)?[\d,.]+(超|以上|以下|未満|程度)?")


def with_unit(printed: str, unit: str, value: Decimal | None = None) -> str:
    """Gives a printed value with its unit, once.

    >>> with_unit("85.6", "%"), with_unit("1,234", "億円"), with_unit("約3割", "割")
    ('85.6%', '1,234 億円', '約3割')
    >>> with_unit("約3", "割"), with_unit("49億人", "万人")
    ('約3 割', '49億人')

    To who reads no Japanese, a print in Japanese words is read out, and stands behind it.

    >>> with_unit("約3割", "tenths", Decimal("3")), with_unit("897", "companies")
    ('about 3 tenths (約3割)', '897 companies')
    """
    read, original = reading(printed, unit, value)
    return f"{read} ({original})" if original else read


def reading(printed: str, unit: str, value: Decimal | None = None) -> tuple[str, str]:
    """Gives a printed value as it is read out, and the print itself where that is in Japanese words
    but the unit is not.

    >>> reading("35兆315億円", "100 million yen", Decimal("350315"))
    ('350,315 × 100 million yen', '35兆315億円')
    >>> reading("2万5千人超", "people", Decimal(25000)), reading("1.1%減", "%", Decimal("-1.1"))
    (('over 25,000 people', '2万5千人超'), ('−1.1%', '1.1%減'))
    """
    japanese = JAPANESE.search(printed)
    if japanese and unit and value is not None and not JAPANESE.search(unit):
        exact = next((word for pattern, word in QUALIFIERS if pattern.search(printed)), "")
        number = f"{value:,f}".replace("-", "−")
        return exact + (number if unit == "1" else _joined(number, unit)), printed
    if not printed or not unit or unit == "1" or unit in printed:
        return printed, ""
    # What is more than a number and how exact it is has its unit in it, in other words than ours.
    bare = BARE.fullmatch(printed) and JAPANESE.search(unit) if japanese else True
    return _joined(printed, unit) if bare else printed, ""


def _joined(number: str, unit: str) -> str:
    if unit == "%":
        return number + unit
    if unit == RANK:
        return f"{unit} {number}"
    return f"{number} × {unit}" if unit[0].isdigit() else f"{number} {unit}"
