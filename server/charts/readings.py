"""The observations of an indicator as charts and tables read them: periods, units and proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from ...graph.errors import BadPeriod
from ...graph.names import HK, HKID, expand, shorten
from ...graph.periods import Period, parse_period
from ...graph.store import Store, Term
from ...graph.terms import python
from ...queries.catalogue import ask
from ..printed import read_out

FIXED: Final = frozenset(
    HK + name
    for name in (
        "indicator", "period", "area", "value", "normalizedValue", "printedValue", "unit",
        "observationStatus", "precision", "source", "figure", "page", "evidenceKind", "method",
    )
)  # fmt: skip
"""What every observation says; what else it says in our words is how it is broken down."""
AREA: Final = HK + "area"
NOTE: Final = expand("skos:note")

Scale = tuple[str, Decimal]
"""The base unit of a unit and by how much it is multiplied."""


@dataclass(frozen=True)
class Named:
    """A thing by its IRI and its name in the reader's language."""

    iri: str
    label: str

    @property
    def id(self) -> str:
        """The id as pages and questions write it."""
        return shorten(self.iri)


@dataclass(frozen=True)
class Reading:
    """One observation: the number, the text as printed, when, of what, and who says so."""

    iri: str
    period: Period
    value: Decimal
    printed: str
    unit: Named
    status: Named
    precision: Named | None
    page: str
    breakdown: tuple[tuple[str, Named], ...]
    """The area and what the indicator is broken down by, property by property."""
    source: Named | None = None
    figure: Named | None = None
    note: str = ""
    base: str = ""
    scale: Decimal = Decimal(1)
    lang: str = "ja"
    """The language that its names are in."""

    @property
    def normalized(self) -> Decimal:
        """The value in the base unit."""
        return self.value * self.scale

    @property
    def actual(self) -> bool:
        """Whether it was found for a time that has passed, so that it may be the latest value."""
        return self.status.id == "observation-status/actual"

    @property
    def awaited(self) -> bool:
        """Whether it is a forecast or a target."""
        return self.status.id in ("observation-status/forecast", "observation-status/target")

    @property
    def id(self) -> str:
        """The id as pages and questions write it."""
        return shorten(self.iri)

    @property
    def read(self) -> tuple[str, str]:
        """The value as it is read out with its unit, and the print where that is in other words."""
        if self.unit.id == "unit/one":
            return self.printed, ""
        return read_out(self.printed, self.unit.label, self.value, self.lang)

    @property
    def shown(self) -> str:
        """The value as it is read out with its unit, the print behind it where that is in other
        words."""
        read, original = self.read
        return f"{read} ({original})" if original else read


@dataclass
class Readings:
    """All readings of an indicator, and by what they differ."""

    all: list[Reading]
    dimensions: list[Named] = field(default_factory=list)
    """By what the readings are broken down; the names of properties."""
    common: tuple[Named, ...] = ()
    """What all readings share, such as the area."""
    _common: frozenset[str] = frozenset()

    def series(self, reading: Reading) -> str:
        """Gives the name of the series that a reading belongs to: what sets it apart."""
        return " · ".join(
            each.label for property, each in reading.breakdown if property not in self._common
        )

    def __bool__(self) -> bool:
        return bool(self.all)


def readings(store: Store, indicator: NamedNode, lang: str) -> Readings:
    """Gives all readings of an indicator, those of the same series together, oldest first."""
    said: dict[str, dict[str, list[Term]]] = {}
    for row in ask(store, "indicators/statements", indicator=indicator).rows:
        node, property = row["observation"], row["property"]
        if isinstance(node, NamedNode) and isinstance(property, NamedNode):
            said.setdefault(node.value, {}).setdefault(property.value, []).append(row["value"])
    names = _names(store, said.values(), lang)
    units = scales(store, lang)
    found = [
        reading
        for iri, told in said.items()
        if (reading := _reading(iri, told, names, units, lang)) is not None
    ]
    found.sort(key=lambda each: ([named.iri for _, named in each.breakdown], each.period.type,
                                 each.period, each.page, each.iri))  # fmt: skip
    return _with_breakdown(found, names)


