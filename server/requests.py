"""What a view reads of the current Flask request, in the words of the protocol."""

from __future__ import annotations

from flask import request

from .protocol import BodyTooLarge, Request


def protocol_request(limit: int) -> Request:
    """Gives the current request as the protocol reads it; its body is read when it is asked for."""
    return Request(
        method=request.method,
        query_string=raw_query_string(),
        content_type=request.headers.get("Content-Type", ""),
        body=lambda: body(limit),
        url=request.base_url,
        accept=request.headers.get("Accept"),
        coding=request.headers.get("Content-Encoding", ""),
    )


def raw_query_string() -> str:
    """Gives the query string as it was sent; what is not ASCII in it is taken for UTF-8."""
    return request.query_string.decode("utf-8", "replace")


def body(limit: int) -> bytes:
    """Gives the body of the current request, and refuses one that is longer than the limit."""
    if (request.content_length or 0) > limit:
        raise BodyTooLarge(limit)
    # A chunked body says no length beforehand: one byte more than the limit is enough to know.
    found = request.stream.read(limit + 1)
    if len(found) > limit:
        raise BodyTooLarge(limit)
    return found
