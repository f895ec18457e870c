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


def with_unit(printed: str, unit: str) -> str:
    """Gives a printed value with its unit, once.

    >>> with_unit("85.6", "%"), with_unit("1,234", "億円"), with_unit("約3割", "割")
    ('85.6%', '1,234 億円', '約3割')
    >>> with_unit("897", "companies"), with_unit("約3", "割"), with_unit("49億人", "万人")
    ('897 companies', '約3 割', '49億人')
    >>> with_unit("2.1", "times (multiple)"), with_unit("2", "rank")
    ('2.1 times', 'rank 2')
    """
    if not printed or not unit or unit == "1" or unit in printed:
        return printed
    # What is more than a number and how exact it is has its unit in it, in other words than ours.
    whole = JAPANESE.search(printed) and not BARE.fullmatch(printed)
    return printed if whole else _joined(printed, unit)


def read_out(printed: str, unit: str, value: Decimal | None, lang: str) -> tuple[str, str]:
    """Gives a printed value with its unit as it is read out in a language, and the print itself
    where that is in the words of another.

    >>> read_out("35兆315億円", "100 million yen", Decimal("350315"), "en")
    ('350,315 × 100 million yen', '35兆315億円')
    >>> read_out("2万5千人超", "people", Decimal(25000), "en")
    ('over 25,000 people', '2万5千人超')
    >>> read_out("約27%", "%", Decimal(27), "ja"), read_out("1.1%減", "%", Decimal("-1.1"), "en")
    (('約27%', ''), ('−1.1%', '1.1%減'))
    """
    if lang == "ja" or not unit or value is None or not JAPANESE.search(printed):
        return with_unit(printed, unit), ""
    exact = next((word for pattern, word in QUALIFIERS if pattern.search(printed)), "")
    number = f"{value:,f}".replace("-", "−")
    return exact + (number if unit == "1" else _joined(number, unit)), printed


def _joined(number: str, unit: str) -> str:
    # Behind a number, what tells a unit from others of its name need not be said.
    unit = unit.partition(" (")[0]
    if unit == "%":
        return number + unit
    if unit == RANK:
        return f"{unit} {number}"
    return f"{number} × {unit}" if unit[0].isdigit() else f"{number} {unit}"
