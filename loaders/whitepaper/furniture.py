"""What belongs to the pages of a document and not to its text: numbers, repeated heads, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from .ledger import Ledger
from .lines import Line
from .words import furniture

_REPEATS: Final = 3


def furnish(ledger: Ledger) -> None:
    """Notes the furniture of a text, and the repeated first and last lines of its pages."""
    ledger.furnish(line for line in ledger.rest() if furniture().fullmatch(line.text))
    edges = list(_edges(ledger))
    ledger.furnish(line for line in edges if re.fullmatch(r"[0-9]{1,4}", line.text))
    counts = Counter(_without_numbers(line.text) for line in edges)
    for line in edges:
        if counts[_without_numbers(line.text)] >= _REPEATS and "第" not in line.text:
            ledger.furnish([line])


def _edges(ledger: Ledger) -> Iterator[Line]:
    """Gives the first and the last line of each page, where there are pages at all."""
    pages = [list(page) for _, page in groupby(ledger.lines, key=lambda line: line.page)]
    for page in pages if len(pages) > 1 else ():
        printed = [line for line in page if not line.blank]
        yield from {line.number: line for line in (*printed[:1], *printed[-1:])}.values()


def _without_numbers(text: str) -> str:
    return re.sub(r"[0-9]+", "0", text)
