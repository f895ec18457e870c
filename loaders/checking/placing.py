"""Findings of shapes brought back to the file, sheet, row and column that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from ...graph.names import HKID, PREFIXES, thing
from ...graph.store import Term
from ...graph.validation.findings import Finding
from ..references import References
from ..submission import Place, Submission
from .report import PlacedFinding, of_finding
from .standing import LABEL, Standing, class_of, labels

ABSENT: Final = ("min-count", "qualified-min-count", "qualified-value-shape")
"""Constraints that find something missing: no cell is at fault, only its row."""


class Placing:
    """Finds the place of what is wrong, and the right things that may have been meant."""

    def __init__(self, submission: Submission, standing: Standing, quads: Iterable[Quad]) -> None:
        self.submission = submission
        self.standing = standing
        self._quads = list(quads)
        self._kinds: dict[str, References] = {}

    def placed(self, finding: Finding) -> PlacedFinding:
        """Gives a finding of a shape with its place, its value as it stands there."""
        place = self.of(finding)
        nearest = finding.nearest
        if finding.value and finding.value.startswith(HKID) and not self.is_known(finding.value):
            nearest = self.nearest(finding.value)
        return of_finding(finding, place, finding.value, nearest)

    def of(self, finding: Finding) -> Place | None:
        """Gives the narrowest place of what a shape finds, or None for what is not mentioned."""
        path, value = finding.path, finding.value
        if finding.constraint in ABSENT:
            path = value = None
        elif path is None and value is not None:
            path = self._saying.get((finding.node, value))
        place = self.submission.place(finding.node, path, value)
        return place or self._through(finding.node)

    def is_known(self, iri: str) -> bool:
        """Says whether a thing is described, by the release or by the submission."""
        return iri in self._described or self.standing.knows(NamedNode(iri))

    def nearest(self, iri: str) -> tuple[str, ...]:
        """Gives the things whose ids or labels are most like an id that is unknown, as IRIs."""
        kind, _, slug = iri.removeprefix(HKID).partition("/")
        of_class = class_of(kind)
        if of_class is None:
            start = f"{HKID}{kind}/"
            codes = [name for name in self.standing.terms if name.startswith(start)]
            return tuple(get_close_matches(iri, sorted(codes), n=1, cutoff=0.6))
        if kind not in self._kinds:
            self._kinds[kind] = self._known_of(kind, of_class)
        return tuple(thing(kind, each).value for each in self._kinds[kind].nearest(kind, slug))

    def _known_of(self, kind: str, of_class: str) -> References:
        known = References()
        for slug, names in self.standing.names_in(kind, of_class):
            known.add(kind, slug, names)
        for subject, names in self._named.items():
            if subject.startswith(f"{HKID}{kind}/"):
                known.add(kind, subject.removeprefix(f"{HKID}{kind}/"), names)
        return known

    def _through(self, node: str) -> Place | None:
        """Gives the place of what the submission says of something by way of a thing of its own:
        a period by the cell that names it."""
        for quad in self._pointing.get(node, ()):
            place = self.submission.place(_value(quad.subject), quad.predicate.value, node)
            if place is not None:
                return place
        # What is described in a file at all stands somewhere in it.
        if node in self._described and len(self.submission.files) == 1:
            return Place(self.submission.files[0].name)
        return None

    @cached_property
    def _described(self) -> set[str]:
        return {_value(quad.subject) for quad in self._quads}

    @cached_property
    def _saying(self) -> dict[tuple[str, str], str]:
        """By which property the submission says what of a thing; a number rather than its text."""
        texts_first = sorted(self._quads, key=lambda quad: not _is_text(quad.object))
        return {
            (_value(quad.subject), _value(quad.object)): quad.predicate.value
            for quad in texts_first
        }

    @cached_property
    def _pointing(self) -> dict[str, list[Quad]]:
        found: dict[str, list[Quad]] = {}
        for quad in self._quads:
            if isinstance(quad.object, NamedNode):
                found.setdefault(quad.object.value, []).append(quad)
        return found

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[Term]] = {}
        for quad in self._quads:
            if quad.predicate == LABEL:
                found.setdefault(_value(quad.subject), []).append(quad.object)
        return {each: _texts(iter(terms)) for each, terms in found.items()}


def _texts(terms: Iterator[Term]) -> list[str]:
    return [text for text in labels(terms) if text]


def _is_text(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value == PREFIXES["xsd"] + "string"


def _value(term: Term) -> str:
    return "" if isinstance(term, Triple) else term.value
