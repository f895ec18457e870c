"""A text or page of a white paper, read: its outline, challenges, sources, titles and figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ...graph.eras import ERAS
from ...graph.errors import BadParameter
from ...graph.names import thing
from ..series import edition_of_page
from .challenges import Challenge, read_challenges
from .citations import Citation, Cited, read_citations
from .dates import western
from .figures import Figure, Left, conflicts
from .furniture import furnish
from .grids import read_grids
from .html import is_html, page_of
from .ledger import Ledger
from .lines import CIRCLED, Line, decode, lines_of, read_bytes
from .outline import Outline, Scope, place_of_address, read_outline
from .paragraphs import paragraphs
from .quantities import doubtful, quantities
from .sentences import read_paragraph
from .titles import Title, read_titles
from .words import refused

_EDITION: Final = re.compile(r"((?:令和|平成|昭和)\s?(?:元|[0-9]{1,2}))年版")
_FIRST_LINES: Final = 30
_SIGNS: Final = re.compile(r"第\s?\S{1,3}\s?[部章節]|図表|出典")
_SEPARATED: Final = re.compile(r"(?<![0-9,.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,.])")


@dataclass
class Document:
    """What was read from one file; `edition` is the code of the white paper, such as r08."""

    file: str
    edition: str
    page_url: str
    ledger: Ledger
    outline: Outline
    cited: list[Cited]
    challenges: list[Challenge]
    titles: list[Title]
    figures: list[Figure]
    repeats: list[tuple[Figure, Figure]]

    def scope_of(self, line: int) -> Scope:
        """Gives the scope in which a line stands."""
        return next(
            scope
            for scope in self.outline.scopes
            if any(each.number == line for each in scope.lines)
        )

    def source_of(self, figure: Figure) -> Citation | None:
        """Gives the source of a figure: that of its chart, else the only one of its page."""
        scope = self.scope_of(figure.line)
        numbered = [
            title for title in self.titles if figure.number and title.number == figure.number
        ]
        for title in numbered[:1]:
            scope = title.scope
            after = [cited for cited in self.cited if cited.line >= title.line]
            later = [each.line for each in self.titles if each.line > title.line]
            near = [cited for cited in after if not later or cited.line < min(later)]
            return near[0].citations[0] if near and len(near[0].citations) == 1 else None
        named = {
            (each.publisher, each.title, each.year): each
            for cited in self.cited
            if cited.scope is scope
            for each in cited.citations
        }
        return next(iter(named.values())) if len(named) == 1 else None


def read_document(path: Path, edition: str | None = None, page_url: str | None = None) -> Document:
    """Reads a text extracted from a PDF, or a web page saved to disk."""
    if edition is not None and not re.fullmatch(r"[mtshr][0-9]{2}", edition):
        raise BadParameter("edition", edition, "the code of an edition, such as r08")
    text = decode(read_bytes(path), path.name)
    frame: Sequence[Line] = ()
    if is_html(text, path.name):
        page = page_of(text)
        lines, frame, own = list(page.lines), page.frame, page.address
        page_url = page_url or (own if re.match(r"https?://", own) else None)
    else:
        lines = lines_of(text, path.name)
    ledger = Ledger(lines)
    code = _edition(ledger, path.name, edition, page_url)
    furnish(ledger)
    ledger.furnish(frame)
    address = page_url or _document(code, path.stem)
    outline = read_outline(ledger, code, place_of_address(page_url or path.name))
    document = _read(ledger, outline, path.name, code, address)
    if not (outline.sections or document.cited or any(t.number for t in document.titles)):
        raise refused(path.name, "no-paper")
    return document


def _read(ledger: Ledger, outline: Outline, file: str, code: str, address: str) -> Document:
    """Reads everything below the outline, and leaves the rest with its reason."""
    year = _year(code)
    separated = frozenset(found for line in ledger.lines for found in _SEPARATED.findall(line.text))
    cited = read_citations(ledger, outline)
    challenges = read_challenges(ledger, outline)
    for challenge in challenges:
        for line in challenge.lines:
            ledger.take(line)
    titles = read_titles(ledger, outline, cited)
    for title in titles:
        for line in title.lines:
            ledger.take(line)
    figures, left = read_grids(ledger, outline, titles, year, separated)
    by_number = {line.number: line for line in ledger.lines}
    for each in left:
        ledger.leave(by_number[each.line], each.kind, what=each.what)
    for paragraph in list(paragraphs(ledger, outline)):
        read, unread = read_paragraph(paragraph, titles, year, separated)
        figures += read
        _account(ledger, paragraph.lines, read, unread)
    document = Document(file, code, address, ledger, outline, cited, challenges, titles, [], [])
    document.figures = _agreed(document, figures, by_number)
    return document


def _account(
    ledger: Ledger, lines: Sequence[Line], figures: Sequence[Figure], left: Sequence[Left]
) -> None:
    """Notes what became of the lines of a paragraph."""
    read = {figure.line for figure in figures}
    for line in lines:
        unread = [each for each in left if each.line == line.number]
        for each in unread:
            kind = "apart" if each.kind == "period" and _only_numbers(line.text) else each.kind
            ledger.leave(line, kind, what=each.what)
        if not unread and line.number in read:
            ledger.take(line)
        elif not unread:
            ledger.leave(line, _kind(line), what=line.text)


def _only_numbers(text: str) -> bool:
    rest = text
    for each in reversed(quantities(text)):
        rest = rest[: each.start] + rest[each.end :]
    return not rest.strip()


def _kind(line: Line) -> str:
    """Gives why a line without a figure is left to a person."""
    text = line.text
    if text.startswith(("※", "注", "*")) or re.match(r"[0-9]{1,2}\s+(?:https?:|\S{10,})", text):
        return "note"
    if text[:1] in CIRCLED:
        return "item"
    if doubtful(text):
        return "separator"
    if not re.search(r"[A-Za-zぁ-んァ-ヶ一-鿿]", re.sub(r"[年月日度]", "", text)):
        return "number"
    if "。" in text or len(text) > 30 or line.bullet:
        return "digits" if re.search(r"[0-9]", text) else "prose"
    return "label"


def _agreed(document: Document, figures: list[Figure], by_number: dict[int, Line]) -> list[Figure]:
    """Gives the figures without those that repeat one, or contradict one, of the same page."""
    differing = conflicts(figures)
    against = {id(figure) for figure in differing.values()}
    for index, known in differing.items():
        for one, other in ((figures[index], known), (known, figures[index])):
            line = by_number[one.line]
            document.ledger.leave(line, "conflict", what=one.printed, other=other.printed)
    kept: list[Figure] = []
    for index, figure in enumerate(figures):
        if index in differing or id(figure) in against:
            continue
        same = next((each for each in kept if _repeats(document, each, figure)), None)
        if same is None:
            kept.append(figure)
        else:
            document.repeats.append((figure, same))
    return kept


def _repeats(document: Document, first: Figure, second: Figure) -> bool:
    """Says whether a figure prints once more what the page has said of the same part."""
    same = replace(second, label=first.label, line=first.line)
    if (same.key(), same.value) != (first.key(), first.value):
        return False
    if first.label == second.label:
        return True
    return bool(first.breakdown) and document.scope_of(first.line) is document.scope_of(second.line)


def _edition(ledger: Ledger, file: str, given: str | None, page_url: str | None) -> str:
    """Gives the edition of a text: as given, as its first lines name it, or as its address does."""
    named = next(_named(ledger), None)
    code = given or (named and named[0]) or (page_url and edition_of_page(page_url))
    if not code:
        signs = any(_SIGNS.search(line.text) for line in ledger.lines)
        raise refused(file, "no-edition" if signs else "no-paper")
    if named is not None and named[0] != code:
        raise refused(file, "other-edition", named=named[0], given=code)
    if named is not None:
        ledger.take(named[1])
    return code


def _named(ledger: Ledger) -> Iterator[tuple[str, Line]]:
    """Gives the editions that short lines at the beginning of a text name."""
    printed = [line for line in ledger.lines if not line.blank][:_FIRST_LINES]
    for line in printed:
        found = _EDITION.search(line.text)
        if found is None or "白書" not in line.text or "。" in line.text or len(line.text) > 80:
            continue
        year = western(found[1] + "年")
        for era in ERAS:
            if found[1].startswith(era.name) and year is not None:
                yield f"{era.letter}{year - era.first_year + 1:02}", line


def _year(code: str) -> int:
    """Gives the year of an edition by its code.

    >>> _year("r07")
    2025
    """
    era = next(era for era in ERAS if era.letter == code[0])
    return era.first_year + int(code[1:]) - 1


def _document(code: str, stem: str) -> str:
    """Gives the address of a document that is no web page: its edition and its file's name."""
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    slug = re.sub(r"^[a-z]?0?[0-9]{1,2}(?:-|\Z)", "", slug) or "text"
    return thing("document", f"{code}-{slug}").value
