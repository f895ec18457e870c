"""Numbered challenges, ① ② ③, of the pages whose title says that they are challenges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .ledger import Ledger
from .lines import CIRCLED, Line, written
from .outline import Outline, Scope

SUBJECT: Final = "課題"
_LONGEST_LABEL: Final = 40


@dataclass(frozen=True)
class Challenge:
    """A numbered challenge, what is written below it, and the scope in which it stands."""

    number: int
    label: str
    summary: str
    scope: Scope
    lines: tuple[Line, ...]


def read_challenges(ledger: Ledger, outline: Outline) -> list[Challenge]:
    """Reads the numbered challenges of each scope; their lines are taken by whoever names them.

    Numbered items elsewhere, or out of their order, are left to a person.
    """
    found: list[Challenge] = []
    for scope in outline.scopes:
        number = 0
        for index, line in enumerate(scope.lines):
            if not ledger.free(line) or line.text[:1] not in CIRCLED or not line.text:
                continue
            label = line.text[1:].strip()
            ordinal = CIRCLED.index(line.text[0]) + 1
            if SUBJECT not in scope.title or ordinal != number + 1 or not _is_label(label):
                if _is_label(label):
                    ledger.leave(line, "item")
                continue
            number = ordinal
            below = _below(ledger, scope.lines[index + 1 : index + 40])
            summary = written("".join(each.text for each in below))
            found.append(Challenge(number, written(label), summary, scope, (line, *below)))
    return found


def _is_label(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_LABEL and not re.search(r"[。、].*|である|する\Z", text)


def _below(ledger: Ledger, lines: list[Line]) -> list[Line]:
    """Gives the sentences that follow a challenge: marked paragraphs that end in a full stop.

    A paragraph without a mark is a caption of a chart, unless it ends a sentence begun before.
    """
    taken: list[Line] = []
    for line in lines:
        if line.blank:
            continue
        if not ledger.free(line) or line.text[0] in CIRCLED:
            break
        unfinished = bool(taken) and not taken[-1].text.endswith(("。", "」"))
        if not unfinished and not (line.bullet and _is_sentence(lines, line)):
            break
        taken.append(line)
    while taken and not taken[-1].text.endswith("。"):
        taken.pop()
    return taken


def _is_sentence(lines: list[Line], line: Line) -> bool:
    """Says whether a paragraph that begins on a line ends in a full stop."""
    for following in lines[lines.index(line) : lines.index(line) + 6]:
        if following.text.endswith("。"):
            return True
        if following is not line and following.bullet:
            return False
    return False
