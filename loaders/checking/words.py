"""What is said of statements that cannot be taken over as they are, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from .report import Occurrence, PlacedFinding


@cache
def words() -> dict[str, dict[str, Any]]:
    """Gives what is said of each code."""
    return tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))


def finding(
    code: str,
    *occurrences: Occurrence,
    path: str | None = None,
    value: str | None = None,
    nearest: tuple[str, ...] = (),
    **facts: str,
) -> PlacedFinding:
    """Gives a finding with its sentences, the facts in their places.

    >>> found = finding("unknown-term", Occurrence(), value="hk:adresses", term="hk:adresses")
    >>> found.severity, found.message_en
    ('violation', 'uses hk:adresses, which is no term of the ontology')
    """
    said = words()[code]
    return PlacedFinding(
        code=code,
        severity=said["severity"],
        message_ja=said["ja"].format(**facts),
        message_en=said["en"].format(**facts),
        hint_ja=said["hint"]["ja"],
        hint_en=said["hint"]["en"],
        path=path,
        value=value,
        nearest=nearest,
        occurrences=occurrences,
    )
