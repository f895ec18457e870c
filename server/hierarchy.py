"""Which terms of the ontology are broader than which, so that pages leave out what only follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from ..graph.names import HK, expand
from ..graph.store import Store, Term
from ..queries.catalogue import ask

INVERSE: Final = expand("owl:inverseOf")
COLUMNS: Final = ("narrower", "relation", "broader")


@dataclass(frozen=True)
class Hierarchy:
    """Which properties and classes are broader than which, and which properties are inverse."""

    broader: Mapping[str, frozenset[str]]
    inverse: Mapping[str, frozenset[str]]

    def specific(self, said: Mapping[str, list[Term]]) -> dict[str, list[Term]]:
        """Gives statements without those that only follow from a more specific property."""
        kept = {}
        for property, values in said.items():
            narrower = [other for other in said if property in self.broader.get(other, ())]
            told = {value for other in narrower for value in said[other]}
            left = [value for value in values if value not in told]
            if left:
                kept[property] = left
        return kept

    def narrowest(self, classes: Iterable[str]) -> list[str]:
        """Gives those of our classes that have no narrower one among them."""
        ours = [each for each in classes if each.startswith(HK)]
        broader = {above for each in ours for above in self.broader.get(each, ())}
        return [each for each in ours if each not in broader]


def hierarchy_of(store: Store) -> Hierarchy:
    """Gives the hierarchy of the properties and classes of a store."""
    above: dict[str, set[str]] = {}
    inverse: dict[str, set[str]] = {}
    for row in ask(store, "ontology/hierarchy").rows:
        narrower, relation, broader = (_iri(row[name]) for name in COLUMNS)
        if relation == INVERSE:
            inverse.setdefault(narrower, set()).add(broader)
            inverse.setdefault(broader, set()).add(narrower)
        else:
            above.setdefault(narrower, set()).add(broader)

    def closed(term: str, seen: set[str]) -> set[str]:
        for each in above.get(term, ()):
            if each not in seen:
                seen.add(each)
                closed(each, seen)
        return seen

    return Hierarchy(
        {term: frozenset(closed(term, set()) - {term}) for term in above},
        {term: frozenset(others) for term, others in inverse.items()},
    )


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""
