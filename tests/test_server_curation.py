"""Checking and proposing over HTTP: for everyone, in every form, within limits, tokens unseen."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.proposals import Proposals
from hakusho.server.app import create_app
from hakusho.server.service import Service
from hakusho.server.settings import Settings

HEADER = "id,label_ja,label_en,kind,page_url,evidence\n"
GOOD = HEADER + "office,役所,Office,ministry,https://www.example.go.jp/,official\n"
BAD = HEADER + "office,役所,Office,minstry,https://www.example.go.jp/,official\n"
CSV = {"Content-Type": "text/csv"}
PAGE = {"Accept": "text/html", "Accept-Language": "en"}
PROPOSER = {"Authorization": "Bearer the-proposer"}
PUBLISHER = {"Authorization": "Bearer the-publisher"}


def serving(path: Path, **more: Any) -> Service:
    tokens = {"token": "the-publisher", "propose_token": "the-proposer"}
    settings = Settings({**tokens, "limit_fast_workers": 1, "write_window": 0.0, **more})
    return Service.of(DataFolder(path, patience=5), settings)


@pytest.fixture(scope="module")
def data(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small edition."""
    return shutil.copytree(small_data, tmp_path_factory.mktemp("curation") / "data")


@pytest.fixture(scope="module")
def pages(data: Path) -> Iterator[FlaskClient]:
    """A client of an application whose writers have tokens."""
    service = serving(data)
    yield create_app(service).test_client()
    service.close()


def checked(pages: FlaskClient, text: str, accept: str = "application/json", **more: str) -> Any:
    query = {"table": "organizations", "lang": "en", **more}
    return pages.post("/validate", data=text, query_string=query, headers={**CSV, "Accept": accept})


def test_a_faulty_table_is_told_by_row_and_column_in_either_language(pages: FlaskClient) -> None:
    said = checked(pages, BAD).json
    assert not said["passes"]
    (finding,) = (each for each in said["findings"] if each["severity"] == "violation")
    (place,) = finding["occurrences"]
    assert (place["row"], place["column"], finding["value"]) == (2, "kind", "minstry")
    assert finding["nearest"] == ["ministry"]
    page = checked(pages, BAD, "text/html", lang="ja").text
    assert "登録できません" in page and "minstry" in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("accept", "begins"),
    [
        ("text/csv", "severity,code,file"),
        ("application/xml", "<?xml"),
        ("text/turtle", "@prefix"),
        ("text/plain", "organizations.csv"),
    ],
)
def test_a_report_comes_in_the_form_that_is_wanted(
    pages: FlaskClient, accept: str, begins: str
) -> None:
    answer = checked(pages, BAD, accept)
    assert answer.status_code == 200
    assert answer.mimetype == accept
    assert answer.text.startswith(begins)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_it_cannot_have_is_refused_before_anything_is_read(pages: FlaskClient) -> None:
    assert checked(pages, BAD, "image/png").status_code == 406


