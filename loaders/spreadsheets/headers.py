"""What the headers of a sheet mean: columns by id or by name, in either language, in any order."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from pyoxigraph import Literal

from ...graph.names import expand
from ...graph.ontology import ontology_dataset
from ..columns import columns, context, kinds
from ..series import EDITIONS

LANGUAGES: Final = ("ja", "en")
MERGES: Final = "merges"
_LABEL: Final = expand("rdfs:label")


@lru_cache(maxsize=10_000)
def folded(header: str) -> str:
    """Gives what two writings of a header have in common.

    >>> folded("名称（日本語）*"), folded("Lead organization"), folded("lead_org_id")
    ('名称日本語', 'leadorganization', 'leadorgid')
    """
    narrow = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\s()\[\]{}【】「」〔〕*※:・/_.,、-]", "", narrow)


@cache
def words() -> dict[str, Any]:
    """Gives the names in `headers.toml`."""
    text = (files(__package__) / "headers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """Gives what the ontology calls its terms in each language, by IRI."""
    found: dict[str, dict[str, str]] = {}
    for quad in ontology_dataset():
        if quad.predicate.value == _LABEL and isinstance(quad.object, Literal):
            said = found.setdefault(getattr(quad.subject, "value", ""), {})
            said[quad.object.language or ""] = quad.object.value
    return found


def all_tables() -> tuple[str, ...]:
    """Gives the tables that may be handed in."""
    return (*kinds(), MERGES)


@cache
def header_of(table: str) -> tuple[str, ...]:
    """Gives the columns that the newest packaged edition has in a table, in their order.

    >>> header_of("milestones")[:3]
    ('policy_id', 'date', 'label_ja')
    """
    for folder in sorted(EDITIONS.glob("*/edition.toml"), reverse=True):
        path = folder.parent / f"{table}.csv"
        if path.exists():
            with path.open(encoding="utf-8") as file:
                return tuple(file.readline().rstrip("\r\n").split(","))
    own = context()[table]["@context"] if table in kinds() else {}
    return ("id", "label_ja", "label_en", *(name for name in own if name[0] != "@"))


def _term(table: str, column: str) -> str | None:
    """Gives the IRI of the property that a column stands for."""
    own = context()[table]["@context"] if table in kinds() else {}
    entry = own.get(column, context().get(column))
    if isinstance(entry, dict):
        entry = entry.get("@id") or entry.get("@reverse")
    return expand(entry) if isinstance(entry, str) and entry[0] != "@" else None


def label_of(table: str, column: str) -> dict[str, str]:
    """Gives what a column is called in each language: the first of its names, else its term's.

    >>> label_of("policies", "lead_org_id")["ja"], label_of("policies", "summary_en")["ja"]
    ('所管', '概要（英語）')
    """
    bare, language = _parts(column)
    called = labels().get(_term(table, column) or "", {})
    listed = [*words()["tables"].get(table, {}).get(bare, ()), *words()["columns"].get(bare, ())]
    japanese = [name for name in listed if not name.isascii()]
    english = [name for name in listed if name.isascii()]
    named = {
        "ja": [*japanese, called.get("ja", bare)][0],
        "en": [*english, called.get("en", bare.replace("_", " "))][0],
    }
    if not language:
        return named
    tongue = words()["languages"][language]
    return {"ja": f"{named['ja']}（{tongue[0]}）", "en": f"{named['en']} ({tongue[-1].title()})"}


def _parts(column: str) -> tuple[str, str]:
    """Gives the name of a column without its language, and the language."""
    bare, _, language = column.rpartition("_")
    return (bare, language) if bare and language in LANGUAGES else (column, "")


@cache
def names_of(table: str) -> Mapping[str, str]:
    """Gives the columns of a table by their folded names.

    What `headers.toml` says goes before what the ontology says, and the table's own column before
    one of all tables; a name that two columns would share is nobody's.

    >>> names = names_of("policies")
    >>> [names[folded(header)] for header in ("主担当組織", "名称（英語）", "lead_org_id", "課題")]
    ['lead_org_id', 'label_en', 'lead_org_id', 'addresses_challenge_ids']
    """
    usual = [name for name in header_of(table) if name in columns(table)]
    offered = [*usual, *(name for name in columns(table) if name not in usual)]
    own = words()["tables"].get(table, {})
    ranked: list[list[tuple[str, str]]] = [
        [(column, column) for column in offered],
        [(column, name) for column in usual for name in _spelt(own, column)],
        [(column, name) for column in usual for name in _spelt(words()["columns"], column)],
        [(column, name) for column in usual for name in label_of(table, column).values()],
        [(column, name) for column in usual for name in labels_of_term(table, column)],
    ]
    if table == MERGES:
        ranked[0] += [(name, name) for name in ("table", "dropped_id", "kept_id")]
    found: dict[str, str] = {}
    for names in ranked:
        said: dict[str, set[str]] = {}
        for column, name in names:
            said.setdefault(folded(name), set()).add(column)
        for name, meant in said.items():
            if len(meant) == 1:
                found.setdefault(name, *meant)
    return found


def labels_of_term(table: str, column: str) -> Iterable[str]:
    """Gives what the ontology calls the term of a column, with its language where it has one."""
    bare, language = _parts(column)
    called = labels().get(_term(table, column) or "", {})
    return called.values() if not language else _in_language(called.values(), language)


def _spelt(listed: Mapping[str, list[str]], column: str) -> list[str]:
    """Gives the names that a list has for a column, with the language that it holds."""
    bare, language = _parts(column)
    names = [*listed.get(column, ())]
    if language and bare in listed:
        names += _in_language(listed[bare], language)
    return names


def _in_language(names: Iterable[str], language: str) -> list[str]:
    """Gives names of a text as those of one language: a Japanese one alone means the Japanese."""
    found = []
    for name in names:
        found += [name + tongue for tongue in words()["languages"][language]]
        if name.isascii() == (language == "en"):
            found.append(name)
    return found


@cache
def loose_names() -> Mapping[str, str]:
    """Gives the loose columns by their folded names."""
    return {folded(name): loose for loose, names in words()["loose"].items() for name in names}


@cache
def table_names() -> Mapping[str, str]:
    """Gives the tables by what a sheet or file of them may be called."""
    found: dict[str, str] = {}
    for table in all_tables():
        names = [table, *words()["names"].get(table, ())]
        # Rows of two tables are links, so that the name of their class says no table.
        if table not in ("links", "policy_indicators", MERGES):
            names += labels().get(expand(context()[table]["@id"]), {}).values()
        for name in names:
            found.setdefault(folded(name), table)
    return found


def table_called(name: str) -> str | None:
    """Gives the table that a sheet or file is named after, if it is after one.

    >>> table_called("施策"), table_called("policies_2025"), table_called("Sheet1")
    ('policies', 'policies', None)
    """
    said = folded(name)
    if said in table_names():
        return table_names()[said]
    bare = re.sub(
        r"(版|年度?|修正|改定?|最終|案|copy|コピー|new|v|rev)+$", "", re.sub(r"[0-9]+", "", said)
    )
    return table_names().get(bare) or table_names().get(re.sub(r"一覧$", "", bare))


def is_apart(sheet: str) -> bool:
    """Says whether a sheet is named as one that explains or lists codes."""
    return folded(sheet) in {folded(name) for name in words()["apart"]["sheets"]}
