"""What a submission of statistics says: the observations in it, and what it tells of defects."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode

from hakusho.graph.names import expand, shorten, term
from hakusho.loaders.references import References
from hakusho.loaders.statistics.reading import read_statistics
from hakusho.loaders.submission import Submission

DATA = Path(__file__).parent / "data" / "statistics"


def read(known: References, *names: str, **others: bytes) -> Submission:
    """Gives what some files of the examples say, and others by their names."""
    files = [(name, (DATA / name).read_bytes()) for name in names]
    files += [(name.replace("_", "."), content) for name, content in others.items()]
    submission, left = read_statistics(files, known)
    assert not left
    return submission


def values(submission: Submission) -> dict[str, tuple[str, str]]:
    """Gives value and printed value of each observation by its id, without the page's hash."""
    told: dict[str, dict[str, str]] = {}
    for quad in submission.quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            slug = shorten(quad.subject.value).removeprefix("observation/").rpartition("_")[0]
            told.setdefault(slug, {})[quad.predicate.value] = quad.object.value
    return {
        slug: (about[term("value").value], about[term("printedValue").value])
        for slug, about in told.items()
        if term("value").value in about
    }


def told(submission: Submission, *severities: str) -> list[tuple[str, str | None]]:
    """Gives the defects of some severities: code and value."""
    return [
        (each.code, each.value)
        for each in submission.defects
        if each.severity in (severities or ("violation",))
    ]


def said(submission: Submission, subject: NamedNode, name: str) -> list[str]:
    """Gives what is said of a thing by a property, in order."""
    return sorted(
        getattr(quad.object, "value", "")
        for quad in submission.quads
        if quad.subject == subject and quad.predicate.value == expand(name)
    )
