"""A release is read before anyone asks for its pages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hakusho.server.language import LANGUAGES
from hakusho.server.remembered import KEY, Remembered
from hakusho.server.warming import PAGES, warm


def test_what_pages_share_is_found_before_anyone_asks(client: FlaskClient) -> None:
    app = client.application
    app.extensions.pop(KEY, None)
    warm(app)
    kept: Remembered = app.extensions[KEY]

    def find() -> object:
        raise AssertionError("was not found before")

    for lang in LANGUAGES:
        for key in (("matrix", lang, "r07"), ("outline", lang), ("list", "policies")):
            assert kept.get(1, key, find)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_warmed_needs_nothing_to_be_opened(client: FlaskClient, page: str) -> None:
    rules = client.application.url_map.iter_rules(page)
    assert [rule.arguments for rule in rules] == [set()]
