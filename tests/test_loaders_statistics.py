"""Statistics as their publishers serve them: the same observations out of every format."""

from __future__ import annotations

import copy
import io
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from pyoxigraph import Literal, NamedNode

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import HKID, expand, shorten, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.checking import check, publish
from hakusho.loaders.edition import EditionDataset
from hakusho.loaders.references import References, known_to
from hakusho.loaders.statistics.description import read_description
from hakusho.loaders.statistics.reading import read_statistics
from hakusho.loaders.statistics.skeleton import beside, skeleton
from hakusho.loaders.submission import Submission

DATA = Path(__file__).parent / "data" / "statistics"


@pytest.fixture
def known(packaged_store: EmbeddedStore) -> References:
    """What the packaged edition knows; each test may add to it."""
    return known_to(packaged_store.engine)


def read(known: References, *names: str, **others: bytes) -> Submission:
    """Gives what some files of the examples say, and others by their names."""
    files = [(name, (DATA / name).read_bytes()) for name in names]
    files += [(name.replace("_", "."), content) for name, content in others.items()]
    submission, left = read_statistics(files, known)
    assert not left
    return submission


def values(submission: Submission) -> dict[str, tuple[str, str]]:
    """Gives value and printed value of each observation by its id, without the page's hash."""
    told: dict[str, dict[str, str]] = {}
    for quad in submission.quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            slug = shorten(quad.subject.value).removeprefix("observation/").rpartition("_")[0]
            told.setdefault(slug, {})[quad.predicate.value] = quad.object.value
    return {
        slug: (about[term("value").value], about[term("printedValue").value])
        for slug, about in told.items()
        if term("value").value in about
    }


def told(submission: Submission, *severities: str) -> list[tuple[str, str | None]]:
    """Gives the defects of some severities: code and value."""
    return [
        (each.code, each.value)
        for each in submission.defects
        if each.severity in (severities or ("violation",))
    ]


def said(submission: Submission, subject: NamedNode, name: str) -> list[str]:
    return sorted(
        getattr(quad.object, "value", "")
        for quad in submission.quads
        if quad.subject == subject and quad.predicate.value == expand(name)
    )


# --- e-Stat ------------------------------------------------------------------------------------

OF_80 = "estat-0009999901-cat01-180"
RATES = {
    "internet-use-individual_FY2024_JP_age-total": ("61.2", "61.2"),
    "internet-use-individual_FY2024_JP_age-20s": ("83.0", "83.0"),
    "internet-use-individual_2024-Q2_JP-13_age-total": ("70.5", "70.5"),
}


def test_an_answer_of_estat_becomes_observations(known: References) -> None:
    submission = read(known, "use.json", "use.toml")
    assert told(submission) == []
    assert values(submission) == RATES | {
        f"internet-use-individual_2024-01_JP-01_age-{OF_80}": ("22.4", "22.4"),
        "imaginary-users_2023_JP_age-total": ("71234000", "71,234（千人）"),
        "imaginary-users_2023_JP_age-20s": ("9876000", "9,876（千人）"),
    }


def test_signs_of_no_value_are_left_out_and_counted_with_their_meaning(known: References) -> None:
    found = [
        (each.value, each.place.row, each.message_en)
        for each in read(known, "use.json", "use.toml").defects
        if each.code == "mark-of-no-value"
    ]
    assert [(value, row) for value, row, _ in found] == [("***", 72), ("X", 74), ("-", 78)]
    assert "2 times" in found[0][2] and "公表しない" in found[0][2]


def test_the_csv_of_estat_says_the_same(known: References) -> None:
    assert values(read(known, "use-simple.csv", "use-simple.toml")) == RATES


def test_the_source_is_the_statistic_that_the_file_names(known: References) -> None:
    submission, source = (
        read(known, "use.json", "use.toml"),
        thing("source", "estat-0009999901-source"),
    )
    assert said(submission, source, "rdfs:label") == ["架空利用動向調査 令和6年調査"]
    assert said(submission, source, "dcterms:publisher") == [thing("organization", "mic").value]


