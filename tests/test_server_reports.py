"""Reports: the same findings in six forms, each whole, harmless and in one language."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from hakusho.graph.errors import UnsupportedFormat
from hakusho.graph.names import PREFIXES, expand
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.checking import Report, check
from hakusho.loaders.checking.words import words
from hakusho.loaders.references import known_to
from hakusho.loaders.submission import read_submission
from hakusho.server.reports import console
from hakusho.server.reports.formats import FORMS, Form, form
from hakusho.server.reports.view import view
from hakusho.server.texts.files import texts

PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"
POLICIES = f"""id,label_ja,label_en,summary_ja,kind,status,lead_org_id,section_id,page_url,evidence
new-a,<b>新しい</b>施策,<script>a()</script>,概要。,council,ongoing,mic,r07-p1-c1-s1,{PAGE},edition
new-b,施策,B,概要。,council,ongoing,=cmd|'/C calc'!A0,r07-p1-c1-s1,{PAGE},edition
new-c,施策,C,概要。,council,ongoing,\x1b[31m\x08,r07-p1-c1-s1,{PAGE},edition
new-d,施策,D,概要。,counsil,ongoing,mic,r07-p1-c1-s1,{PAGE},edition
new-e,施策,E,概要。,counsil,ongoing,mic,r07-p1-c1-s1,{PAGE},edition
ai-act,AI新法,,,,,,,,
"""
INDICATORS = "id,unit_id\nsns-use,persons\n"
JAPANESE = re.compile("[぀-ヿ一-鿿]")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")
"""Three words in a row; ids and names have hyphens in them."""


@pytest.fixture(scope="module")
def report(small_data: Path) -> Report:
    """A report with all kinds of findings and changes."""
    folder = DataFolder(small_data)
    release = folder.current()
    assert release is not None
    files = [("policies.csv", POLICIES.encode()), ("indicators.csv", INDICATORS.encode())]
    return check(read_submission(files, known_to(release.engine()), edition="r07"), folder)


@pytest.fixture(scope="module")
def passing(report: Report) -> Report:
    """A report without any finding."""
    return Report(report.submission, 1, (), report.diff)


def test_the_report_has_all_kinds_of_findings(report: Report) -> None:
    assert not report.passes
    assert {each.severity for each in report.findings} >= {"violation", "warning"}
    assert {each.place is None for each in report.findings} == {True, False}
    assert max(each.count for each in report.findings) > 1
    assert {each.how for each in report.diff.things} == {"added", "changed"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_report_is_in_one_language(report: Report, form: Form) -> None:
    for lang, other in (("ja", "en"), ("en", "ja")):
        written = re.sub(r"<style>.*?</style>", "", form.write(report, lang), flags=re.DOTALL)
        for each in report.findings:
            sentences = {each.message(other), each.hint(other)} - {"", each.message(lang)}
            assert not any(sentence in written for sentence in sentences)
        for name, said in texts("console")["report"].items():
            plain = said[other]
            if "{" not in plain and plain != said[lang] and len(plain) > 12:
                assert plain not in written, name


def test_a_japanese_report_has_no_english_sentence_and_an_english_one_no_japanese(
    report: Report,
) -> None:
    for each in report.findings:
        assert not ENGLISH.search(each.message_ja + each.hint_ja), each.message_ja
        assert JAPANESE.search(each.message_ja)
        said = each.message_en + each.hint_en
        assert not JAPANESE.search(said.replace(each.value or "-", "")), each.message_en


def test_what_is_said_of_statements_is_said_in_both_languages() -> None:
    for code, said in words().items():
        assert JAPANESE.search(said["ja"]) and JAPANESE.search(said["hint"]["ja"]), code
        assert not JAPANESE.search(said["en"] + said["hint"]["en"]), code
        assert said["severity"] in ("violation", "warning", "info"), code


def test_a_report_as_text_is_plain_where_no_terminal_is(report: Report) -> None:
    for lang in ("ja", "en"):
        written = form("text").write(report, lang)
        assert "\x1b" not in written
        assert not [line for line in written.splitlines() if line != line.rstrip()]
        for each in report.findings:
            assert f"[{each.code}]" in written


def test_colours_are_for_terminals_and_what_steers_one_is_taken_out(report: Report) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    console.write(view(report, "ja"), screen)
    assert "\x1b[1;31m" in screen.getvalue()
    assert "\x08" not in screen.getvalue() and "\x1b[31m\x08" not in screen.getvalue()


def test_a_report_says_where_what_and_how_to_mend_it(report: Report) -> None:
    ja, en = (form("text").write(report, lang) for lang in ("ja", "en"))
    assert "policies.csv 5行目 列「kind」  値「counsil」" in ja
    assert "policies.csv, row 5, column kind  value “counsil”" in en
    assert "もしかして council" in ja and "did you mean council?" in en
    assert "同じ指摘が全部で2か所（5, 6行目）" in ja and "2 times in all, in rows 5, 6" in en
    assert "投稿にない資源" in ja and "not in the submission" in en
    assert "名称: AI法 [ja] → AI新法 [ja]" in ja
    assert "既に r07 にある資源" in ja and "already described in r07" in en


def test_a_text_shows_five_of_a_kind_and_says_how_many_more(report: Report) -> None:
    one = report.findings[0]
    many = tuple(replace(one, value=str(number)) for number in range(12))
    written = form("text").write(replace(report, findings=many), "en")
    assert written.count(f"[{one.code}]") == 6
    assert f"and 7 more: policies.csv, column lead_org_id [{one.code}]" in written
    assert "--format csv (or json, html) gives all of them" in written


def test_a_report_as_html_is_whole_and_runs_nothing(report: Report) -> None:
    page = form("html").write(report, "en")
    assert "<script" not in page and "<b>" not in page
    assert "&lt;script&gt;a()&lt;/script&gt;" in page
    assert not re.search(r"(src|href)=", page)
    root = ElementTree.fromstring(re.sub(r"<!doctype html>|<meta[^>]*>|[\x1b\x08]", "", page))
    assert root.get("lang") == "en"
    assert len(root.findall(".//li[@class]")) == len(report.findings) + len(report.diff.things)


def test_a_report_as_json_has_what_its_description_says(report: Report) -> None:
    told = json.loads(form("json").write(report, "en"))
    assert told.keys() == {"passes", "base", "lang", "counts", "files", "findings", "diff"}
    assert (told["passes"], told["base"], told["lang"]) == (False, 1, "en")
    assert told["counts"] == report.counts
    assert [each["rows"] for each in told["files"]] == [6, 1]
    for told_of, each in zip(told["findings"], report.findings, strict=True):
        assert told_of.keys() == {
            "code", "severity", "message", "hint", "value", "nearest", "property", "shape",
            "count", "occurrences",
        }  # fmt: skip
        assert (told_of["code"], told_of["count"]) == (each.code, each.count)
        assert len(told_of["occurrences"]) == each.count
    diff = told["diff"]
    assert (diff["added"], diff["removed"]) == (report.diff.count("added"), 0)
    (change,) = (each for each in diff["things"] if each["thing"] == expand("policy/ai-act"))
    assert change["graphs"] == ["r07"]
    assert change["properties"][0]["added"] == [
        {"type": "literal", "value": "AI新法", "xml:lang": "ja"}
    ]


def test_a_report_as_csv_has_a_row_each_time_and_no_formula(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(form("csv").write(report, "ja"))))
    assert len(rows) == sum(report.counts.values())
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "@", "+"))]
    (formula,) = (row for row in rows if "calc" in row["value"])
    assert (formula["row"], formula["column"]) == ("3", "lead_org_id")
    assert formula["value"].startswith("'=cmd")


def test_a_report_as_turtle_is_a_validation_report(report: Report, passing: Report) -> None:
    store = Store()
    store.load(form("turtle").write(report, "ja").encode(), RdfFormat.TURTLE)
    sh = PREFIXES["sh"]
    results = list(store.quads_for_pattern(None, NamedNode(sh + "result"), None, None))
    assert len(results) == sum(report.counts.values())
    # SHACL, 3.6.2: what each result must have exactly once.
    for name in ("focusNode", "resultSeverity", "sourceConstraintComponent"):
        for result in results:
            assert isinstance(result.object, BlankNode)
            found = store.quads_for_pattern(result.object, NamedNode(sh + name), None, None)
            assert len(list(found)) == 1, name
    assert conforms(store) == "false"
    conforming = Store()
    conforming.load(form("turtle").write(passing, "ja").encode(), RdfFormat.TURTLE)
    assert conforms(conforming) == "true"


def conforms(store: Store) -> str:
    """Gives what a validation report says of the data as a whole."""
    (quad,) = store.quads_for_pattern(None, NamedNode(PREFIXES["sh"] + "conforms"), None, None)
    assert isinstance(quad.object, Literal)
    return quad.object.value


def test_a_report_as_junit_fails_each_violation_in_the_case_of_its_file(report: Report) -> None:
    root = ElementTree.fromstring(form("junit").write(report, "en"))
    (suite,) = root.findall("testsuite")
    cases = {case.get("name"): case for case in suite.findall("testcase")}
    assert set(cases) == {"policies.csv", "indicators.csv", "not in the submission"}
    failures = [failure for case in cases.values() for failure in case.findall("failure")]
    violations = [each for each in report.findings if each.severity == "violation"]
    codes = sorted(each.code for each in violations)
    assert sorted(str(failure.get("type")) for failure in failures) == codes
    assert (suite.get("tests"), suite.get("failures")) == ("3", str(len(violations)))
    assert cases["policies.csv"].find("system-out") is not None


def test_a_report_without_findings_says_so_in_every_form(passing: Report) -> None:
    assert "can be published" in form("text").write(passing, "en")
    assert "指摘はありません" in form("html").write(passing, "ja")
    assert json.loads(form("json").write(passing, "en"))["findings"] == []
    assert form("csv").write(passing, "en").count("\n") == 1
    suite = ElementTree.fromstring(form("junit").write(passing, "en"))[0]
    assert (suite.get("failures"), len(suite)) == ("0", 2)


def test_a_form_that_is_not_offered_is_told_with_those_that_are() -> None:
    with pytest.raises(UnsupportedFormat, match="text, html, json, csv, turtle, junit"):
        form("pdf")
