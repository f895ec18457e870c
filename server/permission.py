"""Who asks to write: by the Authorization header, or by the field `token` of a form that was sent.

A browser without scripts cannot set the header. The field is read from the body alone, never from
the address, so a token is in no link and no log. There is no cookie: a form on another site has
nothing to write with.
"""

from __future__ import annotations

from typing import Final

from flask import request

from .service import service
from .tokens import Role, Token

FIELD: Final = "token"
"""The name of the form's field."""
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def permitted(role: Role) -> Token:
    """Gives the token of the current request, if it allows a role; else says why not."""
    return service().tokens.allow(shown(), role)


def shown() -> str | None:
    """Gives the token that the request shows, as an Authorization header writes it."""
    header = request.headers.get("Authorization")
    if header is None and request.mimetype in FORMS:
        field = request.form.get(FIELD, "").strip()
        return f"Bearer {field}" if field else None
    return header


def writer(token: Token) -> str:
    """Gives who writes: the name that the request gives, with the token's, which alone is sure."""
    given = " ".join((request.form.get("who") or request.args.get("who") or "").split())[:100]
    return f"{given} ({token.name})" if given and given != token.name else token.name