def test_a_code_list_becomes_a_scheme_of_its_own_matched_to_ours(known: References) -> None:
    submission = read(known, "use.json", "use.toml")
    scheme = thing("scheme", "estat-0009999901-cat01")
    twenties, eighties = thing("age", "estat-0009999901-cat01-120"), thing("age", OF_80)
    assert said(submission, scheme, "rdf:type") == [expand("skos:ConceptScheme")]
    assert said(submission, twenties, "skos:exactMatch") == [thing("age", "20s").value]
    assert said(submission, eighties, "skos:exactMatch") == []
    both = [HKID + "scheme/age", scheme.value]
    assert said(submission, eighties, "skos:inScheme") == both
    assert said(submission, eighties, "skos:broader") == [
        thing("age", "estat-0009999901-cat01-100").value
    ]


def test_a_prefecture_that_is_not_in_the_list_is_added_to_it(known: References) -> None:
    submission, area = read(known, "use.json", "use.toml"), thing("area", "JP-01")
    assert said(submission, area, "skos:broader") == [thing("area", "JP").value]
    assert term("Area").value in said(submission, area, "rdf:type")


def test_a_value_is_found_on_its_line(known: References) -> None:
    submission = read(known, "use.json", "use.toml")
    slug = next(each.value for each in submission.things if "JP-13" in each.value)
    place = submission.place(slug, term("value").value)
    assert place is not None
    assert (place.file, place.row, place.column) == ("use.json", 73, "VALUE[4]")


def test_without_a_description_it_is_asked_which_indicator_it_is(known: References) -> None:
    submission = read(known, "use.json")
    assert told(submission) == [("no-indicator", "10 利用率, 20 利用者数")]
    assert "use.toml" in next(
        each.hint_en for each in submission.defects if each.code == "no-indicator"
    )


def edited(change: Any) -> bytes:
    """Gives the example of e-Stat after a change."""
    document = json.loads((DATA / "use.json").read_bytes())
    change(document["GET_STATS_DATA"])
    return json.dumps(document, ensure_ascii=False).encode()


def test_an_error_of_the_api_is_told_as_such(known: References) -> None:
    def fail(answer: dict[str, Any]) -> None:
        answer["RESULT"] = {"STATUS": 100, "ERROR_MSG": "認証に失敗しました。"}
        del answer["STATISTICAL_DATA"]

    found = read(known, use_json=edited(fail))
    assert told(found)[0][0] == "estat-error"
    assert "認証に失敗しました。" in found.defects[0].message_ja


def test_a_part_of_a_table_and_what_cannot_be_read_in_it_are_told(known: References) -> None:
    def spoil(answer: dict[str, Any]) -> None:
        data = answer["STATISTICAL_DATA"]
        data["RESULT_INF"]["TOTAL_NUMBER"] = 5000
        times = data["CLASS_INF"]["CLASS_OBJ"][4]["CLASS"]
        times[0] |= {"@name": "2024年"}  # which its code says is a fiscal year
        data["DATA_INF"]["VALUE"][3]["@unit"] = "斤"
        data["DATA_INF"]["VALUE"][6]["$"] = "7万くらい"
        data["DATA_INF"]["VALUE"][7].pop("@cat01")

    found = read(known, "use.toml", use_json=edited(spoil))
    assert told(found, "warning") == [("estat-part", None)]
    assert sorted(told(found), key=str) == [
        ("bad-decimal", "7万くらい"),
        ("no-code", None),
        ("unknown-unit", "斤"),
        ("unread-time", "2024年"),
    ]


# --- SDMX --------------------------------------------------------------------------------------

BROADBAND = {
    "imaginary-broadband-use_2023_JP_firm-size-total": ("80.0", "80.0"),
    "imaginary-broadband-use_2024_JP_firm-size-total": ("81.5", "81.5"),
    "imaginary-broadband-use_2024_JP_firm-size-large": ("93.4", "93.4"),
}


def test_a_message_in_sdmx_json_becomes_observations(known: References) -> None:
    submission = read(known, "countries.json", "countries.toml")
    area = "sdmx-imaginary-1-ref-area-img-avg"
    assert told(submission) == []
    assert values(submission) == BROADBAND | {
        "imaginary-broadband-use_2024-Q1_JP_firm-size-total": ("79.25", "79.25"),
        "imaginary-broadband-use_2023_DE_firm-size-total": ("77.1", "77.1"),
        f"imaginary-broadband-use_2024_{area}_firm-size-total": ("70", "70"),
    }


def test_the_csv_of_sdmx_says_the_same(known: References) -> None:
    description = (DATA / "countries.toml").read_bytes()
    found = read(known, "countries.csv", countries_toml=description)
    assert told(found) == []
    assert values(found) == BROADBAND


