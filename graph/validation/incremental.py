"""What a change would break: only what it can have touched is validated, not the whole store.

    found = broken(store, Change(add=[…], remove=[…]))

What a shape says of a node depends on what is stated of the node, of what it points to, and of few
others. So a change can break its own subjects and what points to them; these are validated within
their surroundings, cut out of the store as it would be afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from ..errors import InvalidData
from ..names import PREFIXES, term
from ..ontology import ontology_dataset
from ..releases.changes import Change, GraphName
from ..releases.merge import INFERRED, is_merged, normal
from ..releases.publishing import Proposed
from ..releases.release import Release
from ..store import Term
from .findings import Finding
from .full import shape_targets, validate

Node = NamedNode | BlankNode

HOPS: Final = 2
"""How far a shape looks: the longest paths, such as hk:indicator/hk:unit/hk:baseUnit, read what is
stated of a node two steps away; sh:class and sh:node read what is stated of one a step away."""

BLANK: Final = "urn:blank:"
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
BROADER: Final = NamedNode(PREFIXES["skos"] + "broader")
"""The one property that a shape follows to its end, looking for a loop."""
BACKWARDS: Final = (term("milestone"), term("subject"))
"""Properties by which a violation of their object is found: a milestone needs its policy, and a
relation of a policy needs its link."""
FROM_AFAR: Final = {
    TYPE: None,
    NamedNode(PREFIXES["skos"] + "inScheme"): None,
    NamedNode(PREFIXES["rdfs"] + "label"): term("indicator"),
    **dict.fromkeys(map(term, ("start", "end", "unit", "baseUnit", "multiplier"))),
}
"""Properties that violations are found by on what points to their subject, and by which property
it does where it is one only: a share of more than 100 % is no mistake where its indicator is
labelled as a rate of change. Of other properties only the subject itself is judged."""
SHARED: Final = (
    term("indicator"),
    term("subject"),
    NamedNode(PREFIXES["schema"] + "position"),
)
"""Properties whose subjects are compared with each other: observations of an indicator, links of
a policy, parts at one position."""


def introduced(store: Store, change: Change, merged: bool = True) -> list[Finding]:
    """Gives what a change would bring into a store that the shapes find wrong, the worst first.

    What was wrong before in the same way is not told again: a step that mends something need not
    mend everything. Where the default graph is merged, graphs apart from it are not looked at, nor
    is what was inferred, which follows the change later.
    """
    before = _State(store, merged)
    after = before.changed(change)
    affected = after.affected()
    found = _findings(after, affected)
    known = set(_findings(before, affected)) if found else set()
    return [each for each in found if each not in known]


def broken(store: Store, change: Change, merged: bool = True) -> list[Finding]:
    """Gives the violations that a change would bring into a store, which keep it out."""
    return [each for each in introduced(store, change, merged) if each.severity == "violation"]


def checking(change: Proposed, merged: bool) -> Proposed:
    """Gives a change that raises InvalidData, once it is worked out, where it breaks something."""

    def checked(current: Release | None) -> Change:
        wanted = change(current)
        wanted = replace(wanted, add=list(wanted.add), remove=list(wanted.remove))
        found = broken(Store() if current is None else current.engine(), wanted, merged)
        if found:
            raise InvalidData(tuple(found))
        return wanted

    return checked


def _findings(state: _State, affected: list[Node]) -> list[Finding]:
    triples = state.surroundings(affected)
    # Most stores of no white paper hold nothing that a shape is about.
    targets = shape_targets()
    if not any(targets & {triple.predicate, triple.object} for triple in triples):
        return []
    names = {_named(node).value: str(node) for node in affected}
    found = validate(_readable(triples))
    return [
        replace(each, node=names[each.node]) if each.node.startswith(BLANK) else each
        for each in found
        if each.node in names
    ]


def _readable(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Gives triples as the engines of shapes read them, which give blank nodes names of their own
    and know neither triples within triples nor the direction of a text."""
    for subject, predicate, value in triples:
        if isinstance(value, Literal) and value.direction is not None:
            value = Literal(value.value, language=value.language)
        if not isinstance(value, Triple):
            yield Triple(_named(subject), predicate, _named(value))


