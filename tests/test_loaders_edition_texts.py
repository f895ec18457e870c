"""The textual tables of the packaged edition: what an official would look at twice."""

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, parse

from hakusho.graph.names import expand, thing
from hakusho.graph.periods import parse_period

ROOT = Path(__file__).parents[1]
EDITION = ROOT / "loaders" / "editions" / "r07"
ABOUT = tomllib.loads((EDITION / "edition.toml").read_text(encoding="utf-8"))
Row = dict[str, str]


def table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLES = {path.stem: table(path) for path in sorted(EDITION.glob("*.csv"))}
BY_ID = {name: {row["id"]: row for row in rows if "id" in row} for name, rows in TABLES.items()}
WITH_IDS = ("sections", "challenges", "organizations", "policies")
TEXTUAL = (*WITH_IDS, "policy_indicators", "milestones", "merges")
LAWS = [row for row in TABLES["policies"] if row["kind"] == "law"]
LAW_DATES = ("passed", "promulgated", "in_force_from")
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
FOREIGN_NAMES = re.compile(r"[A-Za-z0-9 .,'&・（）/-]+")
LAW_NUMBER = re.compile(r"(?:昭和|平成|令和)\d+年法律第\d+号")
ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018}


def cells(name: str, language: str) -> list[tuple[str, str]]:
    """Gives the texts of a table in one language, each with the place where it stands."""
    return [
        (f"{name}.csv:{line} {column}", text)
        for line, row in enumerate(TABLES[name], 2)
        for column, text in row.items()
        if column.endswith(f"_{language}") and text
    ]


def split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def concepts(scheme: str, file: str) -> set[str]:
    """Gives the ids of the concepts of a code list, each known to have label and definition."""
    quads = list(parse(path=ROOT / "ontology" / "vocabularies" / file))
    base = thing(scheme, "x").value[:-1]
    found = {
        quad.subject.value
        for quad in quads
        if isinstance(quad.subject, NamedNode) and quad.object.value == expand("skos:Concept")
    }
    for name in ("rdfs:label", "skos:definition"):
        said = {
            (quad.subject.value, quad.object.language)
            for quad in quads
            if quad.predicate.value == expand(name) and isinstance(quad.object, Literal)
        }
        assert {(subject, language) for subject in found for language in ("ja", "en")} <= said
    return {subject.removeprefix(base) for subject in found}


