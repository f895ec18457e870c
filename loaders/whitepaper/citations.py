"""出典 lines: who made a source, what it is called, of what year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .ledger import Ledger
from .lines import Line, written
from .outline import Outline, Scope
from .words import table

_MARK: Final = re.compile(r"\(?出典(?:\)|[:：])\s*")
_ENDING: Final = re.compile(
    r"\s*(?:のデータ)?(?:(?:等|など)?(?:を|に)(?:基に|もとに|基づき|基づいて|加工して|参考に|一部加工して)?)?"
    r"(?:総務省(?:において|が)?)?(?:一部抜粋して)?(?:等?より)?(?:、?一部抜粋して)?(?:作成|引用|取得|抜粋|転載)\Z"
)
_DONE: Final = re.compile(r".*(?:作成|引用|取得|抜粋|」|』|\)|資料|より)\Z")
_GOES_ON: Final = re.compile(r"(?:を基に|をもとに|より|に基づき|を加工)\S{0,8}作成")
_PUBLISHER: Final = re.compile(
    r"(?:省|庁|府|会|局|所|院|機構|大学|センター|協会|財団|銀行|研究室)\Z"
)
_UNMARKED: Final = re.compile(
    r"([^「」。、※]{2,40})「([^「」]+)」\s*(\((?:19|20)[0-9]{2}年?\))?(.*)"
)
_YEAR: Final = re.compile(r"\(((?:19|20)[0-9]{2})(?:年度?)?\)")
_TITLE: Final = re.compile(r"「((?:[^「」]|「[^「」]*」)+)」|[“\"]([^”\"]+)[”\"]|『([^』]+)』")


@dataclass(frozen=True)
class Citation:
    """A source as a text cites it."""

    publisher: str
    title: str
    year: str
    kind: str
    line: int


@dataclass(frozen=True)
class Cited:
    """The sources that one 出典 names together, in the scope where it stands."""

    citations: tuple[Citation, ...]
    scope: Scope
    line: int


def read_citations(ledger: Ledger, outline: Outline) -> list[Cited]:
    """Reads the 出典 of each scope; the lines are taken by whoever numbers the sources."""
    found: list[Cited] = []
    for scope in outline.scopes:
        for index, line in enumerate(scope.lines):
            if not ledger.free(line):
                continue
            text, lines = _citation(scope.lines[index : index + 6], ledger)
            if not text:
                continue
            citations = tuple(cite(text, line.number))
            if citations:
                found.append(Cited(citations, scope, line.number))
                # What stands before the mark on its line is the title of the chart.
                marked = _MARK.search(line.text)
                titled = marked is not None and line.text[: marked.start()].strip()
                for each in lines[1:] if titled else lines:
                    ledger.take(each)
            else:
                ledger.leave(line, "source")
    return found


def cite(text: str, line: int = 0) -> list[Citation]:
    """Gives the sources that a citation names.

    >>> [(each.publisher, each.title, each.year) for each in
    ...     cite("A省(2024)「甲調査」及びB会「乙報告「丙」」(2023年)を基に作成")]
    [('A省', '甲調査', '2024'), ('B会', '乙報告「丙」', '2023')]
    >>> cite("甲社資料")[0].title, cite("Omdia")[0].publisher
    ('甲社資料', 'Omdia')
    """
    body = _ENDING.sub("", re.sub(r"\s+", " ", text).strip()).strip(" 、")
    return [citation for part in _parts(body) if (citation := _one(part, line)) is not None]


def _citation(lines: Sequence[Line], ledger: Ledger) -> tuple[str, list[Line]]:
    """Gives the text of the citation that begins on the first of some lines, and its lines."""
    first = lines[0]
    marked = _MARK.search(first.text)
    if marked is None:
        return (first.text, [first]) if _is_unmarked(first) else ("", [])
    text, used = first.text[marked.end() :].strip(), [first]
    for line in lines[1:5]:
        goes_on = _GOES_ON.match(line.text) is not None
        complete = bool(text) and _balanced(text) and _DONE.fullmatch(text) is not None
        if line.blank or not ledger.free(line) or _MARK.search(line.text):
            break
        if not goes_on and (complete or line.bullet or re.match(r"[※(]注|図表", line.text)):
            break
        joint = " " if re.search(r"[A-Za-z]\Z", text) and re.match(r"[A-Za-z]", line.text) else ""
        text, used = text + joint + line.text, [*used, line]
    return text, used


def _is_unmarked(line: Line) -> bool:
    """Says whether a line is a citation although no 出典 marks it: A省「甲調査」を基に作成."""
    found = _UNMARKED.fullmatch(line.text)
    if found is None:
        return False
    if found[4]:
        return _ENDING.fullmatch(found[4]) is not None
    return _PUBLISHER.search(found[1].strip()) is not None


def _parts(body: str) -> list[str]:
    """Splits a citation where it names another source, outside of quotes and brackets."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(body):
        depth += (character in "「『(“") - (character in "」』)”")
        joint = re.compile(r"及び|並びに|、|;").match(body, place) if depth == 0 else None
        if joint is None or place < start:
            continue
        before, after = body[start:place], body[joint.end() :]
        # 総務省・経済産業省 publish together; a comma parts two sources that each have a title.
        if _TITLE.search(before) or not _TITLE.search(after):
            parts.append(before)
            start = joint.end()
    return [part.strip() for part in [*parts, body[start:]] if part.strip()]


def _one(part: str, line: int) -> Citation | None:
    title = _TITLE.search(part)
    rest = part if title is None else part[: title.start()] + " " + part[title.end() :]
    year = _YEAR.search(rest)
    name = part if title is None else next(filter(None, title.groups()))
    publisher = _YEAR.sub("", part[: title.start()] if title else rest).strip(" 、・")
    if not re.search(r"[A-Za-zぁ-ヶ一-鿿]", name):
        return None
    return Citation(written(publisher), written(name), year[1] if year else "", _kind(name), line)


def _kind(title: str) -> str:
    """Gives the kind of a source by a word of its title, '' where none says it."""
    for kind, signs in table("source_kinds").items():
        if any(sign in title for sign in signs):
            return str(kind)
    return ""


def _balanced(text: str) -> bool:
    return all(
        text.count(opening) <= text.count(closing)
        for opening, closing in ("「」", "『』", "()", "“”")
    )