def scales(store: Store, lang: str) -> Mapping[str, Scale]:
    """Gives how each unit converts, by its IRI."""
    return {
        row["unit"].value: (row["base"].value, Decimal(row["multiplier"].value))
        for row in ask(store, "units/scales", lang=lang).rows
        if isinstance(row["unit"], NamedNode)
        and isinstance(row["base"], NamedNode)
        and isinstance(row["multiplier"], Literal)
    }


def names_of(store: Store, things: Iterable[str], lang: str) -> dict[str, str]:
    """Gives the names of things by IRI; one without a name has no entry."""
    nodes = [NamedNode(each) for each in dict.fromkeys(things)]
    if not nodes:
        return {}
    names: dict[str, str] = {}
    for row in ask(store, "things/names", thing=nodes, lang=lang).rows:
        node, label = row["thing"], row["thingLabel"]
        if isinstance(node, NamedNode) and isinstance(label, Literal):
            names.setdefault(node.value, label.value)
    return names


def _names(
    store: Store, said: Iterable[Mapping[str, Sequence[Term]]], lang: str
) -> Mapping[str, str]:
    wanted: dict[str, None] = {}
    for told in said:
        for property, values in told.items():
            things = [each.value for each in values if isinstance(each, NamedNode)]
            if property in FIXED or property.startswith(HK):
                wanted[property] = None
                wanted.update(dict.fromkeys(each for each in things if each.startswith(HKID)))
    return names_of(store, wanted, lang)


def _reading(
    iri: str,
    told: Mapping[str, Sequence[Term]],
    names: Mapping[str, str],
    units: Mapping[str, Scale],
    lang: str,
) -> Reading | None:
    """Gives the reading of an observation, or none where what a chart needs is not said."""

    def one(name: str) -> Named | None:
        for value in told.get(HK + name, ()):
            if isinstance(value, NamedNode):
                return Named(value.value, names.get(value.value, shorten(value.value)))
        return None

    period, unit, status, page = one("period"), one("unit"), one("observationStatus"), one("page")
    value, printed = told.get(HK + "value", ()), told.get(HK + "printedValue", ())
    if not (period and unit and status and page and value and printed):
        return None
    number = python(value[0])
    try:
        when = parse_period(period.id.removeprefix("period/"))
    except BadPeriod:
        return None
    if isinstance(number, str | bool | date):
        return None
    breakdown = sorted(
        (property, Named(value.value, names.get(value.value, shorten(value.value))))
        for property, values in told.items()
        if property == AREA or (property.startswith(HK) and property not in FIXED)
        for value in values
        if isinstance(value, NamedNode) and value.value.startswith(HKID)
    )
    notes = [
        each.value
        for each in told.get(NOTE, ())
        if isinstance(each, Literal) and each.language in (lang, None)
    ]
    base, scale = units.get(unit.iri, (unit.iri, Decimal(1)))
    text = printed[0].value if isinstance(printed[0], Literal) else ""
    return Reading(
        iri, when, Decimal(number), text, unit, status, one("precision"), page.iri,
        tuple(breakdown), one("source"), one("figure"), " ".join(notes), base, scale, lang,
    )  # fmt: skip


def _with_breakdown(found: list[Reading], names: Mapping[str, str]) -> Readings:
    """Gives readings with what they share and by what they differ."""
    codes: dict[str, dict[str, Named]] = {}
    having: dict[str, int] = {}
    for reading in found:
        for property, code in reading.breakdown:
            codes.setdefault(property, {})[code.iri] = code
            having[property] = having.get(property, 0) + 1
    shared = {
        property
        for property, each in codes.items()
        if len(each) == 1 and having[property] == len(found)
    }
    dimensions = [
        Named(each, names.get(each, shorten(each))) for each in codes if each not in shared
    ]
    common = tuple(code for each in sorted(shared) for code in codes[each].values())
    return Readings(found, dimensions, common, frozenset(shared))
