"""Days as each language writes them."""

from __future__ import annotations

from datetime import date, datetime

from .language import language


def day(moment: str) -> str:
    """Gives the day of a moment, written as the reader's language writes it; nothing of nothing."""
    return moment and written(date.fromisoformat(moment[:10]), language())


def moment(lexical: str) -> str:
    """Gives a day or a moment as the reader's language writes it: to the minute where it has a
    time; what is none, as it stands."""
    try:
        there = datetime.fromisoformat(lexical)
    except ValueError:
        return lexical
    written_day = written(there.date(), language())
    if "T" not in lexical:
        return written_day
    zone = there.tzname() or ""
    return f"{written_day} {there:%H:%M} {zone}".rstrip()


def month(day: str) -> str:
    """Gives the month of a day, written as the reader's language writes that of a period."""
    there = date.fromisoformat(day[:10])
    if language() == "ja":
        return f"{there.year}年{there.month}月"
    return f"{_MONTHS[there.month - 1][:3]} {there.year}"


def written(day: date, lang: str) -> str:
    """Gives a day as a language writes it.

    >>> written(date(2026, 4, 1), "ja"), written(date(2026, 4, 1), "en")
    ('2026年4月1日', '1 April 2026')
    """
    if lang == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
