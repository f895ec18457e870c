"""The forms that a report can be written in: the one table of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ...graph.errors import UnsupportedFormat
from ...loaders.checking.report import Report
from . import console
from .data import data
from .junit import junit
from .page import page
from .rows import rows
from .view import view
from .w3c import turtle


@dataclass(frozen=True)
class Form:
    """A form of a report: its name, its media type, its file's ending, and how it is written."""

    name: str
    media_type: str
    ending: str
    write: Callable[[Report, str], str]


def _text(report: Report, lang: str) -> str:
    out = io.StringIO()
    console.write(view(report, lang), out)
    return out.getvalue()


FORMS: Final = (
    Form("text", "text/plain", "txt", _text),
    Form("html", "text/html", "html", lambda report, lang: page(view(report, lang))),
    Form("json", "application/json", "json", data),
    Form("csv", "text/csv", "csv", rows),
    Form("turtle", "text/turtle", "ttl", turtle),
    Form("junit", "application/xml", "xml", lambda report, lang: junit(view(report, lang))),
)


def form(name: str) -> Form:
    """Gives the form of that name, or raises UnsupportedFormat."""
    for each in FORMS:
        if each.name == name:
            return each
    raise UnsupportedFormat(name, tuple(each.name for each in FORMS))
