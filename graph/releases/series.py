"""Changes made one after the other in one draft, each to what those before it made of it.

Many small writes that come close together go into one release that way, while each is worked out,
refused or told of by itself: what is refused leaves the draft as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, Store

from ..rules import fingerprint
from .changes import Change, Draft, Effect, Inference
from .merge import apply, check, is_merged
from .release import Release
from .revising import drafted, follows, inferred


@dataclass(frozen=True)
class Step:
    """A change that was made, None where it is what was inferred, and what it did."""

    change: Change | None
    effect: Effect


@dataclass
class _Net:
    """What several steps did together: what one adds and a later one removes is neither."""

    added: dict[Quad, None] = field(default_factory=dict)
    removed: dict[Quad, None] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    default: int = 0

    def add(self, effect: Effect) -> None:
        for quad in effect.removed:
            if quad in self.added:
                del self.added[quad]
            else:
                self.removed[quad] = None
        for quad in effect.added:
            if quad in self.removed:
                del self.removed[quad]
            else:
                self.added[quad] = None
        created = (self.created - effect.dropped) | (effect.created - self.dropped)
        self.dropped = (self.dropped - effect.created) | (effect.dropped - self.created)
        self.created = created
        self.default += effect.default

    def effect(self) -> Effect:
        return Effect(
            list(self.added), list(self.removed), self.created, self.dropped, self.default
        )


class Series:
    """The draft of the next release while changes are made in it."""

    def __init__(
        self, base: Release | None, path: Path, merged: bool, infer: Inference | None
    ) -> None:
        if base is not None:
            base.engine().backup(str(path))
        self.base: Final = base
        self.merged: Final = merged
        self.steps: Final[list[Step]] = []
        self.last = False
        """Whether the change that is worked out now is the last."""
        self._store: Store | None = Store(str(path))
        self._infer = infer
        self._net = _Net()
        self._stale = False
        self._since = _Net()
        self._rules = "" if base is None else base.manifest.rules

    @property
    def store(self) -> Store:
        """The draft as it is now; it is only read."""
        assert self._store is not None
        return self._store

    @property
    def stale(self) -> bool:
        """Whether what is inferred does not follow what is stated yet."""
        return self._stale and self._infer is not None

    def check(self, change: Change) -> None:
        """Refuses a change of what nobody writes."""
        if self.merged:
            check(change)

    def make(self, change: Change) -> Effect:
        """Makes a change that was checked, and gives what it did."""
        effect = apply(self.store, change, self.merged)
        self._took(Step(change, effect))
        if _concerns(chain(effect.added, effect.removed)):
            self._since.add(effect)
            self._stale = True
        return effect

    def settle(self) -> None:
        """Brings what is inferred up to date."""
        if self._stale and self._infer is not None:
            since = self._since.effect()
            is_little = self.base is not None and follows(self.base, since)
            self._took(Step(None, inferred(self.store, self._infer, since if is_little else None)))
        if self._stale:
            self._rules = fingerprint() if self._infer is not None else ""
            self._since = _Net()
            self._stale = False

    def draft(self) -> Draft | None:
        """Hands over the draft, None where all changes together changed nothing."""
        self.settle()
        effect, store = self._net.effect(), self.store
        self._store = None
        if not effect and self.base is not None:
            return None
        return drafted(store, self.base, effect, self.merged, self._rules)

    def _took(self, step: Step) -> None:
        self.steps.append(step)
        self._net.add(step.effect)


@dataclass(frozen=True)
class Proposal:
    """A change that somebody wants: how it is worked out from what there is, by whom and why.

    It has its statements in lists, which can be gone through more than once.
    """

    change: Callable[[Series], Change]
    who: str
    why: str = ""
    kind: str = "publish"


@dataclass(frozen=True)
class Published:
    """What became of a proposal: the number of the release that has it, and what it did."""

    number: int
    effect: Effect


def _concerns(quads: Iterable[Quad]) -> bool:
    # From what is not merged, such as a proposal, nothing follows.
    return any(is_merged(quad.graph_name) for quad in quads)
