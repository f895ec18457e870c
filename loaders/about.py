"""What an edition.toml says of its folder, and all that is missing in a folder, at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

from ..graph.errors import BadEdition
from .tables import read_table

REQUIRED: Final = ("id", "title_ja", "title_en", "published", "publisher_org_id", "licence", "rows")
"""What an edition.toml must say."""

NEEDED: Final = ("sections",)
"""The tables without which there is nothing to put things in."""

Problem = tuple[str, str]
"""What is wrong, in English and in Japanese."""


def read_about(folder: Path) -> dict[str, Any]:
    """Reads the edition.toml of a folder."""
    path = folder / "edition.toml"
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        refuse(folder, [("has no edition.toml", "edition.toml がありません")])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = (
            f"edition.toml is not TOML: {error}",
            f"edition.toml が TOML でありません：{error}",
        )
        refuse(folder, [problem])
    problems = list(_missing(about))
    if problems:
        refuse(folder, [*problems, *empty(folder)])
    return about


def _missing(about: Mapping[str, Any]) -> Iterator[Problem]:
    missing = ", ".join(key for key in REQUIRED if key not in about)
    if missing:
        yield f"edition.toml does not say {missing}", f"edition.toml に {missing} がありません"
    if not isinstance(about.get("published", date.min), date):
        yield (
            "published in edition.toml is no date such as 2026-07-07",
            "edition.toml の published は 2026-07-07 のような日付にしてください",
        )
    if not isinstance(about.get("rows", {}), dict):
        yield (
            "rows in edition.toml is no section of numbers",
            "edition.toml の rows は [rows] の下に 表 = 行数 と書いてください",
        )


def empty(folder: Path) -> list[Problem]:
    """Gives what is to be said of the tables that no edition is without."""
    problems = []
    for name in NEEDED:
        path = folder / f"{name}.csv"
        if not path.exists():
            problems.append((f"{path.name} is missing", f"{path.name} がありません"))
        elif not read_table(path).rows:
            problems.append((f"{path.name} has no row", f"{path.name} に行がありません"))
    return problems


def miscounted(expected: Mapping[str, int], counts: Mapping[str, int]) -> list[Problem]:
    """Gives the tables that have other numbers of rows than an edition.toml says."""
    return [
        (
            f"{name} has {counts.get(name, 'no')} rows, "
            f"not the {expected.get(name, 'none')} expected",
            f"{name} は{counts.get(name, 0)}行で、"
            f"edition.toml の [rows] の{expected.get(name, 0)}行と違います",
        )
        for name in sorted({*expected, *counts})
        if counts.get(name) != expected.get(name)
    ]


def unknown_publisher(slug: str) -> Problem:
    """Gives what is to be said of a publisher who is in no row."""
    return (
        f'publisher_org_id "{slug}" is in no row of organizations.csv',
        f"publisher_org_id「{slug}」が organizations.csv にありません",
    )


def refuse(folder: Path, problems: Iterable[Problem]) -> NoReturn:
    """Says all that is wrong with a folder."""
    english, japanese = zip(*problems, strict=True)
    raise BadEdition(folder, "; ".join(english), "、".join(japanese)) from None
