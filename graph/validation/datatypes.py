"""Literals as shapes judge them: is one of its datatype, and which of two comes first."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal

from ..names import PREFIXES
from ..store import Term
from ..terms import INTEGERS, python

XSD: Final = PREFIXES["xsd"]

_ZONE: Final = r"(Z|[+-]\d\d:\d\d)?"
_NUMBER: Final = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_FORMS: Final = {
    name: re.compile(form, re.ASCII)
    for name, form in {
        "boolean": "true|false|0|1",
        "date": rf"(\d{{4}}-\d\d-\d\d){_ZONE}",
        "dateTime": rf"(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?{_ZONE}",
        "decimal": _NUMBER,
        "double": rf"{_NUMBER}([eE][+-]?\d+)?|[+-]?INF|NaN",
        "float": rf"{_NUMBER}([eE][+-]?\d+)?|[+-]?INF|NaN",
        "gYear": rf"-?\d{{4,}}{_ZONE}",
        "gYearMonth": rf"-?\d{{4,}}-(0[1-9]|1[0-2]){_ZONE}",
        "time": r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?" + _ZONE,
    }.items()
}
_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_RANGES: Final = {
    "byte": (-(2**7), 2**7 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "positiveInteger": (1, None),
    "short": (-(2**15), 2**15 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedShort": (0, 2**16 - 1),
}


def is_well_formed(literal: Literal) -> bool:
    """Tells whether the text of a literal is one of its datatype, where that is known.

    >>> from pyoxigraph import NamedNode
    >>> is_well_formed(Literal("2026-02-31", datatype=NamedNode(XSD + "date")))
    False
    """
    datatype = literal.datatype.value
    name = datatype.removeprefix(XSD)
    if datatype in INTEGERS:
        least, most = _RANGES.get(name, (None, None))
        if not _INTEGER.fullmatch(literal.value):
            return False
        number = int(literal.value)
        return (least is None or number >= least) and (most is None or number <= most)
    form = _FORMS.get(name) if datatype.startswith(XSD) else None
    if form is None:
        return True
    found = form.fullmatch(literal.value)
    return found is not None and (name not in ("date", "dateTime") or _is_real(found.group(1)))


def _is_real(day: str) -> bool:
    try:
        datetime.fromisoformat(day)
    except ValueError:
        return False
    return True


def compare(one: Term, other: Term) -> int | None:
    """Gives which of two values comes first, as -1, 0 or 1; None where they do not compare."""
    left, right = python(one), python(other)
    for kind in ((int, Decimal), (date,)):
        if all(isinstance(each, kind) and not isinstance(each, bool) for each in (left, right)):
            return (left > right) - (left < right)  # type: ignore[operator]
    return None
