"""Files that a request hands in: uploaded, pasted, kept from the page before, or its whole body."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from ..graph.errors import HakushoError
from .permission import FORMS
from .protocol import BodyTooLarge, MalformedRequest, UnsupportedContent, content_type
from .requests import body

Files = list[tuple[str, bytes]]

ENDINGS: Final = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
    "application/ld+json": "jsonld",
    "text/turtle": "ttl",
    "application/trig": "trig",
    "application/n-triples": "nt",
    "application/n-quads": "nq",
    "application/rdf+xml": "rdf",
}
"""The media types that a body may have, and what a file of each is called."""
KEPT_BYTES: Final = 1_000_000
"""Up to how many bytes of files a page carries on to the next form."""


class NothingHandedIn(HakushoError):
    """A request to check or propose files that has none."""

    def __str__(self) -> str:
        return "no file came: choose one, or paste a table"


def handed_in(limit: int) -> Files:
    """Gives the names and contents of the files of the current request, within a limit of bytes."""
    found = _of_form(limit) if request.mimetype in FORMS else _of_body(limit)
    if not any(content.strip() for _, content in found):
        raise NothingHandedIn
    return found


def table_of() -> str | None:
    """Gives the kind of table that the request says its files are."""
    return request.args.get("table") or request.form.get("table") or None


def _of_form(limit: int) -> Files:
    request.max_content_length = limit
    request.max_form_memory_size = limit
    try:
        pasted = request.form.get("text", "")
        found = [
            (part.filename or "file", part.stream.read())
            for part in request.files.getlist("file")
            if part.filename
        ]
    except RequestEntityTooLarge:
        raise BodyTooLarge(limit) from None
    if pasted.strip():
        found.append((_pasted_name(pasted), pasted.encode()))
    return found or _kept(request.form.get("kept", ""))


def _pasted_name(text: str) -> str:
    """Gives a name for pasted text; rows copied from a spreadsheet have tabs between cells."""
    first = text.strip().splitlines()[0]
    if first.startswith(("@prefix", "PREFIX", "<")):
        return "pasted.ttl"
    if first.startswith(("{", "[")):
        return "pasted.json"
    return "pasted.tsv" if "\t" in first else "pasted.csv"


def _of_body(limit: int) -> Files:
    said = request.headers.get("Content-Type", "")
    media_type, charset = content_type(said)
    ending = ENDINGS.get(media_type)
    if ending is None:
        raise UnsupportedContent(said, (*ENDINGS, *FORMS))
    if ending not in ("csv", "tsv") and charset not in ("", "utf-8"):
        raise UnsupportedContent(said, (*ENDINGS, *FORMS))
    name = request.args.get("name") or f"{request.args.get('table') or 'body'}.{ending}"
    return [(name, body(limit))]


def kept(files: Sequence[tuple[str, bytes]]) -> str | None:
    """Gives files as a hidden field carries them, or None where they are too many."""
    if sum(len(content) for _, content in files) > KEPT_BYTES:
        return None
    return json.dumps(
        [[name, base64.b64encode(content).decode("ascii")] for name, content in files]
    )


def _kept(text: str) -> Files:
    if not text:
        return []
    try:
        said = json.loads(text)
        return [(str(name), base64.b64decode(content, validate=True)) for name, content in said]
    except (ValueError, TypeError, binascii.Error) as error:
        raise MalformedRequest("the field kept is not as a page wrote it") from error
