"""The rows of a page of links: patterns of its template, filled with what each link says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from .language import keeping
from .links import Link
from .lists.drawing import Drawn
from .lists.labels import safe


def link_rows(
    links: Sequence[Link], challenge: str | None, host: Callable[[str], str]
) -> Callable[..., Drawn]:
    """Gives what draws links by the patterns of a row and of what not every row has."""
    here, once = keeping(), cache(safe)

    def draw(
        row: str, narrower: str, reason: str, evidence: str, described: str, placed: str
    ) -> Drawn:
        return Drawn(
            "".join(
                str.format(
                    row,
                    policy=once(each.policy.label),
                    policy_page=safe(here(each.policy.page)),
                    challenge=once(each.linked.label),
                    challenge_page=once(here(each.linked.page)),
                    narrower=narrower if challenge and each.linked.id != challenge else "",
                    badge="stated" if each.stated else "assigned",
                    assertion=once(each.assertion.label),
                    assertion_page=once(here(each.assertion.page)),
                    reason=str.format(reason, safe(each.reason)) if each.reason else "",
                    page=once(each.page),
                    host=once(host(each.page)),
                    evidence=str.format(evidence, once(each.evidence.label))
                    if each.evidence
                    else "",
                    part=once(each.part.label),
                    part_page=once(here(each.part.page)),
                    placement=described if each.described else placed,
                )
                for each in links
            )
        )

    return draw
