"""The account of a text's lines: each is understood, furniture of the page, or left to a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from .lines import Line
from .words import reason

UNDERSTOOD: Final = "understood"
FURNITURE: Final = "furniture"
UNREAD: Final = "unread"


@dataclass(frozen=True)
class Unread:
    """A line left to a person: what of it, why in a word, and the facts of the sentence."""

    line: int
    text: str
    kind: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def why(self) -> dict[str, str]:
        """The sentence that says why, in both languages."""
        return reason(self.kind, **dict(self.facts))


@dataclass
class Ledger:
    """What became of each line of a text; a line left in part counts as unread."""

    lines: list[Line]
    _outcomes: dict[int, str] = field(default_factory=dict)
    _targets: dict[int, list[str]] = field(default_factory=dict)
    _unread: dict[Unread, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.furnish(line for line in self.lines if line.blank)

    def free(self, line: Line) -> bool:
        """Says whether nothing has been made of a line yet."""
        return line.number not in self._outcomes

    def rest(self) -> list[Line]:
        """Gives the lines of which nothing has been made yet."""
        return [line for line in self.lines if self.free(line)]

    def take(self, line: Line, *targets: str) -> None:
        """Notes that a line is understood, and the rows that it became."""
        self._outcomes.setdefault(line.number, UNDERSTOOD)
        self._targets.setdefault(line.number, []).extend(targets)

    def furnish(self, lines: Iterable[Line]) -> None:
        """Notes lines that belong to the page and say nothing: blanks, running heads, axes."""
        for line in lines:
            self._outcomes.setdefault(line.number, FURNITURE)

    def leave(self, line: Line, kind: str, **facts: str) -> None:
        """Leaves a line to a person, whatever else was made of it."""
        self._outcomes[line.number] = UNREAD
        text = line.printed or line.text
        entry = Unread(line.number, text, kind, tuple(facts.items()))
        self._unread[entry] = None

    @property
    def unread(self) -> list[Unread]:
        """The lines left to a person, each reason once."""
        return list(self._unread)

    def outcome(self, line: Line) -> str:
        """Gives what became of a line."""
        return self._outcomes[line.number]

    def targets(self, line: Line) -> list[str]:
        """Gives the rows that a line became, as table/id."""
        return list(dict.fromkeys(self._targets.get(line.number, ())))

    def counts(self) -> dict[str, int]:
        """Gives how many lines had each outcome; a line without one is a mistake of the reader."""
        counts = dict.fromkeys((UNDERSTOOD, FURNITURE, UNREAD), 0)
        for line in self.lines:
            counts[self.outcome(line)] += 1
        return counts
