"""A report put into the words of its reader's language, for every form that it is written in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from ...graph.names import HKID, shorten
from ...graph.releases.differences import PropertyChange, ThingChange
from ...graph.store import Term
from ...graph.terms import text
from ...loaders.checking.difference import Difference, subject_of
from ...loaders.checking.report import PlacedFinding, Report
from ...loaders.rdf import rdf_format
from ...loaders.submission import Place, SubmittedFile
from .words import called, say

ROWS: Final = 12
"""How many rows are named where the same is wrong in many."""


@dataclass(frozen=True)
class FindingView:
    """Something wrong: where, what, how to mend it, and how often, in one language."""

    code: str
    severity: str
    severity_label: str
    file: str | None
    where: str
    column: str
    """Its file, sheet and column without the row: what findings of a kind have in common."""
    value: str | None
    about: str | None
    message: str
    hint: str
    nearest: tuple[str, ...]
    count: int
    also: str


@dataclass(frozen=True)
class PropertyView:
    """What is no longer and what is newly said by one property."""

    label: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class ThingView:
    """A thing that would be new, gone or described otherwise."""

    how: str
    how_label: str
    id: str
    label: str | None
    kinds: tuple[str, ...]
    others: str
    properties: tuple[PropertyView, ...]


@dataclass(frozen=True)
class ReportView:
    """A whole report in one language."""

    lang: str
    passes: bool
    verdict: str
    counts: str
    beside: str
    files: tuple[tuple[str, str, str], ...]
    findings: tuple[FindingView, ...]
    change_counts: str
    things: tuple[ThingView, ...]


def view(report: Report, lang: str) -> ReportView:
    """Gives a report in the words of a language."""
    diff = report.diff
    beside = "beside_nothing" if report.base is None else "beside"
    count = {how: diff.count(how) for how in ("added", "changed", "removed")}
    return ReportView(
        lang=lang,
        passes=report.passes,
        verdict=say(lang, "passes" if report.passes else "refused"),
        counts=say(lang, "counts", **report.counts),
        beside=say(lang, beside, number=report.base),
        files=tuple(
            (file.name, _size(file, lang), file.sha256) for file in report.submission.files
        ),
        findings=tuple(finding(each, lang) for each in report.findings),
        change_counts=say(lang, "change_counts", **count) if diff.things else "",
        things=tuple(thing(each, diff, lang) for each in diff.things),
    )


def finding(found: PlacedFinding, lang: str) -> FindingView:
    """Gives a finding in the words of a language."""
    about = None if found.node is None else shorten(found.node)
    value = None if found.value is None else shorten(found.value)
    return FindingView(
        code=found.code,
        severity=found.severity,
        severity_label=say(lang, found.severity),
        file=None if found.place is None else found.place.file,
        where=where(found.place, lang),
        column=where(found.place and replace(found.place, row=None), lang),
        value=None if value == about else value,
        about=about,
        message=found.message(lang),
        hint=found.hint(lang),
        nearest=tuple(map(shorten, found.nearest)),
        count=found.count,
        also=_also(found, lang),
    )


def where(place: Place | None, lang: str) -> str:
    """Gives a place as a person looks for it, or that there is none."""
    if place is None:
        return say(lang, "elsewhere")
    parts = [place.file]
    if place.sheet is not None:
        parts.append(say(lang, "sheet", sheet=place.sheet))
    if place.row is not None:
        counted = "row" if rdf_format(place.file) is None else "line"
        parts.append(say(lang, counted, row=place.row))
    if place.column is not None:
        parts.append(say(lang, "column", column=place.column))
    return (" " if lang == "ja" else ", ").join(parts)


def _size(file: SubmittedFile, lang: str) -> str:
    """Gives how many rows or, in RDF, statements were read."""
    if not file.rows:
        return ""
    name = "rows" if rdf_format(file.name) is None else "statements"
    return say(lang, name, count=f"{file.rows:,}")


def thing(change: ThingChange, diff: Difference, lang: str) -> ThingView:
    """Gives what would change of a thing in the words of a language."""
    subject = subject_of(change)
    graphs = diff.others.get(subject, ())
    names = [name or say(lang, "default_graph") for name in graphs]
    return ThingView(
        how=change.how,
        how_label=say(lang, change.how),
        id=shorten(subject),
        label=diff.label(subject, lang),
        kinds=tuple(called(iri, lang) for iri in diff.classes.get(subject, ())),
        others=say(lang, "others", graphs=", ".join(names)) if names else "",
        properties=tuple(_property(each, diff, lang) for each in change.properties),
    )


def _property(change: PropertyChange, diff: Difference, lang: str) -> PropertyView:
    return PropertyView(
        called(change.property.value, lang),
        tuple(_value(term, diff, lang) for term in change.removed),
        tuple(_value(term, diff, lang) for term in change.added),
    )


def _value(term: Term, diff: Difference, lang: str) -> str:
    if isinstance(term, NamedNode):
        label = diff.label(term.value, lang)
        if label is None or not term.value.startswith(HKID):
            return label or shorten(term.value)
        return f"{label} ({shorten(term.value)})" if lang == "en" else f"{label}（{text(term)}）"
    if isinstance(term, Literal) and term.language:
        return f"{term.value} [{term.language}]"
    return text(term)


def _also(found: PlacedFinding, lang: str) -> str:
    if found.count == 1:
        return ""
    rows = [each.place.row for each in found.occurrences if each.place and each.place.row]
    if not rows:
        return say(lang, "also_plain", count=found.count)
    shown = ", ".join(map(str, rows[:ROWS])) + (" …" if len(rows) > ROWS else "")
    return say(lang, "also", count=found.count, rows=shown)
