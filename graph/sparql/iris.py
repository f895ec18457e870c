"""IRIs as a SPARQL text writes them: prefixes as they are declared, and escapes."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Declarations:
    """The prefixes that a text has declared so far."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}

    def declare(self, prefix: str, iri: str) -> None:
        """Remembers a prefix, from `ex` and `<http://example.org/>`."""
        self._prefixes[prefix] = written(iri)

    def expand(self, name: str) -> str | None:
        """Gives the IRI of a prefixed name, None where it has none that is valid.

        >>> declared = Declarations()
        >>> declared.declare("ex", "<http://example.org/>")
        >>> declared.expand("ex:it\\\\'s"), declared.expand("no:name")
        ("http://example.org/it's", None)
        """
        prefix, _, local = name.partition(":")
        start = self._prefixes.get(prefix)
        if start is None:
            return None
        iri = start + local.replace("\\", "")
        return iri if is_absolute(iri) else None

    def __contains__(self, prefix: str) -> bool:
        return prefix in self._prefixes


def written(iri: str) -> str:
    """Gives the IRI that stands between angle brackets, its escapes undone.

    >>> written("<http://example.org/\\\\u0041>")
    'http://example.org/A'
    """
    return _ESCAPE.sub(_character, iri[1:-1])


def is_absolute(iri: str) -> bool:
    """Tells whether a text is an IRI that means the same everywhere, as the engine sees it."""
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    # Beyond Unicode there is no character; the engine refuses such an escape.
    return chr(code) if code <= 0x10FFFF else "\ufffd"
