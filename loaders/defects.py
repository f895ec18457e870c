"""Defects of files that people hand in, and the sentences that tell of them in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from .submission import VIOLATION, Defect, Place

SUBJECTS: Final = {
    "row": {"ja": "この行", "en": "the row"},
    "sheet": {"ja": "このシート", "en": "the sheet"},
    "file": {"ja": "このファイル", "en": "the file"},
}
"""What a defect is said of where it is not of a value."""


@cache
def texts() -> dict[str, dict[str, Any]]:
    """Gives what is said of each code of a defect."""
    return tomllib.loads((files(__package__) / "defects.toml").read_text(encoding="utf-8"))


def said(code: str, **words: object) -> str:
    """Gives in English what a code says, without what it is said of.

    >>> said("missing-cell", name="period")
    'has no period'
    """
    return str(texts()[code]["en"]).format(it="", **words).strip()


def defect(
    code: str,
    place: Place,
    value: str | None = None,
    nearest: tuple[str, ...] = (),
    severity: str | None = None,
    **words: object,
) -> Defect:
    """Gives a defect with its sentences, the words in their places.

    >>> found = defect("unknown-code", Place("a.csv", row=3), "phone", ("mobile",), kind="device")
    >>> found.message_en, found.message_ja, found.severity
    ('"phone" is no code of device', '「phone」は device のコードにありません', 'violation')
    """
    entry = texts()[code]
    hint = entry.get("hint", {"ja": "", "en": ""})
    about = "row" if place.row else "sheet" if place.sheet else "file"
    it = SUBJECTS[about] if value is None else {"ja": f"「{value}」", "en": f'"{value}"'}
    return Defect(
        place=place,
        code=code,
        value=value,
        message_ja=entry["ja"].format(it=it["ja"], **words),
        message_en=entry["en"].format(it=it["en"], **words),
        hint_ja=hint["ja"].format(**words),
        hint_en=hint["en"].format(**words),
        nearest=nearest,
        severity=severity or entry.get("severity", VIOLATION),
    )
