"""What of a submission can be taken over: not the ontology's words, shapes, or what is derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from ...graph.names import GRAPH, HK, HKID, PREFIXES, SHAPES, expand, shorten
from ...graph.ontology import ontology_dataset
from ...graph.progress import Told, counted
from ...graph.releases.merge import INFERRED, normal
from ...graph.releases.provenance import PROVENANCE
from ...graph.store import Term
from ..columns import breakdowns
from ..submission import Submission
from .report import Occurrence, PlacedFinding, grouped
from .standing import IN_SCHEME, ONTOLOGY, TYPE, Standing
from .words import finding

SH: Final = PREFIXES["sh"]
RESERVED: Final = tuple(GRAPH + name for name in ("provenance", "shapes", "proposal"))
_SCHEME: Final = HKID + "scheme/"


@dataclass
class Sifted:
    """All statements as the store keeps them, those that can be taken over, each in the graph that
    it goes to, and what is said of the others."""

    all: list[Quad] = field(default_factory=list)
    quads: list[Quad] = field(default_factory=list)
    findings: list[PlacedFinding] = field(default_factory=list)


def sift(submission: Submission, standing: Standing, told: Told | None = None) -> Sifted:
    """Gives what of a submission can be taken over, each statement in the graph that it goes to.

    What is reserved passes in silence where it says what stands there anyway, so that what was
    exported from here can be handed in again.
    """
    sieve = _Sieve(submission, standing)
    everything = normal(submission.quads)
    for quad in counted(everything, told):
        sieve.put(quad)
    found = sieve.sifted
    return Sifted(everything, _once(found.quads, standing), list(grouped(found.findings)))


class _Sieve:
    def __init__(self, submission: Submission, standing: Standing) -> None:
        self.submission = submission
        self.standing = standing
        self.sifted = Sifted()
        self._shapes = {
            quad.subject
            for quad in submission.quads
            if quad.predicate.value.startswith(SH)
            or (isinstance(quad.object, NamedNode) and quad.object.value.startswith(SH))
            or _value(quad.subject).startswith(SHAPES)
        }
        # A table of statistics brings the codes that our lists lack, in a list of its own.
        self._own_codes = {
            quad.subject
            for quad in submission.quads
            if quad.predicate == IN_SCHEME
            and _value(quad.subject).removeprefix(HKID).partition("/")[0] in _extensible()
            and _value(quad.object).removeprefix(_SCHEME) not in standing.lists
            and _value(quad.subject) not in standing.terms
        }

    def put(self, quad: Quad) -> None:
        """Keeps a statement, passes it over, or notes why it cannot be taken."""
        name = "" if isinstance(quad.graph_name, DefaultGraph) else _value(quad.graph_name)
        if quad.subject in self._shapes or name.startswith(GRAPH + "shapes"):
            self._note("shapes-ignored", quad)
        elif name == INFERRED.value:
            if quad not in self.standing.store and self.standing.number is not None:
                self._note("inferred-graph", quad)
        elif name == PROVENANCE.value and self.standing.number is None:
            # The history of another data folder; this one begins its own.
            pass
        elif name.startswith(RESERVED) and self.standing.number is not None:
            if quad not in self.standing.store:
                self._note("reserved-graph", quad, shorten(name))
        elif name == ONTOLOGY.value or self._is_of_ontology(quad):
            if not (self.standing.states(quad.triple) or _is_packaged(quad)):
                self._note("ontology-redefined", quad, shorten(_value(quad.subject)))
        else:
            for term in self._unknown_terms(quad):
                nearest = _nearest(term, self.standing)
                self._note("unknown-term", quad, shorten(term), nearest)
            self._keep(quad)

    def _keep(self, quad: Quad) -> None:
        name = quad.graph_name
        if isinstance(name, DefaultGraph):
            name = self.standing.own_graph
        elif self.standing.has(name) and quad not in self.standing.store:
            self._note("others-graph", quad, shorten(_value(name)))
        self.sifted.quads.append(Quad(quad.subject, quad.predicate, quad.object, name))

    def _is_of_ontology(self, quad: Quad) -> bool:
        """Says whether a statement is about a term of the ontology, or adds one to a code list."""
        subject = _value(quad.subject)
        if subject.startswith(HK) or subject in self.standing.terms:
            return True
        if quad.subject in self._own_codes:
            return False
        kind = subject.removeprefix(HKID).partition("/")[0] if subject.startswith(HKID) else ""
        scheme = _value(quad.object) if quad.predicate == IN_SCHEME else ""
        return kind in self.standing.lists or scheme.removeprefix(_SCHEME) in self.standing.lists

    def _unknown_terms(self, quad: Quad) -> list[str]:
        named = [quad.predicate.value]
        if quad.predicate == TYPE:
            named.append(_value(quad.object))
        return [
            term for term in named if term.startswith(HK) and term not in self.standing.vocabulary
        ]

    def _note(
        self, code: str, quad: Quad, value: str | None = None, nearest: tuple[str, ...] = ()
    ) -> None:
        subject, path = _value(quad.subject), quad.predicate.value
        place = self.submission.place(subject, path, _value(quad.object))
        where = Occurrence(place, subject)
        # What is not taken at all is told once for each thing, not for each of its properties.
        told = path if code == "unknown-term" else None
        self.sifted.findings.append(
            finding(code, where, path=told, value=value, nearest=nearest, term=value or "")
        )


def _once(quads: list[Quad], standing: Standing) -> list[Quad]:
    """Leaves out of the submission's own graph what another graph of it or the release states."""
    own = standing.own_graph
    elsewhere = {quad.triple for quad in quads if quad.graph_name != own}
    return [
        quad
        for quad in dict.fromkeys(quads)
        if quad.graph_name != own or not (quad.triple in elsewhere or standing.states(quad.triple))
    ]


@cache
def _extensible() -> frozenset[str]:
    """Gives the kinds of codes that statistics may add to: breakdowns and areas."""
    return frozenset(("area", *(name.replace("_", "-") for name in breakdowns())))


@cache
def _packaged() -> frozenset[Triple]:
    return frozenset(quad.triple for quad in ontology_dataset())


def _is_packaged(quad: Quad) -> bool:
    return quad.triple in _packaged()


def _nearest(term: str, standing: Standing) -> tuple[str, ...]:
    known = sorted(shorten(name) for name in standing.vocabulary)
    return tuple(map(expand, get_close_matches(shorten(term), known, n=2, cutoff=0.7)))


def _value(term: Term | DefaultGraph) -> str:
    return "" if isinstance(term, DefaultGraph | Triple) else term.value
