"""What a submission would change: thing by thing, with the things of others shown as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from ...graph.names import shorten
from ...graph.releases.changes import Change, GraphName
from ...graph.releases.differences import Diff, Subject, ThingChange, arranged
from ...graph.releases.merge import is_merged
from ...graph.store import Term
from .standing import LABEL, TYPE, Label, Standing, labels


@dataclass(frozen=True)
class Difference(Diff):
    """What would be added, removed and changed, and what is needed to show it.

    `others` has, for each thing that is already described, the graphs that do so by their short
    names; `labels` what things and properties are called; `classes` what the things are.
    """

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def label(self, iri: str, lang: str) -> str | None:
        """Gives what something is called in a language, where that is known."""
        return self.labels.get(iri, (None, None))[0 if lang == "ja" else 1]

    def is_of_others(self, change: ThingChange) -> bool:
        """Says whether a thing was described before, by others."""
        return bool(self.others.get(subject_of(change)))


def difference(change: Change, standing: Standing) -> Difference:
    """Gives what the change of a submission would do to what a release states.

    Statements about where things come from are no part of it, nor is a statement that merely
    changes its graph.
    """
    going = [quad for quad in change.remove if _is_told(quad.graph_name)]
    coming = [quad for quad in change.add if _is_told(quad.graph_name)]
    leaving = set(going)
    gone = {quad.triple for quad in going} - {quad.triple for quad in coming}
    gone = {triple for triple in gone if not _stays(triple, leaving, standing)}
    # What goes into the submission's own graph is stated nowhere else.
    new = {
        quad.triple
        for quad in coming
        if quad.graph_name == standing.own_graph or not standing.states(quad.triple)
    }
    about = {triple.subject for triple in (*gone, *new)}
    others = {each: standing.describing(each) for each in about if not isinstance(each, Triple)}
    kept = {each: _keeps(each, leaving, standing) for each in {triple.subject for triple in gone}}
    added = {triple.subject for triple in new}
    things = arranged(
        new,
        gone,
        lambda subject: bool(others.get(subject)),  # type: ignore[arg-type]
        lambda subject: subject in added or kept.get(subject, False),
    )
    return Difference(
        things,
        {},
        {_name(each): graphs for each, graphs in others.items() if graphs},
        _labels(things, new, standing),
        _classes(about, new, standing),
    )


def subject_of(change: ThingChange) -> str:
    """Gives the thing of a change, as an IRI where it has one."""
    return _name(change.subject)


def _name(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _is_told(name: GraphName) -> bool:
    return isinstance(name, DefaultGraph) or is_merged(name)


def _stays(triple: Triple, going: set[Quad], standing: Standing) -> bool:
    """Says whether another graph goes on stating a triple."""
    found = standing.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(standing.is_replaceable(each.graph_name) and each not in going for each in found)


def _keeps(subject: Subject, going: set[Quad], standing: Standing) -> bool:
    """Says whether anything goes on being said of a thing."""
    found = standing.store.quads_for_pattern(subject, None, None, None)
    return any(standing.is_replaceable(each.graph_name) and each not in going for each in found)


def _labels(
    things: Iterable[ThingChange], new: Iterable[Triple], standing: Standing
) -> dict[str, Label]:
    """Gives what is shown by name: things, properties and values, as they are newly called."""
    fresh: dict[NamedNode, list[Term]] = {}
    for triple in new:
        if triple.predicate == LABEL and isinstance(triple.subject, NamedNode):
            fresh.setdefault(triple.subject, []).append(triple.object)
    shown: dict[NamedNode, None] = {}
    for thing in things:
        terms: list[Term] = [thing.subject]
        for each in thing.properties:
            terms += [each.property, *each.removed, *each.added]
        shown |= {term: None for term in terms if isinstance(term, NamedNode)}
    found: dict[str, Label] = {}
    for term in shown:
        ja, en = standing.label(term)
        new_ja, new_en = labels(iter(fresh.get(term, ())))
        if (label := (new_ja or ja, new_en or en)) != (None, None):
            found[term.value] = label
    return found


def _classes(
    about: Iterable[Subject], new: Iterable[Triple], standing: Standing
) -> dict[str, tuple[str, ...]]:
    fresh: dict[Subject, set[str]] = {}
    for triple in new:
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
            fresh.setdefault(triple.subject, set()).add(triple.object.value)
    found: dict[str, tuple[str, ...]] = {}
    for subject in about:
        known = set() if isinstance(subject, Triple) else standing.classes(subject)
        if classes := known | fresh.get(subject, set()):
            found[_name(subject)] = tuple(sorted(classes, key=shorten))
    return found
