"""Numbers with a unit as they stand in a text: 約8割, 1兆2,345億円, 前年比15.6％増."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .units import SCALES, NoUnit, counters, in_units

NUMBER: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_SCALE: Final = "|".join(sorted(SCALES, key=len, reverse=True))
_AMOUNT: Final = re.compile(
    rf"(?P<sign>[△▲-]?)(?P<parts>{NUMBER}\s?(?:(?:{_SCALE}){NUMBER})*)(?P<scale>{_SCALE})?"
)
_PART: Final = re.compile(rf"({NUMBER})\s?({_SCALE})?")

# A digit after these is part of a name, an ordinal or the number of a chart.
_BEFORE: Final = re.compile(r"[A-Za-z0-9.,/第※#_–‐-]\Z|[A-Za-z]\s\Z")
_ABOUT: Final = re.compile(r"(約|およそ|おおよそ|概ね|おおむね|ほぼ|推計|計)\Z")
_SIGN: Final = re.compile(r"(マイナス|プラス)\Z")
_BOUND_BEFORE: Final = re.compile(
    r"(最大|最高|最低|最小|最短|最長|少なくとも|上位|上限|下限)(で|約)?\Z"
)
_RANGE: Final = re.compile(r"\s?[~–]\s?[0-9]|から[0-9]+(\.[0-9]+)?(%|割|倍)")
_RATE_BEFORE: Final = re.compile(
    r"(?:あた?り|当たり|につき|ごとに?|毎に?|(?<![0-9元中末半])[年月週日]に"
    r"|[0-9](?:秒|分|時間|週間)に)約?\Z"
)
_RATE: Final = re.compile(
    r"(あた?り|当たり|につき|ごと|毎|おき|間隔|に1|に一|以内|ポイント|ずつ|中の?[0-9])"
)
_BAND: Final = re.compile(r"台(?![湾帳本数])|倍?増(?=し|の|を|と)(?<=倍増)")
_APPROXIMATE: Final = re.compile(r"程度|前後|ほど|近く|規模")
_OVER: Final = re.compile(r"超(?!高)|以上|余|強|を?超え|を?上回|を?突破")
_UNDER: Final = re.compile(r"未満|以下|弱|を?下回|足らず|に満たない")
_CHANGE: Final = re.compile(
    r"(?:の|も)?(?:(?P<up>増加|増(?![や強設])|上昇|拡大|伸び|プラス|高(?![いま]))|"
    r"(?P<down>減少|減(?![ら])|低下|縮小|マイナス|下落))"
)
# What may follow a counter of Chinese characters without making another word of it.
_AFTER_KANJI: Final = re.compile(
    r"超|以上|以下|未満|程度|前後|増|減|強|弱|余|規模|相当|近く|台|上昇|低下|拡大|縮小|中"
)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, where it stands, and how exact it is said to be.

    `change` is 1 for an increase by it and -1 for a decrease, and `tail` is where the word for
    that ends; `problem` is the reason for which it is no value, such as `range`.
    """

    start: int
    end: int
    printed: str
    value: Decimal
    unit: str = ""
    precision: str = "exact"
    change: int = 0
    tail: int = 0
    problem: str = ""


def quantities(text: str, separated: Collection[str] = ()) -> list[Quantity]:
    """Gives the quantities of a narrowed text in their order.

    `separated` are numbers that the same document prints with their thousands separators.

    >>> for each in quantities("利用率は約8割、契約数は2,000万回線を超え、1兆2,345億円"):
    ...     print(each.printed, each.value, each.unit, each.precision)
    約8割 8 tenths approximate
    2,000万回線を超え 2000 lines-10k over
    1兆2,345億円 12345 jpy-100m exact
    >>> [each.problem for each in quantities("6.403件、27%~30%、1人当たり3台、第3回、GPT-4件")]
    ['separator', 'range', 'range', 'rate']
    """
    return list(_found(text, separated))


def amount(printed: str) -> Decimal:
    """Gives the number of a text such as 1兆2,345億.

    >>> amount("1兆2,345億"), amount("5,305")
    (Decimal('1234500000000'), Decimal('5305'))
    """
    total = Decimal(0)
    for digits, scale in _PART.findall(printed):
        number = Decimal(digits.replace(",", ""))
        total += number * SCALES[scale] if scale else number
    return total


