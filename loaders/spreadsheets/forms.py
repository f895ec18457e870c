"""The forms in which people write numbers, periods and nothing, read into those of the tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from ...graph.eras import ERAS, in_western_years, western_year
from ...graph.errors import BadPeriod
from ...graph.periods import MONTHS, parse_period
from ..whitepaper.lines import narrow
from ..whitepaper.quantities import NUMBER, amount, quantities
from ..whitepaper.units import SCALES, NoUnit, in_units, noted

NOTHING: Final = frozenset("- ‐ ‑ – — ― − － ー ─ … ‥ .. ... n/a na n.a. なし 該当なし".split())
"""What stands in a cell that has nothing to say."""

NO_VALUE: Final = NOTHING | frozenset("x xx * ** *** × χ 不明 不詳 非公表 未公表 未定 秘匿".split())
"""What stands where a statistic has no value or does not give it."""

_MINUS: Final = re.compile(r"^(△|▲|−|–|-|マイナス|\((?=[0-9.,]+\)$))\s?")
_PLAIN: Final = re.compile(rf"(?P<parts>{NUMBER}|\.[0-9]+)(?P<scale>{'|'.join(SCALES)})?\Z")
_SCIENTIFIC: Final = re.compile(r"-?[0-9](\.[0-9]+)?e[+-]?[0-9]{1,2}\Z", re.I)
_BEFORE: Final = {
    "approximate": r"(約|およそ|おおよそ|概ね|おおむね|ほぼ|about|approx\.?|ca\.?|~|≈)\s?",
    "over": r"(>=?|≥|≧|over |more than |at least )\s?",
    "under": r"(<=?|≤|≦|under |less than |at most )\s?",
}
_AFTER: Final = {
    "approximate": r"\s?(程度|前後|ほど|弱|強)",
    "over": r"\s?(以上|超|を超える|余り?|or more|\+)",
    "under": r"\s?(未満|以下|を下回る|or less)",
}
_ERA_NAMES: Final = "|".join(era.name for era in ERAS)
_SHORT_ERA: Final = re.compile(
    rf"(?P<era>[mtshr]|{_ERA_NAMES})\.?\s?(?P<year>[0-9]{{1,2}}|元)(?P<rest>[./-].*|年度?.*|fy)?\Z",
    re.I,
)
_GLOSS: Final = re.compile(rf"\((?:(?:{_ERA_NAMES})\s?(?:[0-9]{{1,2}}|元)|[0-9]{{4}})年?度?\)")
_WEEKDAY: Final = re.compile(r"\s*(\([日月火水木金土](曜日?)?\)|[日月火水木金土]曜日)\Z")
_PERIODS: Final = (
    (r"FY\s?'?([0-9]{4})|([0-9]{4})\s?FY|([0-9]{4})(?:会計)?年度", "FY{0}"),
    (r"([0-9]{4})(?:年|暦年|CY)|CY\s?([0-9]{4})", "{0}"),
    (r"(?:FY\s?)([0-9]{4})[ -]?(?:H([12])|([12])H)", "FY{0}-H{1}"),
    (r"(?:FY\s?)([0-9]{4})[ -]?(?:Q([1-4])|([1-4])Q)", "FY{0}-Q{1}"),
    (r"([0-9]{4})[ -](?:H([12])|([12])H)", "{0}-H{1}"),
    (r"([0-9]{4})[ -](?:Q([1-4])|([1-4])Q)", "{0}-Q{1}"),
    (r"([0-9]{4})年?度第?([1-4])四半期", "FY{0}-Q{1}"),
    (r"([0-9]{4})年第?([1-4])四半期", "{0}-Q{1}"),
    (r"([0-9]{4})年度(上半?期|下半?期)", "FY{0}-H{1}"),
    (r"([0-9]{4})年(上半?期|下半?期)", "{0}-H{1}"),
    (r"([0-9]{4})年([0-9]{1,2})月調査|survey of ([0-9]{4})-([0-9]{2})", "survey-{0}-{1}"),
    (r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日", "{0}-{1}-{2}"),
    (r"([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})(?:[ T]00:00(?::00)?)?", "{0}-{1}-{2}"),
    (r"([0-9]{4})年([0-9]{1,2})月|([0-9]{4})[./-]([0-9]{1,2})", "{0}-{1}"),
    (r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-9]{2})", "{0}-{1}-{2}"),
)
"""How periods are written, era years already in western ones, and the table's form of each."""


