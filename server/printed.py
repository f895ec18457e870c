"""A value as its page prints it, with the unit that the print leaves out or that readers lack."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def with_unit(printed: str, unit: str, value: Decimal | None = None) -> str:
    """Gives a printed value with its unit, once.

    >>> with_unit("85.6", "%"), with_unit("1,234", "億円"), with_unit("約3割", "割")
    ('85.6%', '1,234 億円', '約3割')

    A print in Japanese words is read out beside it to who reads no Japanese.

    >>> with_unit("約3割", "tenths", Decimal("3")), with_unit("897", "companies")
    ('約3割 (3 tenths)', '897 companies')
    >>> with_unit("35兆315億円", "100 million yen", Decimal("350315"))
    '35兆315億円 (350,315 × 100 million yen)'
    """
    if not printed or not unit or unit == "1" or unit in printed:
        return printed
    if JAPANESE.search(printed) and not JAPANESE.search(unit):
        return printed if value is None else f"{printed} ({_joined(f'{value:,f}', unit)})"
    return _joined(printed, unit)


def _joined(number: str, unit: str) -> str:
    if unit == "%":
        return number + unit
    return f"{number} × {unit}" if unit[0].isdigit() else f"{number} {unit}"
