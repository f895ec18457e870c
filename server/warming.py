"""A new release read before anyone asks: what pages share of it is worked out at once.

Whoever opens the first page of a release would otherwise wait for the matrix, the outline, the
lists and the index of the search.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from flask import Flask, url_for

from ..graph.errors import HakushoError
from .language import LANGUAGES
from .negotiation import HTML
from .service import Service

PAGES: Final = (
    "explorer.home",
    "explorer.outline",
    "lists.overview",
    "search.page",
    "quality.page",
    "compare.page",
    "network.page",
    "resources.ontology",
)
"""Pages that work out what others share, or what takes longest."""

BETWEEN_LOOKS: Final = 1.0
"""Seconds until it is looked again whether there is a new release."""

PATIENCE: Final = 10.0
"""Seconds that an end waits for the page that is being opened."""


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
                warm(self._app, self._stopped.is_set)
                warmed = number
            self._stopped.wait(BETWEEN_LOOKS)

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


def warm(app: Flask, stopped: Callable[[], bool] = lambda: False) -> None:
    """Opens the pages that work out what others share of the current release, in each language.

    What is wrong with a page is told to those who ask for it.
    """
    with app.test_request_context():
        # Without a word to look for, a search needs no index.
        addresses = [url_for(page, lang=lang, q="AI") for page in PAGES for lang in LANGUAGES]
    for address in addresses:
        if stopped():
            return
        with app.test_request_context(address, headers={"Accept": HTML.media_type}):
            app.full_dispatch_request()
