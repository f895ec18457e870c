"""The headers that every answer has: what a page may load, who may read, how long it holds."""

from __future__ import annotations

from typing import Final

from .answers import CAPPED

EVERY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What a page may load: our own styles, scripts and pictures; no script can stand in a page."""

OPEN_TO_ALL: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"ETag, Link, Location, {CAPPED}",
}
"""What lets any web page read an answer; it never comes with the visitor's credentials."""

PREFLIGHT: Final = {
    # Authorization is not among them: another site's page cannot write with a visitor's token.
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
}

WHOLE: Final = "public, no-cache"
"""Kept by everyone, and asked after each time: the tag says whether it still holds."""

FOR_GOOD: Final = "public, max-age=604800, immutable"
"""What a release says that the address names: it will never be anything else."""

NOT_KEPT: Final = "no-store"

VARY: Final = ("Accept", "Accept-Language", "Accept-Encoding")
"""What besides the address an answer depends on."""
