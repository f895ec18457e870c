"""The vocabulary of the genre, and the reasons given to a person, as their files have them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ...graph.errors import BadText

_FOLDER: Final = Path(str(files(__package__)))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))


@cache
def _reasons() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "reasons.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> tuple[str, ...]:
    """Gives the words of a list; a list within a table is asked for as `table.list`.

    >>> "予測" in words("forecast"), "海外" in words("vague.areas")
    (True, True)
    """
    entry: Any = _words()
    for part in name.split("."):
        entry = entry[part]
    return tuple(entry)


@cache
def table(name: str) -> dict[str, Any]:
    """Gives a table of words, such as the other spellings of units.

    >>> table("areas")["我が国"]
    'JP'
    """
    entry: dict[str, Any] = _words()[name]
    return entry


@cache
def any_of(name: str) -> re.Pattern[str]:
    """Gives the pattern that finds any word of a list, the longest first.

    >>> any_of("forecast").search("拡大すると予測されている")[0]
    '予測'
    """
    ordered = sorted(words(name), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)))


@cache
def furniture() -> re.Pattern[str]:
    """Gives the pattern that matches a line that belongs to the page and not to its text.

    >>> bool(furniture().fullmatch("テキスト形式のファイルはこちら"))
    True
    """
    return re.compile("|".join(f"(?:{form})" for form in words("furniture")))


def refused(file: str, kind: str, **facts: object) -> BadText:
    """Gives the error that says why a file cannot be read, in both languages.

    >>> str(refused("r8.txt", "empty"))
    'r8.txt: is empty'
    """
    texts: Any = _reasons()["refused"]
    said = {lang: text.format(**facts) for lang, text in texts[kind].items()}
    return BadText(file, said["en"], said["ja"])


def reason(kind: str, **facts: str) -> dict[str, str]:
    """Gives why a line is left to a person, in both languages.

    >>> reason("period", what="約8割")["en"]
    '約8割 was read, but nothing printed says of when it is'
    """
    return {lang: text.format(**facts) for lang, text in _reasons()[kind].items()}
