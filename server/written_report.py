"""A report as it is written down with a proposal, to be shown again in either language.

    { "base": 7, "passes": true, "counts": {…}, "ja": {…}, "en": {…} }

Under each language are the words of the page (`view`) and the report as JSON (`data`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from .reports.data import document
from .reports.view import ReportView, view

if TYPE_CHECKING:
    from ..loaders.checking import Report

THINGS: Final = 300
"""How many things of a difference, and how many findings, are written down in words."""


def written_down(report: Report) -> str:
    """Gives a report as the JSON that is kept."""
    said: dict[str, Any] = {
        "base": report.base,
        "passes": report.passes,
        "counts": counts_of(report),
    }
    for lang in ("ja", "en"):
        said[lang] = {"view": asdict(short(view(report, lang))), "data": document(report, lang)}
    return json.dumps(said, ensure_ascii=False) + "\n"


def short(shown: ReportView) -> ReportView:
    """Gives the words of a report with its first things and findings only."""
    return replace(shown, things=shown.things[:THINGS], findings=shown.findings[:THINGS])


def counts_of(report: Report) -> Mapping[str, int]:
    """Gives how many things would be added, changed and removed, and how much is wrong."""
    changes = {how: report.diff.count(how) for how in ("added", "changed", "removed")}
    return {**changes, **{f"{name}s": number for name, number in report.counts.items()}}
