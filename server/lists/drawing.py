"""The rows and facets of a list page: patterns of its template, filled with what they show.

They come by the hundred. The template says what one looks like; filling that in here takes a tenth
of the time that the template engine would, so that a full page costs little more than a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..language import keeping
from ..things import address
from .index import Index
from .kinds import Kind
from .labels import Labels, safe
from .offers import Entry
from .selection import Selection
from .values import Values


@dataclass(frozen=True)
class Drawn:
    """Markup whose texts were made safe before: a template puts it in as it is."""

    markup: str

    def __html__(self) -> str:
        return self.markup


def entries(those: Iterable[Entry], linked: str, chosen: str, fixed: str) -> Drawn:
    """Draws the values of a facet, each by the pattern for one that can be chosen, that is chosen,
    or that cannot be chosen."""
    return Drawn(
        "".join(
            str.format(
                chosen if each.chosen else linked if each.href else fixed,
                level=each.level, href=each.href, label=each.label, count=each.count,
            )
            for each in those
        )
    )  # fmt: skip


def rows(
    kind: Kind,
    index: Index,
    found: Selection,
    labels: Mapping[str, Labels],
    lang: str,
    comma: Markup,
) -> Callable[[str], Drawn]:
    """Gives what draws the things that a page shows by a pattern: `{}` stands for the address, the
    name, the values of each column and each count."""
    here, shown = keeping(), found.shown
    cells = zip(
        [safe(here(address(index.ids[row]))) for row in shown],
        [safe(index.shown[lang][row]) for row in shown],
        *(_column(index.facets[name], shown, labels[name], here, comma) for name in kind.columns),
        *([index.counts[name][row] for row in shown] for name in kind.counts),
        strict=True,
    )
    return lambda pattern: Drawn("".join(str.format(pattern, *each) for each in cells))


def _column(
    values: Values, shown: Sequence[int], labels: Labels, here: Callable[[str], str], comma: Markup
) -> list[str]:
    """Gives the values of a facet that each of some things has, with links to those that are
    things."""
    said = [values.said[row] for row in shown]
    drawn = {}
    for place in {each for places in said for each in places}:
        page, text = labels.pages[place], labels.texts[place]
        drawn[place] = f'<a href="{safe(here(page))}">{text}</a>' if page else text
    # A text of ours is markup, and would take what it joins for plain text.
    between = str(comma)
    return [between.join(map(drawn.__getitem__, places)) for places in said]
