"""Tables that people hand in as CSV: headers, forms of numbers and dates, places, replacements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from hakusho.graph.names import expand, term, thing
from hakusho.loaders.about import read_about
from hakusho.loaders.compiled import quads_of
from hakusho.loaders.defects import texts
from hakusho.loaders.edition import complete, packaged_editions, read_tables
from hakusho.loaders.nodes import quads
from hakusho.loaders.references import References, known_to
from hakusho.loaders.submission import Place, Submission, joined, read_submission

from .submitted import grave, said, values

PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"
POLICY = "id,label_ja,label_en,kind,status,lead_org_id,start_date,addresses_challenge_ids\n"
VALUE = "指標,期間,地域,値,単位,出典,掲載ページ\n"


@pytest.fixture(scope="module")
def known() -> References:
    """The code lists, and a few things that rows may refer to."""
    known = known_to(None)
    known.add("organization", "mic", ["総務省", "Ministry of Internal Affairs and Communications"])
    known.add("challenge", "disinformation", ["偽・誤情報"])
    known.add("challenge", "cyber", ["サイバーセキュリティ"])
    known.add("indicator", "ai-use", ["生成AIの利用率"])
    known.add("indicator", "trade", ["収支"])
    known.add("source", "survey", ["利用動向調査"])
    return known


@pytest.fixture
def submit(known: References) -> Callable[..., Submission]:
    """Reads one file."""

    def read(text: str | bytes, file: str = "policies.csv", table: str | None = None) -> Submission:
        content = text if isinstance(text, bytes) else text.encode()
        return read_submission([(file, content)], known, table=table)

    return read


def test_a_row_is_a_thing_and_each_statement_leads_back_to_its_cell(
    submit: Callable[..., Submission],
) -> None:
    read = submit(POLICY + "notice,通知,Notice,guideline,ongoing,mic,FY2024,cyber;disinformation\n")
    notice = thing("policy", "notice")
    assert grave(read) == []
    assert read.things == (notice,)
    assert values(read, notice, "hk:ledBy") == [thing("organization", "mic").value]
    assert all(quad.graph_name.__class__.__name__ == "DefaultGraph" for quad in read.quads)
    place = Place("policies.csv", None, 2, "lead_org_id")
    assert read.place(notice.value, term("ledBy").value) == place
    assert read.place(notice.value, term("endDate").value) == Place("policies.csv", None, 2)
    english = read.place(notice.value, expand("rdfs:label"), "Notice")
    assert english == Place("policies.csv", None, 2, "label_en")
    assert read.place(thing("policy", "other").value) is None
    assert read.files[0].rows == 1 and len(read.files[0].sha256) == 64


def test_what_a_cell_says_takes_the_place_of_what_was_said_and_an_empty_cell_does_not(
    submit: Callable[..., Submission],
) -> None:
    read = submit("id,label_ja,label_en,status,lead_org_id\nnotice,通知,Notice,,mic\n")
    replaced = {predicate for subject, predicate in read.replaces}
    assert term("ledBy") in replaced and NamedNode(expand("rdfs:label")) in replaced
    assert term("status") not in replaced


def test_a_section_that_is_placed_is_no_longer_described(known: References) -> None:
    own = known.copy()
    own.add("part", "r07-p1", [])
    text = "id,label_ja,section_id\nnotice,通知,r07-p1\n"
    read = read_submission([("policies.csv", text.encode())], own)
    replaced = {predicate for _, predicate in read.replaces}
    assert {term("placedIn"), term("describedIn")} <= replaced


@pytest.mark.parametrize(
    "header",
    [
        "id,label_ja,label_en,kind,status,lead_org_id,start_date",
        "識別子,名称（日本語）,名称（英語）,種別,実施状況,所管,開始時期",
        "id,Name (Japanese),Name (English),kind,status,Lead organization,start date",
        "ＩＤ,名称,name,区分,状況,主担当組織,開始年月日",
    ],
)
def test_headers_are_ids_or_names_in_either_language(
    submit: Callable[..., Submission], header: str
) -> None:
    read = submit(f"{header}\nnotice,通知,Notice,guideline,ongoing,mic,FY2024\n")
    assert grave(read) == []
    plain = submit(
        "lead_org_id,id,start_date,label_en,label_ja,status,kind\n"
        "mic,notice,FY2024,Notice,通知,ongoing,guideline\n"
    )
    assert set(read.quads) == set(plain.quads), "in any order"


def test_a_header_of_ids_below_one_of_names_is_a_header_still(
    submit: Callable[..., Submission],
) -> None:
    read = submit("識別子,名称（日本語）,所管\nid,label_ja,lead_org_id\nnotice,通知,mic\n")
    assert grave(read) == [] and read.things == (thing("policy", "notice"),)
    assert read.place(thing("policy", "notice").value) == Place("policies.csv", None, 3)


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("令和6年4月1日", "2024-04-01"),
        ("令和６年４月１日（月）", "2024-04-01"),
        ("R6.4.1", "2024-04-01"),
        ("H31/4/30", "2019-04-30"),
        ("令和元年", "2019"),
        ("令和6年度", "FY2024"),
        ("２０２４年度", "FY2024"),
        ("令和6（2024）年度", "FY2024"),
        ("2024年11月", "2024-11"),
        ("2024/4/1", "2024-04-01"),
        ("2024年度第2四半期", "FY2024-Q2"),
        ("2024年上半期", "2024-H1"),
        ("5 Nov 2024", "2024-11-05"),
        ("November 2024", "2024-11"),
        ("2025年2月調査", "survey-2025-02"),
    ],
)
def test_periods_are_read_as_people_write_them_and_said_so(
    submit: Callable[..., Submission], written: str, slug: str
) -> None:
    read = submit(f"id,label_ja,start_date\nnotice,通知,{written}\n")
    assert values(read, thing("policy", "notice"), "hk:startDate") == [thing("period", slug).value]
    note = said(read, "period-read")
    assert (note.value, note.severity) == (written, "info") and slug in note.message_ja


@pytest.mark.parametrize(
    ("written", "value", "unit", "precision"),
    [
        ("１，２３４.５", "1234.5", None, None),
        ('"1,234"', "1234", None, None),
        ("△12.3", "-12.3", None, None),
        ("▲12.3", "-12.3", None, None),
        ("−12.3", "-12.3", None, None),
        ("(12.3)", "-12.3", None, None),
        ("約8割", "8", "tenths", "approximate"),
        ("83.0％", "83.0", "percent", None),
        ("2.5兆円", "2.5", "jpy-trillion", None),
        ("300億円以上", "300", "jpy-100m", "over"),
        ("5万件未満", "5", "cases-10k", "under"),
        ("10億円超", "10", "jpy-100m", "over"),
    ],
)
def test_numbers_are_read_as_printed_with_their_unit_and_precision(
    submit: Callable[..., Submission],
    written: str,
    value: str,
    unit: str | None,
    precision: str | None,
) -> None:
    read = submit(VALUE + f"trade,FY2024,JP,{written},,survey,{PAGE}\n", "観測値.csv")
    assert grave(read) == []
    (row,) = read.things
    assert values(read, row, "hk:value") == [value]
    assert values(read, row, "hk:printedValue") == [written.strip('"')], "as it stands in the cell"
    assert values(read, row, "hk:unit") == ([thing("unit", unit).value] if unit else [])
    kept = [thing("precision", precision).value] if precision else []
    assert values(read, row, "hk:precision") == kept


@pytest.mark.parametrize("mark", ["－", "-", "…", "x", "***", "非公表"])
def test_a_row_without_a_value_is_left_out_and_said_so(
    submit: Callable[..., Submission], mark: str
) -> None:
    read = submit(VALUE + f"trade,FY2024,JP,{mark},億円,survey,{PAGE}\n", "観測値.csv")
    assert read.things == () and grave(read) == [] and read.files[0].rows == 1
    left = said(read, "row-without-value")
    assert left.place == Place("観測値.csv", None, 2, "値") and mark in left.message_en


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("6.403件", "doubtful-number"),
        ("10～20％", "not-one-value"),
        ("多数", "bad-decimal"),
        ("1人当たり3台", "not-one-value"),
        ("1,23", "bad-decimal"),
    ],
)
def test_what_is_no_single_number_is_refused(
    submit: Callable[..., Submission], written: str, code: str
) -> None:
    read = submit(VALUE + f'trade,FY2024,JP,"{written}",,survey,{PAGE}\n', "観測値.csv")
    assert grave(read) == [code] and read.things == ()
    assert said(read, code).value == written


def test_a_unit_beside_a_value_and_one_within_it_must_agree(
    submit: Callable[..., Submission],
) -> None:
    rows = [f"trade,FY202{year},JP,{value},{unit},survey,{PAGE}" for year, value, unit in (
        (1, "12億円", "億円"), (2, "12億", "円"), (3, "12億円", "％"))]  # fmt: skip
    read = submit(VALUE + "\n".join(rows), "観測値.csv")
    assert grave(read) == ["unit-differs"] and said(read, "unit-differs").place.row == 4
    assert [values(read, row, "hk:unit") for row in read.things] == [
        [thing("unit", "jpy-100m").value],
        [thing("unit", "jpy-100m").value],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "指標,期間,地域,値（億円）,掲載ページ\ntrade,FY2024,JP,12,{page}\n",
        "指標,期間,地域,値[単位：億円],掲載ページ\ntrade,FY2024,JP,12,{page}\n",
        "収支の推移,,,,（単位：億円）\n指標,期間,地域,値,掲載ページ\ntrade,FY2024,JP,12,{page}\n",
    ],
)
def test_a_unit_in_the_header_or_above_it_is_that_of_all_values(
    submit: Callable[..., Submission], text: str
) -> None:
    read = submit(text.format(page=PAGE), "観測値.csv")
    assert grave(read) == []
    (row,) = read.things
    assert values(read, row, "hk:unit") == [thing("unit", "jpy-100m").value]
    assert values(read, row, "hk:value") == ["12"]


def test_a_fiscal_year_is_no_year_of_a_source(submit: Callable[..., Submission]) -> None:
    text = "id,title_ja,year\na,甲,令和6年\nb,乙,令和6年度\n"
    read = submit(text, "sources.csv")
    assert grave(read) == ["bad-year"] and said(read, "bad-year").value == "令和6年度"
    assert values(read, thing("source", "a"), "dcterms:issued") == ["2024"]


def test_a_comma_parts_ids_but_not_the_name_of_one_thing(known: References) -> None:
    own = known.copy()
    own.add("challenge", "trust", ["Trust, safety and openness"])
    text = 'id,label_ja,challenges\na,甲,"Trust, safety and openness"\nb,乙,"cyber,trust"\n'
    read = read_submission([("indicators.csv", text.encode())], own)
    assert grave(read) == []
    assert len(values(read, thing("indicator", "a"), "hk:bearsOn")) == 1
    assert len(values(read, thing("indicator", "b"), "hk:bearsOn")) == 2


def test_a_row_that_is_refused_leaves_nothing_behind(submit: Callable[..., Submission]) -> None:
    policy = submit("id,label_ja,課題,開始\nnotice,通知,cyber,2024-02-31\n")
    assert grave(policy) == ["bad-period"] and policy.quads == () and policy.replaces == frozenset()
    header = "indicator_id,period,area,value,figure_no,page_url\n"
    value = submit(header + "trade,2024,JP,5,表1,http://a b\n", "observations.csv")
    assert grave(value) == ["bad-address"] and value.quads == ()


def test_names_stand_for_ids_where_one_thing_bears_them(
    submit: Callable[..., Submission],
) -> None:
    text = "id,label_ja,所管,課題,種別\nnotice,通知,総務省,偽・誤情報、サイバーセキュリティ,法令\n"
    read = submit(text)
    notice = thing("policy", "notice")
    assert grave(read) == []
    assert values(read, notice, "hk:ledBy") == [thing("organization", "mic").value]
    assert values(read, notice, "hk:kind") == [thing("policy-kind", "law").value]
    links = {thing.value.rpartition("_")[2] for thing in read.things} | {
        quad.subject.value.rpartition("_")[2]
        for quad in read.quads
        if isinstance(quad.subject, NamedNode) and "/link/" in quad.subject.value
    }
    assert {"disinformation", "cyber"} <= links
    assert said(read, "name-read").value in ("総務省", "法令")


def test_every_defect_of_a_file_is_told_at_once_with_its_place_and_the_nearest_right_thing(
    submit: Callable[..., Submission],
) -> None:
    read = submit(
        "id,label_ja,lead_org,start_date,page_url\n"
        "Notice 1,通知,mic,2024-02-31,soumu.go.jp\n"
        "a,甲,mic,令和6年4月99日,https://www.soumu.go.jp/\n"
        "a,乙,mic,2024,https://www.soumu.go.jp/\n"
    )
    assert sorted(grave(read)) == sorted(
        ["unknown-column", "bad-id", "bad-period", "bad-address", "bad-period", "same-thing-twice"]
    )
    column = said(read, "unknown-column")
    assert column.nearest == ("lead_org_id",) and column.place.column == "lead_org"
    ninety_ninth = [each for each in read.defects if each.code == "bad-period"][-1]
    assert ninety_ninth.value == "令和6年4月99日" and ninety_ninth.place.row == 3
    assert "30日まで" in ninety_ninth.message_ja and "30 days" in ninety_ninth.message_en


def test_a_period_must_be_of_the_type_that_its_row_states(
    submit: Callable[..., Submission],
) -> None:
    text = f"indicator_id,period,period_type,area,value,page_url\ntrade,2024,年度,JP,5,{PAGE}\n"
    read = submit(text, "observations.csv")
    assert grave(read) == ["period-of-another-type"]
    right = submit(text.replace(",2024,", ",FY2024,"), "observations.csv")
    assert grave(right) == [] and len(right.things) == 1


def test_breakdowns_written_together_are_read_apart(submit: Callable[..., Submission]) -> None:
    header = "indicator_id,period,area,dimensions,value,page_url\n"
    read = submit(header + f"trade,2024,JP,age=20s;status=forecast,5,{PAGE}\n", "observations.csv")
    (row,) = read.things
    assert values(read, row, "hk:age") == [thing("age", "20s").value]
    assert read.place(row.value, term("age").value) == Place(
        "observations.csv", None, 2, "dimensions"
    )
    wrong = submit(header + f"trade,2024,JP,agee=20s,5,{PAGE}\n", "observations.csv")
    assert grave(wrong) == ["unknown-dimension"] and wrong.things == ()


def test_the_table_is_told_by_name_by_option_or_by_its_headers(
    submit: Callable[..., Submission],
) -> None:
    text = "policy_id,date,label_ja\nnotice,2024,開始\n"
    for file, table in (("milestones.csv", None), ("経過.csv", None), ("a.csv", "milestones")):
        assert grave(submit(text, file, table)) == ["unknown-thing"], "the policy alone is unknown"
    guessed = submit(text, "a.csv")
    assert said(guessed, "table-guessed").severity == "info"
    unknown = submit("甲,乙\n1,2\n", "a.csv")
    assert grave(unknown) == ["unknown-table"]


def test_rows_may_refer_to_rows_of_other_files_that_are_handed_in(known: References) -> None:
    policies = b"id,label_ja,lead_org_id\nnew-policy,\xe6\x96\xb0,new-office\n"
    organizations = "id,label_ja\nnew-office,新しい室\n".encode()
    files = [("policies.csv", policies), ("organizations.csv", organizations)]
    assert grave(read_submission(files, known)) == []
    assert not known.knows("organization", "new-office"), "what is known stays as it was"


def test_an_id_that_a_release_uses_for_something_else_is_refused(known: References) -> None:
    label = NamedNode(expand("rdfs:label"))
    held = Store()
    for kind, slug, name in (
        ("policy", "notice", "NOTICE"),
        ("policy", "act", "サイバー対処能力強化法"),
        ("challenge", "traffic", "通信量の増加"),
    ):
        held.add(Quad(thing(kind, slug), label, Literal(name, language="ja")))
    text = "id,label_ja\nnotice,農業の振興\nact,サイバー対処能力強化法案\ntraffic,通信量対策\n"
    read = read_submission([("policies.csv", text.encode())], known_to(held))
    assert grave(read) == ["other-meaning"] and said(read, "other-meaning").place.row == 2
    assert said(read, "other-kind").severity == "warning"
    assert read.things == (thing("policy", "act"), thing("policy", "traffic"))


def test_submissions_join_into_one(submit: Callable[..., Submission]) -> None:
    one, two = submit("id,label_ja\na,甲\n"), submit("id,label_ja\nb,乙\n")
    both = joined([one, two])
    assert both.things == (*one.things, *two.things) and len(both.files) == 2
    assert both.is_whole() and both.place(two.things[0].value) == two.place(two.things[0].value)


def test_every_defect_is_worded_in_both_languages() -> None:
    for code, entry in texts().items():
        assert {"ja", "en"} <= entry.keys(), code
        assert entry.get("severity", "violation") in ("violation", "warning", "info"), code
        hint = entry.get("hint")
        assert hint is None or {"ja", "en"} <= hint.keys(), code
        assert hint is not None or entry.get("severity") in ("warning", "info"), f"{code}: no hint"


def test_the_compiled_context_says_what_json_ld_says_of_the_packaged_edition() -> None:
    folder = packaged_editions()[-1]
    rows = complete(read_about(folder), read_tables(folder))
    compiled = {quad for node in rows.nodes for quad in quads_of(node)}
    assert compiled == set(quads(rows.nodes))
