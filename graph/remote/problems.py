"""What a remote engine's refusal means, in our own errors."""

from __future__ import annotations

import re
from typing import Final

from ..errors import HakushoError, InvalidQuery, LimitExceeded, StoreUnavailable, TooBusy
from ..limits import NARROW
from .auth import Credentials
from .dialects import Dialect
from .wire import Reply

SHOWN: Final = 300
_MARKUP: Final = re.compile(r"<(?:style|script|title)\b.*?</|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def refusal(
    reply: Reply, spoken: Dialect, host: str, known: Credentials, before: int = 0
) -> HakushoError:
    """Gives the error that a reply stands for; `before` is what was put before the text."""
    said = known.hide(_said(reply))
    engine = f"the engine at {host}"
    if re.search(spoken.too_long, said):
        return LimitExceeded("time", f"{engine} ended the query at its own time limit", NARROW)
    if reply.status in (400, 422):
        place = re.search(spoken.position, said)
        found = {} if place is None else place.groupdict()
        line, column = (int(found.get(name) or 0) or None for name in ("line", "column"))
        if line == 1 and column is not None:
            column = max(1, column - before)
        # The place is said before the sentence.
        said = re.sub(rf"^(?:{spoken.position})[:.\s]*", "", said)
        return InvalidQuery(said or f"{engine} does not take this text", line, column)
    if reply.status in (401, 403):
        return StoreUnavailable(f"{engine} does not let us in (status {reply.status})")
    if reply.status in (413, 414):
        message = f"{engine} does not take a text of that length"
        return LimitExceeded("text", message, "send it in parts")
    if reply.status in (429, 503):
        wait = reply.headers.get("retry-after", "")
        return TooBusy(
            f"{engine} is busy (status {reply.status})", int(wait) if wait.isdecimal() else 1
        )
    if 300 <= reply.status < 400:
        return StoreUnavailable(f"{engine} sends us elsewhere; give it by the address it has now")
    if reply.status in (404, 405, 406, 415):
        return StoreUnavailable(
            f"{engine} does not speak as expected of {spoken.title} (status {reply.status}); "
            "see that the address and the engine's name are right"
        )
    return StoreUnavailable(f"{engine} failed (status {reply.status}){': ' if said else ''}{said}")


def _said(reply: Reply) -> str:
    """Gives the sentence of a refusal, fit to be shown: one line of plain text."""
    text = bytes(reply.body[:8192]).decode("utf-8", "replace")
    if reply.media_type in ("text/html", "application/xhtml+xml"):
        text = _MARKUP.sub(" ", text)
    # Some repeat the whole query after an empty line.
    text = text.strip().partition("\n\n")[0]
    text = _SPACE.sub(" ", text).strip()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