# --- every table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WITH_IDS)
def test_ids_are_kebab_case_and_unique(name: str) -> None:
    ids = [row["id"] for row in TABLES[name]]
    assert [key for key, count in Counter(ids).items() if count > 1] == []
    assert [key for key in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


@pytest.mark.parametrize("name", ("challenges", "organizations", "policies"))
def test_rows_are_sorted_by_id(name: str) -> None:
    ids = [row["id"] for row in TABLES[name]]
    assert ids == sorted(ids)


@pytest.mark.parametrize("name", ("challenges", "organizations", "policies"))
@pytest.mark.parametrize("language", ("ja", "en"))
def test_labels_are_there_and_unique(name: str, language: str) -> None:
    labels = [row[f"label_{language}"] for row in TABLES[name]]
    assert [label for label, count in Counter(labels).items() if count > 1 or not label] == []


@pytest.mark.parametrize("name", ("challenges", "organizations", "policies"))
@pytest.mark.parametrize("language", ("ja", "en"))
def test_other_names_differ_from_the_label(name: str, language: str) -> None:
    wrong = [
        row["id"]
        for row in TABLES[name]
        if row[f"label_{language}"] in (names := split(row[f"alt_labels_{language}"]))
        or len(names) != len(set(names))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", TEXTUAL)
def test_every_text_has_both_languages(name: str) -> None:
    wrong = [
        f"{name}.csv:{line} {column}"
        for line, row in enumerate(TABLES[name], 2)
        for column in row
        if re.match(r"(label|title|summary|reason)_", column) and not row[column]
    ]
    assert wrong == []


@pytest.mark.parametrize("name", TEXTUAL)
def test_no_text_mixes_languages(name: str) -> None:
    assert [place for place, text in cells(name, "en") if JAPANESE.search(text)] == []
    wrong = [
        place
        for place, text in cells(name, "ja")
        if not JAPANESE.search(text)
        and not ("label" in place or "title" in place and text in ("SNS", "G7・G20", "ICANN"))
    ]
    assert wrong == []
    latin = [text for _, text in cells(name, "ja") if not JAPANESE.search(text)]
    assert [text for text in latin if not all(map(FOREIGN_NAMES.fullmatch, split(text)))] == []


@pytest.mark.parametrize("name", TEXTUAL)
def test_brackets_and_apostrophes_have_one_form_in_each_language(name: str) -> None:
    assert [place for place, text in cells(name, "ja") if re.search(r"[()’‘]", text)] == []
    assert [place for place, text in cells(name, "en") if re.search(r"[（）’‘]", text)] == []


@pytest.mark.parametrize("name", TEXTUAL)
def test_sentences_end_as_sentences_do(name: str) -> None:
    wrong = [
        place
        for language, end in (("ja", "。"), ("en", "."))
        for place, text in cells(name, language)
        if ("summary" in place or "reason" in place and name == "policy_indicators")
        and not text.endswith(end)
    ]
    assert wrong == []


def test_no_page_stands_under_two_addresses() -> None:
    addresses: dict[str, set[str]] = {}
    for rows in TABLES.values():
        for row in rows:
            for column in ("page_url", "url"):
                if address := row.get(column):
                    page = re.sub(r"^https?://|/$|#.*$", "", address)
                    page = re.sub(r"/text/(\w+)\.txt$", r"/html/\1.html", page)
                    addresses.setdefault(re.sub("/+", "/", page), set()).add(address)
    assert [found for found in addresses.values() if len(found) > 1] == []
    every = {address for found in addresses.values() for address in found}
    assert [address for address in every if "//" in address[8:]] == []
    assert [address for address in every if address.startswith("http://www.soumu.go.jp")] == []


def test_evidence_says_what_the_page_is() -> None:
    kinds = concepts("evidence-kind", "evidence-kinds.ttl")
    assert kinds == {"edition", "edition-mirror", "other-edition", "official", "secondary"}
    for name in set(TEXTUAL) - {"merges"}:
        for row in TABLES[name]:
            page = re.search(r"/whitepaper/ja/([a-z]\d\d)/", row["page_url"])
            if page or row["page_url"].startswith(thing("document", "r07").value):
                edition = "edition" if not page or page[1] == "r07" else "other-edition"
                assert row["evidence"] == edition, row
            else:
                assert row["evidence"] in kinds - {"edition", "other-edition"}, row


def test_the_edition_has_as_many_rows_as_it_says() -> None:
    for name in TEXTUAL:
        assert ABOUT["rows"][name] == len(TABLES[name]), name
    assert ABOUT["publisher_org_id"] in BY_ID["organizations"]
    assert ABOUT["credit_ja"] == "総務省「情報通信白書」を加工して作成"


# --- sections ------------------------------------------------------------------------------------


def test_the_sections_are_in_reading_order() -> None:
    def place(key: str) -> list[tuple[bool, int]]:
        numbers = [re.sub(r"^[pcs](?=\d)", "", part) for part in key.split("-")[1:]]
        return [(not part.isdigit(), int(part) if part.isdigit() else 0) for part in numbers]

    rows = TABLES["sections"]
    assert [int(row["position"]) for row in rows] == list(range(1, len(rows) + 1))
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), key=place)


def test_a_section_is_part_of_the_nearest_one_above_it() -> None:
    for key, row in BY_ID["sections"].items():
        above = key.split("-")[:-1]
        while len(above) > 1 and "-".join(above) not in BY_ID["sections"]:
            above.pop()
        assert row["parent_id"] == ("-".join(above) if len(above) > 1 else "")


@pytest.mark.parametrize(
    ("parent", "letter", "count"),
    (("r07-p1", "c", 3), ("r07-p2", "c", 2), ("r07-p2-c1", "s", 12), ("r07-p2-c2", "s", 9)),
)
def test_no_chapter_or_section_is_missing(parent: str, letter: str, count: int) -> None:
    expected = {f"{parent}-{letter}{number}" for number in range(1, count + 1)}
    children = {row["id"] for row in TABLES["sections"] if row["parent_id"] == parent}
    assert children == expected
    for row in TABLES["sections"]:
        assert row["id"] not in expected or row["evidence"].startswith("edition")


