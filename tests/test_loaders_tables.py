"""Reading CSV files: encodings, lines, widths, headers, and what the context says of columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakusho.graph.errors import BadTable
from hakusho.loaders.columns import breakdowns, columns, kinds
from hakusho.loaders.tables import parse_table, read_table

TEXT = "id,label_ja\r\nnotice,ノーティス\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_reads_the_same_in_each_encoding_of_a_spreadsheet(encoding: str) -> None:
    table = parse_table(TEXT.encode(encoding), "policies.csv", "policies")
    assert table.columns == ("id", "label_ja")
    assert dict(table.rows[0].cells) == {"id": "notice", "label_ja": "ノーティス"}


def test_a_file_is_a_table_named_after_it(tmp_path: Path) -> None:
    path = tmp_path / "policies.csv"
    path.write_text("id,label_ja\nnotice,\n", encoding="utf-8")
    table = read_table(path)
    assert (table.name, table.file, len(table.sha256)) == ("policies", "policies.csv", 64)
    assert dict(table.rows[0].cells) == {"id": "notice"}, "an empty cell says nothing"


def test_a_row_knows_its_line_and_number_past_cells_of_several_lines() -> None:
    data = b'id,label_ja\na,"one\ntwo"\n\nb,x\n'
    rows = parse_table(data, "t.csv", "t").rows
    assert [(row.cells["id"], row.line, row.number) for row in rows] == [("a", 2, 2), ("b", 5, 4)]


def test_a_row_of_another_width_is_set_aside_with_its_line() -> None:
    table = parse_table(b"id,label_ja\na,x,y\nb,x\n", "t.csv", "t")
    assert [row.cells["id"] for row in table.rows] == ["b"]
    assert [str(error) for error in table.errors] == ["t.csv:2: has 3 cells where the header has 2"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "t.csv: has no header"),
        (b",\n", "t.csv: has no header"),
        (b"id,\n", "t.csv: column 2 has no name"),
        (b"id,label_ja,id\n", "t.csv: column id stands in the header twice"),
        (b"\x81\x00\xff", "t.csv: is neither in UTF-8 nor in Shift_JIS (CP932)"),
        (b'id\n"a', "t.csv: line 2 is not CSV: unexpected end of data"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, sentence: str) -> None:
    with pytest.raises(BadTable) as caught:
        parse_table(data, "t.csv", "t")
    assert str(caught.value) == sentence


def test_the_context_says_what_a_column_holds() -> None:
    policies, observations = columns("policies"), columns("observations")
    assert policies["lead_org_id"].kind == "organization"
    assert policies["addresses_challenge_ids"].many and policies["alt_labels_ja"].many
    assert policies["status"].kind == "policy-status"
    assert observations["status"].kind == "observation-status"
    assert observations["value"].datatype == "xsd:decimal"
    assert policies["page_url"].address and not policies["lead_org_id"].address
    assert list(columns("links")["assertion"].choices) == ["stated", "assigned"]


def test_breakdowns_are_the_columns_named_after_their_code_list() -> None:
    assert {"age", "device", "firm_size"} <= set(breakdowns())
    assert not {"period", "area", "precision", "status", "unit_id"} & set(breakdowns())


def test_tables_say_the_kind_of_their_things() -> None:
    assert kinds()["sections"] == "part"
    assert kinds()["links"] == kinds()["policy_indicators"] == "link"
