"""Wide tables become observations by their description; its mistakes are told by line."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import Workbook

from hakusho.loaders.references import References
from hakusho.loaders.statistics.reading import read_statistics
from hakusho.loaders.submission import Submission

from .observed import DATA, read, told, values

MEN = "population-table-wide-5f276e7a-2fda6b57"
OLD = "age-table-wide-4dac0188-99648570"
WIDE = {
    "FY2022_JP_age-total_population-total": "55.1",
    "FY2023_JP_age-total_population-total": "58.3",
    "FY2024_JP_age-total_population-total": "61.2",
    "FY2022_JP_age-20s_population-total": "80.0",
    "FY2023_JP_age-20s_population-total": "81.5",
    "FY2024_JP_age-20s_population-total": "83.0",
    f"FY2022_JP_age-20s_{MEN}": "79.5",
    f"FY2024_JP_age-20s_{MEN}": "82.1",
    f"FY2022_JP_{OLD}_population-total": "10.2",
    f"FY2024_JP_{OLD}_population-total": "22.4",
}


def bare(submission: Submission) -> dict[str, str]:
    found = values(submission).items()
    return {slug.partition("_")[2]: value for slug, (value, _) in found}


def test_a_wide_table_is_read_as_its_description_has_it(known: References) -> None:
    submission = read(known, "wide.csv", "wide.toml")
    assert told(submission) == []
    assert bare(submission) == WIDE
    printed = values(submission)["internet-use-individual_FY2023_JP_age-20s_population-total"]
    assert printed == ("81.5", "８１.５")


def test_a_wide_table_in_shift_jis_and_in_excel_says_the_same(known: References) -> None:
    description = (DATA / "wide.toml").read_bytes()
    text = (DATA / "wide.csv").read_text(encoding="utf-8")
    book = Workbook()
    for line in text.splitlines():
        assert book.active is not None
        book.active.append([cell.strip('"') for cell in line.split(",")])
    saved = io.BytesIO()
    book.save(saved)
    assert bare(read(known, wide_csv=text.encode("cp932"), wide_toml=description)) == WIDE
    in_excel = bare(read(known, wide_xlsx=saved.getvalue(), wide_toml=description))
    assert sorted(in_excel.values()) == sorted(WIDE.values())


WRONG = {
    'source_id = "tsushin-riyo-doko"': ('source_id = "tsushin"', ("unknown-thing", "tsushin")),
    'column = "age"': ('column = "ages"', ("unknown-dimension", "ages")),
    '"令和4年度" = "FY2022"': ('"令和5年度" = "FY2023"', ("no-such-column", "令和5年度")),
    "header = 3": ("header = 99", ("no-such-row", "99")),
    "last = 7": ('last = "7"', ("not-of-its-kind", "7")),
    '"備考" = "none"': ("", ("column-without-role", "備考")),
    'unit_id = "percent"': ('units_id = "percent"', ("unknown-key", "units_id")),
    '"男女計" = "total"': ('"男女計" = "totals"', ("unknown-code", "totals")),
    "[rows]": ("[rows", ("bad-description", None)),
}


@pytest.mark.parametrize("old", WRONG)
def test_what_a_description_gets_wrong_is_told_with_its_line(known: References, old: str) -> None:
    new, expected = WRONG[old]
    text = (DATA / "wide.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    found = read(known, "wide.csv", wide_toml=text.replace(old, new).encode())
    assert told(found)[0] == expected or expected in told(found)
    for each in found.defects:
        assert each.message_ja and each.message_en


def test_numbers_in_another_scale_are_multiplied_and_say_so(known: References) -> None:
    text = (DATA / "wide.toml").read_text(encoding="utf-8")
    text = text.replace('unit_id = "percent"', 'unit_id = "persons"\nscale = 1000')
    found = values(read(known, "wide.csv", wide_toml=text.encode()))
    assert {Decimal(value) for value, _ in found.values()} == {
        1000 * Decimal(value) for value in WIDE.values()
    }
    assert ("55100.0", "55.1（×1000）") in found.values()


def test_two_files_may_be_of_one_indicator_and_a_file_that_is_none_is_left(
    known: References,
) -> None:
    files = [(name, (DATA / name).read_bytes()) for name in ("wide.csv", "wide.toml")]
    files += [("policies.csv", b"id,label_ja\n"), ("other.toml", b"")]
    submission, left = read_statistics(files, known)
    assert [name for name, _ in left] == ["policies.csv"]
    assert told(submission) == [("describes-nothing", None)]
    assert len(values(submission)) == len(WIDE)
