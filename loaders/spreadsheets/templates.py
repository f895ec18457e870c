"""Blank tables to fill in: headers in words and ids, an example, what each column wants, codes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from ...graph.names import HKID, expand
from ...graph.ontology import code_lists, ontology_dataset
from ..columns import Column, columns, context, kinds
from ..rows import REQUIRED
from ..series import EDITIONS
from ..tables import Row, read_table
from .headers import header_of, label_of
from .writing import as_csv, fit_widths, header_style, saved, workbook, write_line

LANGUAGES: Final = ("ja", "en")
_TEXTS: Final[dict[str, Any]] = tomllib.loads(
    (files(__package__) / "templates.toml").read_text(encoding="utf-8")
)
FORMS: Final[dict[str, dict[str, str]]] = _TEXTS["forms"]
"""What is said of the form of a cell, in each language."""

_BLANK_ROWS: Final = 1_000
"""So many rows below the header offer their codes in a list."""

_DEFINITION: Final = NamedNode(expand("skos:definition"))
_LABEL: Final = NamedNode(expand("rdfs:label"))


@dataclass(frozen=True)
class Code:
    """A code of a code list with its name and meaning in one language."""

    code: str
    name: str
    meaning: str


def template_csv(table: str, language: str, excel: bool = False) -> bytes:
    """Gives a blank table as CSV: a line of names, the line of ids, and an example."""
    header = header_of(table)
    names = [label_of(table, name)[language] for name in header]
    return as_csv(header, [example(table)], excel, above=[names])


def template_workbook(table: str, language: str) -> bytes:
    """Gives a blank table as a workbook, with sheets that explain its columns and list codes."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    book, header = workbook(), header_of(table)
    sheet: Any = book.create_sheet(table)
    write_line(sheet, 1, (label_of(table, name)[language] for name in header))
    write_line(sheet, 2, header)
    write_line(sheet, 3, (example(table).get(name, "") for name in header))
    header_style(sheet, 2, "B3")
    for cell in sheet[3]:
        cell.font = Font(italic=True, color="808080")
    sheet["A3"].comment = Comment(_TEXTS["words"]["example"][language], "hakusho")
    for place, name in enumerate(header, start=1):
        sheet.cell(1, place).comment = Comment(note(table, name, language), "hakusho")
    fit_widths(sheet)
    notes: Any = book.create_sheet(sheet_name("notes", language))
    write_line(notes, 1, _TEXTS["headings"]["notes"][language])
    for row, name in enumerate(header, start=2):
        wanted = _TEXTS["words"]["required"][language] if name in required(table) else ""
        cells = (name, label_of(table, name)[language], wanted, form(table, name, language))
        write_line(notes, row, (*cells, meaning(table, name, language)))
    header_style(notes, 1, "B2")
    fit_widths(notes)
    _offer(book, sheet, table, language)
    return saved(book)


