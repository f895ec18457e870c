"""What a worker does with an update: check it, make it of its own copy, and tell the difference."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pyoxigraph import Store

from ..errors import HakushoError, LimitExceeded
from ..limits import Limits
from ..sparql.guard import check_update, without_loads
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

    def packed(self) -> list[bytes]:
        """Gives the parts of the message that carries it."""
        head = [self.base_iri, self.using_graphs, self.using_named_graphs]
        return packed(json.dumps(head).encode(), self.text.encode("utf-8", "surrogatepass"))

    @classmethod
    def unpacked(cls, message: bytes) -> Update:
        """Gives the update that a message carries."""
        head, content = unpacked(message)
        base_iri, graphs, named_graphs = json.loads(head)
        text = content.decode("utf-8", "surrogatepass")
        return cls(text, base_iri, tuple(graphs), tuple(named_graphs))


def serve_update(store: Store, channel: Channel, limits: Limits) -> None:
    """Makes the update that comes on the channel, and sends back what it changed."""
    update = Update.unpacked(channel.receive()[1])
    most = 10 * limits.upload_bytes
    overrun = LimitExceeded("size", f"the update changes more than {most / 1e6:g} MB of quads")
    output = Output(channel, most, overrun)
    try:
        text = without_loads(update.text, check_update(update.text, limits))
        check_syntax(text, update.base_iri)
        text = with_dataset(text, update.using_graphs, update.using_named_graphs)
        told = Delta.of(difference(store, text, update.base_iri)).packed()
        for start in range(0, len(told), PIECE):
            output.write(told[start : start + PIECE])
        output.finish()
    except HakushoError as error:
        channel.send(b"X", packed_error(error))
