"""One look at a page: in both languages and styles, on narrow screens and on paper, at once.

What is seen is kept, so that each claim about a page is a test of its own while the page is
opened as seldom as possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE: Final = Path(__file__).parents[2] / "server/frontend/node_modules/axe-core/axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE: Final = {"width": 1280, "height": 900}
TELEPHONE: Final = 390
MAGNIFIED: Final = 320
"""How wide a page is, in its own pixels, on a screen of 1280 at 400 %."""
PAPER: Final = 688
"""How wide A4 upright is between its margins."""
PAPER_ACROSS: Final = 1032
IN_PRINT: Final = """() => [...document.querySelectorAll("nav, button, .skip, .languages, .paging")]
  .filter((each) => each.getClientRects().length)
  .map((each) => each.outerHTML.slice(0, 80))"""


@dataclass
class Look:
    """What a page was like."""

    violations: dict[str, list[str]] = field(default_factory=dict)
    """What axe has against it: in Japanese and the light style, in English and the dark one."""
    widths: dict[tuple[str, int], int] = field(default_factory=dict)
    """How wide its content is, by language and by the width of the screen."""
    paper: tuple[int, int] = (0, 0)
    """How wide its content is when printed, and how wide the paper."""
    printed: list[str] = field(default_factory=list)
    """What serves only a screen and is printed nevertheless."""
    languages: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    """In Japanese, in English, and in Japanese again."""


def look(page: Page, address: str) -> Look:
    """Opens a page in Japanese, turns it to English and back, and gives what it was like."""
    seen = Look()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light", media="screen")
    page.goto(address)
    _note(page, seen, "ja")
    seen.violations["ja"] = violations(page)
    _print(page, seen)
    page.emulate_media(color_scheme="dark", media="screen")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.get_by_role("link", name="English", exact=True).click()
    _note(page, seen, "en")
    seen.violations["en"] = violations(page)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.get_by_role("link", name="日本語", exact=True).click()
    seen.languages.append(page.locator("html").get_attribute("lang") or "")
    seen.headings.append(page.locator("h1").inner_text())
    return seen


def violations(page: Page) -> list[str]:
    """Gives what axe has against a page, on a wide screen."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
    )
    return [
        f"{each['id']}: {each['help']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


def width(page: Page, screen: int) -> int:
    """Gives how wide the content of a page is on a screen of a width."""
    page.set_viewport_size({"width": screen, "height": 844})
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


def _note(page: Page, seen: Look, lang: str) -> None:
    seen.languages.append(page.locator("html").get_attribute("lang") or "")
    seen.addresses.append(page.url)
    seen.headings.append(page.locator("h1").inner_text())
    for screen in (TELEPHONE, MAGNIFIED):
        seen.widths[lang, screen] = width(page, screen)


def _print(page: Page, seen: Look) -> None:
    paper = PAPER_ACROSS if page.locator(".matrix").count() else PAPER
    page.emulate_media(media="print")
    seen.paper = width(page, paper), paper
    seen.printed = page.evaluate(IN_PRINT)