@pytest.mark.parametrize(
    ("body", "headers", "status", "slug"),
    [
        (b"", CSV, 400, "nothing-handed-in"),
        (b"  \n", CSV, 400, "nothing-handed-in"),
        (b"x", {"Content-Type": "image/png"}, 415, "unsupported-content"),
        (b"x" * 2_000, CSV, 413, "too-large"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused(
    data: Path, body: bytes, headers: dict[str, str], status: int, slug: str
) -> None:
    service = serving(data, limit_upload_bytes=1_000)
    client = create_app(service).test_client()
    answer = client.post("/validate", data=body, headers=headers)
    assert answer.status_code == status
    assert answer.json is not None and answer.json["type"].endswith(slug)
    large = {"file": (io.BytesIO(b"x" * 2_000), "x.csv")}
    assert client.post("/validate", data=large).status_code == 413
    service.close()


def test_files_that_take_too_long_are_let_go(data: Path) -> None:
    service = serving(data, limit_upload_seconds=0.05)
    answer = checked(create_app(service).test_client(), GOOD)
    assert answer.status_code == 504
    assert answer.json["limit"] == "time"
    service.close()


def test_the_page_for_files_works_without_scripts(pages: FlaskClient) -> None:
    for lang in ("ja", "en"):
        page = pages.get(f"/validate?lang={lang}").text
        assert 'type="file"' in page and f'action="/validate?lang={lang}"' in page
        assert "<script" not in page.split("<main")[1]
    empty = pages.post("/validate?lang=en", data={"text": ""}, headers=PAGE)
    assert empty.status_code == 400
    assert "Choose a file" in empty.text


@pytest.fixture
def own(data: Path, tmp_path: Path) -> Iterator[tuple[FlaskClient, DataFolder]]:
    """A client of an application over a data folder of its own."""
    shutil.copytree(data, tmp_path / "data")
    service = serving(tmp_path / "data")
    yield create_app(service).test_client(), service.data
    service.close()


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


@pytest.mark.slow
def test_from_a_pasted_table_to_its_release_with_forms_alone(
    own: tuple[FlaskClient, DataFolder],
) -> None:
    client, data = own
    pasted = {"text": GOOD.replace(",", "\t"), "table": "organizations"}
    report = client.post("/validate?lang=en", data=pasted, headers=PAGE)
    assert report.status_code == 200
    assert "organization/office" in report.text
    filed = client.post(
        "/proposals?lang=en",
        data={
            "kept": field(report.text, "kept"),
            "table": field(report.text, "table"),
            "who": "Tanaka",
            "why": "a new office",
            "token": "the-proposer",
        },
        headers=PAGE,
    )
    assert (filed.status_code, filed.location) == (303, "/proposals/1?lang=en")
    page = client.get("/proposals/1?lang=en").text
    assert "Tanaka (proposer)" in page and "a new office" in page and "organization/office" in page
    refused = client.post("/proposals/1/publish", data={"token": "the-proposer"}, headers=PAGE)
    assert refused.status_code == 403
    done = client.post(
        "/proposals/1/publish?lang=en",
        data={"token": "the-publisher", "who": "Sato"},
        headers=PAGE,
    )
    assert (done.status_code, done.location) == (303, "/releases/2?lang=en")
    assert "organization/office" in client.get("/releases/2?lang=en").text
    after = client.get("/proposals/1?lang=en").text
    assert "Sato (publisher)" in after and "the-publisher" not in after
    assert data.release(2).manifest.who == "Tanaka (proposer)"


@pytest.mark.slow
def test_programs_propose_decide_and_fetch_the_files(own: tuple[FlaskClient, DataFolder]) -> None:
    client, data = own
    asked = {"table": "organizations", "why": "new", "who": "desk"}
    made = client.post("/proposals", data=GOOD, query_string=asked, headers={**CSV, **PROPOSER})
    assert (made.status_code, made.location) == (201, "/proposals/1")
    said = client.get("/proposals/1?format=json").json
    assert said is not None
    assert (said["state"], said["counts"]["added"], said["report"]["passes"]) == ("open", 2, True)
    file = client.get(said["files"][0]["address"])
    assert file.text == GOOD
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.post("/proposals/1/decline", headers=PUBLISHER).status_code == 400
    declined = client.post("/proposals/1/decline?why=no", headers=PUBLISHER)
    assert declined.json is not None and declined.json["state"] == "declined"
    again = client.post("/proposals/1/publish", headers=PUBLISHER)
    assert again.status_code == 409
    listed = client.get("/proposals?state=declined&format=json").json
    assert listed is not None and [each["number"] for each in listed["proposals"]] == [1]
    assert len(data.releases()) == 1


@pytest.mark.slow
def test_what_does_not_pass_is_no_proposal_and_says_why(pages: FlaskClient, data: Path) -> None:
    asked = {"table": "organizations"}
    answer = pages.post("/proposals", data=BAD, query_string=asked, headers={**CSV, **PROPOSER})
    assert answer.status_code == 422
    said = json.loads(answer.data)
    assert said["type"].endswith("submission-refused")
    assert not said["report"]["passes"]
    page = pages.post(
        "/proposals", data=BAD, query_string=asked, headers={**CSV, **PROPOSER, **PAGE}
    )
    assert page.status_code == 422 and "minstry" in page.text
    assert Proposals(DataFolder(data)).all() == []


@pytest.mark.parametrize(
    ("path", "status"),
    [("/proposals", 401), ("/proposals/1/publish", 401), ("/proposals/1/decline", 401)],
)
def test_nothing_is_written_without_a_token_wherever_else_it_is_put(
    pages: FlaskClient, path: str, status: int
) -> None:
    for given in ({}, {"query_string": {"token": "the-publisher"}}):
        answer = pages.post(path, data={"text": GOOD, "table": "organizations"}, **given)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/proposals/9", 404),
        ("/proposals/9/files/1-x.csv", 404),
        ("/proposals?state=lost", 400),
        ("/proposals", 200),
        ("/proposals?lang=en", 200),
    ],
)
def test_what_is_no_proposal_is_refused(pages: FlaskClient, path: str, status: int) -> None:
    assert pages.get(path).status_code == status
