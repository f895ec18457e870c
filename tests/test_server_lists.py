"""Lists over the packaged edition: facets that count, orders, pages by key, and absurd requests."""

from __future__ import annotations

import csv
import io
import random
import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import expand, term, thing
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.app import create_app
from hakusho.server.lists.index import Index, fold, index
from hakusho.server.lists.kinds import KINDS, Kind
from hakusho.server.lists.labels import labels
from hakusho.server.lists.offers import address, groups
from hakusho.server.lists.reading import year_of
from hakusho.server.lists.selection import Choice, remaining, select
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


def test_filtering_stays_in_the_language_and_the_release_that_are_read(
    client: FlaskClient,
) -> None:
    form = client.get("/policies?lang=en&release=1").text
    for name, value in (("lang", "en"), ("release", "1")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form


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


def test_names_with_markup_controls_and_braces_are_shown_harmlessly(
    matrix_data: DataFolder,
) -> None:
    hostile = "<script>{0}{label}</script>\u202e\x07&"
    store = EmbeddedStore()
    policy, law = thing("policy", "odd"), thing("policy-kind", "odd")
    store.engine.extend(
        [
            Quad(policy, NamedNode(expand("rdf:type")), term("Policy")),
            Quad(policy, term("kind"), law),
            *(
                Quad(each, NamedNode(expand("rdfs:label")), Literal(hostile, language="en"))
                for each in (policy, law)
            ),
        ]
    )
    client = create_app(Service(matrix_data, store)).test_client()
    shown = "&lt;script&gt;{0}{label}&lt;/script&gt;\ufffd\ufffd&amp;"
    for asked in ("/policies?lang=en", "/policies?lang=en&kind=policy-kind/odd"):
        answer = client.get(asked)
        assert answer.status_code == 200, answer.text
        assert answer.text.count(shown) >= 3
        assert "<script" not in answer.text and "\u202e" not in answer.text


def test_years_are_read_from_periods() -> None:
    assert [year_of(each) for each in ("period/2024-11-05", "period/x", "")] == ["2024", "", ""]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_counts_are_what_choosing_each_value_leaves(
    lists: FlaskClient, packaged_store: EmbeddedStore, kind: Kind
) -> None:
    chance = random.Random(7)
    with lists.application.test_request_context():
        every = index(packaged_store, kind)
        for _ in range(30):
            chosen = some_choice(every, chance)
            found = select(kind, every, chosen, "en")
            assert found.number == len(remaining(kind, every, chosen, "en"))
            for name, counts in found.counts.items():
                values = every.facets[name]
                for place in chance.sample(range(len(values.names)), min(4, len(values.names))):
                    instead = {**chosen.values, name: (values.names[place],)}
                    left = remaining(kind, every, replace(chosen, values=instead), "en")
                    if place in values.totals:
                        assert counts.get(place, 0) == len(left), (chosen, values.names[place])


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_pages_of_any_choice_give_what_is_left_once_and_in_order(
    lists: FlaskClient, packaged_store: EmbeddedStore, kind: Kind
) -> None:
    chance = random.Random(3)
    with lists.application.test_request_context():
        every = index(packaged_store, kind)
        for text in ("", "の", "a", "2024"):
            chosen = Choice(text=text, sort=chance.choice(kind.sortings).name)
            seen: list[int] = []
            following: str | None = ""
            while following is not None:
                page = select(kind, every, replace(chosen, after=following), "ja")
                assert page.before == len(seen)
                seen += page.shown
                following = page.after
            assert seen == remaining(kind, every, chosen, "ja")


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_value_links_to_the_list_with_it_chosen_as_well(
    lists: FlaskClient, packaged_store: EmbeddedStore, kind: Kind
) -> None:
    chance = random.Random(11)
    with lists.application.test_request_context("/?lang=en&release=1"):
        every = index(packaged_store, kind)
        for _ in range(10):
            chosen = some_choice(every, chance)
            found = select(kind, every, chosen, "en")
            called = labels(packaged_store, kind, every, "en")
            for group in groups(kind, every, chosen, found, called):
                now = chosen.values.get(group.name, ())
                for entry in group.entries:
                    if not entry.chosen and entry.href:
                        value = parse_qs(unescape(entry.href).partition("?")[2])[group.name][-1]
                        then = address(kind, chosen, **{group.name: [*now, value]})
                        assert unescape(entry.href) == then


def some_choice(every: Index, chance: random.Random) -> Choice:
    """Gives a choice of some values, and sometimes a word."""
    names = chance.sample(list(every.facets), min(2, len(every.facets)))
    values = {name: tuple(chance.sample(every.facets[name].names, 1)) for name in names}
    return Choice(values if chance.random() < 0.8 else {}, chance.choice(["", "の", "a&b", "AI"]))
