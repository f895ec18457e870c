"""A submission against the current release: all that is wrong with it, and the difference."""

from __future__ import annotations

from collections.abc import Iterable

from ...graph.progress import Told, parts
from ...graph.releases.data_folder import DataFolder
from ...graph.releases.release import Release
from ..submission import VIOLATION, Defect, Place, Submission
from .change import change_within
from .difference import difference
from .identity import identity
from .placing import Placing
from .report import Occurrence, PlacedFinding, Report, grouped, of_defect
from .sifting import sift
from .standing import Standing
from .words import finding


def check(submission: Submission, folder: DataFolder, told: Told | None = None) -> Report:
    """Gives what is wrong with a submission in the context of the current release of a folder.

    Nothing is changed. What was wrong before in the same way is not told.
    """
    return check_against(submission, folder.current(), folder.default_graph == "merged", told)


def check_against(
    submission: Submission,
    current: Release | None,
    merged: bool = True,
    told: Told | None = None,
) -> Report:
    """Gives the same for a release, or for a data folder that has none yet."""
    # What validates takes long to import, and most commands never do.
    from ...graph.validation.incremental import introduced

    sorted_out, judged, compared = parts(told, (2, 6, 2))
    standing = Standing(current, merged)
    sifted = sift(submission, standing, sorted_out)
    change = change_within(submission, standing, sifted)
    placing = Placing(submission, standing, sifted.quads)
    found = introduced(standing.store, change, standing.merged, told=judged)
    shaped = [placing.placed(each) for each in found]
    beside = _beside(shaped, [*sifted.findings, *identity(placing, sifted.quads)])
    findings = [
        *map(of_defect, submission.defects),
        *_of_whole_rows([*shaped, *beside], submission.defects),
    ]
    if not submission.quads and not findings:
        findings.append(_nothing(submission))
    report = Report(submission, standing.number, grouped(findings), difference(change, standing))
    compared(1.0)
    return report


def _of_whole_rows(
    found: Iterable[PlacedFinding], defects: Iterable[Defect]
) -> list[PlacedFinding]:
    """Gives findings without those of rows that could not be read: what is missing there follows
    from what was told of the row already."""
    refused = {
        (each.place.file, each.place.sheet, each.place.row)
        for each in defects
        if each.severity == VIOLATION and each.place.column is not None and each.place.row != 1
    }
    return [
        each
        for each in found
        if each.place is None or (each.place.file, each.place.sheet, each.place.row) not in refused
    ]


def _beside(shaped: Iterable[PlacedFinding], more: Iterable[PlacedFinding]) -> list[PlacedFinding]:
    """Gives findings about what no shape finds wrong already."""
    told = {(each.node, each.path, each.value) for each in shaped}
    misspelt = {(each.node, each.path) for each in shaped if each.constraint == "closed"}
    return [
        each
        for each in more
        if (each.node, each.path, each.value) not in told
        and (each.code != "unknown-term" or (each.node, each.path) not in misspelt)
    ]


def _nothing(submission: Submission) -> PlacedFinding:
    places = [Occurrence(Place(file.name)) for file in submission.files]
    return finding("nothing-submitted", *(places or [Occurrence()]))
