"""Writes that arrive close together are one release, and each client still gets its own answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad

from hakusho.graph.errors import HakushoError, InvalidQuery, UnknownThing
from hakusho.graph.inference import infer
from hakusho.graph.names import HK
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.merge import DEFAULT, DerivedGraph
from hakusho.graph.releases.release import Release
from hakusho.graph.releases.series import Proposal, Published, Series
from hakusho.graph.workers.pool import WorkerPool
from hakusho.graph.workers.revision import Update
from hakusho.graph.workers.sessions import UpdateSession
from hakusho.server.app import create_app
from hakusho.server.grouping import Grouping, Write
from hakusho.server.service import Current, Service
from hakusho.server.settings import Settings

pytestmark = pytest.mark.slow

G = NamedNode("urn:g")
Publish = Callable[..., list[Published | Exception]]


def quad(name: str, value: str = "x") -> Quad:
    return Quad(NamedNode(f"urn:{name}"), NamedNode("urn:p"), RdfLiteral(value), G)


def adds(*quads: Quad) -> Callable[[Series, UpdateSession], Change]:
    return lambda series, session: Change(add=list(quads), create=[G])


def updates(text: str) -> Callable[[Series, UpdateSession], Change]:
    return lambda series, session: session.evaluate(Update(text), series)


@pytest.fixture(params=["plain", "merged"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path, request.param)
    folder.publish([quad("old")], who="tests")
    return folder


@pytest.fixture
def pool(data: DataFolder) -> Iterator[WorkerPool]:
    with WorkerPool(Current(data.path), Settings({"limit_fast_workers": 1}).limits()) as pool:
        yield pool


@pytest.fixture
def publish(data: DataFolder, pool: WorkerPool) -> Publish:
    """Publishes some works of one client each as one group."""

    def publish(*works: Callable[[Series, UpdateSession], Change]) -> list[Published | Exception]:
        session = pool.update_session()
        try:
            return data.publish_all(
                [
                    Proposal(lambda series, each=each: each(series, session), "tests", "a write")  # type: ignore[misc]
                    for each in works
                ]
            )
        finally:
            session.close()

    return publish


def now(data: DataFolder) -> Release:
    current = data.current()
    assert current is not None
    return current


def content(data: DataFolder) -> set[str]:
    store = now(data).engine()
    return {
        f"{each.subject.value} {each.object.value}"  # type: ignore[union-attr]
        for each in store.quads_for_pattern(None, None, None, G)
    }


def test_several_writes_are_one_release_that_has_them_all(
    data: DataFolder, publish: Publish
) -> None:
    outcomes = publish(
        adds(quad("a")), updates("INSERT DATA { GRAPH <urn:g> { <urn:b> <urn:p> 'x' } }")
    )
    assert [type(each) for each in outcomes] == [Published, Published]
    assert now(data).number == 2
    assert content(data) == {"urn:old x", "urn:a x", "urn:b x"}
    manifest = now(data).manifest
    assert manifest.graphs["urn:g"].quads == 3
    assert (manifest.changed["urn:g"].added, manifest.changed["urn:g"].removed) == (2, 0)
    assert manifest.why == "a write (2)"
    now(data).check(thoroughly=True)


def test_each_is_worked_out_after_those_before_it(data: DataFolder, publish: Publish) -> None:
    more = "INSERT { GRAPH <urn:g> { ?s <urn:p> 'y' } } WHERE { GRAPH <urn:g> { ?s <urn:p> 'x' } }"
    gone = "DELETE { GRAPH <urn:g> { ?s ?p 'x' } } WHERE { GRAPH <urn:g> { ?s ?p 'y' } }"
    outcomes = publish(adds(quad("a")), updates(more), adds(quad("b")), updates(gone))
    assert all(isinstance(each, Published) for each in outcomes)
    assert content(data) == {"urn:old y", "urn:a y", "urn:b x"}
    if data.default_graph == "merged":
        merged = now(data).engine().quads_for_pattern(None, quad("a").predicate, None, DEFAULT)
        assert len(list(merged)) == 3


def test_one_that_is_refused_does_nothing_to_the_others(data: DataFolder, publish: Publish) -> None:
    def breaks(series: Series, session: UpdateSession) -> Change:
        session.evaluate(Update("DROP ALL"), series)
        raise UnknownThing("it was refused after it was worked out")

    outcomes = publish(
        adds(quad("a")),
        updates("INSERT DATA {"),
        breaks,
        updates("INSERT DATA { GRAPH <urn:g> { <urn:b> <urn:p> 'x' } } ; LOAD <http://[::1]/>"),
        updates(f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:b> <urn:p> {'[ <urn:p> ' * 60_000} }} }}"),
        updates("INSERT { GRAPH <urn:g> { ?s <urn:p> 'y' } } WHERE { GRAPH <urn:g> { ?s ?p ?o } }"),
    )
    assert [isinstance(each, Published) for each in outcomes] == [
        True, False, False, False, False, True,
    ]  # fmt: skip
    assert isinstance(outcomes[1], InvalidQuery)
    assert all(isinstance(each, HakushoError) for each in outcomes[1:5])
    assert content(data) == {"urn:old x", "urn:old y", "urn:a x", "urn:a y"}
    assert now(data).number == 2


def test_what_comes_and_goes_within_a_group_makes_no_release(
    data: DataFolder, publish: Publish
) -> None:
    first, second = publish(adds(quad("a")), updates("DELETE WHERE { GRAPH ?g { <urn:a> ?p ?o } }"))
    assert isinstance(first, Published) and isinstance(second, Published)
    assert (first.number, second.number, now(data).number) == (1, 1, 1)


def test_a_graph_that_is_dropped_and_made_again_is_counted_as_it_is(
    data: DataFolder, publish: Publish
) -> None:
    drop = updates("DROP GRAPH <urn:g>")
    outcomes = publish(drop, adds(quad("a")), drop, adds(quad("b"), quad("c")))
    assert all(isinstance(each, Published) for each in outcomes)
    assert [each.effect.created for each in outcomes if isinstance(each, Published)] == [
        set(), {"urn:g"}, set(), {"urn:g"},
    ]  # fmt: skip
    assert content(data) == {"urn:b x", "urn:c x"}
    assert now(data).manifest.graphs["urn:g"].quads == 2


def test_nobody_writes_a_derived_graph_in_a_group_either(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path, "merged")
    folder.publish([quad("old")], who="tests")
    derived = Change(add=[Quad(G, G, G)])
    first, second = folder.publish_all(
        [Proposal(lambda _: Change(add=[quad("a")]), "a"), Proposal(lambda _: derived, "b")]
    )
    assert isinstance(first, Published)
    assert isinstance(second, DerivedGraph)
    assert now(folder).manifest.who == "a"


def test_an_update_that_reads_finds_what_follows_from_those_before_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path, "merged", infer=infer)
    folder.publish(ontology_dataset(), who="tests")
    text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <{HK}addresses> <urn:b> }} }}"
    read = f"INSERT {{ GRAPH <urn:g> {{ ?b <urn:found> ?a }} }} WHERE {{ ?b <{HK}addressedBy> ?a }}"
    with WorkerPool(Current(folder.path), Settings({"limit_fast_workers": 1}).limits()) as pool:
        session = pool.update_session()
        outcomes = folder.publish_all(
            [
                Proposal(lambda series: session.evaluate(Update(text), series), "a"),
                Proposal(lambda series: session.evaluate(Update(read), series), "b"),
            ]
        )
        session.close()
    assert all(isinstance(each, Published) for each in outcomes)
    found = now(folder).engine().quads_for_pattern(None, NamedNode("urn:found"), None, G)
    assert [each.object for each in found] == [NamedNode("urn:a")]


def test_the_first_release_of_a_folder_may_be_a_group(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path, "plain")
    (made,) = folder.publish_all([Proposal(lambda _: Change(add=[quad("a")]), "a")])
    assert isinstance(made, Published) and made.number == 1
    assert content(folder) == {"urn:a x"}


def test_many_clients_at_once_get_few_releases_and_their_own_answers(data: DataFolder) -> None:
    service = Service.of(data, Settings({"token": "t", "validation": False}))
    app = create_app(service)
    headers = {"Authorization": "Bearer t", "Content-Type": "application/sparql-update"}

    def write(number: int) -> tuple[int, Any]:
        good = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:{number}> <urn:p> {number} }} }}"
        text = f"INSERT DATA {{ nonsense{number} }}" if number % 4 == 0 else good
        answer = app.test_client().post("/sparql", data=text, headers=headers)
        return answer.status_code, json.loads(answer.data or b"{}")

    with ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(write, range(16)))
    try:
        assert [status for status, _ in answers] == [400, 204, 204, 204] * 4
        assert all(said["line"] == 1 for status, said in answers if status == 400)
        assert len(content(data)) == 1 + 12
        assert now(data).number - 1 < 12
        writes = service.writes
        assert (writes.published, writes.refused) == (12, 4)
        assert writes.groups == now(data).number - 1
    finally:
        service.close()


def test_a_failure_of_the_release_itself_is_told_to_each_and_the_next_go_on(
    data: DataFolder, pool: WorkerPool
) -> None:
    class Failing(DataFolder):
        fails = True

        def publish_all(self, proposals: Sequence[Proposal]) -> list[Published | Exception]:
            if self.fails:
                raise OSError("no space left")
            return super().publish_all(proposals)

    failing = Failing(data.path)
    grouping = Grouping(failing, pool.update_session, 0.01)

    def write(number: int) -> int:
        return grouping.publish(Write(adds(quad(str(number))), "a", "b", "update")).number

    with ThreadPoolExecutor(4) as clients:
        for each in [clients.submit(write, number) for number in range(4)]:
            assert isinstance(each.exception(), OSError)
        failing.fails = False
        assert {clients.submit(write, number).result() for number in range(2)} == {2, 3}
    assert grouping.refused == 4
