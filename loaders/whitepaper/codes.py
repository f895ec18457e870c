"""Printed words as codes of the code lists: 20代 is age/20s, 三大都市圏 an area."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from ...graph.names import HKID, expand
from ...graph.ontology import code_lists
from ..columns import breakdowns
from .known import key
from .words import any_of, table, words

AREA: Final = "area"
_LABELS: Final = frozenset(expand(name) for name in ("rdfs:label", "skos:altLabel"))
_LIST: Final = "の一覧"


@dataclass(frozen=True)
class Place:
    """The last area that a text names: its code, '' for a name that is no one area."""

    code: str
    name: str


@cache
def _codes() -> dict[str, dict[str, str]]:
    """Gives the codes of each dimension, areas among them, by their Japanese names."""
    dimensions = {name.replace("_", "-"): name for name in (*breakdowns(), AREA)}
    codes: dict[str, dict[str, str]] = {name: {} for name in dimensions.values()}
    for subject, value in _japanese():
        kind, _, slug = subject.removeprefix(HKID).partition("/")
        if kind in dimensions:
            codes[dimensions[kind]][key(value)] = slug
    for name, code in table("areas").items():
        codes[AREA].setdefault(key(name), code)
    for dimension, named in codes.items():
        if dimension != AREA and "total" in named.values():
            for word in words("totals"):
                named.setdefault(key(word), "total")
    return codes


@cache
def divisions() -> dict[str, tuple[str, ...]]:
    """Gives the words by which a title says that it is broken down, by dimension.

    >>> "年代別" in divisions()["age"], "企業規模別" in divisions()["firm_size"]
    (True, True)
    """
    by = {name: list(listed) for name, listed in table("by").items()}
    for subject, value in _japanese():
        scheme = subject.removeprefix(HKID + "scheme/").replace("-", "_")
        if scheme in (*breakdowns(), AREA) and value.endswith(_LIST):
            by.setdefault(scheme, []).append(value.removesuffix(_LIST) + "別")
    return {name: tuple(dict.fromkeys(listed)) for name, listed in by.items()}


def code(word: str) -> dict[str, str]:
    """Gives the dimension and code of a word, nothing where it is no code or one of several.

    >>> code("20代"), code("大企業"), code("我が国"), code("全体"), code("あさがお")
    ({'age': '20s'}, {'firm_size': 'large'}, {'area': 'JP'}, {}, {})
    """
    found = {
        dimension: named[key(word)] for dimension, named in _codes().items() if key(word) in named
    }
    return found if len(found) == 1 else {}


def axis(labels: Sequence[str]) -> tuple[str, list[str]] | None:
    """Gives the dimension in which all labels of an axis are codes, with the codes.

    >>> axis(["全年代", "10代", "60代"]), axis(["東京圏", "未知"])
    (('age', ['total', '10s', '60s']), None)
    """
    fitting = [
        (dimension, [named[key(label)] for label in labels])
        for dimension, named in _codes().items()
        if all(key(label) in named for label in labels)
    ]
    # Of words that every list has, such as 全体, none says which list is meant.
    return fitting[0] if len(fitting) == 1 and set(fitting[0][1]) != {"total"} else None


def last_area(text: str) -> Place | None:
    """Gives the last area that a text names, None where it names none.

    >>> last_area("日本の企業"), last_area("諸外国の利用率").code, last_area("利用率")
    (Place(code='JP', name='日本'), '', None)
    """
    found = list(_area_names().finditer(text))
    if not found:
        return None
    name = found[-1][0]
    return Place(_codes()[AREA].get(key(name), ""), name)


def areas_named(text: str) -> set[str]:
    """Gives the codes of all areas that a text names, '' for a name that is no one area."""
    places = (_codes()[AREA].get(key(found[0]), "") for found in _area_names().finditer(text))
    return set(places)


@cache
def _area_names() -> re.Pattern[str]:
    names = {name for _, name in _area_labels()} | set(table("areas")) | set(words("vague.areas"))
    ordered = sorted(names, key=len, reverse=True)
    listed = "|".join(map(re.escape, ordered))
    return re.compile(f"(?!{any_of('vague.not_areas').pattern})(?:{listed})")


def _area_labels() -> Iterable[tuple[str, str]]:
    return [
        (subject, value) for subject, value in _japanese() if subject.startswith(HKID + AREA + "/")
    ]


@cache
def _japanese() -> tuple[tuple[str, str], ...]:
    """Gives the Japanese names of the things of the code lists."""
    return tuple(
        (quad.subject.value, quad.object.value)
        for quad in code_lists()
        if isinstance(quad.subject, NamedNode)
        and quad.predicate.value in _LABELS
        and isinstance(quad.object, Literal)
        and quad.object.language == "ja"
    )
