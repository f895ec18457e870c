"""SDMX-JSON data messages, 2.0 and 1.0: the structure that they carry, and the observations.

https://github.com/sdmx-twg/sdmx-json/tree/master/data-message/docs
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..submission import Place
from .cube import Cell, Code, Cube, Dimension, Origin, Role
from .shapes import items, members, texts

MEDIA: Final = "application/vnd.sdmx.data+json"
LEVELS: Final = ("dataSet", "series", "observation")
ROLES: Final[dict[str, Role]] = {
    "TIME_PERIOD": "period",
    "TIME": "period",
    "REF_AREA": "area",
    "GEO": "area",
    "AREA": "area",
    "INDICATOR": "measure",
    "MEASURE": "measure",
    "SERIES": "measure",
    "SUBJECT": "measure",
}
"""What the usual names of dimensions stand for (SDMX cross-domain concepts)."""

STATUS: Final = "OBS_STATUS"
UNITS: Final = ("UNIT_MEASURE", "UNIT")
SCALE: Final = "UNIT_MULT"


@dataclass(frozen=True)
class _Component:
    """A dimension or attribute of the structure; without values what stands is the value."""

    id: str
    name_ja: str
    name_en: str
    values: list[Any] | None

    def at(self, place: Any) -> Any:
        """Gives the value that an index stands for, None where there is none."""
        if self.values is None or not isinstance(place, int):
            return place
        return self.values[place] if 0 <= place < len(self.values) else None


def is_sdmx(document: Any) -> bool:
    """Says whether a JSON document is a data message of SDMX."""
    return isinstance(document, dict) and "dataSets" in (_data(document) or {})


def read_sdmx(file: str, document: Any) -> Cube:
    """Gives the table of a message; several data sets of it are one table."""
    data = _data(document) or {}
    head = members(document.get("meta") or document.get("header"))
    structures = items(data.get("structures")) or [data.get("structure")]
    cube = Cube(file, MEDIA, f"sdmx-{slug(str(head.get('id', file)))}")
    cube.title_ja, cube.title_en = _names(structures[0])
    publisher = _names(head.get("sender"))
    cube.origin = Origin(cube.title_ja, cube.title_en, publisher[0] or publisher[1])
    for number, each in enumerate(items(data.get("dataSets"))):
        which = members(each).get("structure", 0)
        if not isinstance(which, int) or not 0 <= which < len(structures):
            cube.add("sdmx-structure", Place(file, column=f"dataSets[{number}]"), None)
            continue
        _DataSet(cube, members(structures[which]), members(each), number).read()
    if not cube.cells and not cube.defects:
        cube.add("no-cells")
    return cube


class _DataSet:
    """One data set of a message, with the structure that its indices count in."""

    def __init__(
        self, cube: Cube, structure: Mapping[str, Any], said: Mapping[str, Any], number: int
    ) -> None:
        self._cube = cube
        self._said = said
        self._number = number
        dimensions, attributes, measures = (
            members(structure.get(part)) for part in ("dimensions", "attributes", "measures")
        )
        self._dimensions = {level: _components(dimensions.get(level)) for level in LEVELS}
        self._attributes = {level: _components(attributes.get(level)) for level in LEVELS}
        self._measures = max(1, len(items(measures.get("observation"))))
        for component in (each for level in LEVELS for each in self._dimensions[level]):
            dimension = _dimension(component)
            known = cube.dimensions.get(dimension.id)
            codes = {**known.codes, **dimension.codes} if known else dimension.codes
            cube.dimensions[dimension.id] = Dimension(
                dimension.id, dimension.label_ja, dimension.label_en, dimension.role, codes
            )

    def read(self) -> None:
        """Adds the observations of the data set to the table's cells."""
        whole = self._named("dataSet", [0] * len(self._dimensions["dataSet"]))
        told = self._told("dataSet", self._said.get("attributes", []))
        for key, one in members(self._said.get("series")).items():
            series = members(one)
            named = self._named("series", _indices(key))
            about = told | self._told("series", series.get("attributes", []))
            for at, observation in members(series.get("observations")).items():
                path = f"series {key}, observations {at}"
                keys = whole | named | self._named("observation", _indices(at))
                self._cell(keys, ("dataSet", "series", "observation"), observation, about, path)
        for at, observation in members(self._said.get("observations")).items():
            keys, path = whole | self._named("observation", _indices(at)), f"observations {at}"
            self._cell(keys, ("dataSet", "observation"), observation, told, path)

    def _cell(
        self,
        keys: dict[str, str],
        levels: tuple[str, ...],
        observation: Any,
        about: Mapping[str, str],
        path: str,
    ) -> None:
        place = Place(self._cube.file, column=f"dataSets[{self._number}], {path}")
        expected = sum(len(self._dimensions[level]) for level in levels)
        if len(keys) < expected or not isinstance(observation, list) or not observation:
            self._cube.add("sdmx-index", place)
            return
        about = {**about, **self._told("observation", observation[self._measures :])}
        value = observation[0]
        self._cube.cells.append(
            Cell(
                keys,
                "" if value is None else _number(value),
                place,
                unit=unit_of(about),
                status=about.get(STATUS),
                note=about.get("OBS_COMMENT") or about.get("COMMENT_OBS"),
            )
        )

    def _named(self, level: str, indices: list[int]) -> dict[str, str]:
        """Gives the codes that indices stand for, and fewer where one stands for none."""
        found = {}
        for component, index in zip(self._dimensions[level], indices, strict=False):
            value = component.at(index)
            if value is not None:
                found[component.id] = _code(value).id
        return found

    def _told(self, level: str, indices: Any) -> dict[str, str]:
        found = {}
        for component, index in zip(self._attributes[level], items(indices), strict=False):
            value = component.at(index)
            if value is not None:
                code = _code(value)
                is_named = component.id in (STATUS, SCALE) or not (code.label_en or code.label_ja)
                found[component.id] = (
                    code.id if is_named and code.id else code.label_ja or code.label_en
                )
        return found


