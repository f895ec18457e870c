"""Every kind of page: accessible, in both languages and styles, without a script, on narrow screens
and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest

from .looking import MAGNIFIED, TELEPHONE, Look, look

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
    "indicator-in-conflict": "/id/indicator/genai-use-individual",
    "observation": "/id/observation/notice-isps_2022-03_JP_266fb6df",
    "link": "/id/link/digital-society-priority-plan_addresses_depopulation",
    "unit": "/id/unit/contracts-per-100-people",
    "area": "/id/area/US",
    "figure": "/id/figure/r04_3-3-2-3",
    "document": "/id/document/r07-overview",
    "code-list": "/id/scheme/measure",
    "organization": "/id/organization/mic",
    "source": "/id/source/airankings-country",
    "part": "/id/part/r07-p2-c2-s5",
    "edition": "/id/whitepaper/r07",
    "period": "/id/period/FY2024",
    "list": "/policies",
    "list-narrowed": "/indicators?challenge=challenge/cybersecurity",
    "lists": "/lists",
    "compare": "/compare",
    "compare-challenges": "/compare?a=challenge/cybersecurity&b=challenge/disinformation",
    "compare-indicators": (
        "/compare?a=indicator/internet-use-individual&b=indicator/broadcaster-revenue"
    ),
    "compare-editions": "/compare?a=whitepaper/r07&b=whitepaper/r06",
    "quality": "/quality",
    "quality-not-recent": "/quality/indicators-without-recent-value",
    "history": "/releases",
    "release": "/releases/1",
    "validate": "/validate",
    "proposals": "/proposals",
    "graphs": "/graphs",
    "files": "/dumps/",
    "problems": "/problems",
    "problem": "/problems/not-found",
    "not-found": "/id/policy/notise",
    "wrong-parameter": "/policies?sort=wrong",
}


@pytest.fixture(scope="module", params=ADDRESSES.values(), ids=list(ADDRESSES))
def path(request: pytest.FixtureRequest) -> str:
    """The address of each kind of page in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def seen(tab: Page, site: str, path: str) -> Look:
    """What the page at that address is like."""
    return look(tab, site + path)


def test_a_page_violates_no_rule_of_accessibility_in_either_style(seen: Look) -> None:
    assert seen.violations == {"ja": [], "en": []}


def test_a_page_changes_its_language_and_stays_where_it_is(seen: Look, path: str) -> None:
    assert seen.languages == ["ja", "en", "ja"]
    assert all(path.partition("?")[0] in each for each in seen.addresses)
    assert seen.headings[0] == seen.headings[2]


def test_a_narrow_page_is_read_without_scrolling_sideways(seen: Look) -> None:
    assert {screen for _, screen in seen.widths} == {TELEPHONE, MAGNIFIED}
    assert {key: wide for key, wide in seen.widths.items() if wide > key[1]} == {}


def test_a_page_is_printed_whole_and_without_what_serves_a_screen(seen: Look) -> None:
    assert seen.printed == []
    wide, paper = seen.paper
    assert wide <= paper


def test_a_page_says_the_same_without_a_script(
    seen: Look, tab_without_script: Page, site: str, path: str
) -> None:
    tab_without_script.goto(site + path)
    assert tab_without_script.locator("h1").inner_text() == seen.headings[0]
    assert tab_without_script.locator("main").inner_text().strip()
    assert tab_without_script.locator("[hidden]").count() <= 8
