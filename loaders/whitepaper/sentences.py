"""Figures in running text: of what, when and where, wherever the sentence leaves no choice."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .codes import AREA, areas_named, last_area
from .dates import Date, compared_with, dates, governing
from .evidence import titles_by
from .figures import HOME, Figure, Left, plain, status
from .lines import written
from .paragraphs import Paragraph, Sentence
from .quantities import Quantity, quantities
from .subjects import Subject, coded, label_after, measured, subject_of, whole
from .titles import Title
from .words import any_of

_GROWTH: Final = re.compile(
    r"(?P<base>対?前(?:年度?|期|月|回|四半期)(?:同[月期])?比|対前年(?:度|同月|同期)?)(?:で|、|約)*\Z"
)
_REFERENCE: Final = re.compile(r"[(（]?図表\s?([IVXⅠ-Ⅻ0-9]{1,4}(?:-[0-9]{1,3})+)")
_LONGEST: Final = 1500
_QUOTES: Final = re.compile(r"「[^「」]*」|『[^『』]*』")


@dataclass(frozen=True)
class _Context:
    """What is known of a sentence before its figures are read."""

    sentence: Sentence
    text: str
    dates: list[Date]
    titles: Sequence[Title]
    year: int
    number: str


def read_paragraph(
    paragraph: Paragraph, titles: Sequence[Title], year: int, separated: Collection[str] = ()
) -> tuple[list[Figure], list[Left]]:
    """Reads the figures of a paragraph, and says why it left the others."""
    figures: list[Figure] = []
    left: list[Left] = []
    subject: Subject | None = None
    for sentence in paragraph.sentences:
        if len(sentence.text) > _LONGEST:
            # No person wrote it as a sentence; its lines are left as they are.
            continue
        text = _QUOTES.sub(lambda found: "〓" * len(found[0]), sentence.text)
        found = quantities(text, separated)
        references = list(dict.fromkeys(_REFERENCE.findall(sentence.text)))
        number = references[0] if len(references) == 1 else ""
        context = _Context(sentence, text, dates(text), titles, year, number)
        for index, quantity in enumerate(found):
            after = found[index - 1].tail if index else 0
            own = subject_of(sentence.text, text, quantity.start, after)
            if own is not None or not index:
                subject = own or _carried(subject, context, quantity.start)
            read = _read(context, found, index, subject)
            if isinstance(read, Figure):
                figures.append(read)
            else:
                left.append(read)
        if not found:
            subject = subject_of(sentence.text, text, len(text))
    return figures, left


def _carried(subject: Subject | None, context: _Context, end: int) -> Subject | None:
    """Gives the subject of the sentence before, which one goes on about that begins with a date
    and a figure."""
    begins = coded(_between(context, 0, end)) == ({}, "")
    return replace(subject, end=0) if subject is not None and begins else None


def _read(
    context: _Context, found: Sequence[Quantity], index: int, subject: Subject | None
) -> Figure | Left:
    """Reads one figure of a sentence, or says why not."""
    quantity, text = found[index], context.text
    line = context.sentence.line(quantity.start).number
    problem = _problem(context, quantity)
    if problem:
        return Left(line, problem, quantity.printed)
    previous = found[index - 1] if index else None
    start = max(previous.tail if previous else 0, subject.end if subject else 0)
    between = _between(context, start, quantity.start)
    growth = _GROWTH.search(between)
    if not quantity.change and re.match(r"の(?!約?[0-9])", text[quantity.end :]) and subject:
        # 3億円の赤字: what is measured follows, and is not what the sentence is about.
        return Left(line, "subject", quantity.printed)
    base = compared_with(context.dates, quantity.start)
    if (quantity.change or quantity.unit == "multiple") and not (
        growth or _compares(quantity, base)
    ):
        return Left(line, "change", quantity.printed)
    if growth is not None and not quantity.change:
        return Left(line, "change", quantity.printed)
    if quantity.change and quantity.unit not in ("percent", "multiple"):
        return Left(line, "change", quantity.printed)
    before = between[: growth.start()] if growth else between
    if coded(before.rpartition("(")[2] if before.count("(") > before.count(")") else "")[1] != "":
        # A remark in a bracket of its own, such as a target.
        return Left(line, "subject", quantity.printed)
    breakdown, outside = coded(before)
    placed = _placed(context, quantity, subject, breakdown, outside, start)
    if isinstance(placed, Left):
        return replace(placed, line=line)
    label, period, number = placed
    area = _area(context, subject, breakdown, quantity)
    if area is None:
        return Left(line, "area", quantity.printed)
    printed = bool(area) or _says_home(context, label)
    if growth is not None:
        label += f"（{growth['base']}）"
    elif base is not None and (quantity.change or quantity.unit == "multiple"):
        label += f"（{written(text[base.start : base.end])}比）"
    value = plain(replace(quantity, value=quantity.value * (quantity.change or 1)))
    breakdown.pop(AREA, None)
    said = status(period, _words_beside(context, found, index), context.year)
    date = governing(context.dates, text, quantity.start)
    if date is not None and date.role == "due" and said not in ("target", "forecast"):
        return Left(line, "period", quantity.printed)
    return Figure(
        label,
        period,
        area or HOME,
        value,
        quantity.unit,
        quantity.printed,
        line,
        breakdown,
        said,
        quantity.precision,
        number or context.number,
        area_printed=printed,
    )


def _problem(context: _Context, quantity: Quantity) -> str:
    """Gives why a figure cannot be read whatever it measures, or nothing."""
    if quantity.problem:
        return quantity.problem
    if any_of("respectively").search(context.text):
        return "respectively"
    return "cut" if context.sentence.cut else ""


def _placed(
    context: _Context,
    quantity: Quantity,
    subject: Subject | None,
    breakdown: dict[str, str],
    outside: str | None,
    start: int,
) -> tuple[str, str, str] | Left:
    """Gives what a figure measures, of when, and the number of the chart that says so."""
    label = _label(context, quantity, subject, outside, start)
    date = governing(context.dates, context.text, quantity.start)
    said = [each for each in context.dates if each.role != "base"]
    if date is not None:
        return (label, date.period, "") if label else Left(0, "subject", quantity.printed)
    if outside is None or said or not (breakdown.keys() | _own(subject).keys()) - {AREA}:
        return Left(0, "period" if label or not said else "subject", quantity.printed)
    parts = (breakdown.keys() | _own(subject).keys()) - {AREA}
    rest = context.text[quantity.end :]
    fitting = titles_by(context.sentence.scope, parts, label or "", rest, context.titles)
    periods = {title.period for title in fitting}
    if len(periods) != 1 or not (period := periods.pop()):
        return Left(0, "period", quantity.printed)
    breakdown.update({key: value for key, value in _own(subject).items() if key not in breakdown})
    if not label and len(fitting) != 1:
        return Left(0, "subject", quantity.printed)
    return label or fitting[0].label, period, fitting[0].number


def _label(
    context: _Context,
    quantity: Quantity,
    subject: Subject | None,
    outside: str | None,
    start: int,
) -> str:
    """Gives what a figure measures, '' where it is not certain."""
    if outside is None:
        return ""
    if subject is not None and not subject.codes:
        suffix = f"（{written(outside)}）" if outside else ""
        return subject.label + suffix if subject.label else ""
    if subject is None and not outside and start == 0:
        return label_after(context.sentence.text, quantity.end)
    return measured(whole(outside)) if outside and subject is None and start == 0 else ""


def _own(subject: Subject | None) -> dict[str, str]:
    """Gives the codes that a subject consists of: 20代は."""
    return subject.codes if subject is not None else {}


def _between(context: _Context, start: int, end: int) -> str:
    """Gives the words between the subject, or the figure before, and a figure, without dates."""
    kept, place = "", start
    for date in context.dates:
        if date.tail <= start or date.start >= end:
            continue
        if date.start < start:
            place = max(place, min(date.tail, end))
            continue
        opening = context.text.rfind("(", start, date.start)
        closing = context.text.find(")", date.end, end)
        bracketed = (
            opening >= place and closing >= 0 and ")" not in context.text[opening : date.start]
        )
        first, last = (opening, closing + 1) if bracketed else (date.start, min(date.tail, end))
        kept += context.text[place:first] if first > place else ""
        place = max(place, last)
    return kept + context.text[place:end]


def _compares(quantity: Quantity, base: Date | None) -> bool:
    """Says whether a change or a multiple is one from a date that the sentence names before it."""
    return base is not None and quantity.unit in ("percent", "multiple")


def _area(
    context: _Context, subject: Subject | None, breakdown: dict[str, str], quantity: Quantity
) -> str | None:
    """Gives the area that a figure names, '' where it names none, None where it is not certain.

    A figure that names none is of the country of the white paper, if nothing before it in its
    paragraph, nor the title of its page, names another.
    """
    if AREA in breakdown:
        return breakdown[AREA]
    said = last_area(context.text[: quantity.start])
    if said is not None:
        one = areas_named(context.text[: quantity.start])
        return said.code if said.code and len(one) == 1 else None
    if subject is not None and AREA in subject.codes:
        return subject.codes[AREA]
    named = areas_named("。".join(context.sentence.before) + context.sentence.scope.title)
    return "" if named <= {HOME} else None


def _says_home(context: _Context, label: str) -> bool:
    """Says whether a title of the page prints that what a figure measures is the country's."""
    own = [t for t in context.titles if t.scope is context.sentence.scope and t.label == label]
    return {HOME} in [areas_named(title.brackets) for title in own]


def _words_beside(context: _Context, found: Sequence[Quantity], index: int) -> str:
    """Gives the words that tell a forecast from a fact: up to the next date, and around its own."""
    quantity = found[index]
    after = [date.start for date in context.dates if date.start >= quantity.end]
    end = min([*after, len(context.text)])
    date = governing(context.dates, context.text, quantity.start)
    between = context.text[date.end : quantity.start] if date is not None else ""
    return between + context.text[quantity.end : end]
