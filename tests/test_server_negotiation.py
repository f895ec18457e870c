"""Which media type a request gets: one table, by Accept, by `?format=` and by form."""

from __future__ import annotations

import pytest

from hakusho.graph.errors import UnsupportedFormat
from hakusho.server.negotiation import (
    HTML,
    MEDIA,
    Family,
    accepted,
    by_form,
    choose,
    named,
    offered,
    wants_page,
)


@pytest.mark.parametrize(
    ("accept", "family", "name"),
    [
        (None, "solutions", "json"),
        ("", "graph", "turtle"),
        ("*/*", "graph", "turtle"),
        ("text/csv", "solutions", "csv"),
        ("application/json", "solutions", "json"),
        ("application/json", "graph", "jsonld"),
        ("application/xml", "solutions", "xml"),
        ("text/turtle;q=0.5, application/ld+json;q=0.8", "graph", "jsonld"),
        ("text/*;q=0.9, text/csv;q=0", "solutions", "tsv"),
        ("application/*", "graph", "jsonld"),
        ("TEXT/Turtle ; Q=1", "graph", "turtle"),
        ("image/png, */*;q=0.1", "boolean", "json"),
        ("garbage, text/csv", "solutions", "csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "solutions", "xml"),
    ],
)
def test_the_most_wanted_type_is_given(accept: str | None, family: Family, name: str) -> None:
    assert choose(offered(family), accept).name == name


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "garbage", "text/turtle"])
def test_a_type_that_there_is_not_is_refused_with_those_there_are(accept: str) -> None:
    assert accepted(accept, offered("solutions")) is None
    with pytest.raises(UnsupportedFormat) as caught:
        choose(offered("solutions"), accept)
    assert "application/sparql-results+json" in caught.value.offered


def test_a_format_in_the_address_comes_before_accept() -> None:
    assert choose(offered("solutions"), "text/csv", "tsv").name == "tsv"
    with pytest.raises(UnsupportedFormat, match="'yaml' is not offered here; there is json, xml"):
        choose(offered("solutions"), None, "yaml")


def test_a_name_means_another_type_for_another_form() -> None:
    assert by_form(("solutions", "graph"), format="xml") == {
        "solutions": "application/sparql-results+xml",
        "graph": "application/rdf+xml",
    }
    assert by_form(("solutions", "graph"), accept="text/turtle") == {"graph": "text/turtle"}


def test_no_two_types_of_a_family_share_a_name() -> None:
    families: tuple[Family, ...] = ("solutions", "boolean", "graph", "dataset", "page")
    for family in families:
        names = [name for media in offered(family) for name in media.names]
        assert len(names) == len(set(names))
    assert all(named(media.media_type, MEDIA) is media for media in MEDIA)


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html", True),
        ("text/html;q=0.9, application/sparql-results+json", False),
        ("text/*", True),
        ("*/*", False),
        (None, False),
        ("text/html;q=0", False),
    ],
)
def test_a_page_is_for_those_who_name_html(accept: str | None, page: bool) -> None:
    assert wants_page(accept) is page
    assert HTML.content_type == "text/html; charset=utf-8"
