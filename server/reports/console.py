"""A report as text: in colour where a person looks at it, in plain columns where it is piped."""

from __future__ import annotations

import sys
from typing import IO, Final

from .view import FindingView, ReportView, ThingView
from .words import say

STYLES: Final = {"violation": "bold red", "warning": "bold yellow", "info": "cyan"}
MARKS: Final = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red")}
THINGS: Final = 40
"""How many things of a difference are shown; the other forms have all."""
_WIDE: Final = 100


def write(report: ReportView, out: IO[str] | None = None) -> None:
    """Writes a report for people, to the standard output unless told otherwise."""
    from rich.console import Console
    from rich.text import Text

    file = out or sys.stdout
    console = Console(file=file, width=None if file.isatty() else _WIDE, highlight=False)
    for name, rows, _ in report.files:
        console.print(Text(f"{name}  {rows}".rstrip(), "bold"))
    style = "bold green" if report.passes else "bold red"
    console.print(Text(report.verdict, style) + Text(f" — {report.counts} ({report.beside})"))
    for each in report.findings:
        console.print()
        console.print(_finding(each, report.lang))
    if report.things:
        console.print()
        console.print(Text(f"{say(report.lang, 'changes')} — {report.change_counts}", "bold"))
        for thing in report.things[:THINGS]:
            console.print(_thing(thing))
        if len(report.things) > THINGS:
            console.print(Text(say(report.lang, "more", count=len(report.things) - THINGS), "dim"))


def _finding(found: FindingView, lang: str) -> object:
    from rich.table import Table
    from rich.text import Text

    lines = [Text(found.where, "bold")]
    if found.value is not None:
        lines[0].append("  " + say(lang, "value", value=_short(found.value)), "default")
    if found.about is not None:
        lines.append(Text(f"{say(lang, 'about')}: {found.about}", "dim"))
    lines.append(Text(found.message))
    if found.nearest:
        lines.append(Text(say(lang, "nearest", names=", ".join(found.nearest)), "green"))
    if found.hint:
        lines.append(Text(f"{say(lang, 'hint')}: {found.hint}"))
    if found.also:
        lines.append(Text(found.also, "dim"))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    mark = Text(found.severity_label, STYLES[found.severity])
    for index, line in enumerate(lines):
        code = Text(f"  [{found.code}]", "dim") if index == len(lines) - 1 else Text()
        grid.add_row(mark if index == 0 else Text(), line + code)
    return grid


def _thing(thing: ThingView) -> object:
    from rich.table import Table
    from rich.text import Text

    mark, colour = MARKS[thing.how]
    head = Text(thing.id, "bold")
    head.append("  " + "  ".join(filter(None, (thing.label, *thing.kinds[:1]))), "default")
    if thing.others:
        head.append(f"  ({thing.others})", "dim")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(mark, f"bold {colour}"), head)
    for each in thing.properties:
        said = Text(f"{each.label}: ", "dim")
        if each.removed:
            said.append("; ".join(map(_short, each.removed)), "red")
            said.append(" → " if each.added else " →")
        said.append("; ".join(map(_short, each.added)), "green")
        grid.add_row(Text(), said)
    return grid


def _short(value: str, most: int = 120) -> str:
    """Gives a value on one line, without what could steer a terminal."""
    plain = "".join(char if char.isprintable() else "�" for char in value)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
