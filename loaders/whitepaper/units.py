"""Units as white papers print them: a counter with 千, 万, 億 or 兆, and its code in the list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from ...graph.names import HKID, expand, term
from ...graph.ontology import code_lists
from ...graph.terms import python
from .lines import narrow
from .words import table

SCALES: Final = {
    "千": Decimal(10**3),
    "万": Decimal(10**4),
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "億": Decimal(10**8),
    "十億": Decimal(10**9),
    "兆": Decimal(10**12),
}
_SCALE: Final = re.compile("|".join(sorted(SCALES, key=len, reverse=True)))
_KIND: Final = HKID + "unit/"


class NoUnit(Exception):
    """A counter that no one unit is noted by; `ambiguous` where several are."""

    def __init__(self, ambiguous: bool) -> None:
        super().__init__(ambiguous)
        self.ambiguous = ambiguous


@dataclass(frozen=True)
class _Notation:
    unit: str
    multiplier: Decimal


@cache
def _notations() -> dict[str, tuple[_Notation, ...]]:
    """Gives the units that each notation may stand for."""
    noted: dict[str, list[str]] = {}
    multipliers: dict[str, Decimal] = {}
    for quad in code_lists():
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not subject.value.startswith(_KIND):
            continue
        slug = subject.value.removeprefix(_KIND)
        if quad.predicate.value == expand("skos:notation") and isinstance(value, Literal):
            noted.setdefault(_spelt(narrow(value.value)), []).append(slug)
        if quad.predicate == term("multiplier") and isinstance(value, Literal):
            multipliers[slug] = Decimal(str(python(value)))
    return {
        notation: tuple(_Notation(slug, multipliers[slug]) for slug in sorted(slugs))
        for notation, slugs in noted.items()
    }


@cache
def _spellings() -> dict[str, str]:
    return {other: usual for usual, others in table("spellings").items() for other in others}


def _spelt(notation: str) -> str:
    """Gives a notation in its usual spelling: 億米ドル as 億ドル."""
    scale = _SCALE.match(notation)
    head = scale[0] if scale else ""
    counter = notation.removeprefix(head)
    return head + _spellings().get(counter, counter)


@cache
def counters() -> re.Pattern[str]:
    """Gives the pattern of what is counted, as it follows a number.

    >>> counters().match("万回線")
    >>> counters().match("回線の")[0], counters().match("カ国")[0]
    ('回線', 'カ国')
    """
    known = {_SCALE.sub("", notation, count=1) for notation in _notations()} | set(_spellings())
    return re.compile("|".join(map(re.escape, sorted(known - {"", "1"}, key=len, reverse=True))))


def in_units(amount: Decimal, scale: str, counter: str) -> tuple[Decimal, str]:
    """Gives an amount in the unit that is printed, else in the one without a scale.

    >>> in_units(Decimal(54_700_000_000_000), "兆", "円")
    (Decimal('54.7'), 'jpy-trillion')
    >>> in_units(Decimal(300_000_000), "億", "件")
    (Decimal('300000000'), 'cases')
    """
    for notation in (scale + counter, counter):
        units = _notations().get(_spelt(notation), ())
        if len(units) > 1:
            raise NoUnit(ambiguous=True)
        if units:
            factor = SCALES.get(scale, Decimal(1)) if notation != counter else Decimal(1)
            return _plain(amount / factor), units[0].unit
    raise NoUnit(ambiguous=False)


def noted(text: str) -> tuple[str, ...]:
    """Gives the units that a notation may stand for.

    >>> noted("億円"), len(noted("局"))
    (('jpy-100m',), 2)
    """
    return tuple(each.unit for each in _notations().get(_spelt(text), ()))


def notation(unit: str) -> str:
    """Gives how a unit is printed.

    >>> notation("percent")
    '%'
    """
    return next(
        (text for text, units in _notations().items() if unit in {each.unit for each in units}), ""
    )


def _plain(value: Decimal) -> Decimal:
    """Gives a number without an exponent, its printed zeros kept."""
    return Decimal(format(value, "f"))
