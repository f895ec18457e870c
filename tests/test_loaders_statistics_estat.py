"""Statistics of e-Stat, in JSON and in CSV, become observations; what cannot be read is told."""

from __future__ import annotations

import json
from typing import Any

from hakusho.graph.names import HKID, expand, term, thing
from hakusho.loaders.references import References

from .observed import DATA, read, said, told, values

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
