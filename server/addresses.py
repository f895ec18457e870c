"""The addresses of pages, written as Flask would write them but without its detours.

A page has hundreds of links, and most routes are a fixed path with parameters behind it: for those
nothing has to be looked up but the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote_plus

from flask import Flask, current_app, request, url_for

KEY: Final = "hakusho.paths"
SAFE: Final = "!$'()*,/:;?@"
"""What stands unescaped in the parameters of an address, as Flask has it."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~!$'()*,/:;?@-]*")


def address_of(endpoint: str, values: Mapping[str, Any]) -> str:
    """Gives the address of a page, the same that `url_for` gives."""
    paths = current_app.extensions.get(KEY)
    if paths is None:
        paths = current_app.extensions[KEY] = _paths(current_app)
    path = paths.get(endpoint)
    if path is None or any(name.startswith("_") for name in values):
        return url_for(endpoint, **values)
    query = "&".join(_pairs(values))
    return f"{request.root_path}{path}{'?' if query else ''}{query}"


def _paths(app: Flask) -> dict[str, str]:
    """Gives the path of each page that has only one, and nothing to be filled in."""
    rules: dict[str, list[Any]] = {}
    for rule in app.url_map.iter_rules():
        rules.setdefault(rule.endpoint, []).append(rule)
    return {
        endpoint: each[0].rule
        for endpoint, each in rules.items()
        if len(each) == 1 and not each[0].arguments and not each[0].defaults
    }


def _pairs(values: Mapping[str, Any]) -> Iterable[str]:
    for name, value in values.items():
        if value is None:
            continue
        if isinstance(value, list | tuple):
            yield from (f"{name}={quoted(str(each))}" for each in value if each is not None)
        else:
            yield f"{name}={quoted(str(value))}"


@lru_cache(maxsize=4096)
def quoted(value: str) -> str:
    """Gives a value as an address has it.

    >>> quoted("challenge/ai-risk"), quoted("a b&c")
    ('challenge/ai-risk', 'a+b%26c')
    """
    return value if _PLAIN.fullmatch(value) else quote_plus(value, safe=SAFE)
