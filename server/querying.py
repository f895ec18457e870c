"""A query handed to the store, or refused where its answer cannot be had as it was asked for."""

from __future__ import annotations

from ..graph.errors import UnsupportedFormat
from ..graph.store import Answer, Query, Store
from ..graph.workers.pool_store import PoolStore
from ..queries.binding import form as form_of
from .negotiation import choose, offered
from .protocol import FORMS


def answer_of(store: Store, query: Query, accept: str | None, format: str | None) -> Answer:
    """Gives the answer to a query, or refuses a format that its form cannot have."""
    if len(query.media_types) == len(FORMS):
        return store.answer(query)
    # Not every form can be had as asked; which one this text has is known by reading it.
    if not isinstance(store, PoolStore):
        _refuse(query, accept, format)
        return store.answer(query)
    try:
        return store.answer(query)
    except UnsupportedFormat:
        # A worker has read it anyway, and refuses no other than this.
        _refuse(query, accept, format)
        raise


def _refuse(query: Query, accept: str | None, format: str | None) -> None:
    form = form_of(query.text)
    if form not in query.media_types:
        choose(offered(form), accept, format)
