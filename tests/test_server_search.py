"""The search page, its JSON, the names offered while one types, and the command."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.cli import main


def test_a_page_marks_what_matched_and_links_to_the_thing(client: FlaskClient) -> None:
    page = client.get("/search?q=監視&lang=ja", headers={"Accept": "text/html"}).text
    assert "<mark>監視</mark>" in page
    assert 'href="/id/policy/guard?lang=ja"' in page
    english = client.get("/search?q=ｇｕａｒｄ&lang=en", headers={"Accept": "text/html"}).text
    assert "<mark>Guard</mark>" in english


def test_programs_get_the_same_with_counts_and_the_places_of_marks(client: FlaskClient) -> None:
    said = client.get("/search?q=guard&format=json").json
    assert said is not None and said["total"] >= 1
    hit = said["hits"][0]
    assert hit["id"] == "policy/guard" and hit["kind"] == "policy"
    start, end = hit["matched"]["marks"][0]
    assert hit["matched"]["text"][start:end].lower() == "guard"
    assert sum(said["counts"].values()) == said["total"]
    assert client.get("/search?q=guard", headers={"Accept": "application/json"}).is_json


def test_names_are_offered_for_what_was_typed_so_far(client: FlaskClient) -> None:
    offered = client.get("/search/suggest?q=gua&lang=en").json
    assert offered is not None
    assert {"label": "Guard", "id": "policy/guard"}.items() <= offered[0].items()
    assert client.get("/search/suggest?q=").json == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/search", 200),
        ("/search?q=", 200),
        ("/search?q=" + "x" * 10_000, 200),
        ("/search?q=%00%E2%80%AE%ff<script>", 200),
        ("/search?q=a&kind=challange", 400),
        ("/search?q=a&page=0", 400),
        ("/search?q=a&page=-1", 400),
        ("/search?q=a&page=99999999999999999999", 400),
        ("/search?q=a&page=²", 400),
        ("/search?q=guard&page=400", 200),
        ("/search?q=a&format=pdf", 406),
    ],
)
def test_absurd_requests_are_refused_or_harmless(
    client: FlaskClient, address: str, status: int
) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert "<script>" not in answer.text.replace("<script type", "")


def test_what_finds_nothing_offers_the_nearest_names(client: FlaskClient) -> None:
    page = client.get("/search?q=Guarrd&lang=en", headers={"Accept": "text/html"}).text
    assert "Nothing matches" in page and ">Guard</a>" in page


def test_a_page_loads_only_our_own_scripts(client: FlaskClient) -> None:
    policy = client.get("/search").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_command_finds_the_same(matrix_data: DataFolder) -> None:
    run = CliRunner()
    arguments = ["search", "guard", "--data", str(matrix_data.path), "--lang", "en"]
    said = run.invoke(main, [*arguments, "--format", "json"])
    assert [row["id"] for row in json.loads(said.stdout)][0] == "policy/guard"
    assert "[Guard]" in run.invoke(main, arguments).stdout
    nothing = run.invoke(main, ["search", "guarrd", "--data", str(matrix_data.path)])
    assert "Guard" in nothing.stdout
