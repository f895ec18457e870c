"""Every kind of page: accessible, in both languages, without a script, on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Opener = Callable[..., Page]

pytestmark = pytest.mark.browser

PAIRS: Final = quote(
    "PREFIX hk: <https://w3id.org/hakusho/ontology#> "
    "SELECT ?policy ?challenge WHERE { ?policy hk:addresses ?challenge } ORDER BY ?policy LIMIT 9"
)
COUNTS: Final = quote(
    "PREFIX hk: <https://w3id.org/hakusho/ontology#> SELECT ?challenge (COUNT(?policy) AS ?n) "
    "WHERE { ?policy hk:addresses ?challenge } GROUP BY ?challenge ORDER BY DESC(?n) LIMIT 9"
)
BROKEN: Final = quote("SELECT ?x WHERE { ?x a b }")

ADDRESSES: Final = {
    "matrix": "/",
    "matrix-unfolded": "/?unfold=all",
    "links-of-a-cell": "/links?challenge=challenge/cybersecurity&section=part/r07-p2-c2-s5",
    "outline": "/outline",
    "search": "/search",
    "search-found": "/search?q=AI",
    "search-not-found": "/search?q=cybersecurty",
    "network": "/network",
    "network-around": "/network?thing=challenge/disinformation",
    "network-path": "/network?thing=policy/notice&to=challenge/disinformation",
    "network-unknown": "/network?thing=policy/notise",
    "questions": "/queries",
    "question": "/queries/policies/of-challenge?challenge=challenge/cybersecurity",
    "sparql": "/sparql",
    "sparql-table": f"/sparql?query={PAIRS}",
    "sparql-network": f"/sparql?query={PAIRS}&view=graph",
    "sparql-chart": f"/sparql?query={COUNTS}&view=chart",
    "sparql-error": f"/sparql?query={BROKEN}",
    "ontology": "/ontology",
    "term": "/ontology/Policy",
    "challenge": "/id/challenge/cybersecurity",
    "policy": "/id/policy/notice",
    "indicator": "/id/indicator/internet-use-individual",
    "organization": "/id/organization/mic",
    "source": "/id/source/airankings-country",
    "part": "/id/part/r07-p2-c2-s5",
    "edition": "/id/whitepaper/r07",
    "period": "/id/period/FY2024",
    "list": "/policies",
    "list-narrowed": "/indicators?challenge=challenge/cybersecurity",
    "lists": "/lists",
    "compare": "/compare",
    "quality": "/quality",
    "history": "/releases",
    "release": "/releases/1",
    "validate": "/validate",
    "proposals": "/proposals",
    "graphs": "/graphs",
    "files": "/dumps/",
    "problems": "/problems",
    "problem": "/problems/not-found",
    "not-found": "/id/policy/notise",
}

ALL: Final = pytest.mark.parametrize("path", ADDRESSES.values(), ids=ADDRESSES)
LANGUAGES: Final = pytest.mark.parametrize("lang", ["ja", "en"])
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def and_lang(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"


@ALL
@LANGUAGES
def test_a_page_violates_no_rule_of_accessibility(
    visit: Opener, axe: str, path: str, lang: str
) -> None:
    page = visit(and_lang(path, lang), lang=lang)
    page.wait_for_load_state("networkidle")
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
    )
    told = [
        f"{each['id']}: {each['help']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]
    assert told == []


@ALL
def test_a_page_changes_its_language_and_stays_where_it_is(visit: Opener, path: str) -> None:
    page = visit(path, lang="ja")
    assert page.locator("html").get_attribute("lang") == "ja"
    heading = page.locator("h1").inner_text()
    page.get_by_role("link", name="English", exact=True).click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert path.partition("?")[0] in page.url
    page.get_by_role("link", name="日本語", exact=True).click()
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("h1").inner_text() == heading


@ALL
@LANGUAGES
def test_a_narrow_page_is_read_without_scrolling_sideways(
    visit: Opener, path: str, lang: str
) -> None:
    page = visit(and_lang(path, lang), lang=lang)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@ALL
def test_a_page_says_the_same_without_a_script(visit: Opener, path: str) -> None:
    page = visit(path, script=False)
    assert page.locator("h1").inner_text().strip()
    assert page.locator("main").inner_text().strip()
    assert page.locator("[hidden]").count() <= 8
