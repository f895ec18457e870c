"""What is wrong with a submission, in one form: faults of its files and findings of shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ...graph.names import SHAPES, expand
from ...graph.validation.findings import SEVERITIES, Finding, Severity
from ..submission import Defect, Place, Submission
from .difference import Difference


@dataclass(frozen=True)
class Occurrence:
    """One time that something is wrong: the thing, and its place in the files if it has one."""

    place: Place | None = None
    node: str | None = None


@dataclass(frozen=True)
class PlacedFinding:
    """Something wrong, in the words of both languages, and each time that it is.

    `code` is a name such as `unknown-id`, or that of the shape (`policy-kind`), whose IRI is
    `shape`; `path` is the property. `nearest` are the right things most like the value.
    """

    code: str
    severity: Severity
    message_ja: str
    message_en: str
    hint_ja: str = ""
    hint_en: str = ""
    shape: str | None = None
    constraint: str | None = None
    path: str | None = None
    value: str | None = None
    nearest: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = (Occurrence(),)

    @property
    def place(self) -> Place | None:
        """The first place in the files, or None where they do not mention what is wrong."""
        return self.occurrences[0].place

    @property
    def node(self) -> str | None:
        """The first thing that is wrong, as an IRI, where it is known."""
        return self.occurrences[0].node

    @property
    def count(self) -> int:
        """How many times it is wrong in the same way."""
        return len(self.occurrences)

    def message(self, lang: str) -> str:
        """Gives what is wrong, as a sentence."""
        return self.message_ja if lang == "ja" else self.message_en

    def hint(self, lang: str) -> str:
        """Gives how to mend it."""
        return self.hint_ja if lang == "ja" else self.hint_en

    def alike(self) -> tuple[object, ...]:
        """Gives what findings share that are the same but for the row."""
        place = self.place or Place("")
        where = (place.file, place.sheet, place.column, self.place is None)
        return (*where, self.code, self.severity, self.path, self.value, self.message_en)

    def order(self) -> tuple[object, ...]:
        """Gives what findings are sorted by: the worst first, then as they stand in the files."""
        place = self.place or Place("\uffff")
        return (
            SEVERITIES.index(self.severity),
            place.file,
            place.sheet or "",
            place.row or 0,
            place.column or "",
            self.code,
            self.node or "",
            self.value or "",
        )


@dataclass(frozen=True)
class Report:
    """What is wrong with a submission beside a release, and what it would change there.

    `base` is the number of that release, or None where there was none yet.
    """

    submission: Submission
    base: int | None
    findings: tuple[PlacedFinding, ...]
    diff: Difference = field(default_factory=Difference)

    @property
    def passes(self) -> bool:
        """Whether nothing keeps the submission out; warnings do not."""
        return not self.counts["violation"]

    @property
    def counts(self) -> dict[Severity, int]:
        """How often something is wrong, by severity."""
        return {
            severity: sum(each.count for each in self.findings if each.severity == severity)
            for severity in SEVERITIES
        }

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(file.rows for file in self.submission.files)


def of_defect(defect: Defect) -> PlacedFinding:
    """Gives a fault of a file as a finding."""
    return PlacedFinding(
        code=defect.code,
        severity=next(each for each in SEVERITIES if each == defect.severity),
        message_ja=defect.message_ja,
        message_en=defect.message_en,
        hint_ja=defect.hint_ja,
        hint_en=defect.hint_en,
        value=defect.value,
        nearest=defect.nearest,
        occurrences=(Occurrence(defect.place),),
    )


def of_finding(
    finding: Finding, place: Place | None, value: str | None, nearest: tuple[str, ...]
) -> PlacedFinding:
    """Gives a finding of a shape with its place; the value is as it stands there."""
    shape = expand(finding.shape)
    return PlacedFinding(
        code=shape.removeprefix(SHAPES),
        severity=finding.severity,
        message_ja=finding.message_ja,
        message_en=finding.message_en,
        hint_ja=finding.hint_ja,
        hint_en=finding.hint_en,
        shape=shape,
        constraint=finding.constraint,
        path=finding.path,
        value=value,
        nearest=nearest,
        occurrences=(Occurrence(place, finding.node),),
    )


def grouped(findings: Iterable[PlacedFinding]) -> tuple[PlacedFinding, ...]:
    """Gives findings in order, those that are the same but for the row as one."""
    together: dict[tuple[object, ...], list[PlacedFinding]] = {}
    for each in sorted(findings, key=PlacedFinding.order):
        together.setdefault(each.alike(), []).append(each)
    return tuple(
        replace(alike[0], occurrences=tuple(dict.fromkeys(o for a in alike for o in a.occurrences)))
        for alike in together.values()
    )