@dataclass(frozen=True)
class Number:
    """A number as it was written: its value, its unit where one stands with it, its precision.

    `problem` says why it is none.
    """

    value: str = ""
    unit: str = ""
    precision: str = ""
    problem: str = ""


def is_nothing(text: str, value: bool = False) -> bool:
    """Says whether a cell says that it says nothing.

    >>> is_nothing("－"), is_nothing("x"), is_nothing("x", value=True), is_nothing("0")
    (True, False, True, False)
    """
    return unicodedata.normalize("NFKC", text).strip().casefold() in (
        NO_VALUE if value else NOTHING
    )


@lru_cache(maxsize=20_000)
def number(text: str, unit: str = "") -> Number:
    """Reads a number as people write it; `unit` is the text of a unit that stands beside it.

    >>> number("△１，２３４.５").value, number("(1,234)").value, number("83%")
    ('-1234.5', '-1234', Number(value='83', unit='percent', precision='', problem=''))
    >>> number("約8割"), number("1兆2,345億円").value
    (Number(value='8', unit='tenths', precision='approximate', problem=''), '12345')
    >>> number("6.403件").problem
    'doubtful-number'
    >>> number("2億", "円"), number("1億以上").precision, number("10～20%").problem
    (Number(value='2', unit='jpy-100m', precision='', problem=''), 'over', 'not-one-value')
    """
    narrowed = narrow(text).replace("−", "-").replace("％", "%").strip()
    sign = _MINUS.match(narrowed)
    bare = (narrowed[sign.end() :] if sign else narrowed).strip()
    bare, precision = _precision(bare.removesuffix(")") if sign and sign[1] == "(" else bare)
    minus = "-" if sign else ""
    if _SCIENTIFIC.match(narrowed):
        return Number(format(Decimal(narrowed), "f"))
    plain = _PLAIN.match(bare.removeprefix("+"))
    if plain is not None:
        return _plain(minus, plain["parts"], plain["scale"] or "", unit, precision)
    found = quantities(bare)
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(bare)):
        one = found[0]
        if one.problem:
            problems = {"separator": "doubtful-number", "ambiguous-unit": "ambiguous-unit"}
            return Number(problem=problems.get(one.problem, "not-one-value"))
        said = one.precision if one.precision != "exact" else precision
        return Number(minus + _text(one.value), one.unit, said)
    if re.search(r"[0-9]\s?[~–-]\s?[0-9]|あたり|当た?り|につき|[0-9]から[0-9]", narrowed):
        return Number(problem="not-one-value")
    return Number(problem="bad-decimal")


def _plain(minus: str, parts: str, scale: str, unit: str, precision: str) -> Number:
    """Reads a number without a unit, or with the scale of one that stands beside it."""
    value = amount(parts.lstrip(".") if not parts.startswith(".") else "0" + parts)
    if not scale:
        return Number(minus + _text(value), "", precision)
    if not unit:
        return Number(minus + _text(value * SCALES[scale]), "", precision)
    try:
        read, code = in_units(value * SCALES[scale], scale, narrow(unit))
    except NoUnit as error:
        return Number(problem="ambiguous-unit" if error.ambiguous else "bad-decimal")
    return Number(minus + _text(read), code, precision)


