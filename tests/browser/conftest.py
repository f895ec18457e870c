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
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

COMMAND = [sys.executable, "-c", "from hakusho.server.cli import main; main()"]

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
    watch = Watch(site)

    def visit(path: str = "/", *, lang: str | None = "ja", script: bool = True) -> Page:
        context = _context(chromium, lang, script)
        contexts.append(context)
        page = watch.over(context)
        page.goto(site + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    watch.nothing_was_wrong()


@pytest.fixture(scope="module")
def tab(chromium: Browser, site: str) -> Iterator[Page]:
    """One page for many addresses, with what `visit` checks checked at the end."""
    yield from _tab(chromium, site, script=True)


@pytest.fixture(scope="module")
def tab_without_script(chromium: Browser, site: str) -> Iterator[Page]:
    """One page for many addresses, which runs no script."""
    yield from _tab(chromium, site, script=False)


def _tab(chromium: Browser, site: str, *, script: bool) -> Iterator[Page]:
    watch = Watch(site)
    context = _context(chromium, "ja", script)
    yield watch.over(context)
    context.close()
    watch.nothing_was_wrong()


def _context(chromium: Browser, lang: str | None, script: bool) -> BrowserContext:
    return chromium.new_context(
        java_script_enabled=script,
        locale="en-GB" if lang == "en" else "ja-JP",
        viewport={"width": 1280, "height": 900},
    )


class Watch:
    """Notes what pages ask of other hosts, and what goes wrong in them."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._strays: list[str] = []
        self._faults: list[str] = []

    def over(self, context: BrowserContext) -> Page:
        """Gives a new page that is watched."""
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: _note(self._strays, request.url, self._site))
        page.on("pageerror", lambda error: self._faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: _fault(self._faults, said, page.url))
        return page

    def nothing_was_wrong(self) -> None:
        """Fails where there was something."""
        assert self._strays == []
        assert self._faults == []


def _note(strays: list[str], url: str, site: str) -> None:
    if urlsplit(url).scheme in ("http", "https", "ws", "wss") and not url.startswith(site + "/"):
        strays.append(url)


def _fault(faults: list[str], said: ConsoleMessage, address: str) -> None:
    # Chromium tells of every answer that is an error; that we sent it is no fault of the page.
    if said.type == "error" and not said.text.startswith("Failed to load resource"):
        faults.append(f"{address}: {said.text}")
