"""Units as statistics call them, as units of the list here, with the value that goes with each."""

from __future__ import annotations

from decimal import Decimal

from ..references import References
from ..spreadsheets.forms import unit_code
from ..whitepaper.units import SCALES, NoUnit, in_units


def in_listed_units(value: Decimal, unit: str, known: References) -> tuple[Decimal, str] | None:
    """Gives a value in a unit of the list: the one that is named, else that of which it is a
    multiple; None where there is neither.

    >>> in_listed_units(Decimal("12.5"), "千人", References())
    (Decimal('12500.0'), 'persons')
    >>> in_listed_units(Decimal("5"), "％", References())
    (Decimal('5'), 'percent')
    """
    exact = unit_code(unit) or next(iter(known.named("unit", unit)), None)
    if exact is None and known.knows("unit", unit):
        exact = unit
    if exact is not None:
        return value, exact
    for scale in sorted(SCALES, key=len, reverse=True):
        if unit.startswith(scale):
            rest = unit.removeprefix(scale).strip()
            try:
                return in_units(value * SCALES[scale], scale, rest)
            except NoUnit:
                named = known.named("unit", rest)
                if len(named) == 1:
                    return value * SCALES[scale], named[0]
    return None
