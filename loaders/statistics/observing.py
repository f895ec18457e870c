"""The cells of a table as rows of observations."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..cells import Cells
from ..columns import columns
from ..defects import defect
from ..references import References
from ..spreadsheets import forms
from ..submission import Place
from ..tables import Row
from .codes import Codes
from .cube import Cell, Cube, Dimension
from .description import LEFT_OUT, Description
from .estat_json import ROLES
from .indicating import Indicating, described
from .placing import placed
from .times import as_fiscal, estat_period, sdmx_period
from .units import in_listed_units
from .words import words

_DOUBTS: Final = {"grouped": "1,234", "decimal": "1.234"}


class Observing:
    """Makes rows out of the cells of a table; what is wrong goes to the table's defects."""

    def __init__(self, cube: Cube, said: Description, known: References) -> None:
        self.cube = cube
        self.said = said
        self.known = known
        self.codes = Codes(cube, known)
        self.rows: list[Row] = []
        self._columns = placed(cube, said)
        self._measure = self._measured()
        self._periods: dict[tuple[str, str], str | None] = {}
        self._marks: dict[str, list[Place]] = {}
        self._told: set[tuple[str, str]] = set()
        self._at_fault = False
        self._common: dict[str, str] = {}
        self._indicators: dict[str, str] = {}

    def make(self) -> None:
        """Makes the rows of the table, and those of the indicators and the source that are new."""
        page = self.said.common.get("page_url") or self.cube.page
        if not page:
            self.cube.add("no-page")
        indicating = Indicating(self.cube, self.said, self.known, page)
        usual = {"evidence": "official", "status": "actual", "area": "JP", **self.said.common}
        common = {**usual, "page_url": page, "source_id": indicating.source()}
        self._common = {name: text for name, text in common.items() if text}
        self._indicators = indicating.indicators(self._measure)
        self.rows = indicating.rows
        whole = self._check_common()
        for cell in self.cube.cells:
            row = self._row(cell)
            if row is not None and whole:
                self.rows.append(row)
        for mark, places in self._marks.items():
            meaning = self.cube.marks.get(mark, "")
            count = f"{len(places):,}"
            self.cube.add("mark-of-no-value", places[0], mark, count=count, meaning=meaning)

    def _check_common(self) -> bool:
        """Says whether what every observation gets may stand there, and tells what may not."""
        cells, known = Cells(self.known), columns("observations")
        for name, text in self.said.common.items():
            line = self.said.lines.get(name, 1)
            row = Row("observations", self.said.file, line, line, {name: text})
            cells.read(row, known[name], text)
        self.cube.defects += [fault.defect() for fault in cells.errors]
        return not cells.errors

    def _measured(self) -> Dimension | None:
        names = [name for name, column in self._columns.items() if column == "indicator"]
        return self.cube.dimensions[names[0]] if names else None

    def _row(self, cell: Cell) -> Row | None:
        """Gives the row of a cell; None for a sign that there is no value, or what is at fault."""
        mark = self._mark(cell)
        if mark is not None:
            self._marks.setdefault(mark, []).append(cell.place)
            return None
        before, self._at_fault = len(self.cube.defects), False
        cells = dict(self._common)
        for name, code in cell.keys.items():
            self._key(cells, cell, self.cube.dimensions[name], code)
        if "" in self._indicators:
            cells.setdefault("indicator_id", self._indicators[""])
        self._value(cells, cell)
        self._status(cells, cell)
        wrong = self._at_fault or len(self.cube.defects) > before
        if wrong or "indicator_id" not in cells:
            return None
        place, row = cell.place, cell.place.row or 0
        headers = dict.fromkeys(("value", "printed_value"), place.column or "")
        written = {"value": cell.value}
        return Row("observations", place.file, row, row, cells, place.sheet, headers, written)

    def _mark(self, cell: Cell) -> str | None:
        """Gives the sign that there is no value, None where there is one."""
        if cell.status in words("status_missing")["codes"]:
            return cell.value or f"OBS_STATUS {cell.status}"
        if cell.value in self.cube.marks or forms.is_nothing(cell.value, value=True):
            return cell.value
        return None if cell.value else ""

    def _key(self, cells: dict[str, str], cell: Cell, dimension: Dimension, code: str) -> None:
        """Fills the column of a dimension."""
        column = self._columns.get(dimension.id, LEFT_OUT)
        if column == "indicator":
            if code in self._indicators:
                cells["indicator_id"] = self._indicators[code]
        elif column == "period":
            period = self._period(dimension, code)
            if period is None:
                label = self.cube.label(dimension.id, code)
                self._once("unread-time", dimension.id, code, cell.place, label or code)
            else:
                cells["period"] = period
        elif column != LEFT_OUT:
            kind = columns("observations")[column].kind or column
            mapped = self.said.of(*dimension.names())
            cells[column] = self.codes.of(dimension, code, kind, mapped, cell.place)
            self._at_fault |= not cells[column]

    def _period(self, dimension: Dimension, code: str) -> str | None:
        key = (dimension.id, code)
        if key not in self._periods:
            mapped = self.said.of(*dimension.names()).codes
            label = self.cube.label(dimension.id, code)
            meant = mapped.get(code) or mapped.get(label)
            if meant is None and self.cube.id.startswith("estat") and dimension.id in ROLES:
                meant = estat_period(code, label)
            elif meant is None:
                read = (sdmx_period(code), forms.period(label), forms.period(code))
                meant = next(filter(None, read), None)
                meant = as_fiscal(meant) if meant and self.said.fiscal_years else meant
            self._periods[key] = meant
        return self._periods[key]

    def _value(self, cells: dict[str, str], cell: Cell) -> None:
        """Fills value, printed value, unit and precision."""
        number = forms.number(cell.value)
        if number.problem:
            found = defect(number.problem, cell.place, cell.value, (), None, **_DOUBTS)
            self.cube.defects.append(found)
            return
        value, printed = Decimal(number.value) * self.said.scale, cell.value
        unit = self._unit(cell)
        if self.said.common.get("unit_id"):
            cells["unit_id"] = self.said.common["unit_id"]
        elif number.unit:
            cells["unit_id"] = number.unit
        elif unit:
            listed = in_listed_units(value, self.said.units.get(unit, unit), self.known)
            if listed is None:
                self._once("unknown-unit", "", unit, cell.place, unit)
                return
            if listed[0] != value:
                printed = f"{cell.value}（{unit}）"
            value, cells["unit_id"] = listed
        else:
            self._once("no-unit", "", "", cell.place, None)
            return
        if self.said.scale != 1:
            printed = f"{cell.value}（×{self.said.scale}）"
        cells |= {"value": format(value, "f"), "printed_value": printed}
        cells.setdefault("precision", number.precision or "exact")

    def _unit(self, cell: Cell) -> str:
        """Gives the unit that stands beside a value, or with what is measured."""
        if cell.unit or self._measure is None:
            return (cell.unit or "").strip()
        code = self._measure.codes.get(cell.keys.get(self._measure.id, ""))
        return (code.unit or "").strip() if code else ""

    def _status(self, cells: dict[str, str], cell: Cell) -> None:
        """Fills status and notes from what stands beside the value."""
        if cell.status in words("statuses"):
            cells["status"] = words("statuses")[cell.status]
        note = words("status_notes").get(cell.status, {}) if cell.status else {}
        cells |= {f"note_{language}": text for language, text in note.items()}
        if cell.note:
            japanese = any(ord(letter) > 0x2E7F for letter in cell.note)
            cells["note_ja" if japanese else "note_en"] = self.cube.marks.get(cell.note, cell.note)

    def _once(self, code: str, name: str, value: str, place: Place, shown: str | None) -> None:
        """Tells of a code once, however many cells have it, at the first of them."""
        self._at_fault = True
        if (name, value) not in self._told:
            self._told.add((name, value))
            file = described(self.cube, self.said)
            self.cube.defects.append(defect(code, place, shown, (), None, file=file))
