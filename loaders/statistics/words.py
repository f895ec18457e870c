"""The words of `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from ..references import folded


@cache
def words(section: str) -> dict[str, Any]:
    """Gives a section.

    >>> words("statuses")["F"]
    'forecast'
    """
    text = (files(__package__) / "words.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)[section]
    return found


@cache
def column_called(name: str) -> str | None:
    """Gives the column of observations that a dimension of some name is.

    >>> column_called("年齢階級"), column_called("ＳＥＸ"), column_called("天気")
    ('age', 'population', None)
    """
    for column, names in words("dimensions").items():
        if folded(name) in map(folded, names):
            return str(column)
    return None


@cache
def is_total(name: str) -> bool:
    """Says whether a name stands for everything."""
    return folded(name) in map(folded, words("totals")["names"])
