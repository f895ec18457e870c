"""Curation in a browser: a faulty sheet and its row, from a proposal to its release, and every page
of it held against axe."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from .conftest import COMMAND, Opener
from .looking import Look, look, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HEADER: Final = "id,label_ja,label_en,kind,page_url,evidence\n"
GOOD: Final = HEADER + "desk,窓口,Desk,ministry,https://www.example.go.jp/,official\n"
BAD: Final = GOOD.replace("ministry", "minstry")
PAGES: Final = {
    "quality-by-challenge": "/quality?by=challenge",
    "quality-in-conflict": "/quality/conflicting-values",
    "quality-assigned": "/quality/assigned-links?section=part/r07-p2-c2-s5",
    "history": "/releases",
    "release": "/releases/2",
    "comparison": "/releases/1..2",
    "proposals": "/proposals",
    "proposal": "/proposals/1",
    "open-proposal": "/proposals/2",
    "provenance": "/provenance?thing=organization/mic",
    "forms": "/forms",
    "form-policy": "/forms/policy",
    "form-observation": "/forms/observation",
    "form-edit": "/forms/policy/notice",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with tokens, two releases and two proposals, one of them open."""
    folder = tmp_path_factory.mktemp("desk")
    env = {
        **os.environ,
        "HAKUSHO_DATA": str(folder / "data"),
        "HAKUSHO_LANG": "en",
        "HAKUSHO_BUDGET_SECONDS": "0",
        "HAKUSHO_TOKEN": "the-publisher",
        "HAKUSHO_PROPOSE_TOKEN": "the-proposer",
    }

    def run(*arguments: str) -> None:
        subprocess.run([*COMMAND, *arguments], env=env, check=True, capture_output=True)

    run("build")
    for number, id in enumerate(("office", "bureau"), 1):
        path = folder / "organizations.csv"
        path.write_text(GOOD.replace("desk", id), encoding="utf-8")
        run("propose", str(path), "--who", "Tanaka", "--why", "a new office")
        if number == 1:
            run("proposals", "publish", "1", "--who", "Sato")
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], env=env, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            ready = None
            while ready is None and (line := process.stderr.readline()):
                ready = re.search(r"listening on (http://\S+)/\n", line)
            assert ready, "the server did not start"
            yield ready[1]
        finally:
            process.terminate()


@pytest.fixture(scope="module", params=PAGES.values(), ids=list(PAGES))
def seen(request: pytest.FixtureRequest, tab: Page, site: str) -> Look:
    """What each kind of page of curation is like, in turn."""
    return look(tab, site + request.param)


def test_a_page_of_curation_violates_no_rule_in_either_style(seen: Look) -> None:
    assert seen.violations == {"ja": [], "en": []}


def test_a_page_of_curation_fits_narrow_screens_and_paper(seen: Look) -> None:
    assert {key: wide for key, wide in seen.widths.items() if wide > key[1]} == {}
    assert seen.printed == []
    assert seen.paper[0] <= seen.paper[1]


def test_a_faulty_sheet_is_handed_in_and_its_row_is_read(visit: Opener, tmp_path: Path) -> None:
    sheet = tmp_path / "organizations.csv"
    sheet.write_text(BAD, encoding="utf-8")
    page = visit("/validate?lang=ja")
    page.locator("#file").set_input_files(sheet)
    page.get_by_role("button", name="検査する").click()
    finding = page.locator(".finding.violation")
    assert finding.count() == 1
    told = finding.inner_text()
    assert "2行目" in told and "kind" in told and "minstry" in told and "ministry" in told
    assert violations(page) == []


def test_from_pasted_rows_to_a_release_without_a_script(visit: Opener) -> None:
    page = visit("/validate?lang=en", lang="en", script=False)
    page.locator("#text").fill(GOOD)
    page.locator("#table").select_option("organizations")
    page.get_by_role("button", name="Check").click()
    page.locator("#who").fill("Tanaka")
    page.locator("#why").fill("a new desk")
    page.locator("#token").fill("the-proposer")
    page.get_by_role("button", name="Propose").click()
    assert re.search(r"/proposals/\d+\?lang=en$", page.url)
    page.locator("#token").fill("the-publisher")
    page.get_by_role("button", name="Publish").click()
    assert re.search(r"/releases/\d+\?lang=en$", page.url)
    assert "organization/desk" in page.locator("main").inner_text()
    page.goto(page.url.partition("/releases")[0] + "/id/organization/desk?lang=en")
    assert "by Tanaka (proposer) from pasted.csv, row 2 on" in page.locator("main").inner_text()


def test_a_form_tells_what_is_wrong_beside_its_field(visit: Opener) -> None:
    page = visit("/forms/policy/notice?lang=en", lang="en", script=False)
    page.get_by_label("start date").fill("2024-13")
    page.get_by_role("button", name="Check").click()
    field = page.locator(".field.wrong")
    assert field.count() == 1
    assert "2024-13" in field.inner_text()
    assert page.get_by_label("start date").input_value() == "2024-13"
