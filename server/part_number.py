"""The number of a part of a white paper as the paper prints it: 第Ⅱ部, 第2章, Section 3."""

from __future__ import annotations

import re
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
    part, *below = (each for each in found.groups()[:3] if each)
    figures = [ROMAN[lang][int(part) - 1] if 0 < int(part) <= 10 else part, *below]
    named = [
        str(text(f"numbered.{level}", lang, number=number))
        for level, number in zip(LEVELS, figures, strict=False)
    ]
    smaller = (found[4] or "").split("-")[1:]
    return named + [f"({each})" if depth else each for depth, each in enumerate(smaller)]


def own_number(id: str, lang: str) -> str:
    """Gives the number of a part among its neighbours.

    >>> own_number("part/r07-p2-c2-s3", "en")
    'Section 3'
    """
    return numbers(id, lang)[-1] if numbers(id, lang) else ""


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
