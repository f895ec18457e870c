"""A query handed to the store, once it is sure that its answer can be had as it was asked for."""

from __future__ import annotations

from ..graph.store import Answer, Query, Store
from ..queries.binding import form as form_of
from .negotiation import choose, offered
from .protocol import FORMS


def answer_of(store: Store, query: Query, accept: str | None, format: str | None) -> Answer:
    """Gives the answer to a query, or refuses a format that its form cannot have."""
    if len(query.media_types) < len(FORMS):
        # Not every form can be had as asked; which one this text has is known by reading it.
        form = form_of(query.text)
        if form not in query.media_types:
            choose(offered(form), accept, format)
    return store.answer(query)
