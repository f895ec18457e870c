"""A submission that passes becomes a release; one that does not changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ...graph.errors import HakushoError
from ...graph.progress import Told, parts
from ...graph.releases.changes import Change
from ...graph.releases.data_folder import DataFolder
from ...graph.releases.manifest import Source
from ...graph.releases.release import Release
from ..submission import Submission
from .change import change_of
from .report import Report
from .validating import check_against


class Refused(HakushoError):
    """A submission that is not taken over, with the report that says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report
        self.count = report.counts["violation"]

    def __str__(self) -> str:
        first = next(each for each in self.report.findings if each.severity == "violation")
        where = f"{first.place}: " if first.place else ""
        more = f", and {self.count - 1} more" if self.count > 1 else ""
        return f"{where}{first.message_en}{more}"


@dataclass(frozen=True)
class Published:
    """What became of a submission: the release that has it, and the report it was let in by.

    `new` says whether it made that release: what says nothing new makes none.
    """

    release: Release
    report: Report
    new: bool


def publish(
    submission: Submission,
    folder: DataFolder,
    *,
    who: str,
    why: str = "",
    kind: str = "submission",
    report: Report | None = None,
    told: Told | None = None,
) -> Published:
    """Publishes a submission and returns what became of it; raises Refused where it breaks
    something.

    A report that was made before is believed where its release is still the current one. Else
    the submission is checked anew once it is this writer's turn, so that it is judged beside
    what it will stand beside.
    """
    judged = report
    judging, working_out, saving = parts(told, (0 if report else 8, 1, 7))
    before: int | None = None

    def change(current: Release | None) -> Change:
        nonlocal judged, before
        before = None if current is None else current.number
        if judged is None or judged.base != before:
            judged = check_against(submission, current, folder.default_graph == "merged", judging)
        if not judged.passes:
            raise Refused(judged)
        made = change_of(submission, current)
        working_out(1.0)
        return made

    sources = [Source(file.name, file.sha256) for file in submission.files]
    release = folder.publish(change, who=who, why=why, kind=kind, sources=sources, told=saving)
    assert judged is not None
    return Published(release, judged, release.number != before)
