"""The graph as tables again: the packaged edition's rows, cell by cell, and blank tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from pyoxigraph import Quad

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import graph
from hakusho.loaders.edition import packaged_editions
from hakusho.loaders.exporting import TABLES, Exporter
from hakusho.loaders.references import References, known_to
from hakusho.loaders.spreadsheets.headers import header_of, label_of
from hakusho.loaders.spreadsheets.templates import (
    form,
    required,
    sheet_name,
    template_csv,
    template_workbook,
)
from hakusho.loaders.spreadsheets.writing import as_csv, as_workbook
from hakusho.loaders.submission import read_submission

FOLDER = packaged_editions()[-1]


@pytest.fixture(scope="module")
def exporter(packaged_store: EmbeddedStore) -> Exporter:
    """What reads the tables out of the packaged edition, merged and inferred."""
    return Exporter(packaged_store.engine)


@pytest.fixture(scope="module")
def known(packaged_store: EmbeddedStore) -> References:
    """The things of the packaged edition."""
    return known_to(packaged_store.engine)


def packaged_rows(table: str) -> list[dict[str, str]]:
    """Gives the rows of a packaged table as they are written, by nothing of ours."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_any_order(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Gives rows with their lists sorted: a graph knows no order of names or ids."""
    lists = ("alt_labels_ja", "alt_labels_en", "challenge_ids", "addresses_challenge_ids")
    return [
        {
            name: ";".join(sorted(cell.split(";"))) if name in lists else cell
            for name, cell in row.items()
        }
        for row in rows
    ]


@pytest.mark.parametrize("table", TABLES)
def test_the_rows_of_a_packaged_table_come_out_as_they_went_in(
    exporter: Exporter, table: str
) -> None:
    rows = exporter.rows(table)
    assert in_any_order(rows) == in_any_order(packaged_rows(table))
    assert exporter.left_out == 0


@pytest.mark.slow
def test_what_is_exported_goes_in_again_and_says_the_same(
    exporter: Exporter, known: References, packaged_store: EmbeddedStore
) -> None:
    tables = [table for table in TABLES if table != "merges"]
    for excel in (False, True):
        files = [
            (f"{name}.csv", as_csv(exporter.header(name), exporter.rows(name), excel))
            for name in tables
        ]
        read = read_submission(files, known)
        assert [each.code for each in read.defects if each.severity != "info"] == []
        stored = packaged_store.engine
        # The engine rewrites numbers, so that they are compared as it holds them.
        held = EmbeddedStore().engine
        held.extend(
            Quad(quad.subject, quad.predicate, quad.object, graph("again")) for quad in read.quads
        )
        new = [
            quad
            for quad in held
            if next(stored.quads_for_pattern(quad.subject, quad.predicate, quad.object), None)
            is None
        ]
        assert new == []
        rows = sum(len(exporter.rows(name)) for name in tables)
        assert sum(file.rows for file in read.files) == rows == len(read.things)


def test_a_csv_for_excel_has_a_mark_and_computes_nothing() -> None:
    rows = [{"id": "a", "label_ja": "=1+1", "label_en": "-5"}]
    text = as_csv(("id", "label_ja", "label_en"), rows, excel=True)
    assert text == "\ufeffid,label_ja,label_en\r\na,'=1+1,'-5\r\n".encode()
    assert as_csv(("id", "label_ja"), rows) == b"id,label_ja\na,=1+1\n"


def test_a_workbook_computes_nothing_and_reads_as_it_was(known: References) -> None:
    rows = [{"id": "a-policy", "label_ja": "=1+1", "label_en": "+81"}]
    book = as_workbook([("policies", ("id", "label_ja", "label_en"), rows)])
    assert load_workbook(BytesIO(book))["policies"]["B2"].data_type == "s"
    read = read_submission([("a.xlsx", book)], known)
    assert {getattr(quad.object, "value", "") for quad in read.quads} >= {"=1+1", "+81"}


@pytest.mark.parametrize("table", [table for table in TABLES if table != "merges"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_template_with_its_own_example_is_read_without_a_fault_and_changes_nothing(
    table: str, language: str, known: References, packaged_store: EmbeddedStore
) -> None:
    contents = [
        (f"{table}.csv", template_csv(table, language)),
        ("for-excel.csv", template_csv(table, language, excel=True)),
        ("filled.xlsx", template_workbook(table, language)),
    ]
    for file, content in contents:
        read = read_submission([(file, content)], known)
        assert [each.code for each in read.defects if each.severity != "info"] == [], file
        assert len(read.things) == 1 and read.files[0].rows == 1
        held = EmbeddedStore().engine
        held.extend(read.quads)
        for quad in held:
            stored = packaged_store.engine.quads_for_pattern(*quad.triple)
            assert next(stored, None) is not None, quad


def test_a_template_explains_every_column_and_lists_the_codes() -> None:
    book = load_workbook(BytesIO(template_workbook("policies", "ja")))
    assert book.sheetnames == ["policies", sheet_name("notes", "ja"), sheet_name("codes", "ja")]
    sheet, notes, codes = (book[name] for name in book.sheetnames)
    header = header_of("policies")
    assert tuple(cell.value for cell in sheet[2]) == header
    assert [cell.value for cell in sheet[1]] == [
        label_of("policies", name)["ja"] for name in header
    ]
    assert [row[0].value for row in notes.iter_rows(min_row=2)] == list(header)
    assert all(row[3].value for row in notes.iter_rows(min_row=2)), "each has a form"
    assert all(cell.comment for cell in sheet[1])
    listed = {(row[0].value, row[1].value) for row in codes.iter_rows(min_row=2)}
    assert {("kind", "law"), ("status", "ongoing"), ("evidence", "official")} <= listed
    offered = [str(each.sqref) for each in sheet.data_validations.dataValidation]
    assert len(offered) == len({name for name, _ in listed})


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_a_template_has_a_form_and_a_name_in_each_language(table: str) -> None:
    for name in header_of(table):
        for language in ("ja", "en"):
            assert form(table, name, language) and label_of(table, name)[language]
    assert set(required(table)) <= set(header_of(table))
    for language in ("ja", "en"):
        names = [label_of(table, name)[language] for name in header_of(table)]
        assert len(set(names)) == len(names), "two columns would have one name"


def test_a_template_as_csv_has_a_line_of_names_and_one_of_ids() -> None:
    lines = list(csv.reader(StringIO(template_csv("milestones", "ja").decode())))
    assert lines[0][:3] == ["施策", "時期", "名称（日本語）"] and lines[1] == [
        *header_of("milestones")
    ]
    assert len(lines) == 3