def _data(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Gives the part of a message with its data: 2.0 has it under `data`, the first drafts not."""
    data = document.get("data", document)
    return data if isinstance(data, dict) else None


def _components(said: Any) -> list[_Component]:
    found = []
    for each in map(members, items(said)):
        ja, en = _names(each)
        values = each.get("values")
        listed = None if values is None else items(values)
        found.append(_Component(str(each.get("id", "")), ja, en, listed))
    return found


def _dimension(component: _Component) -> Dimension:
    codes = (_code(value) for value in component.values or [])
    return Dimension(
        component.id,
        component.name_ja or component.name_en or component.id,
        component.name_en,
        ROLES.get(component.id.upper(), "breakdown"),
        {code.id: code for code in codes},
    )


def _code(said: Any) -> Code:
    if not isinstance(said, dict):
        return Code(str(said), "")
    ja, en = _names(said)
    name = said.get("id", said.get("value"))
    return Code("" if name is None else str(name), ja, en, texts(said).get("parent"))


def _names(said: Any) -> tuple[str, str]:
    """Gives the Japanese and English name of something; one without a language is what it is."""
    names = texts(members(said).get("names"))
    best = texts(said).get("name", "")
    ja, en = names.get("ja", ""), names.get("en", "")
    if best and not names:
        return (best, "") if any(ord(letter) > 0x2E7F for letter in best) else ("", best)
    return ja, en


def _indices(key: str) -> list[int]:
    return [int(part) if part.isdecimal() else -1 for part in str(key).split(":")]


def _number(value: Any) -> str:
    """Gives a number as it stands in the message."""
    return str(value)


def unit_of(about: Mapping[str, str]) -> str | None:
    """Gives the unit that attributes tell of, with its power of ten where one does."""
    unit = next((about[name] for name in UNITS if name in about), None)
    power = about.get(SCALE, "0")
    scales = {"3": "千", "4": "万", "6": "百万", "8": "億", "9": "十億", "12": "兆"}
    return unit if unit is None else scales.get(power, "") + unit


def slug(text: str) -> str:
    """Gives a text as part of an id.

    >>> slug("ECB:EXR(1.0)")
    'ecb-exr-1-0'
    """
    return "-".join(filter(None, re.split(r"[^a-z0-9]+", text.lower())))