def test_titles_carry_no_number_and_say_whether_they_are_printed() -> None:
    for row in TABLES["sections"]:
        assert not re.match(r"第[0-9０-９ⅠⅡ]+[部章節]", row["title_ja"]), row
        assert not re.search(r"^(Part|Chapter|Section|Item)\b|own wording", row["title_en"]), row
        assert row["title_status"] in ("printed", "worded")
    worded = [row for row in TABLES["sections"] if row["title_status"] == "worded"]
    assert len(worded) == 11


# --- challenges and organizations ----------------------------------------------------------------


def test_the_challenges_are_one_tree_with_two_tops() -> None:
    rows = BY_ID["challenges"]
    tops = {key for key, row in rows.items() if not row["broader_id"]}
    assert tops == {"social-challenges", "digital-society-challenges"}
    for key in rows:
        path = [key]
        while rows[path[-1]]["broader_id"]:
            path.append(rows[path[-1]]["broader_id"])
            assert len(path) < len(rows), path
        assert path[-1] in tops
        assert rows[key]["section_id"] in BY_ID["sections"]


def test_challenges_are_found_under_the_names_the_field_uses() -> None:
    row = BY_ID["challenges"]["disinformation"]
    assert {"偽情報", "誤情報", "ディスインフォメーション"} <= set(split(row["alt_labels_ja"]))
    assert {"disinformation", "misinformation"} <= set(split(row["alt_labels_en"]))
    assert [key for key, row in BY_ID["challenges"].items() if not row["alt_labels_ja"]] == []


def test_an_organization_has_its_official_name_and_a_defined_kind() -> None:
    kinds = concepts("organization-kind", "organization-kinds.ttl")
    for row in TABLES["organizations"]:
        assert row["kind"] in kinds
        assert not re.search(r"（[A-Z]+）$|\([A-Z]+\)$", row["label_ja"] + row["label_en"]), row
    assert BY_ID["organizations"]["government-of-japan"]["kind"] == "government"
    assert BY_ID["organizations"]["nhk"]["kind"] == "public-corporation"
    assert "IPA" in split(BY_ID["organizations"]["ipa"]["alt_labels_ja"])


# --- policies, milestones, indicators ------------------------------------------------------------


def test_every_policy_has_a_section_a_page_a_lead_a_kind_and_a_status() -> None:
    kinds = concepts("policy-kind", "policy-kinds.ttl")
    statuses = concepts("policy-status", "policy-statuses.ttl")
    for row in TABLES["policies"]:
        assert row["section_id"] in BY_ID["sections"], row["id"]
        assert row["page_url"].startswith("http"), row["id"]
        assert row["lead_org_id"] in BY_ID["organizations"], row["id"]
        assert row["kind"] in kinds and row["status"] in statuses, row["id"]


def test_a_policy_of_this_edition_stands_in_the_section_of_its_page() -> None:
    for row in TABLES["policies"]:
        page = re.search(r"/r07/\w+/nd(\d)(\d)(\w)", row["page_url"])
        if page and row["evidence"] == "edition":
            part, chapter, section = (int(number, 16) for number in page.groups())
            assert row["section_id"].startswith(f"r07-p{part}-c{chapter}-s{section}"), row["id"]


def test_the_challenges_that_policies_address_exist_and_fifteen_address_none() -> None:
    for row in TABLES["policies"]:
        challenges = split(row["addresses_challenge_ids"])
        assert set(challenges) <= set(BY_ID["challenges"]), row["id"]
        assert challenges == sorted(set(challenges)), row["id"]
    assert sum(not row["addresses_challenge_ids"] for row in TABLES["policies"]) == 15


def test_the_dates_of_policies_are_real_and_in_order() -> None:
    for row in TABLES["policies"]:
        dates = {key: parse_period(row[key]) for key in ("start_date", "end_date") if row[key]}
        if len(dates) == 2:
            assert dates["start_date"].start <= dates["end_date"].end, row["id"]
        laws = [parse_period(row[key]) for key in LAW_DATES if row[key]]
        assert not laws or row["kind"] == "law", row["id"]
        for earlier, later in zip(laws, laws[1:], strict=False):
            assert earlier.start <= later.end, row["id"]


