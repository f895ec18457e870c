"""Forms for one thing: their fields come from the shapes, their findings stand beside them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.columns import kinds
from hakusho.loaders.edition import EditionDataset
from hakusho.loaders.exporting import TABLES
from hakusho.loaders.forms import fields, table_of
from hakusho.loaders.spreadsheets.headers import header_of
from hakusho.server.app import create_app
from hakusho.server.row_forms import row_of, written
from hakusho.server.service import Service
from hakusho.server.settings import Settings

PAGE = {"Accept": "text/html"}
KINDS = sorted({kinds()[table] for table in TABLES if table in kinds()})


@pytest.fixture(scope="module")
def data(sample: EditionDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small edition."""
    path = tmp_path_factory.mktemp("forms") / "data"
    DataFolder(path).publish([*sample.quads, *ontology_dataset()], who="tests")
    return path


@pytest.fixture(scope="module")
def pages(data: Path) -> Iterator[FlaskClient]:
    """A client of an application whose writers have tokens."""
    settings = Settings({"token": "the-publisher", "limit_fast_workers": 1})
    service = Service.of(DataFolder(data), settings)
    yield create_app(service).test_client()
    service.close()


def parts(page: str) -> dict[str, str]:
    """Gives the part of a page that is about each field."""
    found = re.split(r'<div class="field', page)[1:]
    names = [re.search(r'for="f-(\w+)"', part) for part in found]
    return {name[1]: part for name, part in zip(names, found, strict=True) if name}


def test_a_shape_that_wants_a_value_makes_its_field_required_or_wanted() -> None:
    needs = {each.name: each.need for each in fields("policies")}
    assert {name for name, need in needs.items() if need == "required"} == {
        "id",
        "label_ja",
        "summary_ja",
        "kind",
        "status",
        "lead_org_id",
        "page_url",
        "evidence",
    }
    assert needs["label_en"] == needs["summary_en"] == "wanted"
    assert needs["end_date"] == ""


def test_every_column_has_a_field_that_is_named_in_both_languages() -> None:
    for kind in KINDS:
        table = table_of(kind)
        assert tuple(each.name for each in fields(table)) == header_of(table)
        for each in fields(table):
            assert each.label["ja"] and each.label["en"], f"{table}.{each.name}"


def test_what_may_be_chosen_are_the_codes_and_the_things_there_are(pages: FlaskClient) -> None:
    shown = parts(pages.get("/forms/policy?lang=ja").text)
    assert '<option value="law">法令</option>' in shown["kind"]
    assert '<option value="mic">総務省</option>' in shown["lead_org_id"]
    assert "multiple" in shown["addresses_challenge_ids"]
    assert "<input" in shown["start_date"]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_form_for_every_kind(pages: FlaskClient, kind: str, lang: str) -> None:
    page = pages.get(f"/forms/{kind}?lang={lang}")
    assert page.status_code == 200
    assert f"/forms/{kind}?lang={lang}" in pages.get(f"/forms?lang={lang}").text


def test_a_thing_that_there_is_comes_with_what_is_said_of_it(
    pages: FlaskClient, data: Path
) -> None:
    row = row_of(DataFolder(data).current(), "policies", "ai-act")
    assert row is not None
    shown = parts(pages.get("/forms/policy/ai-act").text)
    assert row["label_ja"][0] in shown["label_ja"]
    assert f'<option value="{row["kind"][0]}" selected>' in shown["kind"]
    assert "<input" not in shown["id"]


def test_of_a_thing_that_there_is_only_what_differs_is_said_anew(data: Path) -> None:
    row = row_of(DataFolder(data).current(), "policies", "ai-act")
    assert row is not None
    assert written("policies", row, row).decode() == "id\nai-act\n"
    changed = {**row, "label_ja": ["AI法（改）"]}
    assert written("policies", changed, row).decode() == "id,label_ja\nai-act,AI法（改）\n"


def test_a_finding_stands_beside_its_field_and_nothing_is_lost(pages: FlaskClient) -> None:
    given = {"id": "new", "label_ja": "新しい<b>施策</b>", "kind": "law", "start_date": "2024-13"}
    page = pages.post("/forms/policy?lang=en", data=given, headers=PAGE)
    assert page.status_code == 200
    shown = parts(page.text)
    assert "2024-13" in shown["start_date"] and 'role="alert"' in shown["start_date"]
    assert "新しい&lt;b&gt;施策&lt;/b&gt;" in shown["label_ja"]
    assert '<option value="law" selected>' in shown["kind"]
    assert "kept" not in page.text


@pytest.mark.slow
def test_what_a_shape_misses_is_told_at_the_field_that_it_is_about(pages: FlaskClient) -> None:
    given = {"id": "new", "label_ja": "施策", "kind": "law", "evidence": "official"}
    shown = parts(pages.post("/forms/policy?lang=en", data=given, headers=PAGE).text)
    wrong = {name for name, part in shown.items() if 'class="said violation"' in part}
    assert wrong == {"summary_ja", "status", "lead_org_id", "page_url"}


@pytest.mark.slow
def test_what_passes_is_previewed_and_published_at_once(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    settings = Settings({"token": "the-publisher", "limit_fast_workers": 1})
    service = Service.of(DataFolder(tmp_path / "data"), settings)
    client = create_app(service).test_client()
    row = row_of(service.data.current(), "policies", "ai-act")
    assert row is not None
    given = {**row, "label_ja": ["AI法（改）"]}
    page = client.post("/forms/policy/ai-act?lang=ja", data=given, headers=PAGE).text
    assert "AI法（改）" in page and row["label_ja"][0] in page.split("<form")[0]
    kept = re.search(r'name="kept" value="([^"]*)"', page)
    assert kept is not None
    form = {"kept": unescape(kept[1]), "table": "policies", "publish": "yes", "why": "renamed"}
    refused = client.post("/proposals", data={**form, "token": "no"}, headers=PAGE)
    assert refused.status_code == 401
    done = client.post("/proposals", data={**form, "token": "the-publisher"}, headers=PAGE)
    assert (done.status_code, done.location) == (303, "/releases/2")
    service.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/forms/colour", 400), ("/forms/policy/nobody", 404), ("/forms/merge", 400)],
)
def test_what_is_no_kind_and_no_thing_is_refused(
    pages: FlaskClient, path: str, status: int
) -> None:
    assert pages.get(path).status_code == status
