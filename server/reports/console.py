"""A report as text: in colour where a person looks at it, in plain lines where it is piped."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Final

from .view import FindingView, ReportView, ThingView
from .words import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES: Final = {"violation": "bold red", "warning": "bold yellow", "info": "cyan"}
MARKS: Final = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red")}
THINGS: Final = 40
"""How many things of a difference are shown; the other forms have all."""
ALIKE: Final = 5
"""How many findings of a kind are shown in a column; the other forms have all."""
_WIDE: Final = 100
_NARROW: Final = 20


def write(report: ReportView, out: IO[str] | None = None) -> None:
    """Writes a report for people, to the standard output unless told otherwise."""
    # Whoever wants no text need not wait for what draws one.
    from rich.console import Console
    from rich.text import Text

    file = out or sys.stdout
    console = Console(file=file, width=None if file.isatty() else _WIDE, highlight=False)
    lang = report.lang
    for name, rows, _ in report.files:
        console.print(Text(f"{_short(name)}  {rows}".rstrip(), "bold"), soft_wrap=True)
    words = {"verdict": report.verdict, "counts": report.counts, "beside": report.beside}
    style = "green" if report.passes else "red"
    console.print(Text(say(lang, "summary", **words), style), soft_wrap=True)
    shown: Counter[tuple[str, str]] = Counter()
    for each in report.findings:
        shown[each.code, each.column] += 1
        if shown[each.code, each.column] <= ALIKE:
            console.print()
            mark = Text(each.severity_label, STYLES[each.severity])
            _block(console, mark, _finding(each, lang))
    folded = {kind: count - ALIKE for kind, count in shown.items() if count > ALIKE}
    if folded:
        console.print()
    for (code, column), count in folded.items():
        alike = say(lang, "alike", count=count, column=_short(column), code=code)
        console.print(Text(alike, "dim"), soft_wrap=True)
    if folded:
        console.print(Text(say(lang, "all"), "dim"), soft_wrap=True)
    if not report.things:
        return
    console.print()
    changes = {"changes": say(lang, "changes"), "counts": report.change_counts}
    console.print(Text(say(lang, "change_summary", **changes), "bold"))
    for thing in report.things[:THINGS]:
        sign, colour = MARKS[thing.how]
        _block(console, Text(sign, f"bold {colour}"), _thing(thing))
    if len(report.things) > THINGS:
        console.print(Text(say(lang, "more", count=len(report.things) - THINGS), "dim"))


def _block(console: Console, mark: Text, lines: Iterator[Text]) -> None:
    """Prints lines in a column of their own to the right of a mark."""
    from rich.text import Text

    before, indent = mark + Text("  "), mark.cell_len + 2
    width = max(_NARROW, console.width - indent)
    for line in lines:
        for part in line.wrap(console, width, overflow="fold"):
            part.rstrip()
            console.print(before + part, soft_wrap=True)
            before = Text(" " * indent)


def _finding(found: FindingView, lang: str) -> Iterator[Text]:
    from rich.text import Text

    head = Text(_short(found.where), "bold")
    if found.value is not None:
        head.append("  " + say(lang, "value", value=_short(found.value)), "not bold")
    yield head
    if found.about is not None:
        yield Text(say(lang, "about", thing=_short(found.about)), "dim")
    yield Text(found.message)
    if found.nearest:
        yield Text(say(lang, "nearest", names=" / ".join(found.nearest)), "green")
    if found.hint:
        yield Text(say(lang, "hint", hint=found.hint))
    yield Text("  ".join(filter(None, [found.also, f"[{found.code}]"])), "dim")


def _thing(thing: ThingView) -> Iterator[Text]:
    from rich.text import Text

    head = Text(_short(thing.id), "bold")
    for name in filter(None, (thing.label, *thing.kinds[:1])):
        head.append("  " + _short(name), "not bold")
    if thing.others:
        head.append(f"  {thing.others}", "not bold dim")
    yield head
    for each in thing.properties:
        said = Text(f"{each.label}: ", "dim")
        if each.removed:
            said.append("; ".join(map(_short, each.removed)), "not dim red")
            said.append(" → " if each.added else " →")
        said.append("; ".join(map(_short, each.added)), "not dim green")
        yield said


def _short(value: str, most: int = 120) -> str:
    """Gives a value on one line, without what could steer a terminal."""
    plain = "".join(char if char.isprintable() else "�" for char in value)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
