"""An answer on its way from a worker: what is kept back, and what flows.

By default the whole answer is kept back until its end has come, so that an overrun is an error
with its own status and never half a document. Where a setting allows answers longer than what may
be kept back, the rest flows, and an overrun raises in the middle of the iteration: the server then
breaks the connection, and a chunked response without its last chunk is known to be incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..errors import StoreUnavailable
from ..limits import Limits
from ..store import Answer, Form
from .held import Held
from .jobs import Job
from .output import FORMS


@dataclass
class PoolAnswer(Answer):
    """A worker's answer, with the release that it was taken from."""

    release: int = 0
    size: int | None = None
    """Its length in bytes, where all of it has come already; else None."""
    capped: bool = False
    """Whether rows or triples were left out at the limit; where `size` is None, known at the end
    of the iteration."""
    limit: int = 0
    """How many rows or triples an answer may have."""
    _job: Job | None = field(default=None, repr=False)

    def close(self) -> None:
        """Stops the answer: a worker that is still at it is ended."""
        super().close()
        if self._job is not None:
            self._job.abandon()


def receive(job: Job, media_types: Mapping[Form, str], limits: Limits) -> PoolAnswer:
    """Gives the answer of a job, once it is known to be whole or too long to be kept back."""
    kind, content = job.receive()
    form = FORMS[content[0]]
    answer = PoolAnswer(form, media_types[form], iter(()), job.generation.number, limit=limits.rows)
    if kind == b"A":
        job.done()
        answer.capped = bool(content[1])
        answer.size = len(content) - 2
        answer.chunks = iter((content[2:],))
        return answer
    held = Held(limits.held_in_memory)
    try:
        kind, content = job.receive()
        while kind == b"D" and held.size <= limits.held_bytes:
            held.add(content)
            kind, content = job.receive()
    except BaseException as error:
        held.close()
        job.abandon()
        if isinstance(error, OSError):
            raise StoreUnavailable(f"the answer could not be kept: {error}") from error
        raise
    if kind == b"E":
        job.done()
        answer.capped = bool(content[0])
        answer.size = held.size
        answer.chunks = iter(held)
    else:
        try:
            job.flow()
        except StoreUnavailable:
            held.close()
            raise
        answer._job = job
        answer.chunks = _flow(answer, job, held, content)
    return answer


def _flow(answer: PoolAnswer, job: Job, held: Held, piece: bytes) -> Iterator[bytes]:
    try:
        yield from held
        kind = b"D"
        while kind == b"D":
            yield piece
            kind, piece = job.receive()
        answer.capped = bool(piece[0])
        job.done()
    finally:
        held.close()
        job.abandon()