def test_the_status_of_sdmx_is_kept(known: References) -> None:
    submission = read(known, "countries.json", "countries.toml")
    estimated, broken = (
        next(each for each in submission.things if slug in each.value)
        for slug in ("2024_JP_firm-size-total", "firm-size-large")
    )
    assert said(submission, estimated, "hk:observationStatus") == [
        thing("observation-status", "estimate").value
    ]
    assert said(submission, broken, "skos:note") == ["break in the series", "時系列に断層あり"]


def test_the_first_drafts_of_sdmx_json_are_read_too(known: References) -> None:
    message = json.loads((DATA / "countries.json").read_bytes())
    data = message.pop("data")
    message |= {"structure": data["structures"][0], "dataSets": data["dataSets"]}
    message["header"] = message.pop("meta")
    draft = json.dumps(message).encode()
    description = (DATA / "countries.toml").read_bytes()
    assert BROADBAND.items() <= values(read(known, a_json=draft, a_toml=description)).items()


def test_an_index_beyond_the_structure_is_told_with_its_path(known: References) -> None:
    message = json.loads((DATA / "countries.json").read_bytes())
    message["data"]["dataSets"][0]["series"]["9:0"] = {"observations": {"0": [1.0]}}
    description = (DATA / "countries.toml").read_bytes()
    found = read(known, a_json=json.dumps(message).encode(), a_toml=description)
    places = [each.place.column for each in found.defects if each.code == "sdmx-index"]
    assert places == ["dataSets[0], series 9:0, observations 0"]


# --- wide tables -------------------------------------------------------------------------------

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


def parts(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Gives the way to every part of a JSON document."""
    inside = said.items() if isinstance(said, dict) else enumerate(said)
    for name, part in inside:
        yield (*path, name)
        if isinstance(part, dict | list):
            yield from parts(part, (*path, name))


@pytest.mark.parametrize("name", ["use.json", "countries.json"])
def test_whatever_stands_in_a_message_is_told_and_nothing_fails(
    known: References, name: str
) -> None:
    whole = json.loads((DATA / name).read_bytes())
    ways = list(parts(whole))
    chance = random.Random(1)
    for _ in range(60):
        document, way = copy.deepcopy(whole), chance.choice(ways)
        around = document
        for step in way[:-1]:
            around = around[step]
        around[way[-1]] = chance.choice([None, 7, "x", [], {}, [1], {"a": 1}, True])
        described = name.replace(".json", ".toml")
        files = [
            (name, json.dumps(document).encode()),
            (described, (DATA / described).read_bytes()),
        ]
        read_statistics(files, known)


# --- descriptions to fill in --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["use.json", "use-simple.csv", "countries.csv", "wide.csv"])
def test_a_description_to_fill_in_is_one_with_nothing_wrong(name: str) -> None:
    text = skeleton(name, (DATA / name).read_bytes())
    assert text is not None
    described = read_description(beside(name), text.encode())
    assert described.defects == ()


def test_a_description_that_is_filled_in_is_enough(known: References) -> None:
    text = skeleton("use.json", (DATA / "use.json").read_bytes())
    assert text is not None
    for code, indicator in (("10", "internet-use-individual"), ("20", "internet-use-household")):
        text = text.replace(f'# {code} = "<indicator-id>"', f'{code} = "{indicator}"')
    known.add("indicator", "internet-use-household")
    found = read(known, "use.json", use_toml=text.encode())
    assert told(found) == []
    assert RATES.items() <= values(found).items()


def test_what_has_no_table_of_values_cannot_be_described() -> None:
    assert skeleton("README.md", (DATA / "README.md").read_bytes()) is None


# --- into a release ----------------------------------------------------------------------------


@pytest.mark.slow
def test_statistics_keep_to_the_shapes_and_load_into_the_packaged_edition(
    packaged: EditionDataset, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path / "data")
    release = folder.publish([*ontology_dataset(), *packaged.quads], who="tests")
    for names in (
        ("use.json", "use.toml"),
        ("countries.json", "countries.toml"),
        ("wide.csv", "wide.toml"),
    ):
        submission = read(known_to(release.engine()), *names)
        report = check(submission, folder)
        assert report.passes, [
            (each.code, each.message_en, each.value)
            for each in report.findings
            if each.severity == "violation"
        ]
        release = publish(submission, folder, who="tests").release
        # The lists of the table are known by now, and a second load says nothing new.
        again = read(known_to(release.engine()), *names)
        assert values(again) == values(submission)
        assert not publish(again, folder, who="tests").new
