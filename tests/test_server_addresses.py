"""Addresses of pages are the same as Flask would write them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import url_for
from flask.testing import FlaskClient

from hakusho.server.addresses import address_of, quoted

VALUES: list[dict[str, Any]] = [
    {},
    {"lang": "en"},
    {"q": "災害 & 電波", "after": "a/b:c?d#e=f"},
    {"section": ["part/r07-p1", "part/r07-p2"], "challenge": None},
    {"start": 60, "to": "~x!$'()*,;@[]{}|^`\"<>%+"},
]


@pytest.mark.parametrize("root", ["", "/under/here"])
@pytest.mark.parametrize("values", VALUES, ids=str)
def test_an_address_is_what_flask_would_write(
    client: FlaskClient, root: str, values: dict[str, Any]
) -> None:
    app = client.application
    plain = [rule.endpoint for rule in app.url_map.iter_rules() if not rule.arguments]
    assert len(plain) > 30
    with app.test_request_context("/", base_url=f"http://localhost{root}"):
        for endpoint in plain:
            assert address_of(endpoint, values) == url_for(endpoint, **values)


def test_a_page_whose_path_has_parts_to_fill_in_is_found_too(client: FlaskClient) -> None:
    with client.application.test_request_context("/"):
        assert address_of("resources.term", {"name": "Policy", "lang": "ja"}) == (
            "/ontology/Policy?lang=ja"
        )


def test_what_stands_for_itself_is_left_alone() -> None:
    assert quoted("hk:addresses") == "hk:addresses"
    assert quoted("白書") == "%E7%99%BD%E6%9B%B8"
