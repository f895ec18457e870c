"""Dates as they stand in a sentence, and the one that says of when a figure is.

A figure is dated only where the text leaves no choice: a date that begins a relative clause, a
stretch of time or the name of a law dates something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...graph.eras import western_year
from ...graph.errors import BadPeriod
from ...graph.periods import parse_period

_ERA: Final = "令和|平成|昭和|大正|明治"
_YEAR: Final = rf"(?:(?:{_ERA})\s?(?:元|[0-9]{{1,2}})|(?:19|20)[0-9]{{2}})年"
_GLOSS: Final = rf"\((?:(?:{_ERA})\s?(?:元|[0-9]{{1,2}})|(?:19|20)[0-9]{{2}})年?度?末?\)"
_DATE: Final = re.compile(
    rf"(?P<year>{_YEAR})(?P<fiscal>度)?末?(?P<gloss>{_GLOSS})?(?P<fiscal2>度)?"
    r"(?:\s?(?P<month>[0-9]{1,2})月(?:\s?(?P<day>[0-9]{1,2})日)?"
    r"|第\s?(?P<quarter>[1-4一二三四])\s?四半期|(?P<half>上半期|下半期|上期|下期))?"
)
_RELATIVE: Final = re.compile(
    r"(?<!対)(?P<last>前年度?|昨年度?)(?!度|同|比|増|減)|(?P<same>同年)(?P<fiscal>度)?"
    r"(?:(?P<month>[0-9]{1,2})月)?"
)
_SHORT: Final = re.compile(
    r"(?<![0-9,.約第全計~])[0-9]{2}年度?(?!間|前|後|以|連|周|目|ぶり|来|で|版)"
)

# Not past another date with which something may be compared: 2025年に前年比で.
_BETWEEN: Final = r"(?:(?!対?前[年期月回]|昨年|同[年月期])[^、。0-9()はが])"
_COMPARED: Final = re.compile(
    rf"{_BETWEEN}{{0,14}}(?:\([^()]*\))?{_BETWEEN}{{0,6}}?"
    r"(?:[とに](?:比べ|比較|比し)(?:ると|て|すると|して)?|対比|を基準に|より(?=[0-9約も]|増|減|上|低|高|大|小|拡|[一-鿿]{0,4}[0-9])"
    r"|比(?=[でのは、をが)約0-9]|\Z))"
)
_STRETCH: Final = re.compile(
    r"(?:末|中|度)?(?:から|以降|以来|以後|以前|まで(?!に)|頃|ごろ|前後|半ば|初頭|代|にかけ|版|春|夏|秋|冬|付け)"
)
_SECOND: Final = re.compile(r"(?:末|中)?(?:から|及び|並びに|又は|や|と|・|、)?\s?[~–]?")
_EVENT: Final = re.compile(
    r"[のにか、月]{0,2}(?:公表|発表|策定|改正|改定|改訂|施行|成立|制定|開始|設立|閣議|締結|採択|発足|公布|法律|政令|決定|発行)"
)
_DUE: Final = re.compile(r"(?:末|中)?(?:までに|を目途|を目標)")
_AT: Final = re.compile(r"(?:末|中)?に(?![はおつもか])")
_RELATIVE_CLAUSE: Final = re.compile(
    r"(?:し|さ|され|られ|れ|っ|い|き|え|け|め|てき|てい)(?:た|る|ている)(?=[一-鿿ァ-ヶA-Za-z「『])|する(?=[一-鿿ァ-ヶA-Z「])"
)
_TAIL: Final = re.compile(
    r"(?:調査|時点|現在|実績|見込み?|予測|推計|末|中|度|分)*"
    r"(?:においては|における|において|までに|では|には|にも|での|の|に|で|は|も|、|:)*"
)


@dataclass(frozen=True)
class Date:
    """A date in a text: the period that it names, and what it can date.

    `role` is `at`, `due`, `clause` (only where no relative clause follows), `base` (what something
    is compared with, up to `reach`) or `other`; `tail` is where its particles end.
    """

    start: int
    end: int
    tail: int
    period: str
    role: str
    reach: int = 0


def dates(text: str) -> list[Date]:
    """Gives the dates of a sentence in their order.

    >>> text = "2024年度(令和6年度)は、前年度と比べ、令和元年から"
    >>> [(date.period, date.role) for date in dates(text)]
    [('FY2024', 'at'), ('FY2023', 'base'), ('2019', 'other')]
    >>> dates("2022年11月時点")[0].period, dates("2025年2月調査")[0].period
    ('2022-11', 'survey-2025-02')
    """
    found = sorted(
        [*_DATE.finditer(text), *_RELATIVE.finditer(text), *_SHORT.finditer(text)],
        key=lambda match: (match.start(), -match.end()),
    )
    result: list[Date] = []
    for match in found:
        if result and match.start() < result[-1].end:
            continue
        period = _period(match, result)
        end = match.end()
        if period and text.startswith("調査", end) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", period):
            period = f"survey-{period}"
        date = _placed(text, match.start(), end, period)
        between = text[result[-1].end if result else 0 : match.start()]
        if _SECOND.fullmatch(between) if result else between.endswith(("~", "–")):
            # The end of a stretch of time, or the second of two dates that share what follows.
            date = replace(date, role="other")
        result.append(date)
    return result


def governing(found: Sequence[Date], text: str, start: int) -> Date | None:
    """Gives the date of a figure that starts at a place of a text, or None where none is certain.

    >>> text = "2021年は3億円で、2019年と比べ5億円"
    >>> governing(dates(text), text, text.index("5")).period
    '2021'
    >>> text = "2020年に開始したサービスの契約数は5億円"
    >>> governing(dates(text), text, text.index("5"))
    """
    for date in reversed(found):
        if date.end > start:
            continue
        if date.role == "base" and start >= date.reach:
            continue
        if date.role == "other" or not date.period:
            return None
        if date.role == "clause" and _RELATIVE_CLAUSE.search(text, date.end, start + 1):
            return None
        return date
    return None


def compared_with(found: Sequence[Date], start: int) -> Date | None:
    """Gives the date with which a figure is compared, where one is named just before it."""
    bases = [date for date in found if date.role == "base" and date.reach <= start]
    return bases[-1] if bases and bases[-1].period else None


def dated(bracket: str) -> str | None:
    """Gives the period of a title's bracket, None where it has none, '' where it has several.

    >>> dated("2024年度調査、日本、年代別"), dated("2024"), dated("年代別"), dated("2019年~2024年")
    ('FY2024', '2024', None, '')
    """
    bare = re.fullmatch(r"((?:19|20)[0-9]{2})(年度?)?", bracket.strip())
    if bare:
        return ("FY" if bare[2] == "年度" else "") + bare[1]
    found = dates(bracket)
    if not found:
        return None
    return found[0].period if len(found) == 1 and "~" not in bracket else ""


def western(printed: str) -> int | None:
    """Gives the year of a text such as 令和6年 or 2024年.

    >>> western("令和元年"), western("2024年")
    (2019, 2024)
    """
    era = re.match(rf"({_ERA})\s?(元|[0-9]{{1,2}})", printed)
    if era is None:
        return int(printed[:4])
    return western_year(era[1], 1 if era[2] == "元" else int(era[2]))


def _placed(text: str, start: int, end: int, period: str) -> Date:
    """Gives a date with the role that what follows gives it."""
    after = text[end:]
    tail_match = _TAIL.match(text, end)
    tail = tail_match.end() if tail_match else end
    plain = Date(start, end, tail, period, "at")
    compared = _COMPARED.match(after)
    if compared is not None:
        reach = end + compared.end()
        return replace(plain, role="base", reach=reach, tail=max(tail, reach))
    if _STRETCH.match(after) or _EVENT.match(after) or re.match(r"\s?[~–]", after):
        return replace(plain, role="other")
    if _DUE.match(after):
        return replace(plain, role="due")
    if _AT.match(after):
        return replace(plain, role="clause")
    return plain


def _period(match: re.Match[str], before: Sequence[Date]) -> str:
    """Gives the period that a date names, '' where it cannot be told."""
    if match.re is _RELATIVE:
        return _relative(match, before)
    if match.re is _SHORT:
        return ""
    year = western(match["year"])
    if year is None or (match["gloss"] and western(match["gloss"][1:]) != year):
        return ""
    fiscal = "FY" if match["fiscal"] or match["fiscal2"] else ""
    return _checked(fiscal, year, match)


def _relative(match: re.Match[str], before: Sequence[Date]) -> str:
    """Gives the period of 前年 or 同年 by the last date before it that is no comparison."""
    said = [date for date in before if date.role != "base"]
    if not said or said[-1].role == "other":
        return ""
    known = re.match(r"(FY)?([0-9]{4})", said[-1].period)
    if known is None:
        return ""
    fiscal, year = known[1] or "", int(known[2])
    if match["last"]:
        whole = re.fullmatch(r"(FY)?[0-9]{4}", said[-1].period)
        same_kind = match["last"].endswith("度") == bool(fiscal)
        return f"{fiscal}{year - 1}" if whole and same_kind and match[0] == match["last"] else ""
    if match["fiscal"]:
        return f"FY{year}"
    return f"{year}-{int(match['month']):02}" if match["month"] else f"{fiscal}{year}"


def _checked(fiscal: str, year: int, match: re.Match[str]) -> str:
    """Gives the id of a period, '' where no calendar has it."""
    text = f"{fiscal}{year}"
    if match["month"]:
        if fiscal:
            return ""
        text += f"-{int(match['month']):02}"
        text += f"-{int(match['day']):02}" if match["day"] else ""
    elif match["quarter"]:
        text += f"-Q{'一二三四'.find(match['quarter']) + 1 or match['quarter']}"
    elif match["half"]:
        text += f"-H{1 if match['half'].startswith('上') else 2}"
    try:
        return parse_period(text).id
    except BadPeriod:
        return ""
