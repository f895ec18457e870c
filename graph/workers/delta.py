"""What an update would change, as a worker tells it: quads that go and come, names of graphs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from ..releases.changes import Change, Effect
from .messages import packed, unpacked
from .updating import Difference

Name = NamedNode | BlankNode


@dataclass(frozen=True)
class Delta:
    """A change of a store: what is removed and added, as N-Quads, and the graphs that come and go.

    A graph that is dropped has lost all its quads; one that is created may have none.
    """

    added: bytes
    removed: bytes
    created: tuple[Name, ...] = ()
    dropped: tuple[Name, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.created or self.dropped)

    def change(self) -> Change:
        """Gives the delta as the change that a writer applies."""
        return Change(
            add=list(pyoxigraph.parse(self.added, RdfFormat.N_QUADS)),
            remove=list(pyoxigraph.parse(self.removed, RdfFormat.N_QUADS)),
            drop=self.dropped,
            create=self.created,
        )

    @classmethod
    def of(cls, difference: Difference) -> Delta:
        """Gives a difference as it is told."""
        return cls(
            _written(difference.added),
            _written(difference.removed),
            tuple(difference.created),
            tuple(difference.dropped),
        )

    @classmethod
    def of_effect(cls, effect: Effect) -> Delta:
        """Gives what a change did as it is told."""
        created, dropped = (tuple(map(_named, some)) for some in (effect.created, effect.dropped))
        return cls(_written(effect.added), _written(effect.removed), created, dropped)

    def packed(self) -> bytes:
        """Gives the delta as the content of one message."""
        names = [[str(name) for name in names] for names in (self.created, self.dropped)]
        head = json.dumps([len(self.removed), *names]).encode()
        return b"".join(packed(head, self.removed + self.added))

    @classmethod
    def unpacked(cls, message: bytes) -> Delta:
        """Gives the delta that a message carries."""
        head, content = unpacked(message)
        size, *names = json.loads(head)
        created, dropped = (tuple(map(_name, some)) for some in names)
        return cls(content[size:], content[:size], created, dropped)


def _written(quads: Iterable[Quad]) -> bytes:
    return pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""


def _named(name: str) -> Name:
    return BlankNode(name.removeprefix("_:")) if name.startswith("_:") else NamedNode(name)


def _name(written: str) -> Name:
    if written.startswith("_:"):
        return BlankNode(written.removeprefix("_:"))
    return NamedNode(written[1:-1])
