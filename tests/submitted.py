"""A table to hand in; what a submission says of a thing, and what it tells of defects."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from hakusho.graph.names import expand
from hakusho.loaders.submission import Defect, Submission

PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"
HEADER = (
    "id,label_ja,label_en,summary_ja,summary_en,kind,status,lead_org_id,section_id,page_url,"
    "evidence\n"
)
RIGHT = f"new,新しい施策,New,概要。,Summary.,council,ongoing,mic,r07-p1-c1-s1,{PAGE},edition\n"
"""A table of policies with one row, in which nothing is wrong beside the small edition."""


def values(submission: Submission, subject: NamedNode, name: str) -> list[str]:
    """Gives what a submission says of a thing by one property."""
    return [
        quad.object.value
        for quad in submission.quads
        if quad.subject == subject and quad.predicate == NamedNode(expand(name))
        if isinstance(quad.object, Literal | NamedNode)
    ]


def grave(submission: Submission) -> list[str]:
    """Gives the codes of what keeps a submission out."""
    return [each.code for each in submission.defects if each.severity == "violation"]


def said(submission: Submission, code: str) -> Defect:
    """Gives the first defect of a code."""
    return next(each for each in submission.defects if each.code == code)
