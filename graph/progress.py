"""How far some work has come, told to whoever waits for it as a share from 0 to 1.

A share that is told is never smaller than the one before, and the last is the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from typing import Final, TypeVar

Told = Callable[[float], None]
"""Is told what share of some work is done."""

_STEPS: Final = 200
"""So often the share of a piece of work is told at most."""

Item = TypeVar("Item")


def parts(told: Told | None, sizes: Sequence[float]) -> list[Told]:
    """Gives who is to be told of each part of some work, the sizes of which are known.

    >>> heard = []
    >>> first, second = parts(heard.append, (1, 3))
    >>> first(1.0), second(0.5), second(1.0)
    (None, None, None)
    >>> heard
    [0.25, 0.625, 1.0]
    """
    if told is None:
        return [_unheard for _ in sizes]
    # Parts that are all empty are as large as each other.
    whole = sum(sizes) or len(sizes)
    ends = list(accumulate(sizes if any(sizes) else [1] * len(sizes)))
    return [
        _part(told, begin / whole, end / whole)
        for begin, end in zip([0, *ends], ends, strict=False)
    ]


def counted(items: Collection[Item], told: Told | None) -> Iterator[Item]:
    """Gives items one after the other, and tells what share of them was worked on.

    >>> heard = []
    >>> list(counted("abcd", heard.append)), heard
    (['a', 'b', 'c', 'd'], [0.25, 0.5, 0.75, 1.0])
    """
    if told is None:
        yield from items
        return
    step = max(1, len(items) // _STEPS)
    for number, item in enumerate(items, 1):
        yield item
        if number % step == 0:
            told(number / len(items))
    if len(items) % step or not items:
        told(1.0)


def _part(told: Told, begin: float, end: float) -> Told:
    # What is left of a sum of fractions must not come out beside the whole.
    def heard(share: float) -> None:
        told(end if share >= 1 else min(end, begin + (end - begin) * share))

    return heard


def _unheard(share: float) -> None:
    """Hears nothing."""
