"""A change of very many statements, poured into a draft piece by piece: none of them is kept.

What is poured in is counted as it comes. Where a graph does not have as many afterwards as that
makes, because some came twice or were there, it is counted anew. So the memory it takes does not
grow with it, and the work grows with it alone, or with the graphs that it adds to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Quad, QuerySolutions, Store

from ..reinference import Following
from ..rules import fingerprint
from .changes import Draft, Effect, GraphName, Inference
from .content import Content, by_graph, name_of
from .lines import Lines, load_lines
from .manifest import Difference
from .merge import (
    CHUNK,
    DEFAULT,
    INFERRED,
    checked,
    chunks,
    extend,
    in_default,
    is_merged,
    normal,
)
from .release import Release

MANY: Final = 50_000
"""Beyond so many statements a change is poured, and not held in memory."""

_FOLLOWED: Final = 25_000
"""So many are put in together where what follows from them is worked out, which takes memory."""


class Pouring:
    """The draft of a release while statements are poured into a copy of the one before."""

    def __init__(self, base: Release, store: Store, merged: bool, infer: Inference | None) -> None:
        self._base = base
        self._store = store
        self._merged = merged
        self._infer = infer
        is_followed = infer is not None and base.manifest.rules == fingerprint()
        self._following = Following(store) if is_followed else None
        self._inferred = _Tally(base.engine())
        self._poured: defaultdict[GraphName, Content] = defaultdict(Content)
        self._default = base.manifest.default.quads

    def pour(self, quads: Iterable[Quad]) -> None:
        """Puts in statements, with what follows from them."""
        size = CHUNK if self._following is None else _FOLLOWED
        for piece in map(normal, chunks(checked(quads, self._merged), size)):
            counted = by_graph(piece)
            for name in {quad.graph_name for quad in piece}:
                self._poured[name] += counted[name_of(name)]
            if self._merged:
                self._merge(piece)
            else:
                extend(self._store, piece)

    def load(self, lines: Lines) -> None:
        """Puts in lines as they are, where nothing is merged."""
        load_lines(self._store, self._noted(lines))

    def _noted(self, lines: Lines) -> Iterator[bytes]:
        for piece in lines.pieces:
            self._poured[lines.graph] += Content.of_lines(piece.split(b"\n")[:-1])
            yield piece

    def draft(self) -> Draft | None:
        """Gives the draft, None where nothing that was poured in was new."""
        if self._following is not None:
            for effect in self._following.end():
                self._took(effect)
        elif self._infer is not None:
            self._infer(self._store)
            self._poured[INFERRED] += Content()
            self._default = _count(self._store, DEFAULT)
        graphs, changed = self._counted()
        if not changed:
            return None
        default = graphs.pop("")
        if self._merged:
            default = Content(self._default)
        rules = fingerprint() if self._infer is not None else ""
        return Draft(self._store, graphs, default, changed, rules)

    def _merge(self, piece: list[Quad]) -> None:
        stated = {quad.triple for quad in piece if is_merged(quad.graph_name)}
        new = [triple for triple in stated if in_default(triple) not in self._store]
        extend(self._store, [*piece, *map(in_default, new)])
        self._default += len(new)
        if self._following is not None:
            self._took(self._following.after(stated, new))

    def _took(self, effect: Effect) -> None:
        self._default += effect.default
        self._inferred.add(effect)

    def _counted(self) -> tuple[dict[str, Content], dict[str, Difference]]:
        """Gives what the graphs have now, and by how much those differ that have changed."""
        manifest = self._base.manifest
        graphs = {**manifest.graphs, "": manifest.default}
        changed = {}
        for name, poured in sorted(self._poured.items(), key=lambda each: name_of(each[0])):
            key = name_of(name)
            before = graphs.get(key, Content())
            now = before + poured
            if name == INFERRED or now.quads != _count(self._store, name):
                found = by_graph(self._store.quads_for_pattern(None, None, None, name))
                now = found.get(key, Content())
            if before != now:
                graphs[key] = now
                # Nothing was taken out: only of what is inferred can there be less.
                more = now.quads - before.quads
                changed[key] = Difference(max(more, 0), max(-more, 0))
        if self._inferred.effects:
            key = name_of(INFERRED)
            graphs[key] = self._inferred.applied_to(graphs.get(key, Content()))
            changed[key] = self._inferred.difference()
        return graphs, changed


class _Tally:
    """What became of what is inferred, after effects of which later ones undo earlier ones."""

    def __init__(self, before: Store) -> None:
        self.effects = 0
        self._before = before
        self._added = 0
        self._lost: set[Quad] = set()
        self._new = self._gone = Content()

    def add(self, effect: Effect) -> None:
        """Adds what one piece did."""
        self.effects += bool(effect)
        self._new += Content.of(effect.added)
        self._gone += Content.of(effect.removed)
        self._added += len(effect.added)
        back = self._lost.intersection(effect.added)
        self._lost -= back
        # What only an earlier piece had added is no loss.
        lost = {quad for quad in effect.removed if quad in self._before}
        self._lost |= lost
        self._added -= len(back) + len(effect.removed) - len(lost)

    def applied_to(self, content: Content) -> Content:
        """Gives the content after this, from what it was before."""
        return content + self._new - self._gone

    def difference(self) -> Difference:
        """Gives how many facts there are now that were not there, and the other way round."""
        return Difference(self._added, len(self._lost))


def _count(store: Store, name: GraphName) -> int:
    rows = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graph=[name])
    assert isinstance(rows, QuerySolutions)
    return int(next(rows)["n"].value)
