"""Every link inside the house leads somewhere: a crawl of the packaged edition from page one."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.edition import EditionDataset
from hakusho.server.app import create_app
from hakusho.server.charts.service import drawings
from hakusho.server.dumps import kept
from hakusho.server.service import Service
from hakusho.server.settings import Settings

LINK = re.compile(r'(?:href|src|srcset|action)="([^"]+)"')
LARGEST = 100_000
WHOLE = {
    "challenge", "indicator", "milestone", "organization", "part", "period", "policy", "source",
    "unit", "whitepaper",
}  # fmt: skip
"""The kinds of things of which every page is asked; of the others a sample tells."""
SAMPLE = 12
"""How many addresses are asked that differ only in their parameters."""
DRAWN = 6
LISTED, MANY = {"/queries?", "/quality?", "/ontology?"}, 150
"""Of what is told by its file there is a page for each file, and so more of them are asked."""
DATA = re.compile(r"format=|\.(?:svg|json)\b|/dumps|/graphs|/static/")
"""What is checked for its status alone, in a sample."""


@pytest.fixture(scope="module")
def house(
    packaged: EditionDataset, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    data = DataFolder(tmp_path_factory.mktemp("crawl"))
    release = data.publish([*ontology_dataset(), *packaged.quads], who="tests")
    # As the service itself does ahead; who comes too early is asked to come again.
    kept(release)
    service = Service.of(data, Settings())
    app = create_app(service)
    yield app.test_client()
    with app.app_context():
        drawings().close()
    service.close()


def links(page: str) -> Iterator[str]:
    """Gives the addresses inside the house that a page links, without what follows a #."""
    for found in LINK.findall(page):
        address = html.unescape(found).partition("#")[0]
        if address.startswith("/") and not address.startswith("//"):
            yield address


def shape(address: str) -> str:
    """Gives what an address has in common with others that differ in values alone."""
    parts = urlsplit(address)
    path, mark = parts.path, "?" if parts.query else ""
    if path.startswith(("/id/", "/forms/")):
        path = "/".join(path.split("/")[:3])
    elif path.startswith(("/queries/", "/quality/", "/ontology/", "/releases/", "/dumps/")):
        # One page of each is asked, and a few with other parameters.
        path = "/".join(path.split("/")[:2]) if mark else path
    elif path.startswith("/charts/"):
        path = "/charts/" + path.rpartition(".")[2]
    return path + mark


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_link_inside_the_house_answers(house: FlaskClient, lang: str) -> None:
    waiting, seen = [f"/?lang={lang}"], {f"/?lang={lang}"}
    asked: dict[str, int] = defaultdict(int)
    broken: list[str] = []
    large: list[str] = []
    linked_from: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        answer = house.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
        page = answer.get_data()
        answer.close()
        if answer.status_code not in (200, 301, 302, 303):
            broken.append(f"{answer.status_code} {address} on {linked_from.get(address)}")
        if answer.mimetype != "text/html":
            continue
        if len(page) > LARGEST:
            large.append(f"{len(page)} {address}")
        for each in links(page.decode()):
            if each in seen:
                continue
            seen.add(each)
            kind = shape(each)
            # Each page of a thing is asked in Japanese; in English, and where only parameters
            # differ, a sample tells.
            whole = each.endswith("?lang=ja") and kind in {f"/id/{name}?" for name in WHOLE}
            whole = whole and lang == "ja"
            most = DRAWN if DATA.search(each) else MANY if kind in LISTED else SAMPLE
            if whole or asked[kind] < most:
                asked[kind] += 1
                linked_from[each] = address
                waiting.append(each)
    assert broken == []
    assert large == []
    assert sum(asked.values()) > (1_500 if lang == "ja" else 300)
