"""Cells as people write them, read into the forms of the tables; nothing is changed in silence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from ...graph.errors import BadPeriod
from ...graph.names import expand
from ...graph.periods import parse_period
from ..columns import Column, breakdowns, columns, kinds
from ..references import References
from ..tables import LIST_SEPARATOR
from .forms import is_nothing, number, period, unit_code, unit_codes
from .headers import labels, loose_names
from .sheet import Remark

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_NEUTRAL: Final = re.compile(r"'[=+\-@]")
_ID_LIST: Final = re.compile(r"\s*[、，,]\s*")
_TEXT_LIST: Final = re.compile(r"\s*[;；\n]\s*")
_TYPES: Final = {"calendar-year": "year", "fy": "fiscal-year", "day": "date"}
_OF_VALUE: Final = ("status", "precision")
_CODES: Final = {"approx": "approximate", "about": "approximate", "more-than": "over"}
_JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


class Normal:
    """One row read: its cells in the tables' forms, with remarks on what was read how.

    `skip` says why there is nothing in the row to take over; a remark that is a violation makes
    the row unsound.
    """

    def __init__(self, table: str, known: References) -> None:
        self.table = table
        self.known = known
        self._loosely: dict[str, str] = {}
        self.cells: dict[str, str] = {}
        self.written: dict[str, str] = {}
        self.remarks: list[tuple[str, Remark]] = []
        self.skip: str | None = None

    def read(self, texts: Mapping[str, str], units: Mapping[str, str]) -> None:
        """Reads the texts of a row by column; `units` are those that headers give a column."""
        given = {name: self._clean(name, text) for name, text in texts.items() if text}
        given = {name: text for name, text in given.items() if text}
        for name in ("dimensions", "period_type", "note", "reason"):
            if name in given and name in loose_names().values():
                self._loose(name, given.pop(name), given)
        for name, text in given.items():
            if name in columns(self.table) and name != "value":
                self._cell(columns(self.table)[name], text)
        if self.table == "merges" and "table" not in self.cells:
            self._infer_table()
        if self.table == "observations":
            self._value(given.get("value", ""), units.get("value", ""))
        self._check_type(texts.get("period_type", "").strip())

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Gives the headers of the loose columns from which cells were read, by those cells."""
        return {name: headers[loose] for name, loose in self._loosely.items() if loose in headers}

    def _remark(self, column: str, code: str, **words: str) -> None:
        self.remarks.append((column, Remark(code, words.pop("value", None), dict(words))))

    def _clean(self, column: str, text: str) -> str:
        """Gives a text without spaces around it; marks of nothing are empty."""
        found = None if text.isprintable() else _CONTROL.search(text)
        if found is not None:
            self._remark(column, "control-character", sign=f"{ord(found[0]):04X}")
            return ""
        bare = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        self.written[column] = bare
        if _NEUTRAL.match(bare):
            # As our own export writes what a spreadsheet program would compute.
            bare = bare[1:]
            self._remark(column, "neutral-read", read=bare)
        if bare and column != "value" and column != "printed_value" and is_nothing(bare):
            self._remark(column, "nothing-read")
            return ""
        return bare

    def _set(self, column: str, text: str, code: str, written: str | None = None) -> None:
        """Keeps the reading of a cell, with a remark where it is not what is written."""
        self.cells[column] = text
        if text != (self.written.get(column) if written is None else written):
            self._remark(column, code, read=text)

    def _cell(self, column: Column, text: str) -> None:
        name = column.name
        if column.many:
            parts = self._listed(column, text)
            read = [self._id(column, part) if column.kind else part for part in parts]
            listed = LIST_SEPARATOR.join(read)
            same = parts == read and re.fullmatch(r"[^；、，,\n]*", text) is not None
            self._set(name, listed, "list-read", listed if same else None)
        elif column.kind == "period":
            self._set(name, period(text) or text, "period-read")
        elif column.kind == "unit":
            self._set(name, self._unit(text), "unit-read")
        elif column.kind is not None:
            self._set(name, self._id(column, text), "name-read")
        elif column.choices:
            self._set(name, self._choice(column, text), "name-read")
        elif column.datatype == "xsd:integer":
            self._set(name, number(text).value or text, "number-read")
        elif column.datatype == "xsd:gYear":
            # A fiscal year is no year: 令和6年度 is left as it is, and refused.
            year = period(text) or ""
            self._set(name, year if year.isdecimal() else text, "period-read")
        elif column.datatype == "xsd:date":
            self._set(name, period(text) or text, "period-read")
        elif column.address:
            self._set(
                name, _narrow(text).strip("<>") if "://" not in text else text, "address-read"
            )
        elif name == "id" or name.endswith("_id"):
            self._set(name, _narrow(text), "name-read")
        else:
            self.cells[name] = text

    def _listed(self, column: Column, text: str) -> list[str]:
        """Gives the parts of a list; 、 and commas part ids where no semicolon does."""
        separator = _TEXT_LIST
        if column.kind is not None and not _TEXT_LIST.search(text):
            # A comma may belong to the one name that stands there.
            is_one = bool(self.known.named(column.kind, text))
            separator = _TEXT_LIST if is_one else _ID_LIST
        return [part for part in separator.split(text) if part]

    def _id(self, column: Column, text: str) -> str:
        """Gives the id that a text is, or names; the text itself where it is neither."""
        kind = column.kind or ""
        for spelt in (text, _narrow(text), _narrow(text).lower()):
            if self.known.knows(kind, spelt):
                return spelt
        named = self.known.named(kind, text)
        if len(named) == 1:
            return named[0]
        if named:
            remark = Remark("ambiguous-name", text, {"kind": kind}, named)
            self.remarks.append((column.name, remark))
        return text

    def _unit(self, text: str) -> str:
        if self.known.knows("unit", text):
            return text
        codes = unit_codes(text) or self.known.named("unit", text)
        if len(codes) > 1:
            self.remarks.append(("unit_id", Remark("ambiguous-unit", text, {}, codes)))
        return codes[0] if len(codes) == 1 else text

    def _choice(self, column: Column, text: str) -> str:
        """Gives the word for a term that is called by its label."""
        for word, term in column.choices.items():
            if text.casefold() == word or text in _labels(term):
                return word
        return text

    def _value(self, text: str, unit: str) -> None:
        """Reads the number of an observation, with the unit and precision that stand in it."""
        if not text or is_nothing(text, value=True):
            self.skip = text or self.written.get("value", "")
            return
        self.cells.setdefault("printed_value", text)
        beside = self.written.get("unit_id") or unit
        read = number(text, beside)
        if read.problem:
            if read.problem == "doubtful-number":
                digits = re.sub(r"[^0-9.]", "", _narrow(text))
                words = {"grouped": digits.replace(".", ","), "decimal": digits + "0"}
                self._remark("value", read.problem, **words)
            else:
                self._remark("value", read.problem)
            return
        self._set("value", read.value, "number-read")
        if read.precision:
            self._agree("precision", read.precision, "precision-differs", "precision")
        if read.unit and not number(text).unit:
            # 2億 beside the unit 円: the value has the scale, the column the rest.
            self.cells["unit_id"] = read.unit
            self._remark("value", "unit-read", read=read.unit)
        elif read.unit:
            self._agree("unit_id", read.unit, "unit-differs", "unit")
        elif unit:
            self._agree("unit_id", unit_code(unit) or unit, "unit-differs", "unit")

    def _agree(self, column: str, said: str, code: str, word: str) -> None:
        """Takes over what a value says of itself, unless its own column says otherwise."""
        other = self.cells.get(column)
        # Exact is what a precision column says of every number that nothing is said of.
        if other is None or (column == "precision" and other == "exact"):
            self.cells[column] = said
            self._remark("value", f"{word}-read", read=said)
        elif other != said:
            self._remark("value", code, said=said, **{word: other})

    def _loose(self, name: str, text: str, given: dict[str, str]) -> None:
        """Reads a column that is none of the table's into those that are."""
        if name in ("note", "reason"):
            read = f"{name}_{'ja' if _JAPANESE.search(text) else 'en'}"
            self._put(read, text, name, given)
            self._remark(name, "language-read", read=read)
        elif name == "dimensions":
            for part in filter(None, map(str.strip, re.split("[;；]", text))):
                self._dimension(part, given)

    def _put(self, column: str, text: str, loose: str, given: dict[str, str]) -> None:
        """Gives a column what stands for it in a loose one, unless it has something itself."""
        if column not in given:
            given[column] = self.written[column] = text
            self._loosely[column] = loose

    def _dimension(self, part: str, given: dict[str, str]) -> None:
        key, equals, code = (text.strip() for text in part.partition("="))
        name = _narrow(key).lower().replace("-", "_")
        if not equals or not code:
            self._remark("dimensions", "bad-dimension", value=part)
        elif name in breakdowns() or name in _OF_VALUE:
            if given.get(name, _CODES.get(code, code)) != _CODES.get(code, code):
                words = {"value": part, "name": name, "other": given[name]}
                self._remark("dimensions", "dimension-differs", **words)
            self._put(name, _CODES.get(code, code), "dimensions", given)
            self._remark("dimensions", "dimension-read", value=part, read=name)
        else:
            listed = ", ".join(each.replace("_", "-") for each in breakdowns())
            close = get_close_matches(name, breakdowns(), n=1, cutoff=0.6)
            nearest = tuple(each.replace("_", "-") for each in close)
            remark = Remark("unknown-dimension", key, {"dimensions": listed}, nearest)
            self.remarks.append(("dimensions", remark))

    def _infer_table(self) -> None:
        """Tells the table of a merge by the id that is kept, where only one table has it."""
        kept = self.cells.get("kept_id", "")
        tables = [table for table, kind in kinds().items() if self.known.knows(kind, kept)]
        if len(tables) == 1:
            self.cells["table"] = tables[0]
            self._remark("kept_id", "table-inferred", read=tables[0])

    def _check_type(self, said: str) -> None:
        """Notes a period that is not of the type which the row says it is of."""
        if not said or "period" not in self.cells:
            return
        wanted = _narrow(said).lower().replace("_", "-").replace(" ", "-")
        named = self.known.named("period-type", said)
        wanted = _TYPES.get(wanted, named[0] if len(named) == 1 else wanted)
        try:
            found = parse_period(self.cells["period"])
        except BadPeriod:
            return
        if found.type != wanted:
            self._remark("period", "period-of-another-type", said=said, type=found.type)


def _labels(term: str) -> set[str]:
    return set(labels().get(expand(term), {}).values())


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
