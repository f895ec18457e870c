"""What follows before and after a change, while it is worked out (delete and rederive).

A fact that a change takes away may be a ground of others, and these of others again. All of them
fall; then what still has grounds is taken back, and what has new ones is added. Rules of later
stages, which count and look for what is missing, are asked anew of just those of their groups that
the change reaches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import cast

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from .matching.changed import Changed
from .matching.facts import ByName, by_name, filling, fitting, telling
from .matching.joins import Match, join, lead, matches, reached, surroundings
from .matching.patterns import Pattern
from .matching.solutions import solutions, unified
from .matching.stored import Merged
from .matching.view import View
from .releases.changes import Effect
from .releases.merge import INFERRED, extend, in_default, stated
from .rules import Rule, rules
from .store import Term


class Draft:
    """What is known before and after a change, while it is worked out."""

    def __init__(self, store: Store, new: Collection[Triple], gone: Collection[Triple]) -> None:
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

    @property
    def lost(self) -> Collection[Triple]:
        """What was known before and is not any more."""
        return self._lost.keys()

    def ask(self, chosen: Iterable[Rule], is_late: bool = False) -> None:
        """Asks rules of a later stage anew of what the change so far reaches.

        It is late where they may not have been asked since earlier changes: what the store has
        is then not all that they would have said before this one.
        """
        asked = []
        for rule, terms in self.groups(chosen):
            before = self._asked(self._before, rule, terms)
            if is_late:
                before |= self._told(self._before, rule, terms)
            asked.append((before, self._asked(self._now, rule, terms)))
        self._took(asked)

    def ask_late(self, rule: Rule, terms: Collection[Term]) -> None:
        """Asks a rule of a later stage of groups of which it was not asked since they changed."""
        now = self._asked(self._now, rule, terms)
        self._took([(self._told(self._now, rule, terms), now)])

    def _took(self, asked: Iterable[tuple[set[Triple], set[Triple]]]) -> None:
        """Takes what rules say, of some groups each, in the place of what they said before."""
        lost: dict[Triple, None] = {}
        gained: dict[Triple, None] = {}
        for before, now in asked:
            lost |= dict.fromkeys(fact for fact in before - now if self._can_fall(fact))
            gained |= dict.fromkeys(fact for fact in now if not self._now.states(fact))
        for fact in lost:
            self._lose(fact)
        for fact in gained:
            self._gain(fact)
        self.settle(lost, gained)

    def groups(self, chosen: Iterable[Rule]) -> Iterator[tuple[Rule, set[Term]]]:
        """Gives the groups of which rules of a later stage may say something else by now."""
        facts = [by_name(self._lost), by_name(self._gained)]
        for rule in chosen:
            yield rule, self._groups(rule, facts)

    def _told(self, view: View, rule: Rule, terms: Collection[Term]) -> set[Triple]:
        """Gives all that is known and a rule may have said of some groups, as a view has them."""
        found: set[Triple] = set()
        for context in rule.contexts:
            bound = join(view, (*context.around, *context.own), {f"?{rule.group}": {*terms}})
            if bound is None:
                continue
            for head in rule.heads:
                found.update(Triple(*match) for match in matches(self._now, head, bound))
        return found

    def write(self, touched: Iterable[Triple]) -> Effect:
        """Writes to the store what differs, and gives what that was."""
        store = self._store
        added, removed = list(map(_quad, self._now.new)), list(map(_quad, self._now.gone))
        effect = Effect(added=added, removed=removed)
        effect.default = len(effect.added) - len(removed)
        for quad in removed:
            store.remove(in_default(quad.triple))
        # What has come to be asserted is no longer inferred, and stays where it is.
        twice = [quad for quad in map(_quad, touched) if quad in store]
        effect.removed += [quad for quad in twice if stated(store, quad.triple, INFERRED)]
        for quad in effect.removed:
            store.remove(quad)
        extend(store, [*added, *(in_default(quad.triple) for quad in added)])
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
        named = by_name(wave)
        for rule in self._plain:
            met: set[Match | Triple] = set()
            for pattern, rest in _each_and_rest(rule):
                names = telling(view, pattern, rest, named)
                facts = [fact for name in names for fact in named[name]]
                met.update(filling(view, pattern, rest, facts))
            if met:
                yield rule, _made(rule.text, _store(met))

    def _grounded(self, facts: Collection[Triple]) -> list[Triple]:
        """Gives those of some facts that plain rules make of what is known now."""
        makers = {name: list(self._makers(name)) for name in {fact.predicate for fact in facts}}
        return [
            fact
            for fact in facts
            if any(self._makes(rule, head, fact) for rule, head in makers[fact.predicate])
        ]

    def _makers(self, name: NamedNode) -> Iterator[tuple[Rule, Pattern]]:
        """Gives the plain rules that may make facts of a property, each with the head for it."""
        for rule in self._plain:
            [context] = rule.contexts
            for head in rule.heads:
                if telling(self._now, head, list(context.own), [name]):
                    yield rule, head

    def _makes(self, rule: Rule, head: Pattern, fact: Triple) -> bool:
        [context] = rule.contexts
        bound = unified(head, fact, {})
        for met in () if bound is None else solutions(self._now, context.own, bound):
            if fact in _made(rule.text, _store(met)):
                return True
        return False

    def _groups(self, rule: Rule, facts: list[ByName]) -> set[Term]:
        """Gives the groups of which a rule may say something else since the change.

        The facts are those that were lost and those that were gained.
        """
        goal = f"?{rule.group}"
        found: set[Term] = set()
        for context in rule.contexts:
            for pattern in context.own:
                for each in facts:
                    found.update(
                        reached(self._ever, context, pattern, fitting(pattern, each), goal)
                    )
        # What was lost may be made by the rule, too.
        for head in rule.heads:
            for fact in fitting(head, facts[0]):
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


def _store(matches: Iterable[Match | Triple]) -> Store:
    store = Store()
    store.extend(Quad(subject, name, value) for subject, name, value in matches)
    return store


def _made(query: str, store: Store) -> set[Triple]:
    return set(cast(QueryTriples, store.query(query)))


def _quad(fact: Triple) -> Quad:
    return Quad(fact.subject, fact.predicate, fact.object, INFERRED)
