"""What a sentence is about: the words before は or が, as a label or as codes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .codes import code
from .dates import dates
from .lines import written
from .titles import vague
from .words import any_of, words

_TOPIC: Final = re.compile(r"(?<![にでとをへ])は(?!じ|や|か|る|い)")
_ACTOR: Final = re.compile(r"(?<=[一-鿿ァ-ヶーA-Za-z0-9)」〓%])が(?!、)")
_PARTICLES: Final = re.compile(
    r"(?:においては|における|において|については|では|には|とも|のうち|[はがのにでともへを、・:])+\Z"
)
_LINKS: Final = re.compile(
    r"\A(?:であり|であった|であったが|である|となり|となった|となっており|となっている|"
    r"となる見込みであり|だったものが|だったのに対し(?:て)?|に対し(?:て)?|に次い|"
    r"に(?:増加し|減少し|拡大し|縮小し|上昇し|低下し|増え|減り|伸び|達し)(?:ており|て)?|"
    r"で|と|から|に|へ|まで|にまで|を占め|及び|並びに|や|の|・|一方|[、,)])+"
)
_TREND: Final = re.compile(
    r"\A(?:引き続き|近年|一貫して)?(?:、)?(?:(?:増加|減少|拡大|縮小|上昇|低下|成長|横ばい|堅調)(?:傾向|基調)?"
    r"(?:で推移し?(?:ており|て)?|が続き|が続いており|にあり|に転じ(?:ており)?|しており|して|し|で)?、)+"
)
_ASIDE: Final = re.compile(r"(?:では|には|とは|は|について(?:は)?|において(?:は)?|のうち)?、")
_CLAUSE_END: Final = re.compile(r"[てでりしくずばとらがもはめけれにをみき]\Z")
_VERB: Final = re.compile(
    r"[一-鿿ぁ-ん](?:して|した|される|された|する|いる|おり|って|れて|れば|った|んだ|ない|ため|よる|よって|あり|あった)"
)
_NUMBER: Final = re.compile(r"[0-9](?:[千万億兆]|[^0-9A-Za-z一-鿿ァ-ヶぁ-ん]|\Z)")
_INNERMOST: Final = re.compile(r"\([^()]*\)")
_LONGEST: Final = 60
_END: Final = re.compile(r"[一-鿿ァ-ヶーA-Za-z0-9)）」%々]\Z|[み]\Z")


@dataclass(frozen=True)
class Subject:
    """What a sentence is about: a label, or codes where it is a part of a population.

    `label` is '' where the words before は are no name; `end` is where the subject ends.
    """

    label: str
    end: int
    codes: dict[str, str] = field(default_factory=dict)


def subject_of(text: str, masked: str, before: int, after: int = 0) -> Subject | None:
    """Gives the subject that a sentence names between two places, None where it names none.

    `masked` is the text with its quotes covered.

    >>> text = "また、2024年の甲市場の売上高(推計)は、5億円"
    >>> subject_of(text, text, text.index("5億"))
    Subject(label='甲市場の売上高（推計）', end=21, codes={})
    >>> subject_of("20代は4割", "20代は4割", 4)
    Subject(label='', end=4, codes={'age': '20s'})
    """
    covered = _cover_brackets(masked)
    marks = [m for m in _TOPIC.finditer(covered, after, before) if not _dated(covered, m.start())]
    if not after:
        marks = marks or [m for m in _ACTOR.finditer(covered, 0, before)]
    if not marks:
        return None
    start = _clause_start(covered, marks[0].start(), after)
    printed = _undated(text[start : marks[0].start()])
    bare = _PARTICLES.sub("", printed.strip(" 、"))
    bare = _LINKS.sub("", bare) if after else bare
    codes, rest = coded(bare)
    if rest == "" and (codes.keys() - {"area"} or (after and codes)):
        return Subject("", marks[0].end(), codes)
    return Subject(measured(whole(bare)), marks[0].end())


def measured(label: str) -> str:
    """Gives a label if it names something that is measured, else ''.

    >>> measured("甲市場の売上高（推計）"), measured("8K以上")
    ('甲市場の売上高（推計）', '')
    """
    bare = without_brackets(label)
    if "に占める割合" in bare:
        # A share of something, but not of what.
        return ""
    return label if bare.endswith(words("measured")) else ""


def coded(text: str) -> tuple[dict[str, str], str | None]:
    """Gives the codes among some words, and the words that are none; None where they are more
    than a name.

    >>> coded("、日本の大企業では"), coded("全産業の"), coded("需要が増えており、")
    (({'area': 'JP', 'firm_size': 'large'}, ''), ({}, '全産業'), ({}, None))
    """
    bare = without_brackets(text).lstrip(" 、,)")
    bare = _TREND.sub("", _LINKS.sub("", bare)).strip(" (")
    bare = _LINKS.sub("", re.sub(r"(?:約|およそ)\Z", "", bare))
    ending = _PARTICLES.search(bare)
    if ending is not None and "、" in ending[0] and not _ASIDE.fullmatch(ending[0]):
        return {}, None
    bare = _PARTICLES.sub("", bare)
    if not bare:
        return {}, ""
    found: dict[str, str] = {}
    rest: list[str] = []
    for part in re.split(r"(?<!ら)の|、", bare):
        named = code(part)
        if named and not found.keys() & named.keys():
            found |= named
        elif part:
            rest.append(part)
    remainder = "の".join(rest)
    if remainder and (not _is_name(remainder) or "、" in bare):
        return {}, None
    return found, remainder


def whole(label: str) -> str:
    """Gives a label if it can stand by itself, else ''.

    >>> whole("甲市場の売上高"), whole("割合"), whole("これらの売上高"), whole("調査すると甲")
    ('甲市場の売上高', '', '', '')
    """
    label = re.sub(r"\s*\((?:図表)[^()]*\)", "", label).strip(" 、")
    label = re.sub(r"\s[0-9]{1,2}(?:\s+|(?=[(の)])|\Z)", "", label)
    label = re.sub(r"\(以下[、「][^()]*\)", "", label)
    if not 2 <= len(label) <= _LONGEST or vague(label) or not _END.search(label):
        return ""
    if any_of("clause_words").search(label) or _unbalanced(label):
        return ""
    plain = re.sub(r"「[^「」]*」", "", without_brackets(label))
    return "" if re.search(r"(?<!我)が|[。!?]|[をに][、]|〓", plain) else written(label)


def label_after(text: str, place: int) -> str:
    """Gives what a figure measures where the words for it follow: 約8割の企業がネットを利用."""
    after = re.sub(r"\A(?:の|が)", "", text[place:])
    after = re.sub(r"(?:している|して|した|していた|されている|である|となった)\Z", "", after)
    if not text[place:].startswith("の") or "、" in after or not re.search(r"[がをに]", after):
        return ""
    if not 4 <= len(after) <= _LONGEST or re.search(r"[0-9]", after) or vague(after):
        return ""
    return written(after) if _END.search(after) else ""


def _is_name(text: str) -> bool:
    """Says whether some words are a name, without a verb or a clause of their own."""
    if (
        _NUMBER.search(text)
        or len(text) > 30
        or not re.search(r"[一-鿿ァ-ヶA-Za-z]", text)
        or _unbalanced(text)
    ):
        return False
    return not (_VERB.search(text) or any_of("clause_words").search(text)) and bool(
        _END.search(text) and not re.search(r"[はがを。〓]", text)
    )


def _clause_start(covered: str, end: int, after: int) -> int:
    """Gives where the clause that ends at a place begins; enumerations belong to it."""
    start = max(covered.rfind("、", after, end) + 1, after)
    while start > after:
        before = max(covered.rfind("、", after, start - 1) + 1, after)
        piece = covered[before : start - 1].strip()
        opening = piece in words("openings") or not piece
        if opening or _CLAUSE_END.search(piece) or _only_dates(piece):
            return start
        start = before
    if after:
        return after
    for word in sorted(words("openings"), key=len, reverse=True):
        if covered.startswith(word) and covered[len(word) : len(word) + 1] in ("、", ","):
            return len(word) + 1
    return 0


def _undated(text: str) -> str:
    """Gives a text without its dates, and without brackets that hold one."""
    text = re.sub(r"\([^()]*\)", lambda found: "" if dates(found[0]) else found[0], text)
    for date in reversed(dates(text)):
        text = text[: date.start] + text[date.tail :]
    return text


def _only_dates(piece: str) -> bool:
    return bool(dates(piece)) and not _PARTICLES.sub("", _undated(piece)).strip()


def _dated(text: str, place: int) -> bool:
    """Says whether what stands before は is a date: 2024年は is no subject."""
    return any(date.end <= place <= date.tail for date in dates(text))


def without_brackets(text: str) -> str:
    """Gives a text without its brackets, those within brackets too.

    >>> without_brackets("甲（乙（丙）丁）の額")
    '甲の額'
    """
    before = ""
    while before != text:
        before, text = text, re.sub(r"[(（][^()（）]*[)）]", "", text)
    return text


def _cover_brackets(text: str) -> str:
    before = ""
    while before != text:
        before, text = text, _INNERMOST.sub(lambda found: "〓" * len(found[0]), text)
    return text


def _unbalanced(text: str) -> bool:
    return any(text.count(a) != text.count(b) for a, b in ("()", "「」", "（）"))
