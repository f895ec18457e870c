"""The packaged edition served as users have it, and Chromium to look at it with.

Playwright is imported where it is used: these tests can be collected, and left out, without it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

COMMAND = [sys.executable, "-c", "from hakusho.server.cli import main; main()"]
AXE = Path(__file__).parents[2] / "server" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

Opener = Callable[..., "Page"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the packaged edition, without a slash at its end."""
    data = tmp_path_factory.mktemp("site")
    env = {
        **os.environ,
        "HAKUSHO_DATA": str(data),
        "HAKUSHO_LANG": "en",
        # One visitor asks here what many would in hours.
        "HAKUSHO_BUDGET_SECONDS": "0",
    }
    subprocess.run([*COMMAND, "build"], env=env, check=True, capture_output=True)
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "apt-get install chromium"
    # Its sandbox cannot be had by root.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Opener]:
    """Opens addresses of the site, and checks at the end what the pages asked of other hosts and
    what went wrong in them: nothing."""
    contexts: list[BrowserContext] = []
    strays: list[str] = []
    faults: list[str] = []

    def visit(path: str = "/", *, lang: str | None = "ja", script: bool = True) -> Page:
        context = chromium.new_context(
            java_script_enabled=script,
            locale="en-GB" if lang == "en" else "ja-JP",
            viewport={"width": 1280, "height": 900},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: _note(strays, request.url, site))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: _fault(faults, said, page.url))
        page.goto(site + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert strays == []
    assert faults == []


def _note(strays: list[str], url: str, site: str) -> None:
    if urlsplit(url).scheme in ("http", "https", "ws", "wss") and not url.startswith(site + "/"):
        strays.append(url)


def _fault(faults: list[str], said: ConsoleMessage, address: str) -> None:
    # Chromium tells of every answer that is an error; that we sent it is no fault of the page.
    if said.type == "error" and not said.text.startswith("Failed to load resource"):
        faults.append(f"{address}: {said.text}")


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    assert AXE.is_file(), "npm ci in server/frontend brings axe-core"
    return AXE.read_text(encoding="utf-8")
