"""The lines on which the things of an RDF document stand, for a person who has to mend it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from ..graph.names import HKID

_PREFIX: Final = re.compile(
    r"""(?:@prefix|PREFIX)\s+(?P<turtle>[\w.-]*):\s*<(?P<names>[^<>]*)>"""
    r"""|xmlns:(?P<xml>[\w.-]+)\s*=\s*["'](?P<space>[^"']*)["']""",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"""(?P<start>^[ \t]*)?(?:<(?P<iri>[^<>"\s]+)>"""
    r"""|"(?P<text>[^"\s]+)"|(?P<prefix>[\w.-]*):(?P<local>[\w%.:-]*[\w%-]))""",
    re.MULTILINE,
)


def lines_of(text: str, things: Iterable[str]) -> dict[str, int]:
    """Gives for each thing that a document names the line that begins with it, else the first.

    >>> text = "PREFIX p: <urn:p:>\\np:a p:b p:c .\\np:c p:b p:a .\\n"
    >>> lines_of(text, ["urn:p:a", "urn:p:c", "urn:p:d"])
    {'urn:p:a': 2, 'urn:p:c': 3}
    """
    wanted = {iri: iri for iri in things}
    # A JSON document names a thing by its id alone.
    wanted |= {iri.rpartition("/")[2]: iri for iri in wanted if iri.startswith(HKID)}
    spaces = {
        found["turtle"] or found["xml"] or "": found["names"] or found["space"] or ""
        for found in _PREFIX.finditer(text)
    }
    breaks = [found.end() for found in re.finditer("\n", text)]
    first: dict[str, int] = {}
    begun: dict[str, int] = {}
    for found in _NAME.finditer(text):
        named = found["iri"] or found["text"]
        if named is None:
            named = spaces.get(found["prefix"], "\n") + found["local"]
        iri = wanted.get(named)
        if iri is None or iri in begun:
            continue
        line = bisect_right(breaks, found.start(found.lastgroup or 0)) + 1
        first.setdefault(iri, line)
        if found["start"] is not None or found["text"] is not None:
            begun[iri] = line
    return {iri: begun.get(iri, line) for iri, line in first.items()}