def _offer(book: Any, sheet: Any, table: str, language: str) -> None:
    """Adds the sheet of codes, and a list to choose from in each column that has codes."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    listed: Any = book.create_sheet(sheet_name("codes", language))
    write_line(listed, 1, _TEXTS["headings"]["codes"][language])
    row = 2
    for place, name in enumerate(header_of(table), start=1):
        column = columns(table).get(name)
        offered = codes(column, language) if column else ()
        if not offered:
            continue
        first = row
        for code in offered:
            write_line(listed, row, (name, code.code, code.name, code.meaning))
            row += 1
        if column is not None and not column.many:
            cells = f"'{sheet_name('codes', language)}'!$B${first}:$B${row - 1}"
            # A name is read as well as a code, so that another text is no error of the sheet's.
            choose = DataValidation(
                "list", formula1=cells, allow_blank=True, showErrorMessage=False
            )
            letter = get_column_letter(place)
            choose.add(f"{letter}3:{letter}{_BLANK_ROWS}")
            sheet.add_data_validation(choose)
    header_style(listed, 1, "A2")
    fit_widths(listed)


def sheet_name(of: str, language: str) -> str:
    """Gives the name of the sheet of `notes` or `codes`.

    >>> sheet_name("codes", "ja")
    'コード一覧'
    """
    return str(_TEXTS["sheets"][of][language])


@cache
def example(table: str) -> Mapping[str, str]:
    """Gives a row of the newest packaged edition as an example: the fullest; none has none."""
    rows = list(_packaged(table))
    fullest = max(rows, key=lambda row: (len(row.cells), -row.number), default=None)
    return {} if fullest is None else fullest.cells


def _packaged(table: str) -> Iterable[Row]:
    for folder in sorted(EDITIONS.glob("*/edition.toml"), reverse=True):
        path = folder.parent / f"{table}.csv"
        if path.exists():
            return read_table(path).rows
    return ()


def required(table: str) -> tuple[str, ...]:
    """Gives the columns without which a row is nothing."""
    return REQUIRED.get(table, ("id",))


def note(table: str, name: str, language: str) -> str:
    """Gives what a column wants: whether it must be filled, in which form, with what meaning."""
    parts = [form(table, name, language), meaning(table, name, language)]
    if name in required(table):
        parts.insert(0, _TEXTS["words"]["required"][language])
    return "\n".join(part for part in parts if part)


def form(table: str, name: str, language: str) -> str:
    """Gives how the cells of a column are written.

    >>> form("policies", "lead_org_id", "en"), form("policies", "start_date", "ja")[:2]
    ('the id or name of: organization', '時期')
    """
    column = columns(table).get(name, Column(name))
    if name == "id":
        said = FORMS["id"][language]
    elif column.kind == "period":
        said = FORMS["period"][language]
    elif column.kind is not None and column.kind in kinds().values():
        said = FORMS["of"][language].format(what=_class_of(column.kind, language))
    elif column.kind is not None or column.choices:
        said = FORMS["code"][language]
    elif column.datatype in FORMS:
        said = FORMS[column.datatype][language]
    else:
        said = FORMS["address" if column.address else "text"][language]
    return said + (FORMS["many"][language] if column.many else "")


def meaning(table: str, name: str, language: str) -> str:
    """Gives what the ontology says that a column holds.

    >>> meaning("policies", "lead_org_id", "en") != ""
    True
    """
    own = context()[table]["@context"] if table in kinds() else {}
    entry = own.get(name, context().get(name))
    if isinstance(entry, dict):
        entry = entry.get("@id") or entry.get("@reverse")
    if not isinstance(entry, str) or entry.startswith("@"):
        return ""
    return _texts(_DEFINITION, language).get(expand(entry), "")


def _class_of(kind: str, language: str) -> str:
    table = next(table for table, of in kinds().items() if of == kind)
    return _texts(_LABEL, language).get(expand(context()[table]["@id"]), kind)


def codes(column: Column, language: str) -> tuple[Code, ...]:
    """Gives the codes that may stand in a column, none where it holds something else.

    >>> [code.code for code in codes(columns("links")["assertion"], "en")]
    ['stated', 'assigned']
    """
    labels, definitions = _texts(_LABEL, language), _texts(_DEFINITION, language)
    if column.choices:
        found = {word: expand(term) for word, term in column.choices.items()}
    elif column.kind is None or column.kind == "period" or column.kind in _described():
        return ()
    else:
        under = f"{HKID}{column.kind}/"
        found = {iri.removeprefix(under): iri for iri in labels if iri.startswith(under)}
    return tuple(
        Code(code, labels.get(iri, ""), definitions.get(iri, "")) for code, iri in found.items()
    )


@cache
def _described() -> frozenset[str]:
    return frozenset(kinds().values())


@cache
def _texts(of: NamedNode, language: str) -> Mapping[str, str]:
    return {
        quad.subject.value: quad.object.value
        for quad in (*ontology_dataset(), *code_lists())
        if quad.predicate == of
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
        and quad.object.language == language
    }
