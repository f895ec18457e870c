"""Where the texts are: a folder of files, each of which is one section."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal


@cache
def document(name: str) -> str:
    """Gives a whole text in both languages, which goes with data that are taken away."""
    return (Path(__file__).with_name("documents") / name).read_text(encoding="utf-8")


@cache
def texts(kind: Literal["pages", "console"]) -> Mapping[str, Any]:
    """Gives the texts of a kind: section, name, language.

    >>> texts("pages")["nav"]["sparql"]["en"]
    'SPARQL'
    """
    found: dict[str, Any] = {}
    for path in sorted(Path(__file__).with_name(kind).glob("*.toml")):
        found.update(tomllib.loads(path.read_text(encoding="utf-8")))
    return found
