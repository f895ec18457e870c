"""`hakusho show`: what is recorded about a thing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pyoxigraph import NamedNode

from ...graph.errors import UnknownThing, UnsupportedFormat
from ...graph.names import expand, shorten
from ...graph.terms import python
from ...loaders.rdf import rdf_format
from .. import tables
from ..console import Command, language, option, say, takes
from ..negotiation import named, offered
from ..opening import release
from ..output import opened, opened_text
from ..settings import Settings

if TYPE_CHECKING:
    from ...graph.store import Store
    from ...queries.catalogue import Catalogue
    from ...queries.catalogue import Table as Answer

ORIGIN = ("file", "sheet", "row", "who", "when", "release")


@click.command("show", cls=Command)
@click.argument("id", metavar="ID")
@option("--format", "format", said="show.format", default="table", metavar="FORMAT")
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@option("--origin", "origin", said="show.origin", is_flag=True)
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def show(
    settings: Settings,
    id: str,
    format: str,
    output: Path | None,
    origin: bool,
    number: int | None,
) -> None:
    from ...queries.catalogue import catalogue
    from ...queries.parameters import Given

    graph_formats = [media.name for media in offered("graph")]
    if format not in tables.FORMATS:
        try:
            named(format, offered("graph"))
        except UnsupportedFormat:
            raise UnsupportedFormat(format, (*tables.FORMATS, *graph_formats)) from None
    questions = catalogue()
    store = release(settings, number).open()
    thing = _thing(id)
    if not questions.knows(store, thing):
        raise questions.missing(store, shorten(thing.value))
    if format not in tables.FORMATS:
        media_type = named(format, offered("graph")).media_type
        answer = questions.answer(
            store, "things/statements", {"thing": thing}, {"graph": media_type}
        )
        with opened(output) as file:
            for piece in answer.chunks:
                file.write(piece)
        return
    about: dict[str, Given | None] = {"thing": thing, "lang": language()}
    if origin:
        with opened_text(output) as out:
            tables.write(_origins(questions.ask(store, "things/values", about)), format, out)
        return
    rows: list[tuple[tables.Cell, ...]] = []
    for question, other, mark in (("outgoing", "value", ""), ("incoming", "subject", "← ")):
        for row in questions.ask(store, f"things/{question}", about).rows:
            names = [row.get("propertyLabel", row["property"]), row.get(f"{other}Label")]
            shown = [None if name is None else str(python(name)) for name in names]
            value = python(row[other])
            rows.append((f"{mark}{shown[0]}", shown[1] or value, value if shown[1] else None))
    headings = [say(f"show.{name}") for name in ("property", "value", "id")]
    table = tables.Table(("property", "value", "id"), rows, headings, shorten(thing.value))
    with opened_text(output) as out:
        tables.write(table, format, out)
        if format == "table":
            out.writelines(f"{line}\n" for line in _entered(questions, store, thing))


def _origins(found: Answer) -> tables.Table:
    """Gives a table of each value of a thing with who entered it, when and from where."""
    rows: list[tuple[tables.Cell, ...]] = []
    for row in found.rows:
        name, value = (row.get(f"{each}Label", row[each]) for each in ("property", "value"))
        told = [None if each not in row else python(row[each]) for each in ORIGIN]
        rows.append((str(python(name)), python(value), *told))
    headings = [say(f"show.{name}") for name in ("property", "value", *ORIGIN)]
    return tables.Table(("property", "value", *ORIGIN), rows, headings)


def _entered(questions: Catalogue, store: Store, thing: NamedNode) -> Iterator[str]:
    """Gives, as a sentence each, by whom and from which row of which file a thing was entered."""
    for row in questions.ask(store, "things/entered", {"thing": thing}).rows:
        said = {name: str(python(term)) for name, term in row.items()}
        place = said["file"]
        if "sheet" in said:
            place += say("show.of_sheet", sheet=said["sheet"])
        if "row" in said:
            counted = "show.of_row" if rdf_format(said["file"]) is None else "show.of_line"
            place += say(counted, row=said["row"])
        if "who" in said:
            why = say("show.why", why=said["why"]) if "why" in said else ""
            yield say("show.entered", place=place, **{**said, "why": why})
        else:
            yield say("show.from", place=place)


def _thing(id: str) -> NamedNode:
    try:
        return NamedNode(expand(id))
    except ValueError:
        raise UnknownThing(id) from None
