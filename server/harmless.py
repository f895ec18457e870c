"""Characters that a page must not pass on: those that draw nothing and those that turn text around.

A label may hold any character. Escaping makes markup harmless; control characters and overrides of
the direction of writing are shown as the sign for what cannot be shown.
"""

from __future__ import annotations

import re
from typing import Final

HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SIGNS: Final = dict.fromkeys(
    map(ord, HARMFUL.findall("".join(map(chr, range(0x10000))))), "\ufffd"
)


def harmless(value: object) -> object:
    """Gives a value as a template writes it, the harmful characters of a text replaced.

    >>> harmless("a\\u202eb"), harmless(7)
    ('a\ufffdb', 7)
    """
    # What can be printed has none of them, and is told from the rest sooner than they are found.
    if isinstance(value, str) and not value.isprintable() and HARMFUL.search(value):
        # A text that is marked as safe stays so: nothing in it becomes markup by this.
        return value.translate(_SIGNS)
    return value
