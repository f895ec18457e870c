"""Figure numbers as white papers print them: what they are called, and how far they are unique."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class FigureNumber:
    """A figure's number: `unique` in its edition as `I-2-1-3` is, or only on its page as `表1`."""

    number: str
    slug: str
    unique: bool
    label_ja: str
    label_en: str


_ROMAN: Final = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ"}


def printed_number(number: str) -> str:
    """Gives a figure's number as white papers print it: the part's Roman numeral is one letter.

    >>> printed_number("II-1-3-2"), printed_number("表1")
    ('Ⅱ-1-3-2', '表1')
    """
    part, hyphen, rest = number.partition("-")
    return _ROMAN.get(part, part) + hyphen + rest


def figure_number(printed: str) -> FigureNumber:
    """Gives the number of a figure from its printed form.

    >>> figure_number("Ⅰ-2-1-3").label_ja, figure_number("表１").label_en
    ('図表I-2-1-3', 'Table 1')
    >>> figure_number("図表[2]").slug
    'figure-2'
    """
    number = unicodedata.normalize("NFKC", printed)
    unique = re.fullmatch(r"[IVX0-9]+(-[0-9]+)+", number) is not None
    word = next((word for word in ("図表", "図", "表") if number.startswith(word)), "")
    bare = number.removeprefix(word).strip("()[]. ")
    english = "Table" if word == "表" else "Figure"
    slug = number if unique else f"{english.lower()}-{bare}"
    return FigureNumber(number, slug, unique, (word or "図表") + bare, f"{english} {bare}")
