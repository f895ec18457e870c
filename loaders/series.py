"""The series of white papers: the edition that a page belongs to, and the names of editions."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ..graph.eras import ERAS, western_year, written

EDITIONS: Final = Path(str(files(__package__))) / "editions"
"""The folder of the packaged editions, one folder each, named by the edition's code."""


@cache
def _series() -> dict[str, Any]:
    return tomllib.loads((EDITIONS / "series.toml").read_text(encoding="utf-8"))


@cache
def _page() -> re.Pattern[str]:
    return re.compile(_series()["page"])


def edition_of_page(address: str) -> str | None:
    """Gives the edition that the address of a page names, or None where it names none.

    >>> edition_of_page("http://www.soumu.go.jp/johotsusintokei/whitepaper/ja/h27/html/nc1.html")
    'h27'
    >>> edition_of_page("https://www.soumu.go.jp/menu_news/")
    """
    found = _page().search(address)
    return found["edition"] or found["document"] if found else None


def edition_labels(edition: str) -> dict[str, str]:
    """Gives the Japanese and English name of an edition; none where its code is of no series.

    >>> edition_labels("r01")["ja"], edition_labels("h09")["ja"]
    ('令和元年版情報通信白書', '平成9年版通信白書')
    """
    letter, number = edition[:1], edition[1:]
    year = western_year(letter, int(number)) if number.isdecimal() else None
    era = next((era for era in ERAS if era.letter == letter), None)
    for name in _series()["name"]:
        if era is not None and year is not None and year >= name["since"]:
            words = {"era": written(era, int(number)), "year": year}
            return {lang: name[lang].format_map(words) for lang in ("ja", "en")}
    return {}


def first_edition() -> str:
    """Gives the edition whose links have no edition in their ids."""
    return str(_series()["first"])
