"""A report as JSON, for programs.

passes      whether it can be published
base        the number of the release that it was checked beside, or null
lang        the language of its sentences
counts      how often something is wrong: violation, warning, info
files       name, media, sha256 and rows of each
findings    code, severity, message, hint, nearest, value, property (IRI), shape (IRI or null),
            count, and occurrences: file, sheet, row, column, thing (IRI), each null where unknown
diff        added, changed and removed as numbers, and things: thing (IRI), how, label, classes,
            graphs that described it before, and properties: property, removed and added terms
"""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from ...graph.releases.differences import ThingChange
from ...graph.store import Term
from ...loaders.checking.difference import Difference, subject_of
from ...loaders.checking.report import Occurrence, PlacedFinding, Report


def data(report: Report, lang: str) -> str:
    """Gives a report as a JSON document."""
    return json.dumps(document(report, lang), ensure_ascii=False, indent=2) + "\n"


def document(report: Report, lang: str) -> dict[str, Any]:
    """Gives a report as what JSON can hold."""
    return {
        "passes": report.passes,
        "base": report.base,
        "lang": lang,
        "counts": report.counts,
        "files": [
            {"name": each.name, "media": each.media, "sha256": each.sha256, "rows": each.rows}
            for each in report.submission.files
        ],
        "findings": [_finding(each, lang) for each in report.findings],
        "diff": _diff(report.diff, lang),
    }


def _finding(found: PlacedFinding, lang: str) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message(lang),
        "hint": found.hint(lang),
        "value": found.value,
        "nearest": list(found.nearest),
        "property": found.path,
        "shape": found.shape,
        "count": found.count,
        "occurrences": [_occurrence(each) for each in found.occurrences],
    }


def _occurrence(each: Occurrence) -> dict[str, Any]:
    place = each.place
    return {
        "file": place and place.file,
        "sheet": place and place.sheet,
        "row": place and place.row,
        "column": place and place.column,
        "thing": each.node,
    }


def _diff(diff: Difference, lang: str) -> dict[str, Any]:
    return {
        "added": diff.count("added"),
        "changed": diff.count("changed"),
        "removed": diff.count("removed"),
        "things": [_thing(each, diff, lang) for each in diff.things],
    }


def _thing(change: ThingChange, diff: Difference, lang: str) -> dict[str, Any]:
    subject = subject_of(change)
    return {
        "thing": subject,
        "how": change.how,
        "label": diff.label(subject, lang),
        "classes": list(diff.classes.get(subject, ())),
        "graphs": list(diff.others.get(subject, ())),
        "properties": [
            {
                "property": each.property.value,
                "removed": [_term(term) for term in each.removed],
                "added": [_term(term) for term in each.added],
            }
            for each in change.properties
        ],
    }


def _term(term: Term) -> dict[str, str]:
    """Gives a term as SPARQL results in JSON write one."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, Literal):
        return {"type": "triple", "value": str(term)}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