def _named(node: Any) -> Any:
    """Gives a term, a blank node under a name that stays."""
    return NamedNode(BLANK + node.value) if isinstance(node, BlankNode) else node


@cache
def _ontology() -> frozenset[Triple]:
    """Gives what is known of the ontology without a store."""
    return frozenset(quad.triple for quad in ontology_dataset())


class _State:
    """What a store states before a change, or would state after it."""

    def __init__(
        self, store: Store, merged: bool, gone: Iterable[Quad] = (), new: Iterable[Quad] = ()
    ) -> None:
        self._store = store
        self._merged = merged
        self._gone = set(gone)
        self._new = Store()
        self._new.extend(new)

    def changed(self, change: Change) -> _State:
        """Gives the state after a change."""
        dropped = (self._store.quads_for_pattern(None, None, None, name) for name in change.drop)
        coming = set(filter(self._is_seen, normal(change.add)))
        going = {*chain.from_iterable(dropped), *normal(change.remove)} - coming
        gone = {quad for quad in going if self._is_seen(quad) and quad in self._store}
        new = [quad for quad in coming if quad not in self._store]
        return _State(self._store, self._merged, gone, new)

    def affected(self) -> list[Node]:
        """Gives the nodes that may have come to be wrong by the change."""
        found: dict[Node, None] = {}
        for quad in (*self._gone, *self._new):
            found[quad.subject] = None
            if quad.predicate in BACKWARDS and isinstance(quad.object, Node):
                found[quad.object] = None
            if quad.predicate in FROM_AFAR:
                through = FROM_AFAR[quad.predicate]
                found |= dict.fromkeys(self._pointing(through, quad.subject))
        return list(found)

    def surroundings(self, nodes: list[Node]) -> list[Triple]:
        """Gives what shapes may read to judge some nodes."""
        found: dict[Triple, None] = {}
        described: set[Term] = set()
        edge: set[Node] = set(nodes)
        further = HOPS
        while edge:
            described |= edge
            triples = [quad.triple for node in edge for quad in self._quads(node, None, None)]
            found |= dict.fromkeys(triples)
            edge = {
                triple.object
                for triple in triples
                if isinstance(triple.object, Node) and (further or triple.predicate == BROADER)
            } - described
            further = max(0, further - 1)
        for other in self._compared(nodes) - described:
            # Without its class, it is there to be read and not to be judged.
            quads = self._quads(other, None, None)
            found |= dict.fromkeys(quad.triple for quad in quads if quad.predicate != TYPE)
        return [triple for triple in found if triple not in _ontology()]

    def _compared(self, nodes: list[Node]) -> set[Node]:
        found = {
            each for name in BACKWARDS for node in nodes for each in self._pointing(name, node)
        }
        for name in SHARED:
            shared = {quad.object for node in nodes for quad in self._quads(node, name, None)}
            found |= {each for value in shared for each in self._pointing(name, value)}
        return found

    def _pointing(self, name: NamedNode | None, value: Term) -> Iterator[Node]:
        subjects = (quad.subject for quad in self._quads(None, name, value))
        return (each for each in subjects if isinstance(each, Node))

    def _quads(
        self, subject: Node | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterator[Quad]:
        for quad in self._store.quads_for_pattern(subject, predicate, value, None):
            if self._is_seen(quad) and quad not in self._gone:
                yield quad
        yield from self._new.quads_for_pattern(subject, predicate, value, None)

    def _is_seen(self, quad: Quad) -> bool:
        name: GraphName = quad.graph_name
        return not self._merged or (is_merged(name) and name != INFERRED)
