"""What follows after a change, worked out from what followed before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import Quad, Store, Triple

from .rederivation import Draft
from .releases.changes import Effect
from .releases.merge import in_default, is_merged
from .rules import Rule, rules
from .store import Term

_GROUPS: Final = 200
"""Of so many groups a rule is asked at once: each may have very many members."""


def infer_after(store: Store, change: Effect) -> Effect:
    """Brings what is inferred up to date with a change that a merged store has just seen.

    It was up to date before. Gives what that changed, in its own graph and in the default graph.
    """
    quads = [quad for quad in (*change.added, *change.removed) if is_merged(quad.graph_name)]
    triples = dict.fromkeys(quad.triple for quad in quads)
    added = set(change.added)
    new = [triple for triple in triples if _is_new(store, triple, added)]
    gone = [triple for triple in triples if in_default(triple) not in store]
    draft = Draft(store, new, gone)
    draft.settle(gone, new)
    for stage in _stages():
        draft.ask(stage)
    return draft.write(triples)


class Following:
    """What follows from statements that are put into a merged store piece by piece.

    What is counted over many of them, such as the last of a series, is asked once at the end: each
    piece would else be as much work as all pieces before it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, dict[Term, None]] = {}

    def after(self, stated: Iterable[Triple], new: Sequence[Triple]) -> Effect:
        """Draws what follows from a piece that the store has just seen, and gives what that was.

        Of what the piece states, that is new which the default graph did not have.
        """
        draft = Draft(self._store, new, ())
        draft.settle((), new)
        near, *later = _stages()
        draft.ask(near)
        for stage in later:
            for rule, terms in draft.groups(stage):
                self._waiting.setdefault(rule.name, {}).update(dict.fromkeys(terms))
            if draft.lost:
                # What is gone by then can be asked of nothing at the end.
                draft.ask(stage, is_late=True)
        return draft.write(stated)

    def end(self) -> Iterator[Effect]:
        """Draws the rest, some groups at a time, and gives what each time is new or gone."""
        _, *later = _stages()
        for stage in later:
            for rule in stage:
                groups = iter(self._waiting.get(rule.name, ()))
                while terms := list(islice(groups, _GROUPS)):
                    draft = Draft(self._store, (), ())
                    draft.ask_late(rule, terms)
                    yield draft.write(())


def _is_new(store: Store, triple: Triple, added: set[Quad]) -> bool:
    """Tells whether no graph stated a triple before some quads were added."""
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    merged = [quad for quad in found if is_merged(quad.graph_name)]
    return bool(merged) and all(quad in added for quad in merged)


def _stages() -> list[list[Rule]]:
    """Gives the rules beyond the plain ones, stage by stage."""
    numbers = sorted({rule.stage for rule in rules()} - {1})
    return [[rule for rule in rules() if rule.stage == number] for number in numbers]
