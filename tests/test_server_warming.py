"""A release is read before anyone asks for its pages."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.edition import EditionDataset
from hakusho.queries.catalogue import catalogue
from hakusho.server.app import create_app
from hakusho.server.charts.service import drawings
from hakusho.server.language import LANGUAGES
from hakusho.server.remembered import KEY, Remembered
from hakusho.server.service import Service
from hakusho.server.warming import PAGES, draw, warm

HTML = {"Accept": "text/html"}
CHART = re.compile(r'(?:src|srcset)="(/charts/indicator/[^"]+)"')


def test_what_pages_share_is_found_before_anyone_asks(client: FlaskClient) -> None:
    app = client.application
    app.extensions.pop(KEY, None)
    warm(app)
    kept: Remembered = app.extensions[KEY]

    def find() -> object:
        raise AssertionError("was not found before")

    for lang in LANGUAGES:
        for key in (("matrix", lang), ("outline", lang), ("list", "policies")):
            assert kept.get(1, key, find)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_warmed_needs_nothing_to_be_opened(client: FlaskClient, page: str) -> None:
    rules = client.application.url_map.iter_rules(page)
    assert [rule.arguments for rule in rules] == [set()]


def test_charts_are_drawn_before_anyone_looks_at_them(
    sample: EditionDataset, tmp_path: Path
) -> None:
    data = DataFolder(tmp_path)
    release = data.publish([*ontology_dataset(), *sample.quads], who="tests")
    app = create_app(Service(data, release.open()))
    draw(app, lambda seconds: False)
    with app.app_context():
        drawings().close()
    folder = tmp_path / "charts" / "1"
    ahead = {each.name for each in folder.iterdir()}
    assert ahead
    reader = app.test_client()
    shown: set[str] = set()
    for lang in LANGUAGES:
        for id in catalogue().ids(release.open(), "indicator"):
            shown |= set(CHART.findall(reader.get(f"/id/{id}?lang={lang}", headers=HTML).text))
    assert shown
    for address in shown:
        assert reader.get(html.unescape(address)).status_code == 200
    # Nothing was left to be drawn when someone looked.
    assert {each.name for each in folder.iterdir()} == ahead