def _precision(text: str) -> tuple[str, str]:
    """Gives a text without the words that say how exact it is, and what they say."""
    said = ""
    for name, form in _BEFORE.items():
        found = re.match(form, text, re.I)
        if found is not None:
            said, text = name, text[found.end() :]
            break
    for name, form in _AFTER.items():
        found = re.search(form + r"\Z", text, re.I)
        if found is not None:
            return text[: found.start()].strip(), name
    return text.strip(), said


def _text(value: Decimal) -> str:
    return format(value, "f")


def unit_codes(text: str) -> tuple[str, ...]:
    """Gives the codes of the units that are printed in some way: one, or several, or none.

    >>> unit_codes("億円"), unit_codes("％"), unit_codes("トン")
    (('jpy-100m',), ('percent',), ())
    """
    return noted(narrow(text).strip("()[] "))


def unit_code(text: str) -> str | None:
    """Gives the code of the one unit that is printed in some way, None where it is not one.

    >>> unit_code("億円"), unit_code("局")
    ('jpy-100m', None)
    """
    codes = unit_codes(text)
    return codes[0] if len(codes) == 1 else None


@lru_cache(maxsize=20_000)
def period(text: str) -> str | None:
    """Gives the table's form of a period as people write it; it need not be in the calendar.

    >>> [period(text) for text in ("令和6年4月1日", "R6.4.1", "令和元年", "令和６年度", "H30年度")]
    ['2024-04-01', '2024-04-01', '2019', 'FY2024', 'FY2018']
    >>> [period(text) for text in ("2024/4/1", "2024年度上期", "Apr 2024", "1 April 2024", "春")]
    ['2024-04-01', 'FY2024-H1', '2024-04', '2024-04-01', None]
    >>> period("令和6年4月99日"), period("令和6(2024)年度"), period("平成31/令和元年")
    ('2024-04-99', 'FY2024', None)
    """
    narrowed = unicodedata.normalize("NFKC", text).strip()
    try:
        return parse_period(narrowed).id
    except BadPeriod:
        pass
    western = _western(narrowed)
    for form, meant in _PERIODS:
        found = re.fullmatch(form, western, re.I)
        if found is not None:
            parts = [part for part in found.groups() if part]
            return meant.format(*_parts(parts, wide="H{" not in meant and "Q{" not in meant))
    return None


def _parts(parts: list[str], wide: bool) -> list[str]:
    """Gives the parts of a period in their widths: months and days have two digits."""
    year, *rest = [{"上": "1", "下": "2"}.get(part[0], part) for part in parts]
    return [year, *(part.zfill(2) if wide else part for part in rest)]


def _western(text: str) -> str:
    """Gives a text with era years and names of months as numbers, glosses and weekdays left out."""
    text = _WEEKDAY.sub("", _GLOSS.sub("", text)).replace(" ", " ")
    short = _SHORT_ERA.match(text)
    if short is not None:
        year = 1 if short["year"] == "元" else int(short["year"])
        western = western_year(short["era"].lower(), year)
        if western is not None:
            return f"{western}{short['rest'] or '年'}"
    text = re.sub(r"(?<=[0-9年月])\s+(?=[0-9年月日第])", "", in_western_years(text))
    return _english(text)


def _english(text: str) -> str:
    """Gives an English date as numbers: 5 Nov 2024, November 5, 2024, Nov 2024."""
    names = "|".join(MONTHS)
    for form in (
        rf"(?:(?P<day>[0-9]{{1,2}})\s)?(?P<month>{names})[a-z]*\.?,?\s(?P<year>[0-9]{{4}})",
        rf"(?P<month>{names})[a-z]*\.?\s(?P<day>[0-9]{{1,2}}),?\s(?P<year>[0-9]{{4}})",
    ):
        found = re.fullmatch(form, text, re.I)
        if found is not None:
            month = [name.lower() for name in MONTHS].index(found["month"][:3].lower()) + 1
            day = f"-{found['day']}" if found["day"] else ""
            return f"{found['year']}-{month}{day}"
    return text
