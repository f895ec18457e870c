"""Defects of files that people hand in, and the sentences that tell of them in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from ..graph.names import expand, thing
from ..graph.ontology import ontology_dataset
from .columns import context, kinds
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


def is_grave(code: str) -> bool:
    """Says whether a defect of a code keeps its file out.

    >>> is_grave("bad-id"), is_grave("period-read")
    (True, False)
    """
    return bool(texts()[code].get("severity", VIOLATION) == VIOLATION)


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
    ('"phone" is no code of device', '「phone」は機器・製品の一覧にありません', 'violation')
    """
    entry = texts()[code]
    hint = entry.get("hint", {"ja": "", "en": ""})
    ja = {**words, "kind": kind_ja(str(words["kind"]))} if "kind" in words else words
    about = "row" if place.row else "sheet" if place.sheet else "file"
    it = SUBJECTS[about] if value is None else {"ja": f"「{value}」", "en": f'"{value}"'}
    return Defect(
        place=place,
        code=code,
        value=value,
        message_ja=entry["ja"].format(it=it["ja"], **ja),
        message_en=entry["en"].format(it=it["en"], **words),
        hint_ja=hint["ja"].format(**ja),
        hint_en=hint["en"].format(**words),
        nearest=nearest,
        severity=severity or entry.get("severity", VIOLATION),
    )


def kind_ja(kind: str) -> str:
    """Gives what the things or the code list of a kind are called in Japanese.

    >>> kind_ja("policy"), kind_ja("policy-kind")
    ('施策', '施策の種類の一覧')
    """
    return _kinds_ja().get(kind, kind)


@cache
def _kinds_ja() -> dict[str, str]:
    label = NamedNode(expand("rdfs:label"))
    called = {
        quad.subject.value: quad.object.value
        for quad in ontology_dataset()
        if quad.predicate == label
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
        and quad.object.language == "ja"
    }
    lists = thing("scheme", "").value
    found = {iri.removeprefix(lists): name for iri, name in called.items() if iri.startswith(lists)}
    for table, kind in kinds().items():
        found[kind] = called.get(expand(context()[table]["@id"]), kind)
    return found
