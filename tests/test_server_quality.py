"""The quality page: every check is counted and listed, and the counts are those of the lists."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hakusho.graph.embedded import EmbeddedStore
from hakusho.queries.catalogue import ask
from hakusho.server.app import create_app
from hakusho.server.quality import ORDER, challenges, checks, counted, name_of, parts
from hakusho.server.service import Service


@pytest.fixture(scope="module")
def quality(packaged_store: EmbeddedStore, client: FlaskClient) -> FlaskClient:
    """A client of the application over the packaged edition."""
    service: Service = client.application.extensions["hakusho"]
    return create_app(Service(service.data, packaged_store)).test_client()


def test_every_question_that_can_be_narrowed_is_a_check() -> None:
    assert {name_of(check) for check in checks()} == set(ORDER)


def test_the_counts_are_the_rows_of_the_lists(packaged_store: EmbeddedStore) -> None:
    total, groups = counted(packaged_store, "section")
    others, by_challenge = counted(packaged_store, "challenge")
    for name in ORDER:
        rows = ask(packaged_store, f"quality/{name}", lang="ja").rows
        assert total[name] == len({tuple(sorted(map(str, row.items()))) for row in rows}), name
        for given in ({"section": "part/r07-p2-c2-s5"}, {"challenge": "challenge/cybersecurity"}):
            some = ask(packaged_store, f"quality/{name}", lang="ja", **given).rows
            (id,) = given.values()
            group = groups if "section" in given else by_challenge
            assert group[id].get(name, 0) == len(some), (name, given)


def test_parts_and_challenges_stand_in_their_trees(packaged_store: EmbeddedStore) -> None:
    _, counts = counted(packaged_store, "section")
    tree = parts(packaged_store, "en", counts)
    assert [group.id for group in tree] == ["part/r07-p1", "part/r07-p2"]
    assert all(group.level <= 2 for top in tree for group in top.all())
    _, counts = counted(packaged_store, "challenge")
    found = [group for top in challenges(packaged_store, "en", counts) for group in top.all()]
    assert "challenge/cybersecurity" in {group.id for group in found}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_each_number_leads_to_its_list(quality: FlaskClient, lang: str) -> None:
    page = quality.get(f"/quality?lang={lang}").text
    assert f"/quality/assigned-links?section=part/r07-p2-c2-s5&amp;lang={lang}" in page
    listed = quality.get(f"/quality/assigned-links?section=part/r07-p2-c2-s5&lang={lang}").text
    assert 'href="/id/link/' in listed
    assert quality.get(f"/quality?by=challenge&lang={lang}").status_code == 200


def test_values_in_conflict_stand_side_by_side_with_both_pages(quality: FlaskClient) -> None:
    page = quality.get("/quality/conflicting-values?lang=en").text
    assert page.count("<dt>One page</dt>") == page.count("<dt>The other page</dt>") == 9


def test_a_long_list_comes_in_pages(quality: FlaskClient) -> None:
    first = quality.get("/quality/assigned-links?lang=en").text
    assert "start=60" in first and "1 to 60" in first
    assert "361 to 397" in quality.get("/quality/assigned-links?lang=en&start=360").text


def test_the_counts_are_data_as_well(quality: FlaskClient) -> None:
    said = quality.get("/quality?format=json").json
    assert said is not None and said["total"]["assigned-links"] == 397
    assert {"id", "label", "level", "counts"} == said["groups"][0].keys()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/quality/nothing", 404),
        ("/quality/by-section", 404),
        ("/quality?by=colour", 400),
        ("/quality/assigned-links?section=part/nowhere", 400),
        ("/quality/assigned-links?start=-1", 400),
        ("/quality/assigned-links?start=99999", 200),
    ],
)
def test_what_is_no_check_is_refused(quality: FlaskClient, path: str, status: int) -> None:
    assert quality.get(path).status_code == status
