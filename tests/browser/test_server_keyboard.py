"""Pages by keyboard alone: all that can be reached is reached, seen, and left again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Opener = Callable[..., Page]

pytestmark = pytest.mark.browser

WALKED: Final = {
    "matrix": "/",
    "challenge": "/id/challenge/disinformation",
    "indicator": "/id/indicator/broadcaster-revenue",
    "list": "/organizations",
    "search": "/search?q=AI",
    "network": "/network?thing=challenge/disinformation",
    "sparql": "/sparql?question=challenges/related",
    "question": "/queries/policies/of-challenge",
    "validate": "/validate",
    "form": "/forms/policy/notice",
}
MOST: Final = 900
"""How many times Tab is pressed at most on one page."""

ABLE: Final = """() => {
  const able = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const seen = [...document.querySelectorAll(able)].filter((each) =>
    each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }));
  seen.forEach((each, number) => { each.dataset.stop = number; });
  return seen.length;
}"""
HERE: Final = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const marked = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  };
  const box = at.getBoundingClientRect();
  return {
    stop: at.dataset.stop ?? (at.closest(".cm-editor") ? "editor" : at.outerHTML.slice(0, 120)),
    marked: marked(at) || [".editor", ".cm-editor"].some((name) => {
      const around = at.closest(name);
      return around !== null && marked(around);
    }),
    inside: box.bottom > 0 && box.top < innerHeight,
    said: at.outerHTML.slice(0, 120),
  };
}"""


@pytest.mark.parametrize("path", WALKED.values(), ids=WALKED)
def test_tab_reaches_everything_shows_where_it_is_and_is_never_held(
    visit: Opener, path: str
) -> None:
    page = visit(path)
    # Where the page is scrolled to is asked at once.
    page.emulate_media(reduced_motion="reduce")
    stops = page.evaluate(ABLE)
    reached: list[dict[str, Any]] = []
    for _ in range(min(stops + 20, MOST)):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (reached and here["stop"] == reached[0]["stop"]):
            break
        assert not reached or here["said"] != reached[-1]["said"] or here["stop"].isdecimal(), here
        reached.append(here)
    else:
        assert stops + 20 > MOST, f"Tab never came round: {reached[-3:]}"
    assert [each["said"] for each in reached if not each["marked"]] == []
    assert [each["said"] for each in reached if not each["inside"]] == []
    numbers = {int(each["stop"]) for each in reached if each["stop"].isdecimal()}
    if stops + 20 <= MOST:
        assert len(numbers) >= stops - 1, sorted(set(range(stops)) - numbers)[:9]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_to_the_content_is_shown_when_it_is_reached_and_leads_there(
    visit: Opener, scheme: str
) -> None:
    page = visit("/")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    page.wait_for_function("document.querySelector('.skip').getBoundingClientRect().top >= 0")
    assert skip.bounding_box() is not None
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_matrix_is_unfolded_by_the_space_bar(visit: Opener) -> None:
    page = visit("/")
    fold = page.locator(".matrix .row input[type=checkbox]").first
    under = page.locator(".matrix tbody:has(input) .under").first
    assert not under.is_visible()
    fold.focus()
    page.keyboard.press("Space")
    assert under.is_visible()
    page.keyboard.press("Space")
    assert not under.is_visible()


def test_a_list_is_narrowed_and_widened_again(visit: Opener) -> None:
    page = visit("/policies")
    page.locator(".facet li a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".found .chips li").count() >= 1
    page.locator(".found .chips a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".found .chips li").count() == 0


def test_what_is_offered_in_the_editor_is_chosen_by_arrows_and_sent_away_by_escape(
    visit: Opener,
) -> None:
    page = visit("/sparql")
    page.get_by_role("textbox", name=re.compile("SPARQL")).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?s WHERE { ?s 取り組む")
    page.keyboard.press("Control+Space")
    offered = page.locator(".cm-tooltip-autocomplete")
    offered.wait_for()
    options = offered.locator("[role=option]")
    assert options.count() > 1
    # What has just been offered does not take keys yet; Down does nothing else at the text's end.
    while options.nth(1).get_attribute("aria-selected") is None:
        page.keyboard.press("ArrowDown")
        assert offered.is_visible()
    page.keyboard.press("ArrowUp")
    offered.locator("[role=option]:first-child[aria-selected=true]").wait_for()
    page.keyboard.press("Escape")
    offered.wait_for(state="detached")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cm-editor')") is None


def test_names_that_are_offered_do_not_hold_the_keyboard(visit: Opener) -> None:
    page = visit("/search")
    field = page.get_by_label("探す言葉")
    field.press_sequentially("サイバー")
    page.locator("datalist option").first.wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('input[data-suggest]')")
    field.fill("災害")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("main mark").first.inner_text() == "災害"


def test_a_form_is_filled_in_and_checked_without_a_mouse(visit: Opener) -> None:
    page = visit("/forms/policy/notice")
    page.get_by_label("開始時期").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("2024-13")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "2024-13" in page.locator(".field.wrong").inner_text()
