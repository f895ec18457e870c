"""The history over HTTP: the list, each release with what it changed, and the way back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from hakusho.graph.names import PREFIXES, graph, thing
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.manifest import Source
from hakusho.server.app import create_app
from hakusho.server.service import Service
from hakusho.server.tokens import Token, Tokens

DATA = Path(__file__).parent / "data"

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
GUARD = thing("policy", "guard")
TOKENS = Tokens([Token("the-publisher", "publish", "editor"), Token("prop", "propose", "desk")])
PUBLISHER = {"Authorization": "Bearer the-publisher"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with two releases: a policy's English name was changed, another is new."""
    data = DataFolder(tmp_path_factory.mktemp("history"))
    quads = list(parse(path=DATA / "matrix.trig", format=RdfFormat.TRIG))
    data.publish(quads, who="tests")
    old = [q for q in quads if q.subject == GUARD and q.predicate == LABEL]
    english = [q for q in old if isinstance(q.object, Literal) and q.object.language == "en"]
    name = graph("submission-2")
    data.publish(
        Change(
            add=[
                Quad(GUARD, LABEL, Literal("Guard <2>", language="en"), name),
                Quad(thing("policy", "new"), LABEL, Literal("New", language="en"), name),
            ],
            remove=english,
        ),
        who="curator",
        why="a new name",
        sources=[Source("names.csv", "0" * 64, name.value)],
    )
    return data


def client_of(data: DataFolder, tokens: Tokens = TOKENS) -> FlaskClient:
    current = data.current()
    assert current is not None
    return create_app(Service(data, current.open(), tokens)).test_client()


@pytest.fixture(scope="module")
def pages(written: DataFolder) -> FlaskClient:
    """A client of an application whose writers have tokens, that only reads."""
    return client_of(written)


@pytest.fixture
def data(written: DataFolder, tmp_path: Path) -> DataFolder:
    """A data folder of one's own."""
    shutil.copytree(written.path, tmp_path / "data")
    return DataFolder(tmp_path / "data")


def test_the_list_says_when_by_whom_why_and_how_much(pages: FlaskClient) -> None:
    said = pages.get("/releases?format=json").json
    assert said is not None and said["current"] == 2
    newest, first = said["releases"]
    assert (newest["who"], newest["why"], newest["added"], newest["removed"]) == (
        "curator",
        "a new name",
        2,
        1,
    )
    assert first["number"] == 1 and not first["current"]
    page = pages.get("/releases?lang=en").text
    assert "a new name" in page and "Release 1" in page


def test_a_pinned_release_is_shown_as_such_at_once(data: DataFolder) -> None:
    pages = client_of(data)
    pages.get("/releases?format=json")
    data.pin(1)
    said = pages.get("/releases?format=json").json
    assert said is not None and [each["pinned"] for each in said["releases"]] == [False, True]


def test_a_release_shows_its_sources_and_what_it_changed_by_property(pages: FlaskClient) -> None:
    said = pages.get("/releases/2?format=json").json
    assert said is not None
    assert said["sources"][0]["name"] == "names.csv"
    assert said["diff"]["counts"] == {"added": 1, "removed": 0, "changed": 1}
    (changed,) = (each for each in said["diff"]["things"] if each["how"] == "changed")
    assert changed["id"] == "policy/guard"
    assert changed["properties"] == [
        {
            "property": "rdfs:label",
            "removed": [{"value": "Guard", "language": "en"}],
            "added": [{"value": "Guard <2>", "language": "en"}],
        }
    ]
    page = pages.get("/releases/2?lang=en").text
    assert "names.csv" in page and "Guard &lt;2&gt;" in page
    assert said["hash"] in page


def test_a_difference_is_narrowed_and_turned_round(pages: FlaskClient) -> None:
    page = pages.get("/releases/2?lang=en&how=added").text
    assert "policy/new" in page and "policy/guard" not in page
    back = pages.get("/releases/2..1?format=json").json
    assert back is not None and back["counts"] == {"added": 0, "removed": 1, "changed": 1}
    assert pages.get("/releases/1..1?format=json").json == {
        "from": 1,
        "to": 1,
        "counts": {"added": 0, "removed": 0, "changed": 0},
        "inferred": {"added": 0, "removed": 0},
        "page": 1,
        "pages": 1,
        "things": [],
    }
    form = pages.get("/releases/compare?from=1&to=2&lang=en")
    assert (form.status_code, form.location) == (302, "/releases/1..2?lang=en")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/releases/9", 404),
        ("/releases/1..9", 404),
        ("/releases/0x2", 404),
        ("/releases/2?how=sideways", 400),
        ("/releases/2?page=-1", 400),
        ("/releases/2?page=x", 400),
        ("/releases/compare?from=1", 400),
        (f"/releases/{'9' * 50}", 404),
    ],
)
def test_what_is_no_release_and_no_page_is_refused(
    pages: FlaskClient, path: str, status: int
) -> None:
    assert pages.get(path).status_code == status


def test_a_page_beyond_the_last_is_the_last(pages: FlaskClient) -> None:
    assert "policy/guard" in pages.get("/releases/2?page=999").text


def test_going_back_takes_a_token_that_may_publish(pages: FlaskClient, written: DataFolder) -> None:
    for headers, form, status in (
        ({}, {}, 401),
        ({}, {"token": "wrong"}, 401),
        ({"Authorization": "Bearer prop"}, {}, 403),
        ({}, {"token": "prop"}, 403),
    ):
        answer = pages.post("/releases/1/rollback", data=form, headers=headers)
        assert answer.status_code == status
    # In the address, a token is none.
    assert pages.post("/releases/1/rollback?token=the-publisher").status_code == 401
    assert len(written.releases()) == 2


def test_going_back_makes_a_release_with_the_earlier_content(data: DataFolder) -> None:
    pages = client_of(data)
    answer = pages.post("/releases/1/rollback", headers=PUBLISHER)
    assert (answer.status_code, answer.location) == (201, "/releases/3")
    assert data.release(3).manifest.hash == data.release(1).manifest.hash
    assert data.release(3).manifest.who == "editor"
    form = {"token": "the-publisher", "why": "wrong", "who": "Sato"}
    page = pages.post("/releases/2/rollback", data=form, headers={"Accept": "text/html"})
    assert (page.status_code, page.location) == (303, "/releases/4")
    about = data.release(4).manifest
    assert (about.who, about.why, about.kind) == ("Sato (editor)", "wrong", "rollback")
    assert "the-publisher" not in pages.get("/releases/4").text


def test_a_release_may_be_shown_to_who_cannot_write(written: DataFolder) -> None:
    page = client_of(written, Tokens()).get("/releases/1").text
    assert "<form" not in page and 'name="token"' not in page
