"""What a worker does with updates: check each, make it of its own copy, and tell the difference."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pyoxigraph import Store

from ..errors import HakushoError, LimitExceeded
from ..limits import Limits
from ..releases.merge import merge_in, merge_out, put, take
from ..sparql.guard import check_update, without_loads
from ..sparql.operations import operations
from ..sparql.using import with_dataset
from .delta import Delta
from .frames import Channel
from .messages import packed, packed_error, unpacked
from .output import PIECE, Output
from .updating import check_syntax, difference


@dataclass(frozen=True)
class Update:
    """An update: its text, what its IRIs are relative to, and the dataset that a request names."""

    text: str
    base_iri: str | None = None
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()

    def packed(self, merged: bool = False, stale: bool = False, last: bool = True) -> list[bytes]:
        """Gives the parts of the message that carries it.

        `merged`: the default graph is the merge of the others. `stale`: what is inferred does not
        follow what is stated yet. `last`: nothing is asked of the copy afterwards.
        """
        head = [
            self.base_iri, self.using_graphs, self.using_named_graphs, merged, stale, last
        ]  # fmt: skip
        return packed(json.dumps(head).encode(), self.text.encode("utf-8", "surrogatepass"))

    @classmethod
    def unpacked(cls, message: bytes) -> tuple[Update, bool, bool, bool]:
        """Gives the update that a message carries, and in what state it is to be worked out."""
        head, content = unpacked(message)
        base_iri, graphs, named_graphs, *state = json.loads(head)
        merged, stale, last = state
        text = content.decode("utf-8", "surrogatepass")
        return cls(text, base_iri, tuple(graphs), tuple(named_graphs)), merged, stale, last


class StaleState(HakushoError):
    """An update that may read what is inferred, when that does not follow what is stated yet."""


def packed_step(delta: Delta, merged: bool) -> bytes:
    """Gives a change that was made elsewhere as a message to who works out updates."""
    return bytes((merged,)) + delta.packed()


def serve_updates(store: Store, channel: Channel, limits: Limits) -> None:
    """Makes the updates that come on the channel, and sends back what each changed.

    The store is a copy, and left as the next update is to find it. A change that comes on the
    channel is made as it is.
    """
    while True:
        kind, content = channel.receive()
        if kind == b"C":
            delta = Delta.unpacked(content[1:])
            _follow(store, delta, merged=bool(content[0]))
        else:
            _answer(store, content, channel, limits)


def _follow(store: Store, delta: Delta, merged: bool) -> None:
    change = delta.change()
    put(store, list(change.add), merged)
    take(store, list(change.remove), merged)
    for name in change.create:
        store.add_graph(name)
    for gone in change.drop:
        store.remove_graph(gone)


def _answer(store: Store, message: bytes, channel: Channel, limits: Limits) -> None:
    update, merged, stale, last = Update.unpacked(message)
    most = 10 * limits.upload_bytes
    overrun = LimitExceeded("size", f"the update changes more than {most / 1e6:g} MB of quads")
    output = Output(channel, most, overrun)
    try:
        text = without_loads(update.text, check_update(update.text, limits))
        check_syntax(text, update.base_iri)
        text = with_dataset(text, update.using_graphs, update.using_named_graphs)
        if stale and any(each.reads for each in operations(text)):
            raise StaleState
        found = difference(store, text, update.base_iri, last=last)
        if merged and not last:
            merge_in(store, found.added)
            merge_out(store, found.removed)
        told = Delta.of(found).packed()
        for start in range(0, len(told), PIECE):
            output.write(told[start : start + PIECE])
        output.finish()
    except HakushoError as error:
        channel.send(b"X", packed_error(error))
