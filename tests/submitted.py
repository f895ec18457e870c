"""What a submission says of a thing, and what it tells of defects."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from hakusho.graph.names import expand
from hakusho.loaders.submission import Defect, Submission


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
