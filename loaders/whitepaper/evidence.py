"""Which title a table or a figure belongs to, by what the page prints and not by nearness alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from .lines import Line
from .outline import Scope
from .titles import Title


def title_of_table(
    scope: Scope, head: Line, by: Collection[str], headings: Sequence[str], titles: Sequence[Title]
) -> tuple[Title | None, str]:
    """Gives the title of a table and its period.

    It is the only title before the table that is broken down as the table is, or of several the
    one whose words a sentence of the page says of at least two of the table's columns. A line of
    its own just above the table serves where no title is broken down so. The period is certain
    without the title where all of them agree.
    """
    before = [title for title in titles if title.scope is scope and title.line < head.number]
    fitting = [title for title in before if title.by & set(by)]
    if not fitting:
        above = _line_above(scope, head)
        fitting = [title for title in before if above is not None and title.line == above.number]
    said = [title for title in fitting if _is_said_of(title, scope, headings, fitting)]
    chosen = fitting[0] if len(fitting) == 1 else said[0] if len(said) == 1 else None
    periods = {title.period for title in ([chosen] if chosen else fitting)}
    return chosen, (periods.pop() or "") if len(periods) == 1 else ""


def titles_by(
    scope: Scope, by: Collection[str], topic: str, rest: str, titles: Sequence[Title]
) -> list[Title]:
    """Gives the titles of a page to which a figure for a part of a population may belong.

    They are broken down as the figure is, and share the words with which the text names it.
    """
    fitting = [title for title in titles if title.scope is scope and title.by & set(by)]
    named = _terms(topic) or _terms(rest)
    if not named:
        return fitting
    return [title for title in fitting if _shared(named, title.label) * 2 >= len(named)]


def _line_above(scope: Scope, head: Line) -> Line | None:
    above = [line for line in scope.lines if line.number < head.number and not line.blank]
    return above[-1] if above else None


def _is_said_of(
    title: Title, scope: Scope, headings: Sequence[str], others: Iterable[Title]
) -> bool:
    """Says whether a sentence of the page uses a title's own words of two columns or more."""
    common = [_terms(other.label) for other in others if other is not title]
    own = {term for term in _terms(title.label) if not any(term in terms for terms in common)}
    sentences = [line.text for line in scope.lines if line.number not in _numbers(others)]
    return any(
        sum(heading in text for heading in headings) >= 2 and _shared(own, text) > 0
        for text in sentences
    )


def _numbers(titles: Iterable[Title]) -> set[int]:
    return {line.number for title in titles for line in title.lines}


def _terms(text: str) -> set[str]:
    """Gives the words of a text that carry its meaning: runs of kanji, katakana or letters."""
    runs = re.findall(r"[一-鿿]{2,}|[ァ-ヶー]{2,}|[A-Za-z]{2,}", text)
    pieces = {
        run[place : place + 2]
        for run in runs
        if "一" <= run[0] <= "鿿"
        for place in range(len(run) - 1)
    }
    return pieces | {run for run in runs if not "一" <= run[0] <= "鿿"}


def _shared(terms: Collection[str], text: str) -> int:
    return sum(term in text for term in terms)
