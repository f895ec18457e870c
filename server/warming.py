"""A new release read before anyone asks: what pages share of it is worked out at once.

Whoever opens the first page of a kind would otherwise wait for the matrix, the outline, the lists
and the index of the search, and for the templates and modules that this kind of page needs.

It goes on beside those who read already: it rests as long as each page took, and lets other
threads go first at every moment that it works. The files to take away and the charts come last;
they are made by processes of lower priority and kept on disk, charts for as long as what is on
them stays the same.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from flask import Flask, url_for
from jinja2 import TemplateError

from ..graph.errors import HakushoError
from .charts.ahead import charts_ahead
from .choices import choices
from .language import LANGUAGES
from .negotiation import HTML
from .service import Service, service

PAGES: Final = (
    "explorer.home",
    "explorer.outline",
    "explorer.links",
    "lists.overview",
    "search.page",
    "quality.page",
    "compare.page",
    "network.page",
    "resources.ontology",
    "questions.index",
    "sparql.endpoint",
    "releases.index",
    "proposals.index",
    "curation.page",
    "forms.index",
)
"""Pages that work out what others share, or what takes longest."""

KINDS: Final = (
    "challenge",
    "policy",
    "indicator",
    "organization",
    "source",
    "part",
    "whitepaper",
    "period",
    "milestone",
)
"""Kinds of things of which one page is opened, as it shares much with the others of its kind."""

FORMS: Final = (
    "challenge",
    "policy",
    "indicator",
    "organization",
    "source",
    "observation",
    "milestone",
)
"""Kinds of things whose form is opened: what may be chosen in it is the same for all."""

BETWEEN_LOOKS: Final = 1.0
"""Seconds until it is looked again whether there is a new release."""

LONGEST_REST: Final = 0.2
"""Seconds that it rests between two pages at most."""

PACKED: Final = 500_000
"""Up to how many triples the files of a release are made ahead; they take room on the disk."""

PATIENCE: Final = 10.0
"""Seconds that an end waits for the page that is being opened."""

TURN: Final = 0.0005
"""Seconds that a thread works before another one has its turn, while pages are read ahead."""

Rest = Callable[[float], bool]
"""Rests so many seconds, and tells whether it is time to stop."""


class Warming(threading.Thread):
    """Warms an application, now and for each new release, until it is told to stop."""

    def __init__(self, app: Flask, service: Service) -> None:
        super().__init__(name="warming", daemon=True)
        self._app = app
        self._service = service
        self._stopped = threading.Event()

    def run(self) -> None:
        warmed = None
        while not self._stopped.is_set():
            number = self._number()
            if number is not None and number != warmed:
                self._warm()
                warmed = number
            self._stopped.wait(BETWEEN_LOOKS)

    def _warm(self) -> None:
        before = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        # What the release before this one left behind may be collected again.
        gc.unfreeze()
        warm(self._app, self._rested)
        # What is kept for the release stays: to look through it for garbage now and then would
        # stop every request for a tenth of a second.
        gc.freeze()
        self._make_files()
        draw(self._app, self._rested)
        sys.setswitchinterval(before)

    def _make_files(self) -> None:
        """Has the files of the current release made by a process of its own."""
        manifest = self._service.manifest()
        if manifest is None or manifest.triples > PACKED:
            return
        module, number = f"{__package__}.dumping", str(manifest.number)
        making = subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(self._service.data.path), number],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while making.poll() is None:
            if self._stopped.wait(LONGEST_REST):
                making.terminate()
                making.wait()

    def _rested(self, seconds: float) -> bool:
        return self._stopped.wait(min(seconds, LONGEST_REST))

    def _number(self) -> int | None:
        # Of another engine nothing is kept, so there is nothing to work out before; what is wrong
        # with a data folder is told to those who ask for a page.
        try:
            return self._service.number()
        except HakushoError:
            return None

    def stop(self) -> None:
        """Ends after the page that is being opened: what opens it may be closed then."""
        self._stopped.set()
        self.join(PATIENCE)


def warm(app: Flask, rest: Rest = lambda seconds: False) -> None:
    """Opens the pages that work out what others share of the current release, in each language,
    those that most people open first before the others.

    What is wrong with a page is told to those who ask for it.
    """
    _done(_opened(app), rest)


def draw(app: Flask, rest: Rest) -> None:
    """Draws the charts of the current release, of which each takes as long as several pages.

    What is wrong with a chart is told to those who look at it.
    """
    with suppress(HakushoError), app.app_context():
        for lang in LANGUAGES:
            _done(charts_ahead(lang), rest)


def _done(work: Iterator[None], rest: Rest) -> None:
    """Does a work bit by bit, with a rest as long as it took after each bit."""
    start = time.monotonic()
    for _ in work:
        if rest(time.monotonic() - start):
            return
        start = time.monotonic()


def _opened(app: Flask) -> Iterator[None]:
    for lang in LANGUAGES:
        yield from _open(app, _pages(app, lang))
    for name in app.jinja_env.list_templates(extensions=["html"]):
        # A template is compiled once; whoever needs it first would wait for that.
        with suppress(TemplateError):
            app.jinja_env.get_template(name)
        yield
    for lang in LANGUAGES:
        yield from _open(app, _forms(app, lang))
        for kind in KINDS:
            yield from _open(app, _first(app, kind, lang))


def _open(app: Flask, addresses: Sequence[str]) -> Iterator[None]:
    for address in addresses:
        with app.test_request_context(address, headers={"Accept": HTML.media_type}):
            app.full_dispatch_request()
        yield


def _pages(app: Flask, lang: str) -> list[str]:
    with app.test_request_context():
        # Without a word to look for, a search needs no index.
        pages = [url_for(page, lang=lang, q="AI") for page in PAGES]
        return [*pages, url_for("quality.page", by="challenge", lang=lang)]


def _forms(app: Flask, lang: str) -> list[str]:
    with app.test_request_context():
        return [url_for("forms.page", kind=kind, lang=lang) for kind in FORMS]


def _first(app: Flask, kind: str, lang: str) -> list[str]:
    """Gives the address of the first thing of a kind, if there is any."""
    with app.test_request_context():
        try:
            found = choices(service().store, kind, lang)[:1]
        except HakushoError:
            return []
        return [
            url_for("resources.thing", kind=kind, slug=id.partition("/")[2], lang=lang)
            for id, _ in found
        ]
