"""What follows after a change, worked out from what followed before it.

A fact that a change takes away may be a ground of others, and these of others again. All of them
fall; then what still has grounds is taken back, and what has new ones is added (delete and
rederive). Rules of later stages, which count and look for what is missing, are asked anew of just
those of their groups that the change reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import cast

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from .matching.changed import Changed
from .matching.joins import Match, lead, reached, surroundings
from .matching.patterns import Pattern
from .matching.solutions import solutions, unified
from .matching.stored import Merged
from .matching.view import View
from .releases.changes import Effect
from .releases.merge import INFERRED, in_default, is_merged, stated
from .rules import Rule, rules
from .store import Term


def infer_after(store: Store, change: Effect) -> Effect:
    """Brings what is inferred up to date with a change that a merged store has just seen.

    It was up to date before. Gives what that changed, in its own graph and in the default graph.
    """
    quads = [quad for quad in (*change.added, *change.removed) if is_merged(quad.graph_name)]
    triples = dict.fromkeys(quad.triple for quad in quads)
    added = set(change.added)
    new = [triple for triple in triples if _is_new(store, triple, added)]
    gone = [triple for triple in triples if not _is_stated(store, triple)]
    draft = _Draft(store, new, gone)
    draft.settle(gone, new)
    for stage in sorted({rule.stage for rule in rules()} - {1}):
        draft.ask([rule for rule in rules() if rule.stage == stage])
    return draft.write(triples)


def _is_stated(store: Store, triple: Triple) -> bool:
    return in_default(triple) in store


def _is_new(store: Store, triple: Triple, added: set[Quad]) -> bool:
    """Tells whether no graph stated a triple before some quads were added."""
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    merged = [quad for quad in found if is_merged(quad.graph_name)]
    return bool(merged) and all(quad in added for quad in merged)


class _Draft:
    """What is known before and after a change, while it is worked out."""

    def __init__(self, store: Store, new: list[Triple], gone: list[Triple]) -> None:
        self._store = store
        base = Merged(store)
        self._before = Changed(base, new, gone)
        self._now = Changed(base, (), ())
        # All that has been known at any time: what is known now rests on nothing else.
        self._ever = Changed(base, (), gone)
        self._gained = dict.fromkeys(new)
        self._lost = dict.fromkeys(gone)
        self._plain = [rule for rule in rules() if rule.stage == 1]

    def settle(self, lost: Iterable[Triple], gained: Iterable[Triple]) -> None:
        """Draws by the plain rules what follows from facts that were lost and gained."""
        fallen = self._fall(lost)
        back = [fact for fact in self._grounded(fallen) if not self._now.states(fact)]
        for fact in back:
            self._gain(fact)
        wave = [*gained, *back]
        while wave:
            heads = chain.from_iterable(facts for _, facts in self._follow(self._now, wave))
            wave = [fact for fact in dict.fromkeys(heads) if not self._now.states(fact)]
            for fact in wave:
                self._gain(fact)

    def ask(self, chosen: Iterable[Rule]) -> None:
        """Asks rules of a later stage anew of what the change so far reaches."""
        lost: dict[Triple, None] = {}
        gained: dict[Triple, None] = {}
        for rule in chosen:
            terms = self._groups(rule)
            before = self._asked(self._before, rule, terms)
            now = self._asked(self._now, rule, terms)
            lost |= dict.fromkeys(fact for fact in before - now if self._can_fall(fact))
            gained |= dict.fromkeys(fact for fact in now if not self._now.states(fact))
        for fact in lost:
            self._lose(fact)
        for fact in gained:
            self._gain(fact)
        self.settle(lost, gained)

    def write(self, touched: Iterable[Triple]) -> Effect:
        """Writes to the store what differs, and gives what that was."""
        store = self._store
        added, removed = map(_quad, self._now.new), list(map(_quad, self._now.gone))
        effect = Effect(added=list(added), removed=removed)
        effect.default = len(effect.added) - len(removed)
        for quad in removed:
            store.remove(in_default(quad.triple))
        # What has come to be asserted is no longer inferred, and stays where it is.
        twice = [quad for quad in map(_quad, touched) if quad in store]
        effect.removed += [quad for quad in twice if stated(store, quad.triple, INFERRED)]
        for quad in effect.removed:
            store.remove(quad)
        store.extend([*effect.added, *(in_default(quad.triple) for quad in effect.added)])
        return effect

    def _gain(self, fact: Triple) -> None:
        self._now.add(fact)
        if not self._ever.states(fact):
            self._ever.add(fact)
        if fact in self._lost:
            del self._lost[fact]
        else:
            self._gained[fact] = None

    def _lose(self, fact: Triple) -> None:
        self._now.discard(fact)
        if fact in self._gained:
            del self._gained[fact]
        else:
            self._lost[fact] = None

    def _can_fall(self, fact: Triple) -> bool:
        return self._now.states(fact) and not stated(self._store, fact, INFERRED)

    def _fall(self, lost: Iterable[Triple]) -> list[Triple]:
        """Takes away what may rest on facts that were lost, and gives all of it."""
        fallen = wave = list(lost)
        while wave:
            shared: dict[Triple, bool] = {}
            for rule, facts in self._follow(self._ever, wave):
                for fact in filter(self._can_fall, facts):
                    shared[fact] = shared.get(fact, True) and rule.shared
            for fact in shared:
                self._lose(fact)
            for fact in self._grounded([fact for fact, is_shared in shared.items() if is_shared]):
                self._gain(fact)
            wave = [fact for fact in shared if not self._now.states(fact)]
            fallen = [*fallen, *wave]
        return fallen

    def _follow(self, view: View, wave: list[Triple]) -> Iterator[tuple[Rule, set[Triple]]]:
        """Gives what plain rules make of facts and of all that is known beside them."""
        by_name: dict[NamedNode, list[Triple]] = defaultdict(list)
        for fact in wave:
            by_name[fact.predicate].append(fact)
        for rule in self._plain:
            met: set[Match | Triple] = set()
            for pattern, rest in _each_and_rest(rule):
                for name in _names(view, pattern, rest, by_name):
                    for fact in by_name[name]:
                        bound = unified(pattern, fact, {})
                        for matches in () if bound is None else solutions(view, rest, bound):
                            met.update((fact, *matches))
            if met:
                yield rule, _made(rule.text, _store(met))

    def _grounded(self, facts: Collection[Triple]) -> list[Triple]:
        """Gives those of some facts that plain rules make of what is known now."""
        return [fact for fact in facts if any(self._makes(rule, fact) for rule in self._plain)]

    def _makes(self, rule: Rule, fact: Triple) -> bool:
        [context] = rule.contexts
        for head in rule.heads:
            bound = unified(head, fact, {})
            for matches in () if bound is None else solutions(self._now, context.own, bound):
                if fact in _made(rule.text, _store(matches)):
                    return True
        return False

    def _groups(self, rule: Rule) -> set[Term]:
        """Gives the groups of which a rule may say something else since the change."""
        goal = f"?{rule.group}"
        found: set[Term] = set()
        for context in rule.contexts:
            for pattern in context.own:
                for facts in (self._lost, self._gained):
                    found.update(reached(self._ever, context, pattern, _of(pattern, facts), goal))
        # What was lost may be made by the rule, too.
        for head in rule.heads:
            for fact in _of(head, self._lost):
                bound = {name: {term} for name, term in (unified(head, fact, {}) or {}).items()}
                found.update(lead(self._ever, rule.contexts[0].own, bound, goal))
        return found

    def _asked(self, view: View, rule: Rule, terms: Collection[Term]) -> set[Triple]:
        """Gives what a rule says of some of its groups."""
        goal = f"?{rule.group}"
        store = surroundings(view, rule.contexts, goal, terms)
        [head] = rule.heads
        if goal in (head.subject, head.object):
            made = ((unified(head, fact, {}), fact) for fact in _made(rule.text, store))
            return {fact for bound, fact in made if bound is not None and bound[goal] in terms}
        named = " ".join(str(term) for term in terms if isinstance(term, NamedNode))
        return _made(f"{rule.text}\nVALUES {goal} {{ {named} }}", store)


def _each_and_rest(rule: Rule) -> Iterator[tuple[Pattern, list[Pattern]]]:
    """Gives each pattern of a plain rule with the others."""
    [context] = rule.contexts
    for pattern in context.own:
        yield pattern, [each for each in context.own if each is not pattern]


def _names(
    view: View, pattern: Pattern, rest: list[Pattern], names: Collection[NamedNode]
) -> list[NamedNode]:
    """Gives those properties that may come to something where they fill a pattern.

    Of most, the other patterns that speak of them say at once that they do not.
    """
    place = pattern.predicate
    if not isinstance(place, str):
        return [name for name in names if name == place]
    others = {pattern.subject, pattern.object}
    telling = [
        each
        for each in rest
        if place in (each.subject, each.object) and others.isdisjoint((each.subject, each.object))
    ]
    return [
        name
        for name in names
        if all(any(True for _ in solutions(view, [each], {place: name})) for each in telling)
    ]


def _of(pattern: Pattern, facts: Iterable[Triple]) -> list[Triple]:
    """Gives the facts that have the property of a pattern."""
    name = pattern.predicate
    return [fact for fact in facts if isinstance(name, str) or fact.predicate == name]


def _store(matches: Iterable[Match | Triple]) -> Store:
    store = Store()
    store.extend(Quad(subject, name, value) for subject, name, value in matches)
    return store


def _made(query: str, store: Store) -> set[Triple]:
    return set(cast(QueryTriples, store.query(query)))


def _quad(fact: Triple) -> Quad:
    return Quad(fact.subject, fact.predicate, fact.object, INFERRED)
