"""Numbers of parts, chapters and sections as they are printed: Ⅱ, II, 2, 二."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PATTERN: Final = r"[0-9]{1,2}|[IVXⅠ-Ⅻ]{1,4}|[一二三四五六七八九十]{1,3}"

_ROMAN: Final = {"I": 1, "V": 5, "X": 10}
_KANJI: Final = "一二三四五六七八九"


def number(printed: str) -> int | None:
    """Gives the number of a numeral, None where it is none.

    >>> number("Ⅳ"), number("12"), number("十二"), number("IX"), number("X")
    (4, 12, 12, 9, 10)
    """
    text = unicodedata.normalize("NFKC", printed)
    if text.isdecimal():
        return int(text)
    if re.fullmatch(r"[IVX]+", text):
        values = [_ROMAN[letter] for letter in text]
        following = [*values[1:], 0]
        pairs = zip(values, following, strict=True)
        return sum(-value if value < after else value for value, after in pairs)
    tens, ten, ones = text.rpartition("十")
    if not all(digit in _KANJI for digit in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return None
    high = (_KANJI.index(tens) + 1 if tens else 1) * 10 if ten else 0
    return high + (_KANJI.index(ones) + 1 if ones else 0) or None
