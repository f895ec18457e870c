"""What the columns of a table mean, as the JSON-LD context of the ontology says it.

Nothing about a column is said here: whether it holds a list, whose ids it holds and of what
datatype its values are, all stands in `ontology/context.jsonld`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from ..graph.names import HKID
from ..ontology import files

_KEYWORD: Final = "@"


@dataclass(frozen=True)
class Column:
    """A column of a table: what its cells hold.

    `kind` is the kind of the things whose ids it holds, `choices` the words that it may hold with
    the terms they stand for, `datatype` a prefixed name; `many` says that a cell is a list,
    `address` that it is a web address.
    """

    name: str
    kind: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    datatype: str | None = None
    many: bool = False
    address: bool = False


@cache
def context() -> dict[str, Any]:
    """Gives the JSON-LD context that turns completed rows into statements."""
    document: dict[str, Any] = json.loads(files.context().read_text(encoding="utf-8"))
    entries: dict[str, Any] = document["@context"]
    return entries


def context_within(table: str, names: Iterable[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Gives the context as it stands inside a row of a table, cut down to some names, and the
    base of the ids in each column.

    With the ids written out in full it says the same of such a row as the whole context does. A
    parser that is given the whole makes a context anew for each row and each id in it, which
    takes 25 times as long.
    """
    whole, wanted = context(), set(names)
    own = whole[table]["@context"] if table in kinds() else {}
    within: dict[str, Any] = {}
    bases: dict[str, str] = {}
    for name, entry in {**whole, **own}.items():
        if name == table:
            within[name] = entry["@id"]
        elif name.startswith(_KEYWORD) or _is_prefix(entry):
            within[name] = entry
        elif name in wanted and isinstance(entry, dict) and "@base" in entry.get("@context", ()):
            bases[name] = entry["@context"]["@base"]
            within[name] = {key: value for key, value in entry.items() if key != "@context"}
        elif name in wanted:
            within[name] = entry
    return within, bases


@cache
def kinds() -> Mapping[str, str]:
    """Gives the tables that the context knows, with the kind of the things in their rows.

    >>> kinds()["policies"], kinds()["sections"]
    ('policy', 'part')
    """
    bases = {
        name: entry["@context"]["@base"]
        for name, entry in context().items()
        if isinstance(entry, dict) and "@context" in entry and "@type" not in entry
    }
    return {name: _kind(base) for name, base in bases.items()}


@cache
def columns(table: str) -> Mapping[str, Column]:
    """Gives the columns that a table may have, those of its own before those of all tables.

    >>> columns("policies")["lead_org_id"].kind, columns("policies")["alt_labels_ja"].many
    ('organization', True)
    """
    own = context()[table]["@context"] if table in kinds() else {}
    shared = {name: entry for name, entry in context().items() if name not in kinds()}
    return {
        name: _column(name, entry)
        for name, entry in {**shared, **own}.items()
        if not name.startswith(_KEYWORD) and not _names_no_column(name, entry)
    }


@cache
def breakdowns() -> tuple[str, ...]:
    """Gives the columns by which observations are broken down, such as `firm_size`, sorted.

    They are the columns of observations named like the code list that they use; `period`, `area`
    and `precision` are too, but every observation has them.
    """
    own = set(context()["observations"]["@context"]) - {"period", "area", "precision"}
    return tuple(
        sorted(
            name
            for name, column in columns("observations").items()
            if name in own and column.kind == name.replace("_", "-")
        )
    )


def _names_no_column(name: str, entry: object) -> bool:
    """Says whether an entry of the context is a prefix or the name of a class."""
    return isinstance(entry, str) and (name[0].isupper() or _is_prefix(entry))


def _is_prefix(entry: object) -> bool:
    return isinstance(entry, str) and entry.startswith("http")


def _column(name: str, entry: Any) -> Column:
    if not isinstance(entry, dict):
        return Column(name)
    scoped = entry.get("@context", {})
    datatype = entry.get("@type")
    base = scoped.get("@base")
    return Column(
        name,
        kind=_kind(base) if base else None,
        choices=scoped if datatype == "@vocab" else {},
        datatype=datatype if datatype and not datatype.startswith(_KEYWORD) else None,
        many=entry.get("@container") == "@set",
        address=datatype == "@id" and base is None and name != "kept_id",
    )


def _kind(base: str) -> str:
    return base.removeprefix(HKID).rstrip("/")
