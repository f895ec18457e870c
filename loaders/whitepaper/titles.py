"""Titles of charts and tables, with their number, the period in their bracket, and their 出典."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .citations import Cited
from .codes import divisions
from .dates import dated
from .ledger import Ledger
from .lines import Line, written
from .outline import Outline, Scope
from .words import any_of, words

_NUMBERED: Final = re.compile(
    r"(?P<word>図表|図|表)\s?(?P<number>(?:[IVXⅠ-Ⅻ]{1,4}|[0-9]{1,2})(?:-[0-9]{1,3})+)\s*(?P<title>.*)"
)
_MARK: Final = re.compile(r"\(?出典(?:\)|[:：]).*\Z")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_SHORTEST: Final = 5
_LONGEST: Final = 70


@dataclass(frozen=True)
class Title:
    """A title: its words without brackets that date or divide, and what those brackets say.

    `period` is None where no period is printed and '' where it is not one; `by` are the
    dimensions by which it is broken down.
    """

    label: str
    number: str
    period: str | None
    by: frozenset[str]
    lines: tuple[Line, ...]
    scope: Scope
    brackets: str = ""

    @property
    def line(self) -> int:
        """The number of the line that ends it."""
        return self.lines[-1].number

    @property
    def measured(self) -> bool:
        """Whether it names something that is measured."""
        bare = re.sub(r"（[^（）]*）", "", self.label)
        return bare.endswith(words("measures"))


def read_titles(ledger: Ledger, outline: Outline, cited: Sequence[Cited]) -> list[Title]:
    """Reads the titles of each scope; their lines are taken by whoever lists the figures."""
    found: list[Title] = []
    own = {each.line for each in cited}
    for scope in outline.scopes:
        for index, line in enumerate(scope.lines):
            if line.blank or not (ledger.free(line) or line.number in own):
                continue
            begun = scope.lines[index - 1] if index else line
            lines = [begun, line] if _is_begun(begun) and ledger.free(begun) else [line]
            text = "".join(each.text for each in lines)
            text = _MARK.sub("", text).strip()
            titles, rest = titles_of(text, lines, scope) if text else ([], "")
            found += titles
            if titles and rest:
                ledger.leave(line, "title", what=written(rest))
    return found


def titles_of(text: str, lines: Sequence[Line], scope: Scope) -> tuple[list[Title], str]:
    """Gives the titles that the text of a line, or of two, consists of, and what of it is none.

    >>> from .outline import Scope
    >>> printed = "図表Ⅱ-1-2-3 甲の利用率(年代別、2024年度)"
    >>> titles, rest = titles_of(printed, [Line(1, "")], Scope("", ()))
    >>> titles[0].label, titles[0].number, titles[0].period, sorted(titles[0].by), rest
    ('甲の利用率', 'Ⅱ-1-2-3', 'FY2024', ['age'], '')
    >>> titles, rest = titles_of("接続端末 動画サイトの利用率", [Line(1, "")], Scope("", ()))
    >>> [title.label for title in titles], rest
    (['動画サイトの利用率'], '接続端末')
    """
    numbered = _NUMBERED.fullmatch(text)
    if numbered is not None:
        title = numbered["title"].strip()
        if not title or re.search(r"。|参照|のとおり", title) or title[0] in "、・~～)及":
            return [], text
        return [_title(title, lines, scope, numbered["number"])], ""
    if lines[0].bullet.strip() or text.startswith(("※", "注")) or "。" in text:
        return [], text
    parts = _split(text)
    titles = [_title(part, lines, scope, "") for part in parts if _is_title(part)]
    return titles, " ".join(part for part in parts if not _is_title(part)) if titles else text


def _is_begun(line: Line) -> bool:
    """Says whether a line is the beginning of a title that the next one ends."""
    return (
        len(line.text) <= 30
        and re.search(r"[のをにが]\Z|[一-鿿ぁ-ん][たる]\Z", line.text) is not None
    )


def _title(text: str, lines: Sequence[Line], scope: Scope, number: str) -> Title:
    bare = re.sub(r"\s*※[0-9]*\Z", "", text)
    periods: list[str] = []
    by: set[str] = set()
    brackets: list[str] = []
    label = bare
    for bracket in _BRACKETS.findall(bare):
        period, divided = dated(bracket), _by(bracket)
        if period is None and not divided and "抜粋" not in bracket:
            continue
        label = label.replace(f"({bracket})", "", 1)
        brackets.append(bracket)
        by |= divided
        periods += [period] if period is not None else []
    one = periods[0] if len(set(periods)) == 1 else "" if periods else None
    printed = written("、".join(brackets))
    return Title(written(label), number, one, frozenset(by), tuple(lines), scope, printed)


def _is_title(text: str) -> bool:
    """Says whether a text ends as a title does, or in a bracket that dates or divides it."""
    bare = re.sub(r"\s*※[0-9]*\Z", "", text)
    core = _BRACKETS.sub("", bare).strip()
    if not _SHORTEST <= len(core) <= _LONGEST or re.search(r"[。、]\Z|。|[はがをも]、", core):
        return False
    if re.search(r"[0-9].*(?:%|割|倍|億|兆)", core) or not re.search(r"[一-鿿ァ-ヶ]", core):
        return False
    if core.endswith(words("title_endings")):
        return True
    signs = [bracket for bracket in _BRACKETS.findall(bare) if _by(bracket) or dated(bracket)]
    return bool(signs) and bare.endswith(")") and re.search(r"[一-鿿ァ-ヶー]\Z", core) is not None


def _by(bracket: str) -> set[str]:
    """Gives the dimensions by which a bracket says that a chart is broken down."""
    said = {part.strip() for part in re.split(r"[、,・\s]", bracket)} | {bracket.strip()}
    return {dimension for dimension, forms in divisions().items() if said & set(forms)}


def _split(text: str) -> list[str]:
    """Splits a line where two titles stand side by side: at spaces outside of brackets."""
    parts, depth, current = [], 0, ""
    for character in text:
        depth += (character in "「(『") - (character in "」)』")
        if character in " \t" and depth <= 0 and _parted(current):
            parts.append(current)
            current = ""
        else:
            current += character
    return [part.strip() for part in [*parts, current] if part.strip()]


def _parted(before: str) -> bool:
    """Says whether a space after a text parts it from the next: not within a foreign name."""
    return re.search(r"[A-Za-z0-9]\Z", before) is None


def vague(label: str) -> bool:
    """Says whether a label names nothing by itself, or points at what is named elsewhere.

    >>> vague("割合"), vague("同社の売上高"), vague("甲の利用率")
    (True, True, False)
    """
    return label in words("bare_labels") or any_of("pointing").match(label) is not None
