"""Lists over the packaged edition: facets that count, orders, pages by key, and absurd requests."""

from __future__ import annotations

import csv
import io
import re
import time

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, Quad

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import HKID
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.store import Term
from hakusho.server.app import create_app
from hakusho.server.lists.index import fold
from hakusho.server.lists.kinds import KINDS
from hakusho.server.lists.reading import year_of
from hakusho.server.service import Service


@pytest.fixture(scope="module")
def lists(matrix_data: DataFolder, packaged_store: EmbeddedStore) -> FlaskClient:
    return create_app(Service(matrix_data, packaged_store)).test_client()


def rows(lists: FlaskClient, address: str) -> list[dict[str, str]]:
    """Gives a list as data."""
    return list(csv.DictReader(io.StringIO(lists.get(address).text)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_each_list_has_facets_with_counts(lists: FlaskClient, kind: str, lang: str) -> None:
    page = lists.get(f"/{kind}?lang={lang}")
    assert page.status_code == 200
    assert len(page.data) < 100_000
    for facet in KINDS[kind].facets:
        assert f"{facet.name}=" in page.text, facet.name


def test_a_facet_leaves_as_many_as_it_counted(lists: FlaskClient) -> None:
    page = lists.get("/policies?lang=en").text
    found = re.search(r'href="(/policies\?kind=policy-kind/law[^"]*)">[^<]*</a> <small>(\d+)', page)
    assert found is not None
    address, count = found[1].replace("&amp;", "&"), int(found[2])
    laws = rows(lists, f"{address}&format=csv")
    assert len(laws) == count > 10
    assert {row["kind"] for row in laws} == {"policy-kind/law"}


def test_values_of_one_facet_add_up_and_those_of_two_narrow_down(lists: FlaskClient) -> None:
    law, system = ("/policies?format=csv&kind=policy-kind/law", "&kind=policy-kind/system")
    both = rows(lists, law + system)
    assert len(both) > len(rows(lists, law))
    narrowed = rows(lists, f"{law}&challenge=challenge/cybersecurity")
    assert 0 < len(narrowed) < len(rows(lists, law))


def test_a_broader_challenge_keeps_what_narrower_ones_have(lists: FlaskClient) -> None:
    top = rows(lists, "/policies?format=csv&challenge=challenge/digital-society-challenges")
    below = rows(lists, "/policies?format=csv&challenge=challenge/cybersecurity")
    assert {row["id"] for row in below} < {row["id"] for row in top}


def test_pages_by_key_give_everything_once(lists: FlaskClient) -> None:
    seen: list[str] = []
    address: str | None = "/policies?sort=newest&lang=en"
    while address:
        page = lists.get(address).text
        seen += re.findall(r'<th scope="row"><a href="/id/(policy/[^?"]+)', page)
        following = re.search(r'<a rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert sorted(seen) == sorted(row["id"] for row in rows(lists, "/policies?format=csv"))
    assert len(seen) == len(set(seen))


def test_a_key_that_the_choice_left_out_still_tells_where_to_go_on(lists: FlaskClient) -> None:
    every = rows(lists, "/policies?format=csv&lang=en")
    page = lists.get(f"/policies?lang=en&kind=policy-kind/law&after={every[100]['id']}")
    assert page.status_code == 200


def test_a_list_is_filtered_by_name_whatever_width_and_case(lists: FlaskClient) -> None:
    assert rows(lists, "/challenges?format=csv&q=ａｉ") == rows(
        lists, "/challenges?format=csv&q=AI"
    )
    assert fold("ＡＩ") == "ai"


def test_the_state_is_in_the_links(lists: FlaskClient) -> None:
    page = lists.get("/indicators?lang=en&q=market&sort=values").text
    links = re.findall(r'href="(/indicators\?[^"]*unit=[^"]*)"', page)
    assert links and all("q=market" in link and "sort=values" in link for link in links)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/policies?kind=nonsense", "kind"),
        ("/policies?kind=" + "x" * 10_000, "kind"),
        ("/policies?sort=sideways", "newest"),
        ("/policies?after=policy/none", "after"),
        ("/policies?after=-1", "after"),
        ("/policies?year=99999999999999999999", "year"),
        ("/policies?q=" + "あ" * 10_000, "200"),
        ("/policies?" + "&".join(f"kind=k{n}" for n in range(500)), "at most"),
        ("/policies?challenge=<script>alert(1)</script>", "challenge"),
        ("/policies?challenge=javascript:alert(1)", "challenge"),
    ],
)
def test_an_absurd_choice_is_refused_in_one_sentence(
    lists: FlaskClient, address: str, said: str
) -> None:
    answer = lists.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert said in answer.text
    assert len(answer.data) < 50_000
    assert "<script" not in answer.text


def test_a_misspelt_choice_is_told_the_nearest(lists: FlaskClient) -> None:
    answer = lists.get("/policies?kind=policy-kind/lw")
    assert answer.json is not None and "policy-kind/law" in answer.json["nearest"]


def test_an_unknown_format_is_refused(lists: FlaskClient) -> None:
    assert lists.get("/policies?format=pdf").status_code == 406


def test_a_choice_that_leaves_nothing_says_so(lists: FlaskClient) -> None:
    page = lists.get("/policies?q=qqqqqq&lang=en")
    assert page.status_code == 200 and "Nothing matches" in page.text


def test_years_are_read_from_periods() -> None:
    assert [year_of(each) for each in ("period/2024-11-05", "period/x", "")] == ["2024", "", ""]


TIMES = 17
COPIED = ("policy", "indicator", "observation", "source", "organization", "milestone", "link")


@pytest.fixture(scope="module")
def large(matrix_data: DataFolder, packaged_store: EmbeddedStore) -> FlaskClient:
    """The packaged edition seventeen times over, about a million triples."""
    store = EmbeddedStore()
    base = tuple(f"{HKID}{kind}/" for kind in COPIED)

    def copied(term: Term, number: int) -> Term:
        if isinstance(term, NamedNode) and term.value.startswith(base):
            return NamedNode(f"{term.value}-{number}")
        return term

    quads = [quad for quad in packaged_store.engine if quad.graph_name == DefaultGraph()]
    store.engine.extend(quads)
    for number in range(1, TIMES):
        store.engine.extend(
            Quad(subject, quad.predicate, copied(quad.object, number))  # type: ignore[arg-type]
            for quad in quads
            if (subject := copied(quad.subject, number)) != quad.subject
            or copied(quad.object, number) != quad.object
        )
    return create_app(Service(matrix_data, store)).test_client()


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    ["/policies?n=", "/policies?kind=policy-kind/system&n=", "/indicators?sort=values&n=",
     "/organizations?n=", "/milestones?q=の&n="],
)  # fmt: skip
def test_a_list_over_a_million_triples_takes_at_most_twice_as_long(
    lists: FlaskClient, large: FlaskClient, address: str
) -> None:
    # The lists of a release are read once; what is compared is every request after that.
    small, big = (best_of(client, address) for client in (lists, large))
    assert big <= 2 * small, f"{big / small:.1f} times"
    assert len(large.get(f"{address}0").data) < 100_000


def best_of(client: FlaskClient, address: str) -> float:
    """Gives the least processor time of some requests."""
    taken = []
    for number in range(12):
        start = time.thread_time()
        client.get(f"{address}{number}")
        taken.append(time.thread_time() - start)
    return min(taken)
