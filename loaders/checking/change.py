"""The change that takes a submission over: its statements in, what they replace out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from ...graph.ontology import ontology_dataset
from ...graph.releases.changes import Change
from ...graph.releases.release import Release
from ...graph.store import Term
from ..submission import Submission
from .origins import origins
from .sifting import Sifted, sift
from .standing import Standing


def change_of(submission: Submission, current: Release | None) -> Change:
    """Gives the change that takes a submission over into the release after the current one.

    Its statements go into a graph of its own, `graph/submission-N`, unless they name another; N
    is the number of the release that this makes, or `N-2` where that name came from elsewhere. A
    data folder without a release gets the ontology as well.
    """
    standing = Standing(current)
    change = change_within(submission, standing, sift(submission, standing))
    if standing.number is None and change.add:
        return Change([*ontology_dataset(), *change.add], change.remove)
    return change


def change_within(submission: Submission, standing: Standing, sifted: Sifted) -> Change:
    """Gives the same of what was sifted, without the ontology of a data folder that is empty."""
    new = [quad for quad in sifted.quads if quad not in standing.store]
    gone = list(replaced(submission, standing, sifted.all))
    # What names a graph, such as an export, tells there where it comes from.
    own = (quad.subject for quad in new if quad.graph_name == standing.own_graph)
    about = dict.fromkeys((*own, *(quad.subject for quad in gone)))
    named = [subject for subject in about if isinstance(subject, NamedNode)]
    return Change([*new, *origins(submission, standing, named)], gone)


def replaced(submission: Submission, standing: Standing, quads: Iterable[Quad]) -> Iterator[Quad]:
    """Gives the statements that a submission takes the place of; `quads` are all that it says.

    A text gives way to one of its own language only: whoever writes a Japanese label says nothing
    of the English one.
    """
    properties: dict[NamedNode, list[NamedNode]] = {}
    for subject, predicate in submission.replaces:
        properties.setdefault(subject, []).append(predicate)
    properties = {each: found for each, found in properties.items() if standing.knows(each)}
    said: dict[tuple[Term, NamedNode], set[Term]] = {}
    for quad in quads:
        if quad.subject in properties:
            said.setdefault((quad.subject, quad.predicate), set()).add(quad.object)
    for subject, found in properties.items():
        for predicate in sorted(found, key=str):
            values = said.get((subject, predicate), set())
            languages = {_language(value) for value in values}
            for quad in standing.replaceable(subject, predicate):
                if quad.object not in values and (
                    not values or _language(quad.object) in languages
                ):
                    yield quad


def _language(term: Term) -> str | None:
    return term.language if isinstance(term, Literal) else None
