"""Large tables row by row: the same statements and the same faults as when read as a whole."""

from __future__ import annotations

import csv
from collections import Counter
from io import BytesIO, StringIO

import pytest
from pyoxigraph import RdfFormat, Store, Triple, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.releases.merge import normal
from hakusho.loaders.edition import packaged_editions
from hakusho.loaders.references import References, known_to
from hakusho.loaders.streaming import TableStream, load_table
from hakusho.loaders.submission import read_submission

PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"
HEADER = "indicator_id,period,area,age,value,printed_value,unit_id,page_url,note_ja,evidence\n"


@pytest.fixture(scope="module")
def known(packaged_store: EmbeddedStore) -> References:
    """The things of the packaged edition."""
    return known_to(packaged_store.engine)


@pytest.fixture(scope="module")
def few() -> References:
    """The code lists and two indicators."""
    known = known_to(None)
    known.add("indicator", "ai-use")
    known.add("indicator", "trade")
    return known


def streamed(text: str, known: References) -> tuple[TableStream, set[Triple]]:
    """Reads a table row by row and gives its statements."""
    stream = TableStream("observations.csv", BytesIO(text.encode()), known, "submission-1")
    content = b"".join(stream.chunks(size=500))
    return stream, {quad.triple for quad in parse(content, RdfFormat.N_QUADS)}


def whole(text: str, known: References) -> set[Triple]:
    """Reads a table as a whole and gives its statements."""
    read = read_submission([("observations.csv", text.encode())], known)
    return {quad.triple for quad in normal(read.quads)}


def rows(count: int) -> str:
    """Gives a table in which cells come again in other rows, some of them written freely."""
    forms = ("FY{}", "{}", "平成{}年度")
    text = StringIO()
    for number in range(count):
        year = number % 5
        period = forms[number % 3].format(year + 20 if number % 3 == 2 else 2018 + year)
        age = ("20s", "", "30代")[number // 15 % 3]
        value = ("12.50", "1,234", "△3", "83％", "7")[number % 5]
        note = ("", "令和7年版の値", 'a "b" \\ c')[number // 7 % 3]
        page = PAGE if number < 45 else PAGE.replace("111110", str(200000 + number))
        unit = "percent" if value == "83％" else "%"
        cells = ("ai-use", period, "日本", age, value, "", unit, page, note, "edition")
        csv.writer(text, lineterminator="\n").writerow(cells)
    return HEADER + text.getvalue()


def test_a_table_read_row_by_row_says_what_it_says_as_a_whole(few: References) -> None:
    text = rows(300)
    stream, found = streamed(text, few)
    read = read_submission([("observations.csv", text.encode())], few)
    assert found == {quad.triple for quad in normal(read.quads)}
    assert (stream.rows, stream.things) == (300, len(read.things))
    assert stream.counts == Counter((each.severity, each.code) for each in read.defects)
    assert stream.things == 300 and stream.statements >= len(found)


def test_each_statement_comes_once_and_as_a_store_writes_it(few: References) -> None:
    values = ["12.50", "-0", "-0.0", "0.0", "100", "-7.000", "1234567890123.5", "0.1234567890123"]
    row = "ai-use,FY{},JP,,{},,percent," + PAGE + ",,edition\n"
    text = rows(100) + "".join(row.format(1900 + at, value) for at, value in enumerate(values))
    # The second time every cell but the value is remembered.
    text += "".join(row.format(1900 + at, v).replace("ai-", "x-") for at, v in enumerate(values))
    few = few.copy()
    few.add("indicator", "x-use")
    stream = TableStream("observations.csv", BytesIO(text.encode()), few, "submission-1")
    lines = b"".join(stream.chunks(size=500)).splitlines()
    kept = normal(parse(b"\n".join(lines), RdfFormat.N_QUADS))
    assert sorted(lines) == sorted(f"{quad} .".encode() for quad in kept)
    assert stream.is_whole() and len(lines) == stream.statements


@pytest.mark.parametrize("table", ["observations", "milestones", "policy_indicators"])
def test_the_packaged_tables_are_the_same_row_by_row(table: str, known: References) -> None:
    content = (packaged_editions()[-1] / f"{table}.csv").read_bytes()
    stream = TableStream(f"{table}.csv", BytesIO(content), known, "submission-1")
    quads = set(parse(b"".join(stream.chunks()), RdfFormat.N_QUADS))
    read = read_submission([(f"{table}.csv", content)], known)
    assert {quad.triple for quad in quads} == {quad.triple for quad in normal(read.quads)}
    assert stream.rows == read.files[0].rows == stream.things == len(read.things)
    # Each of them is in the release already, and nothing else is wrong.
    assert stream.counts == {("violation", "already-there"): stream.rows}


def test_what_is_said_of_a_remembered_cell_is_counted_each_time(few: References) -> None:
    row = "ai-use,令和{}年度,JP,,{}.5,,percent," + PAGE + ",,edition\n"
    text = HEADER + "".join(row.format(year, at) for year in (5, 6) for at in range(1))
    text += "".join(row.format(year, 7).replace("ai-use", "trade") for year in (5, 6))
    stream, _ = streamed(text, few)
    assert stream.counts == {("info", "period-read"): 4}


def test_every_fault_of_a_large_table_is_counted_and_the_first_are_told(few: References) -> None:
    fine = f"ai-use,FY{{}},JP,,{{}}.5,,percent,{PAGE},,edition\n"
    text = HEADER + "".join(fine.format(1990 + at, at) for at in range(30))
    text += fine.format(1990, 99)
    text += "".join(fine.format("20244", at) for at in range(1_200))
    text += f"ai-use,FY2024,JP,,many,,percent,{PAGE},,edition\n"
    stream, _ = streamed(text, few)
    assert stream.counts["violation", "same-thing-twice"] == 1
    assert stream.counts["violation", "bad-period"] == 1_200
    assert stream.counts["violation", "bad-decimal"] == 1
    assert (stream.things, stream.rows, stream.is_whole()) == (30, 1_232, False)
    told = [each.place.row for each in stream.defects if each.code == "bad-period"]
    assert len(told) == 1_000 and told[0] == 33


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-header"),
        (b"\0", "nul-byte"),
        (HEADER.encode() + b'"a', "bad-csv"),
        (HEADER.encode() + (b"x" * 100_000 + b"\n") * 4 + b"\x81\xff\n", "bad-encoding"),
        (b"indicator_id,x_value\na,b\n", "unknown-column"),
    ],
)
def test_what_is_no_table_is_told_and_not_raised(
    content: bytes, code: str, few: References
) -> None:
    stream = TableStream("observations.csv", BytesIO(content), few, "submission-1")
    assert list(filter(None, stream.chunks())) == []
    assert code in {name for _, name in stream.counts} and not stream.is_whole()


def test_a_table_whose_rows_refer_to_each_other_is_not_read_row_by_row(few: References) -> None:
    stream = TableStream("policies.csv", BytesIO(b"id,label_ja\na,b\n"), few, "submission-1")
    assert list(filter(None, stream.chunks())) == []
    assert stream.counts == {("violation", "not-streamed"): 1}


def test_a_table_is_loaded_while_it_is_read_and_tells_how_far_it_is(few: References) -> None:
    told: list[int] = []
    stream = TableStream("observations.csv", BytesIO(rows(300).encode()), few, "submission-1")
    store = Store()
    load_table(store, stream, told.append)
    assert sum(told) == 300 and len(store) == len(whole(rows(300), few))
