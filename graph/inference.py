"""What follows from a store's graph: the rules run until nothing new follows.

What is asserted stands in a named graph and in the default graph; what follows is written to the
default graph and to the graph of inferred facts, and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from ..ontology import files
from .releases.merge import INFERRED, is_merged
from .rules import Pattern, Rule, matches, rules
from .terms import text

# Beyond so many facts, running a rule over everything is cheaper than naming each of them.
_WIDE: Final = 500

_ASSERTED_TOO = f"""
SELECT ?s ?p ?o ?graph WHERE {{
  GRAPH {INFERRED} {{ ?s ?p ?o }}
  GRAPH ?graph {{ ?s ?p ?o }}
  FILTER(?graph != {INFERRED})
}}"""


@dataclass(frozen=True, order=True)
class Inconsistency:
    """A node of which the graph says what cannot be true together; `rule` is the query's name."""

    rule: str
    node: str
    message_ja: str
    message_en: str


def infer(store: Store) -> int:
    """Brings the inferred facts of a store up to date and returns how many there are."""
    return sum(infer_by_rule(store).values())


def infer_by_rule(store: Store) -> dict[str, int]:
    """Brings the inferred facts of a store up to date and returns how many each rule gave.

    What no longer follows is removed. Only what differs from the last time is written.
    """
    before = _inferred(store)
    asserted_too = _asserted_too(store)
    found = _derive(store, before - asserted_too, rules())
    after = {fact for facts in found.values() for fact in facts}
    for fact in before - after:
        # The mark goes last: cut off here, the next run still knows the fact as an inferred one.
        if fact not in asserted_too:
            store.remove(_quad(fact, DefaultGraph()))
        store.remove(_quad(fact, INFERRED))
    store.extend(
        _quad(fact, place) for fact in after - before for place in (INFERRED, DefaultGraph())
    )
    return {name: len(facts) for name, facts in found.items()}


def derive(store: Store, chosen: Sequence[Rule] | None = None) -> dict[str, list[Triple]]:
    """Gives what follows from what a store asserts, by rule, and leaves the store as it is.

    A fact that several rules give stands under the first to give it.
    """
    only_inferred = _inferred(store) - _asserted_too(store)
    return _derive(store, only_inferred, rules() if chosen is None else chosen)


def inconsistencies(store: Store) -> list[Inconsistency]:
    """Gives what the default graph of a store contradicts itself in, once it is inferred."""
    return [
        Inconsistency(
            path.stem, text(row["node"]), row["message_ja"].value, row["message_en"].value
        )
        for path in files.inconsistencies()
        for row in cast(QuerySolutions, store.query(path.read_text(encoding="utf-8")))
    ]


def _inferred(store: Store) -> set[Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, INFERRED)}


def _asserted_too(store: Store) -> set[Triple]:
    """Gives the inferred facts that a graph of the merge has come to assert since."""
    rows = cast(QuerySolutions, store.query(_ASSERTED_TOO))
    return {Triple(row["s"], row["p"], row["o"]) for row in rows if is_merged(row["graph"])}


def _quad(fact: Triple, place: NamedNode | DefaultGraph) -> Quad:
    return Quad(fact.subject, fact.predicate, fact.object, place)


def _derive(
    store: Store, only_inferred: set[Triple], chosen: Sequence[Rule]
) -> dict[str, list[Triple]]:
    # The rules work on a copy in memory, where queries are faster and nobody sees half of it. It
    # is made quad by quad, since a dump that is read again gives blank nodes new names.
    work = Store()
    work.extend(store.quads_for_pattern(None, None, None, DefaultGraph()))
    for fact in only_inferred:
        work.remove(_quad(fact, DefaultGraph()))
    log = _Log(work, chosen)
    _to_fixed_point(log, chosen)
    for stage in sorted({rule.stage for rule in chosen} - {1}):
        for rule in chosen:
            if rule.stage == stage:
                log.run(rule, rule.text)
        _to_fixed_point(log, chosen)
    return log.by_rule


def _to_fixed_point(log: _Log, chosen: Sequence[Rule]) -> None:
    plain = [rule for rule in chosen if rule.stage == 1]
    while any(not log.has_seen_all(rule) for rule in plain):
        for rule in plain:
            log.catch_up(rule)


class _Log:
    """New facts in the order in which they were found, and how much of it each rule has seen."""

    def __init__(self, work: Store, chosen: Sequence[Rule]) -> None:
        self.by_rule: dict[str, list[Triple]] = {rule.name: [] for rule in chosen}
        self._work = work
        self._known = {quad.triple for quad in work}
        self._facts: list[Triple] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        self._seen: dict[str, int] = {}

    def has_seen_all(self, rule: Rule) -> bool:
        return self._seen.get(rule.name) == len(self._facts)

    def catch_up(self, rule: Rule) -> None:
        """Runs a rule over what it has not seen: everything the first time, then the new facts."""
        seen, self._seen[rule.name] = self._seen.get(rule.name), len(self._facts)
        if seen is None:
            self.run(rule, rule.text)
            return
        for query in list(self._narrowed(rule, seen, len(self._facts))):
            self.run(rule, query)

    def run(self, rule: Rule, query: str) -> None:
        """Adds what a rule gives, the whole of it or narrowed."""
        found = cast(QueryTriples, self._work.query(query))
        new = list(dict.fromkeys(fact for fact in found if fact not in self._known))
        for place, fact in enumerate(new, len(self._facts)):
            self._places[fact.predicate.value].append(place)
        self._facts += new
        self._known.update(new)
        self._work.extend(_quad(fact, DefaultGraph()) for fact in new)
        self.by_rule[rule.name] += new

    def _narrowed(self, rule: Rule, start: int, end: int) -> Iterator[str]:
        # Semi-naive evaluation: a new solution has a new fact in at least one pattern.
        for pattern in rule.patterns:
            fresh = self._between(pattern, start, end)
            if len(fresh) > _WIDE:
                yield rule.text
                return
            filling = [fact for fact in fresh if matches(pattern, fact)]
            if filling:
                yield rule.narrowed(pattern, filling)

    def _between(self, pattern: Pattern, start: int, end: int) -> list[Triple]:
        predicate = pattern[1]
        if predicate.startswith("?"):
            return self._facts[start:end]
        places = self._places[predicate]
        low, high = bisect_left(places, start), bisect_left(places, end)
        return [self._facts[place] for place in places[low:high]]
