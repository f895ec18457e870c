"""What people come for, from first page to last: by mouse, by keyboard, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Opener = Callable[..., Page]

pytestmark = pytest.mark.browser

CHALLENGE = "偽・誤情報"
POLICY = "DIGITAL POSITIVE ACTION"


def follow(page: Page, link: Locator) -> None:
    """Follows a link and waits for its page."""
    with page.expect_navigation():
        link.click()


def journey(page: Page) -> None:
    """Goes from a challenge over a policy and an indicator to the page that prints the number."""
    main = page.locator("main")
    follow(page, main.get_by_role("link", name=CHALLENGE, exact=True).first)
    assert "/id/challenge/disinformation" in page.url
    follow(page, main.get_by_role("link", name=POLICY).first)
    assert "/id/policy/digital-positive-action" in page.url
    follow(page, main.locator("a[href^='/id/indicator/']").first)
    assert "/id/indicator/" in page.url
    source = main.locator("a[href^='http'][rel='external']").first
    address = source.get_attribute("href")
    assert address is not None and re.match(r"https?://[\w.-]+\.go\.jp/", address), address


def test_from_a_challenge_to_the_page_that_prints_the_number(visit: Opener) -> None:
    journey(visit("/?unfold=all"))


def test_the_same_way_without_a_script(visit: Opener) -> None:
    journey(visit("/?unfold=all", script=False))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("災害", "災害"),
        ("電波", "電波"),
        ("AI", "AI"),
        ("ｻｲﾊﾞｰ", "サイバー"),
        ("サーバ", "サーバ"),
    ],
)
def test_words_are_found_and_marked(visit: Opener, words: str, first: str) -> None:
    page = visit("/search")
    page.get_by_label("探す言葉").fill(words)
    page.get_by_label("探す言葉").press("Enter")
    page.wait_for_url("**/search?*q=*")
    assert page.locator("main mark").first.inner_text() == first
    follow(page, page.locator("main h3 a").first)
    assert page.locator("h1").inner_text().strip()


def test_names_are_offered_while_one_types(visit: Opener) -> None:
    page = visit("/search")
    page.get_by_label("探す言葉").press_sequentially("サイバー")
    option = page.locator("datalist option").first
    option.wait_for(state="attached")
    assert "サイバー" in (option.get_attribute("value") or "")


def test_a_question_is_asked_and_its_data_taken(visit: Opener) -> None:
    page = visit("/queries")
    follow(page, page.get_by_role("link", name="ある課題に取り組む施策", exact=True))
    page.get_by_label("課題").select_option(label="サイバーセキュリティ")
    with page.expect_navigation():
        page.get_by_role("button", name="答えを見る").click()
    assert page.locator("table.answer tbody tr").count() > 10
    csv = page.locator("main a", has_text=re.compile("^CSV$")).first.get_attribute("href")
    answer = page.request.get(page.url.partition("/queries")[0] + (csv or ""))
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_query_with_an_error_is_mended_where_the_mark_is(visit: Opener) -> None:
    page = visit("/sparql")
    editor = page.get_by_role("textbox", name=re.compile("SPARQL"))
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(
        "PREFIX hk: <https://w3id.org/hakusho/ontology#>\n"
        "SELECT ?policy WHERE { ?policy hk:addresses challenge }"
    )
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.get_by_role("alert").get_by_text("2行目").is_visible()
    assert page.locator(".cm-lintRange-error").inner_text() == "challenge"
    page.locator("a[data-place]").click()
    for _ in "challenge":
        page.keyboard.press("Delete")
    page.keyboard.insert_text("?challenge")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.get_by_role("alert").count() == 0
    assert page.locator("table.answer tbody tr").count() > 100


def test_terms_are_completed_by_their_japanese_names_with_their_prefix(visit: Opener) -> None:
    page = visit("/sparql")
    page.get_by_role("textbox", name=re.compile("SPARQL")).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?s WHERE { ?s ")
    page.keyboard.insert_text("取り組む課題")
    page.keyboard.press("Control+Space")
    option = page.get_by_role("option", name=re.compile("hk:addresses"))
    option.first.wait_for()
    option.first.click()
    text = page.locator("textarea#query").input_value()
    assert text.startswith("PREFIX hk: <https://w3id.org/hakusho/ontology#>\n")
    assert text.endswith("?s hk:addresses")


SHEET = """id,label_ja,label_en,kind,page_url,evidence
mic,総務省,Ministry of Internal Affairs and Communications,ministry,https://www.soumu.go.jp/,official
new-office,新しい役所,New office,minstry,https://www.soumu.go.jp/new,official
"""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_faulty_sheet_is_told_by_row_and_column_with_the_way_to_mend_it(
    visit: Opener, script: bool
) -> None:
    page = visit("/validate", script=script)
    page.locator("input[type=file]").set_input_files(
        files={"name": "organizations.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="検査").click()
    said = page.locator("main").inner_text()
    assert "登録できません" in said
    assert re.search(r"3\s*行", said) and "kind" in said
    assert "minstry" in said and "ministry" in said


def test_an_answer_is_drawn_and_its_link_gives_it_again(visit: Opener) -> None:
    page = visit("/sparql?question=challenges/related")
    with page.expect_navigation():
        page.get_by_role("button", name="実行", exact=True).click()
    share = page.locator("#share").input_value()
    assert "release=1" in share
    page.goto(share)
    assert page.locator("table.answer tbody tr").count() > 0


def test_a_network_is_drawn_and_a_node_leads_on(visit: Opener) -> None:
    page = visit("/network?thing=challenge/disinformation")
    canvas = page.locator("figure.network canvas").first
    canvas.wait_for()
    assert canvas.is_visible()
    follow(page, page.locator("li[data-node] a.more").first)
    assert "/network?thing=" in page.url


def test_what_connects_two_things_is_found_by_their_names(visit: Opener) -> None:
    page = visit("/network")
    page.get_by_label("中心（名称かID）").fill(CHALLENGE)
    page.get_by_label("つなぐ相手（任意）").fill(POLICY)
    with page.expect_navigation():
        page.get_by_role("button", name="図にする").click()
    assert page.locator("ol.lines li").first.is_visible()


def test_the_main_way_is_gone_by_keyboard_alone(visit: Opener) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for wanted in ("/id/challenge/", "/id/policy/", "/id/indicator/"):
        _tab_to(page, wanted)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert wanted in page.url


def test_the_keyboard_leads_into_the_editor_and_out_of_it(visit: Opener) -> None:
    page = visit("/sparql")
    page.locator("select#question").focus()
    places = []
    for _ in range(4):
        page.keyboard.press("Tab")
        places.append(
            page.evaluate("document.activeElement.className || document.activeElement.tagName")
        )
    assert "editor" in places
    assert places[-1] != "editor"


def _tab_to(page: Page, address: str) -> None:
    """Presses Tab until a link in the page's own part leads to such an address."""
    for _ in range(400):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "document.activeElement.closest('main') && document.activeElement.getAttribute('href')"
        )
        if found and found.startswith(address):
            return
    raise AssertionError(f"no link to {address} was reached")
