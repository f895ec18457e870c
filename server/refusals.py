"""What is refused, in the reader's language: the engine and the catalogue speak English.

What the texts know is said in Japanese; anything else is quoted as it came, and said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ..graph.errors import (
    BadParameter,
    HakushoError,
    InvalidQuery,
    UnknownQuestion,
    UnknownThing,
)
from .language import text
from .texts.files import texts


def in_words(error: HakushoError, lang: str) -> str:
    """Gives what an error says, without the place that a page shows beside it."""
    english = error.message if isinstance(error, InvalidQuery) else str(error)
    if lang == "en":
        return english
    if isinstance(error, BadParameter):
        key = "refusal.missing" if error.got is None else "refusal.wanted"
        facts = {"name": error.name, "expected": translated(error.expected)}
        if error.got is not None:
            facts["got"] = error.got
        return _filled(key, **facts) + _perhaps(error.nearest)
    if isinstance(error, UnknownThing):
        return _filled("refusal.unknown_thing", asked=error.asked) + _perhaps(error.nearest)
    if isinstance(error, UnknownQuestion):
        return _filled("refusal.unknown_question", asked=error.asked) + _perhaps(error.nearest)
    return translated(english)


def translated(english: str) -> str:
    """Gives a sentence in Japanese, or as it is with the word that it is.

    >>> translated("'b' cannot stand here"), translated("a number from 1 on")
    ('「b」はここに書けません', '1以上の数')
    >>> translated("as nobody foresaw")
    '（原文）“as nobody foresaw”'
    """
    for form, key in _forms().items():
        if found := form.fullmatch(english):
            return _filled(key, **found.groupdict())
    return _filled("refusal.original", english=english)


@cache
def _forms() -> Mapping[re.Pattern[str], str]:
    """Gives each English form as a pattern, with its key."""
    return {
        re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(said["en"])), re.DOTALL): (
            f"refusal.{name}"
        )
        for name, said in texts("pages")["refusal"].items()
        if name != "original"
    }


def _filled(key: str, **facts: str) -> str:
    return text(key, "ja", **facts).unescape()


def _perhaps(names: tuple[str, ...]) -> str:
    return _filled("refusal.nearest", names=" / ".join(names)) if names else ""
