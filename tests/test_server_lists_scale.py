"""Lists over the packaged edition and over seventeen of it, about a million triples: what a page
costs must not grow with what a release holds, whatever is chosen."""

from __future__ import annotations

import csv
import io
import re
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, count
from typing import NamedTuple
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import HKID, expand, term, thing
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.store import Term
from hakusho.queries.catalogue import question
from hakusho.server.app import create_app
from hakusho.server.lists.kinds import KINDS, Kind
from hakusho.server.lists.reading import AT_ONCE
from hakusho.server.service import Service

pytestmark = pytest.mark.slow

TIMES = 17
COPIED = ("policy", "indicator", "observation", "source", "organization", "milestone", "link")
WORDS = (
    "の", "通信", "2024", "AI", "５Ｇ", "プラットフォーム", "総務省", "market", "a", "zzzz",
    "information and",
)  # fmt: skip


class Clients(NamedTuple):
    """The same application over the packaged edition and over the large one."""

    small: FlaskClient
    large: FlaskClient


@pytest.fixture(scope="module")
def clients(matrix_data: DataFolder, packaged_store: EmbeddedStore) -> Clients:
    quads = [quad for quad in packaged_store.engine if quad.graph_name == DefaultGraph()]
    large = EmbeddedStore()
    large.engine.bulk_extend(quads)
    for number in range(1, TIMES):
        large.engine.bulk_extend(_copies(quads, number))
    return Clients(
        *(
            create_app(Service(matrix_data, store)).test_client()
            for store in (packaged_store, large)
        )
    )


def _copies(quads: list[Quad], number: int) -> Iterator[Quad]:
    """Gives what is said of things that are like those of the packaged edition, under new names;
    challenges, parts of the white paper and codes stay the same."""
    base = tuple(f"{HKID}{kind}/" for kind in COPIED)

    def copied(term: Term) -> Term:
        if isinstance(term, NamedNode) and term.value.startswith(base):
            return NamedNode(f"{term.value}-{number}")
        return term

    for quad in quads:
        subject, object = copied(quad.subject), copied(quad.object)
        if (subject, object) != (quad.subject, quad.object):
            yield Quad(subject, quad.predicate, object)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    ["/policies", "/policies?kind=policy-kind/system", "/policies?kind=policy-kind/law",
     "/indicators?sort=values", "/organizations", "/milestones?q=の", "/milestones?q=2024"],
)  # fmt: skip
def test_a_list_over_a_million_triples_takes_at_most_twice_as_long(
    clients: Clients, address: str
) -> None:
    assert slower(clients, [address]) == {}
    assert len(clients.large.get(address).data) < 100_000


@pytest.mark.parametrize("kind", KINDS)
def test_no_choice_of_a_list_takes_more_than_twice_as_long(clients: Clients, kind: str) -> None:
    assert slower(clients, choices(clients.small, KINDS[kind])) == {}


def test_no_cell_of_the_matrix_takes_more_than_twice_as_long(clients: Clients) -> None:
    page = clients.small.get("/").text
    cells = [each.replace("&amp;", "&") for each in re.findall(r'href="(/links\?[^"]*)"', page)]
    rows = {re.sub(r"&section=[^&]*", "", each) for each in cells}
    columns = {re.sub(r"challenge=[^&]*&", "", each) for each in cells}
    assert slower(clients, ["/links", *cells[::11], *sorted(rows), *sorted(columns)]) == {}


def test_a_list_is_read_whole_in_as_many_parts_as_it_takes(matrix_data: DataFolder) -> None:
    assert f"LIMIT {AT_ONCE}" in question("things/facets").text
    store, number = EmbeddedStore(), AT_ONCE // 2 + 100
    store.engine.bulk_extend(
        Quad(thing("milestone", f"m-{place}"), property, value)
        for place in range(number)
        for property, value in (
            (NamedNode(expand("rdf:type")), term("Milestone")),
            (NamedNode(expand("rdfs:label")), Literal(f"マイルストーン{place}", language="ja")),
            (NamedNode(expand("rdfs:label")), Literal(f"Milestone {place}", language="en")),
        )
    )
    client = create_app(Service(matrix_data, store)).test_client()
    assert f"{number} of {number}" in client.get("/milestones?lang=en").text
    page = client.get("/milestones?lang=en&q=milestone 25099").text
    assert f"1 of {number}" in page and "Milestone 25099" in page


def choices(small: FlaskClient, kind: Kind) -> Iterator[str]:
    """Gives what a reader can choose of a list: each facet by a common, a middling and a rare
    value, two of one facet, several facets together, each order, words of all sorts, pages further
    on, and these with each other."""
    every = f"/{kind.name}?lang=en"
    rows = list(csv.DictReader(io.StringIO(small.get(f"{every}&format=csv").text)))
    middle, last = rows[len(rows) // 2]["id"], rows[-1]["id"]
    yield every
    yield from (f"{every}&q={quote(word)}" for word in WORDS)
    for sort in kind.sortings:
        yield f"{every}&sort={sort.name}"
        yield from (f"{every}&sort={sort.name}&after={id}" for id in (middle, last))
    yield f"{every}&q=の&after={middle}"
    for facet in kind.facets:
        of = Counter(each for row in rows for each in row[facet.name].split(";") if each)
        ranked = sorted(of, key=lambda value: (-of[value], value))
        first = f"{every}&{facet.name}={ranked[0]}"
        for value in dict.fromkeys((ranked[0], ranked[len(ranked) // 2], ranked[-1])):
            yield f"{every}&{facet.name}={value}"
        yield from (f"{first}&{facet.name}={value}" for value in ranked[1:2])
        yield from (f"{first}&sort={sort.name}" for sort in kind.sortings)
        yield from (f"{first}&{more}" for more in ("q=の", "q=2024", f"after={middle}"))
    for row in (rows[0], rows[len(rows) // 2]):
        said = [f"{each.name}={row[each.name].split(';')[0]}" for each in kind.facets]
        having = [each for each in said if not each.endswith("=")]
        yield from (f"{every}&{'&'.join(pair)}" for pair in combinations(having, 2))
        yield f"{every}&{'&'.join(having)}"


def slower(clients: Clients, addresses: Iterator[str] | list[str]) -> dict[str, str]:
    """Gives which addresses take more than twice the time over the large edition, and how much."""
    found = {}
    for address in dict.fromkeys(addresses):
        # What disturbs a measurement makes it longer: the least of more of them is nearer to it.
        for requests in (3, 10, 30):
            small, large = (best_of(client, address, requests) for client in clients)
            if large <= 2 * small:
                break
        else:
            found[address] = f"{large / small:.1f} times"
    return found


_numbers = count()


def best_of(client: FlaskClient, address: str, requests: int) -> float:
    """Gives the least processor time of some requests, each by an address that is new."""
    taken = []
    for _ in range(requests):
        fresh = f"{address}{'&' if '?' in address else '?'}n={next(_numbers)}"
        start = time.thread_time()
        answer = client.get(fresh)
        taken.append(time.thread_time() - start)
        assert answer.status_code == 200, fresh
    return min(taken)