def doubtful(digits: str, separated: Collection[str] = ()) -> bool:
    """Says whether the point of a number may be a thousands separator that was misread.

    >>> doubtful("6.403"), doubtful("0.403"), doubtful("6.40")
    (True, False, False)
    """
    return re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", digits) is not None and (
        digits.replace(".", ",") not in separated
    )


def _found(text: str, separated: Collection[str]) -> Iterator[Quantity]:
    place = 0
    while (match := _AMOUNT.search(text, place)) is not None:
        digits_start = match.start("parts")
        place = match.end()
        if _BEFORE.search(text[: match.start()]):
            place = _past_number(text, digits_start)
            continue
        counter = counters().match(text, match.end())
        if counter is None or not _is_whole(text, counter):
            place = _past_number(text, match.end())
            continue
        yield _quantity(text, match, counter, separated)
        place = counter.end()


def _past_number(text: str, place: int) -> int:
    """Gives the place after the digits, letters and marks of a name such as GPT-4o or 3.1."""
    rest = re.compile(r"[A-Za-z0-9.,-]*").match(text, place)
    return max(rest.end() if rest else place, place + 1)


def _is_whole(text: str, counter: re.Match[str]) -> bool:
    """Says whether a counter ends where it seems to, and is not the beginning of another word."""
    last, rest = counter[0][-1], text[counter.end() :]
    if re.match(r"[一-鿿]", rest) and not _AFTER_KANJI.match(rest):
        return not re.match(r"[一-鿿%]", last)
    return not (re.match(r"[ァ-ヶー]", last) and re.match(r"[ァ-ヶー]", rest))


def _quantity(
    text: str, match: re.Match[str], counter: re.Match[str], separated: Collection[str]
) -> Quantity:
    """Reads a number and its counter, with what stands around them."""
    before, after = text[: match.start()], text[counter.end() :]
    signed = _SIGN.search(before)
    before = before[: signed.start()] if signed else before
    about = _ABOUT.search(before)
    start = about.start() if about else len(before)
    precision, end = _precision(after, counter.end(), "approximate" if about else "exact")
    change = _CHANGE.match(text, end)
    sign = -1 if match["sign"] or (signed and signed[1] == "マイナス") else 1
    parts, scale = match["parts"], match["scale"] or ""
    value, unit = amount(parts + scale), ""
    problem = _problem(text, start, counter, parts, separated)
    if not problem:
        try:
            if doubtful(parts) and not doubtful(parts, separated):
                value = amount(parts.replace(".", ",") + scale)
            value, unit = in_units(value, scale, counter[0])
        except NoUnit as error:
            problem = "ambiguous-unit" if error.ambiguous else "unit"
    direction = 0 if change is None else 1 if change["up"] else -1
    tail = end if change is None else change.end()
    printed = text[start:tail].strip()
    return Quantity(start, end, printed, sign * value, unit, precision, direction, tail, problem)


def _problem(
    text: str, start: int, counter: re.Match[str], parts: str, separated: Collection[str]
) -> str:
    """Gives why a number is no value of something, or nothing where it is one."""
    after = text[counter.end() :]
    if re.search(r"[~–]\s?\Z", text[:start]) or _RANGE.match(after):
        return "range"
    if _RATE.match(after) or _RATE_BEFORE.search(text[:start]) or counter[0] == "位":
        return "rate"
    if _BAND.match(after) or _BOUND_BEFORE.search(text[:start]) or after.startswith("倍増"):
        return "bound"
    if counter[0] == "倍" and after.startswith("増"):
        return "bound"
    if doubtful(parts, separated):
        return "separator"
    if re.search(r"[0-9],[0-9]{1,2}\Z", parts) or after.startswith(","):
        return "separator"
    return ""


def _precision(after: str, end: int, precision: str) -> tuple[str, int]:
    """Gives how exact a value is by what follows it, and where that ends."""
    place = 0
    forms = (("approximate", _APPROXIMATE), ("over", _OVER), ("under", _UNDER))
    for _ in range(2):
        for name, form in forms:
            found = form.match(after, place)
            if found is not None:
                precision, place = name, found.end()
    return precision, end + place
