"""The indicators and the source of a table: those that there are, and rows for new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..references import References
from ..tables import Row
from .cube import Cube, Dimension
from .description import Description

MOST_TOLD: Final = 12
"""Of how many codes a sentence tells."""

_NAMES: Final = ("label_ja", "label_en", "title_ja", "title_en")


class Indicating:
    """Finds the indicators and the source of a table; `rows` describe those that are new."""

    def __init__(self, cube: Cube, said: Description, known: References, page: str) -> None:
        self._cube = cube
        self._said = said
        self._known = known
        self._page = page
        self.rows: list[Row] = []

    def indicators(self, measure: Dimension | None) -> dict[str, str]:
        """Gives the indicator of each code of what is measured, and under "" that of the rest."""
        said = self._said
        for key, record in said.indicators.items():
            if len(record) > 1:
                self._add("indicators", f"indicators.{key}" if key else "indicator", record)
        whole = said.indicators.get("", {}).get("id") or said.common.get("indicator_id")
        found = {"": whole} if whole else {}
        missing = []
        for code in measure.codes.values() if measure else ():
            names = [name for name in (code.id, code.label_ja, code.label_en) if name]
            records = [said.indicators[name] for name in names if name in said.indicators]
            mapped = said.of(*measure.names()).codes if measure else {}
            ids = [record.get("id", "") for record in records]
            ids += [mapped[name] for name in names if name in mapped]
            if ids:
                found[code.id] = ids[0]
            elif not whole:
                missing.append(f"{code.id} {code.label_ja or code.label_en}".strip())
        if missing or not (found or measure):
            told = ", ".join(missing[:MOST_TOLD]) + (" …" if len(missing) > MOST_TOLD else "")
            self._cube.add("no-indicator", None, told or None, file=described(self._cube, said))
        return found

    def source(self) -> str:
        """Gives the id of the source: as described, else the statistic that the file names."""
        said, origin = self._said, self._cube.origin
        if "source_id" in said.common:
            return said.common["source_id"]
        if said.source:
            if len(said.source) > 1:
                self._add("sources", "source", said.source)
            return said.source.get("id", "")
        named = origin.publisher and self._known.named("organization", origin.publisher)
        if not (origin.title_ja or origin.title_en) or len(named) != 1:
            file = described(self._cube, said)
            self._cube.add("no-source", None, origin.publisher or None, file=file)
            return ""
        record = {
            "id": f"{self._cube.id}-source",
            "title_ja": origin.title_ja,
            "title_en": origin.title_en,
            "publisher_org_id": named[0],
            "year": origin.year if len(origin.year) == 4 else "",
            "url": origin.url,
            "kind": "statistics",
        }
        self._add("sources", "source", record)
        return record["id"]

    def _add(self, table: str, key: str, record: Mapping[str, str]) -> None:
        """Adds a row; what it does not say itself is as for the observations."""
        said = self._said
        shared = {"page_url": self._page, "evidence": said.common.get("evidence", "official")}
        if table == "indicators" and "unit_id" in said.common:
            shared["unit_id"] = said.common["unit_id"]
        cells = {name: text for name, text in (shared | dict(record)).items() if text}
        place = said.place(key)
        file, row = (place.file, place.row or 1) if place.file else (self._cube.file, 1)
        self.rows.append(Row(table, file, row, row, cells))
        kind = "indicator" if table == "indicators" else "source"
        names = filter(None, (record.get(name, "") for name in _NAMES))
        self._known.add(kind, record.get("id", ""), names)


def described(cube: Cube, said: Description) -> str:
    """Gives the name of the file in which a table is described, or would be."""
    return said.file or cube.file.rpartition(".")[0] + ".toml"
