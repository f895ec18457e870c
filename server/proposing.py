"""Proposals as commands and pages handle them: filed with a report, shown with a fresh one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..graph.errors import HakushoError, LimitExceeded, StoreUnavailable
from .written_report import counts_of, written_down

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..graph.progress import Told
    from ..loaders.checking import Published, Report
    from ..loaders.proposals import Proposal, Proposals

    Judge = Callable[[Sequence[tuple[str, bytes]], str | None], Report]


class NothingProposed(HakushoError):
    """Files that say nothing which the current release does not say already."""

    def __str__(self) -> str:
        return "the files say nothing that the current release does not say already"


def file(
    proposals: Proposals,
    files: Sequence[tuple[str, bytes]],
    report: Report,
    *,
    who: str,
    why: str,
    table: str | None,
) -> Proposal:
    """Files a proposal, where it passes and changes something; else says why not."""
    from ..loaders.checking import Refused

    if not report.passes:
        raise Refused(report)
    if not report.diff.things:
        raise NothingProposed
    return proposals.add(
        files,
        who=who,
        why=why,
        table=table,
        base=report.base,
        report=written_down(report),
        counts=counts_of(report),
    )


def fresh(proposals: Proposals, proposal: Proposal, current: int | None, judge: Judge) -> Any:
    """Gives the report of a proposal, as written down; an open one's beside the current release."""
    said = proposal.report()
    if proposal.state != "open" or said.get("base") == current:
        return said
    try:
        report = judge(proposal.contents(), proposal.table)
    except (LimitExceeded, StoreUnavailable):
        # The last report says beside which release it was made.
        return said
    proposals.keep_report(proposal.number, written_down(report), counts_of(report))
    return proposals.get(proposal.number).report()


def publish(
    proposals: Proposals, number: int, who: str, judge: Judge, told: Told | None = None
) -> Published:
    """Publishes a proposal, checked beside what is current; what no longer passes stays open."""
    from ..loaders.checking import Refused
    from ..loaders.proposals import AlreadyDecided

    proposal = proposals.get(number)
    if proposal.state != "open":
        raise AlreadyDecided(
            number, proposal.state, proposal.decision.who if proposal.decision else ""
        )
    report = judge(proposal.contents(), proposal.table)
    try:
        return proposals.publish(number, report.submission, who=who, report=report, told=told)
    except Refused as error:
        proposals.keep_report(number, written_down(error.report), counts_of(error.report))
        raise
