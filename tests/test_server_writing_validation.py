"""Validation over HTTP: what breaks the data is refused with its findings, unless that is off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from hakusho.graph.names import PREFIXES
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.edition import EditionDataset
from hakusho.server.app import create_app
from hakusho.server.service import Service
from hakusho.server.settings import Settings

WRITER = {"Authorization": "Bearer the-publisher"}
UPDATE = "application/sparql-update"
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
POLICY = "?policy a hk:Policy ; hk:status ?status"


def serving(data: DataFolder, **more: Any) -> Service:
    return Service.of(data, Settings({"token": "the-publisher", "limit_fast_workers": 1, **more}))


@pytest.fixture(scope="module")
def data(sample: EditionDataset, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with the small edition."""
    data = DataFolder(tmp_path_factory.mktemp("validated"))
    data.publish(sample.quads, who="tests")
    return data


@pytest.fixture(scope="module")
def writer(data: DataFolder) -> Iterator[FlaskClient]:
    """A client of an application that validates what is written."""
    service = serving(data)
    yield create_app(service).test_client()
    service.close()


def inserted(client: FlaskClient, triple: str, **headers: str) -> Any:
    """Gives the answer to an update that says something of every policy with a status."""
    text = f"{PREFIX} INSERT {{ GRAPH hkg:r07 {{ {triple} }} }} WHERE {{ {POLICY} }}"
    return client.post("/sparql", data=text, headers={**WRITER, "Content-Type": UPDATE, **headers})


def number(data: DataFolder) -> int:
    current = data.current()
    assert current is not None
    return current.number


TWO_STATUSES = "?policy hk:status <https://w3id.org/hakusho/id/policy-status/unheard-of>"
MISSPELT = '?policy hk:adresses "x"'


@pytest.mark.parametrize(
    ("triple", "shape"), [(TWO_STATUSES, "policy-status"), (MISSPELT, "policy")]
)
def test_an_update_that_breaks_the_data_is_refused_and_not_published(
    data: DataFolder, writer: FlaskClient, triple: str, shape: str
) -> None:
    before = number(data)
    answer = inserted(writer, triple)
    said = answer.json
    assert (answer.status_code, said["type"].rpartition("/")[2]) == (422, "invalid-data")
    assert {each["shape"] for each in said["findings"]} == {PREFIXES["hks"] + shape}
    assert all(each["id"].startswith("policy/") for each in said["findings"])
    assert all(each["message"]["ja"] and each["hint"]["en"] for each in said["findings"])
    assert number(data) == before


def test_the_page_says_what_is_wrong_and_how_to_mend_it(writer: FlaskClient) -> None:
    page = inserted(writer, MISSPELT, Accept="text/html", **{"Accept-Language": "ja"})
    assert page.status_code == 422
    assert "施策に使えないプロパティ又は列 hk:adresses があります" in page.text
    assert "hk:addresses" in page.text


def test_a_valid_update_is_published(data: DataFolder, writer: FlaskClient) -> None:
    before = number(data)
    assert inserted(writer, '?policy skos:altLabel "別名"@ja').status_code == 204
    assert number(data) == before + 1


def test_graphs_are_validated_when_they_are_put_posted_and_deleted(
    data: DataFolder, writer: FlaskClient
) -> None:
    before = number(data)
    turtle = {**WRITER, "Content-Type": "text/turtle"}
    bad = f"{PREFIX} <https://w3id.org/hakusho/id/policy/bare> a hk:Policy ."
    for answer in (
        writer.put("/graphs/submission-1", data=bad, headers=turtle),
        writer.post("/graphs/r07", data=bad, headers=turtle),
        writer.delete("/graphs/r07", headers=WRITER),
    ):
        assert answer.status_code == 422
        assert json.loads(answer.data)["type"].endswith("/invalid-data")
    assert number(data) == before


def test_with_validation_off_anything_is_published(sample: EditionDataset, tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    data.publish(sample.quads, who="tests")
    service = serving(data, validation=False)
    assert inserted(create_app(service).test_client(), MISSPELT).status_code == 204
    service.close()
