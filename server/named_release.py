"""`?release=N`: any read may name the release that it wants to be answered from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PARAMETER: Final = "release"
TIMELESS: Final = frozenset(
    {"healthz", "metrics", "problems", "proposals", "readyz", "releases", "static"}
)
"""The first step of addresses that are about no release, or about all of them."""

_NAMED: Final = re.compile(rf"(?:^|&){PARAMETER}=([0-9]{{1,9}})(?:&|$)")


def is_timeless(path: str) -> bool:
    """Tells whether an address is about no release, or about all of them.

    >>> is_timeless("/releases/3"), is_timeless("/id/policy/notice")
    (True, False)
    """
    return path[1:].partition("/")[0] in TIMELESS


def named(environ: WSGIEnvironment) -> int | None:
    """Gives the number of the release that a request names in its address."""
    query: str = environ.get("QUERY_STRING", "")
    if PARAMETER not in query or is_timeless(environ.get("PATH_INFO", "")):
        return None
    found = _NAMED.search(query)
    return int(found[1]) if found else None