def test_a_status_is_that_of_the_day_the_edition_appeared() -> None:
    published: date = ABOUT["published"]
    for row in TABLES["policies"]:
        if row["start_date"]:
            begun = parse_period(row["start_date"]).start <= published
            assert begun == (row["status"] not in ("after-edition", "enacted")), row["id"]
        if row["status"] == "completed" and row["end_date"]:
            assert parse_period(row["end_date"]).start <= published, row["id"]


def test_the_dates_of_a_law_are_told_apart() -> None:
    act = BY_ID["policies"]["information-distribution-platform-act"]
    assert [act[key] for key in LAW_DATES] == ["2024-05", "2024-05-17", "2025-04-01"]
    amendment = BY_ID["policies"]["telecom-business-and-ntt-law-amendment-2025"]
    assert [amendment[key] for key in LAW_DATES] == ["", "2025-05-28", ""]


def test_the_dates_of_a_law_are_those_of_its_milestones_or_its_number() -> None:
    for law in LAWS:
        known = {row["date"] for row in TABLES["milestones"] if row["policy_id"] == law["id"]}
        numbers = re.findall(r"(昭和|平成|令和)(\d+)年法律", "".join(law.values()))
        years = {str(ERAS[era] + int(year)) for era, year in numbers}
        for column in LAW_DATES:
            said = known | (years if column == "promulgated" else {law["start_date"]})
            assert not law[column] or law[column] in said, (law["id"], column)


def test_a_law_number_names_one_law_and_always_with_its_year() -> None:
    numbers = Counter(
        number for law in LAWS for number in set(LAW_NUMBER.findall("".join(law.values())))
    )
    assert [number for number, count in numbers.items() if count > 1] == []
    assert {"令和4年法律第70号", "令和2年法律第70号"} <= set(numbers)
    yearless = re.compile(r"Act No\. \d+\b(?! of \d{4})")
    for name in ("policies", "milestones"):
        assert [place for place, text in cells(name, "en") if yearless.search(text)] == []


def test_milestones_are_events_of_policies_on_real_dates_told_once() -> None:
    rows = TABLES["milestones"]
    assert [row for row in rows if row["policy_id"] not in BY_ID["policies"]] == []
    assert all(parse_period(row["date"]) for row in rows)
    for columns in (("policy_id", "date", "label_ja"), ("policy_id", "label_ja", "label_en")):
        keys = Counter(tuple(row[column] for column in columns) for row in rows)
        assert [key for key, count in keys.items() if count > 1] == []


def test_milestones_later_than_the_edition_say_so() -> None:
    for row in TABLES["milestones"]:
        if parse_period(row["date"]).start > ABOUT["published"]:
            assert re.search("（刊行後）|（予定）|目標", row["label_ja"]), row
            assert re.search(r"after the edition|planned|[Tt]arget", row["label_en"]), row


def test_a_target_of_a_policy_has_a_value_to_reach() -> None:
    targets = {row["indicator_id"] for row in TABLES["observations"] if row["status"] == "target"}
    for row in TABLES["policy_indicators"]:
        assert row["policy_id"] in BY_ID["policies"] and row["indicator_id"] in BY_ID["indicators"]
        assert row["relation"] in ("target", "monitors", "evidence")
        assert row["relation"] != "target" or row["indicator_id"] in targets, row


# --- merges --------------------------------------------------------------------------------------


def test_merges_have_no_chains_and_keep_what_exists() -> None:
    dropped = {(row["table"], row["dropped_id"]) for row in TABLES["merges"]}
    assert len(dropped) == len(TABLES["merges"])
    for row in TABLES["merges"]:
        assert (row["table"], row["kept_id"]) not in dropped, row
        assert row["kept_id"] in BY_ID[row["table"]], row


def test_no_dropped_id_is_used_anywhere() -> None:
    dropped = {table: set[str]() for table in TABLES}
    for row in TABLES["merges"]:
        dropped[row["table"]].add(row["dropped_id"])
    columns = {
        "id": "",
        "policy_id": "policies",
        "indicator_id": "indicators",
        "source_id": "sources",
        "publisher_org_id": "organizations",
        "lead_org_id": "organizations",
        "broader_id": "challenges",
        "challenge_id": "challenges",
        "challenge_ids": "challenges",
        "addresses_challenge_ids": "challenges",
    }
    for name, rows in TABLES.items():
        for row in rows:
            for column, target in columns.items():
                used = set(split(row.get(column, "")))
                assert not used & dropped[target or name], (name, row)
