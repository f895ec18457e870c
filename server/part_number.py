"""The number of a part of a white paper as the paper prints it: 第Ⅱ部, 第2章, Section 3."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .language import text

NUMBERS: Final = re.compile(r"part/[^/]*?-p(\d+)(?:-c(\d+)(?:-s(\d+)((?:-\d+){0,2}))?)?")
LEVELS: Final = ("part", "chapter", "section")
ROMAN: Final = {"ja": "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", "en": "I II III IV V VI VII VIII IX X".split()}


def numbers(id: str, lang: str) -> list[str]:
    """Gives the number of each part from the top down to one, named by its id; none where the id
    does not tell them.

    >>> numbers("part/r07-p2-c2-s3", "ja"), numbers("part/r07-p2-c1", "en")
    (['第Ⅱ部', '第2章', '第3節'], ['Part II', 'Chapter 1'])
    >>> numbers("part/r07-p1-c1-s2-1-3", "ja"), numbers("part/r07-p2-c2-s8-focus", "ja")
    (['第Ⅰ部', '第1章', '第2節', '1', '(3)'], [])
    """
    found = NUMBERS.fullmatch(id)
    if found is None:
        return []
    named = [
        _named(level, each, lang)
        for level, each in zip(LEVELS, found.groups(), strict=False)
        if each
    ]
    smaller = (found[4] or "").split("-")[1:]
    return named + [f"({each})" if depth else each for depth, each in enumerate(smaller)]


@lru_cache(maxsize=256)
def _named(level: str, number: str, lang: str) -> str:
    """Gives the number of a part, chapter or section as a language writes it; most are met often,
    and an outline has many."""
    if level == LEVELS[0] and 0 < int(number) <= len(ROMAN[lang]):
        number = ROMAN[lang][int(number) - 1]
    return str(text(f"numbered.{level}", lang, number=number))


def own_number(id: str, lang: str) -> str:
    """Gives the number of a part among its neighbours.

    >>> own_number("part/r07-p2-c2-s3", "en")
    'Section 3'
    """
    found = numbers(id, lang)
    return found[-1] if found else ""


def whole_number(id: str, lang: str) -> str:
    """Gives the number of a part with those of the parts that it is in.

    >>> whole_number("part/r07-p2-c2-s3-1-2", "ja"), whole_number("part/r07-p2-c2-s3", "en")
    ('第Ⅱ部第2章第3節1(2)', 'Part II, Chapter 2, Section 3')
    """
    found = numbers(id, lang)
    above, smaller = found[:3], "".join(found[3:])
    if lang == "ja":
        return "".join(above) + smaller
    return ", ".join([*above, smaller] if smaller else above)
