"""`hakusho search`: what has the words of a text in its names or summaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .. import tables
from ..console import Command, TableFormat, language, option, perhaps, say, takes
from ..opening import release
from ..settings import Settings

if TYPE_CHECKING:
    from ...graph.search.finding import Found, Hit


@click.command("search", cls=Command)
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@option("--kind", "kind", said="search.kind", metavar="KIND")
@option("--limit", "limit", said="search.limit", type=click.IntRange(1), default=20, metavar="N")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def search(
    settings: Settings,
    words: Sequence[str],
    kind: str | None,
    limit: int,
    format: str,
    number: int | None,
) -> None:
    from ...graph.network.relations import UnknownName
    from ...graph.search.finding import find
    from ...graph.search.keeping import search_index
    from ...graph.search.texts import KINDS

    if kind is not None and kind not in KINDS:
        raise UnknownName("kind", kind, KINDS)
    lang = language()
    index = search_index(release(settings, number))
    found = find(index, " ".join(words), kind=kind, lang=lang, limit=limit)
    if found.hits or format != "table":
        tables.write(_table(found, lang, for_people=format == "table"), format)
        return
    print(say("search.none", query=found.query) + perhaps(found.nearest))


def _table(found: Found, lang: str, for_people: bool) -> tables.Table:
    rows = [(hit.id, hit.label(lang), *_why(hit, for_people)) for hit in found.hits]
    columns = ("id", "label", "matched_in", "matched")
    headings = [say(f"search.{column}") for column in columns]
    title = say("search.title", query=found.query, total=f"{found.total:,}", shown=len(rows))
    return tables.Table(columns, rows, headings, title)


def _why(hit: Hit, for_people: bool) -> tuple[str, str]:
    if not for_people:
        return hit.match.field, hit.match.text
    pieces = (f"[{piece.text}]" if piece.marked else piece.text for piece in hit.match.pieces)
    return say(f"search.in_{hit.match.field}"), "".join(pieces)
