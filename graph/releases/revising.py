"""The next state of a store from the last one: a copy that shares its files, then the change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from ..errors import DamagedRelease
from ..progress import Told, parts
from ..reinference import infer_after
from ..rules import fingerprint
from .changes import Change, Draft, Edit, Effect, Inference
from .compare import difference, settle
from .content import Content, name_of
from .manifest import PROVENANCE
from .merge import INFERRED, apply, is_merged, stated
from .pouring import MANY, Pouring
from .release import Release

# To draw what follows from all, a statement costs about so much less than one that has changed.
_FEW: Final = 10


def revise(
    base: Release,
    path: Path,
    change: Change | Edit,
    merged: bool,
    infer: Inference | None,
    told: Told | None = None,
) -> Draft | None:
    """Copies a release's store to a path and changes the copy; None where nothing changed.

    The copy is by hard links: the engine never writes into a file that it has once finished.
    """
    putting, drawing = parts(told, (1, 3))
    before = base.engine()
    before.backup(str(path))
    if isinstance(change, Edit):
        change.run(path)
        store = Store(path)
        effect = settle(before, store, change.graphs, merged)
    else:
        store = Store(path)
        adds_only = not (change.remove or change.drop or change.create)
        if change.lines and adds_only and not merged:
            return _loaded(Pouring(base, store, merged, infer), change)
        coming = change.added()
        first = list(islice(coming, MANY))
        if len(first) == MANY and adds_only:
            return _poured(Pouring(base, store, merged, infer), first, coming)
        effect = apply(store, replace(change, add=chain(first, coming), lines=()), merged)
    putting(1.0)
    if not effect:
        return None
    rules = base.manifest.rules
    # From what is not merged, such as a proposal, nothing follows.
    if any(is_merged(quad.graph_name) for quad in (*effect.added, *effect.removed)):
        if infer is not None:
            effect += inferred(store, infer, effect if follows(base, effect) else None)
        rules = fingerprint() if infer is not None else ""
    drawing(1.0)
    return drafted(store, base, effect, merged, rules)


def _poured(pouring: Pouring, first: list[Quad], coming: Iterator[Quad]) -> Draft | None:
    pouring.pour(first)
    # They have been put in, and are not kept while the others come.
    first.clear()
    pouring.pour(coming)
    return pouring.draft()


def _loaded(pouring: Pouring, change: Change) -> Draft | None:
    for lines in change.lines:
        pouring.load(lines)
    pouring.pour(change.add)
    return pouring.draft()


def drafted(store: Store, base: Release | None, effect: Effect, merged: bool, rules: str) -> Draft:
    """Gives the draft that a store is after an effect on a release, or on nothing."""
    graphs = {} if base is None else {**base.manifest.graphs, "": base.manifest.default}
    before = graphs.get("", Content())
    graphs = effect.applied_to(graphs)
    default = graphs.pop("", Content())
    if merged:
        default = Content(before.quads + effect.default)
    return Draft(store, graphs, default, effect.differences(), rules)


def go_back(release: Release, current: Release | None, path: Path) -> Draft:
    """Copies an earlier release's store to a path, with the history up to the current release."""
    release.engine().backup(str(path))
    store = Store(path)
    old = release.manifest
    draft = Draft(store, dict(old.graphs), old.default, {}, old.rules)
    try:
        if current is not None:
            _compare(draft, current, current.engine(), release)
    except DamagedRelease:
        # Going back is the way out of just this; the history it recorded is lost with it.
        draft.changed = {}
    return draft


def _compare(draft: Draft, current: Release, now: Store, release: Release) -> None:
    contents = {**current.manifest.graphs, "": current.manifest.default}
    others = {**release.manifest.graphs, "": release.manifest.default}
    unlike = {
        name
        for name in contents.keys() | others.keys()
        if contents.get(name) != others.get(name) and name != PROVENANCE
    }
    if release.manifest.default_graph == "merged":
        unlike.discard("")
    names = {DefaultGraph(), *now.named_graphs(), *draft.open.named_graphs()}
    compared = [name for name in names if name_of(name) in unlike]
    draft.changed = difference(now, draft.open, compared).differences()
    history = difference(draft.open, now, [NamedNode(PROVENANCE)]).added
    draft.graphs = apply(draft.open, Change(history)).applied_to(draft.graphs)


def follows(base: Release, effect: Effect) -> bool:
    """Tells whether what follows after an effect is worked out from what a release has: where the
    same rules were at work, and where that is less than to draw it from all."""
    changed = len(effect.added) + len(effect.removed)
    return base.manifest.rules == fingerprint() and _FEW * changed <= base.manifest.triples


def inferred(store: Store, infer: Inference, since: Effect | None) -> Effect:
    """Runs inference and gives what it changed, in its own graph and in the default graph.

    Where it was up to date before an effect, it is brought up to date with just that.
    """
    if since is not None:
        return infer_after(store, since)
    before = set(store.quads_for_pattern(None, None, None, INFERRED))
    infer(store)
    after = set(store.quads_for_pattern(None, None, None, INFERRED))
    effect = Effect(added=list(after - before), removed=list(before - after))
    effect.default += sum(not stated(store, quad.triple, INFERRED) for quad in effect.added)
    effect.default -= sum(not stated(store, quad.triple) for quad in effect.removed)
    return effect
