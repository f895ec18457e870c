"""`hakusho path`, `hakusho related` and `hakusho network`: what the network of things tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ...graph.network.relations import kinds as all_kinds
from .. import tables
from ..console import Command, TableFormat, language, option, say, takes
from ..network_tables import MEASURES, connection_table, measure, overview, related_table
from ..opening import release
from ..settings import Settings

if TYPE_CHECKING:
    from ...graph.network.paths import Connection, Path, Reached
    from ...graph.network.projection import Projection

TOP = 10
"""How many rows of a measure a person is shown."""

ALL = "all"


def projection(settings: Settings, number: int | None) -> Projection:
    """Gives the whole network of a release."""
    # Only who asks for the network pays for networkx.
    from ...graph.network.projection import project

    return project(release(settings, number).open())


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Gives the kinds that are named: all of them for `all`, those of the content for none."""
    from ...graph.network.projection import CONTENT

    if ALL in names:
        return all_kinds()
    return tuple(names) or CONTENT


@click.command("path", cls=Command)
@click.argument("start", metavar="A")
@click.argument("goal", metavar="B")
@option("--through", "through", said="path.through", multiple=True, metavar="KIND")
@option("--limit", "limit", said="path.limit", type=click.IntRange(1), default=3, metavar="N")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def path(
    settings: Settings,
    start: str,
    goal: str,
    through: Sequence[str],
    limit: int,
    format: str,
    number: int | None,
) -> None:
    from ...graph.network.paths import connect

    network = projection(settings, number)
    found = connect(network, start, goal, limit=limit, through=chosen(through))
    if format != "table":
        tables.write(connection_table(network, found, language()), format)
    elif found.paths:
        _show_paths(network, found)
    if not found.paths:
        _say_what_is_near(found, to_people=format == "table")


@click.command("related", cls=Command)
@click.argument("id", metavar="ID")
@option("--kind", "wanted", said="related.kind", multiple=True, metavar="KIND")
@option("--through", "through", said="related.through", multiple=True, metavar="KIND")
@option("--by", "by", said="related.by", multiple=True, metavar="RELATION")
@option("--limit", "limit", said="related.limit", type=click.IntRange(1), default=TOP, metavar="N")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def related(
    settings: Settings,
    id: str,
    wanted: Sequence[str],
    through: Sequence[str],
    by: Sequence[str],
    limit: int,
    format: str,
    number: int | None,
) -> None:
    from ...graph.network.related import related as relate

    network = projection(settings, number)
    kinds = chosen(wanted) if wanted else None
    node = network.node(id)
    found = relate(
        network, node.id, kinds=kinds, through=chosen(through), by=by or None, limit=limit
    )
    if found or format != "table":
        table = related_table(found, language(), for_people=format == "table")
        tables.write(table, format)
    else:
        print(say("related.none", thing=node.name(language())))


@click.command("network", cls=Command)
@click.argument("part", metavar=f"[{'|'.join(MEASURES)}]", required=False)
@option("--kind", "kinds", said="network.kind", multiple=True, metavar="KIND")
@option("--relation", "relations", said="network.relation", multiple=True, metavar="RELATION")
@option("--top", "top", said="network.top", type=click.IntRange(1), metavar="N")
@option("--format", "format", said="hakusho.format", type=TableFormat(), default="table")
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def network(
    settings: Settings,
    part: str | None,
    kinds: Sequence[str],
    relations: Sequence[str],
    top: int | None,
    format: str,
    number: int | None,
) -> None:
    from ...graph.network.relations import UnknownName

    if part is not None and part not in MEASURES:
        raise UnknownName("part", part, MEASURES)
    narrowed = projection(settings, number).narrowed(chosen(kinds), relations or None)
    for_people = format == "table"
    if part is not None:
        shown = top or (TOP if for_people else None)
        tables.write(measure(narrowed, part, language(), shown, for_people), format)
        return
    if not for_people:
        tables.write(overview(narrowed, language()), format)
        return
    print(say("network.summary", **_summary(narrowed)))
    for name in MEASURES:
        print()
        tables.write(measure(narrowed, name, language(), top or TOP, for_people), format)


def _summary(narrowed: Projection) -> dict[str, str]:
    table = overview(narrowed, language())
    return {str(row[0]): f"{row[1]:,}" for row in table.rows if isinstance(row[1], int | float)}


def _show_paths(network: Projection, found: Connection) -> None:
    lang = language()
    names = {"start": found.start.name(lang), "goal": found.goal.name(lang)}
    if not len(found.paths[0]):
        print(say("path.same", **names))
        return
    steps, shown = len(found.paths[0]), len(found.paths)
    print(say("path.found", **names, steps=steps, total=found.total, shown=shown))
    for place, one in enumerate(found.paths, 1):
        print()
        _show_path(network, place, one)


def _show_path(network: Projection, place: int, one: Path) -> None:
    from ...graph.network.paths import explain

    mark = f"{place}. "
    for step in one.steps:
        for edge in step.edges:
            print(f"{mark}{explain(network, edge, language(), page=False)}")
            mark = " " * len(mark)
            if edge.page:
                # A line of its own, so that a terminal makes a link of nothing but the page.
                print(f"{mark}  {edge.page}")


def _say_what_is_near(found: Connection, to_people: bool) -> None:
    lang = language()
    start, goal = found.start.name(lang), found.goal.name(lang)
    lines = [say("path.none", start=start, goal=goal)]
    for name, near in ((start, found.near_goal), (goal, found.near_start)):
        if near:
            lines.append(say("path.near", thing=name, near=_listed(near)))
        else:
            lines.append(say("path.alone", thing=name))
    if found.wider is not None:
        lines.append(say("path.wider", steps=found.wider))
    for line in lines:
        click.echo(line, err=not to_people)


def _listed(near: Sequence[Reached]) -> str:
    return say("network.between").join(
        say("path.reached", thing=one.node.name(language()), id=one.node.id, steps=one.steps)
        for one in near
    )
