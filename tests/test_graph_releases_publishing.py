"""What a publish does to the graphs of a data folder, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from hakusho.graph.errors import (
    HakushoError,
)
from hakusho.graph.names import graph
from hakusho.graph.releases.changes import Change, Edit, sparql_update
from hakusho.graph.releases.content import Content
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.manifest import Difference
from hakusho.graph.releases.merge import DerivedGraph
from hakusho.graph.releases.release import Release

from .numbered import OTHER, R06, R07, P, begun, merge_is_right, quad, quads, stated


@pytest.fixture
def published(tmp_path: Path) -> DataFolder:
    return begun(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data", infer=None)


def test_a_publish_makes_the_next_release_and_leaves_the_last_as_it_was(
    published: DataFolder,
) -> None:
    first = published.current()
    second = published.publish(quads([99]), who="curator")
    assert first is not None
    assert [release.number for release in published.releases()] == [1, 2]
    assert stated(first) == set(range(10))
    assert stated(second) == {*range(10), 99}


def test_the_default_graph_is_the_distinct_merge_of_the_named_graphs(published: DataFolder) -> None:
    release = published.current()
    assert release is not None
    assert stated(release, DefaultGraph()) == set(range(15))
    assert merge_is_right(release)


def test_a_triple_leaves_the_default_graph_with_the_last_graph_that_states_it(
    published: DataFolder,
) -> None:
    release = published.publish(Change(remove=[quad(7, R06), quad(12, R06)]), who="curator")
    assert stated(release, DefaultGraph()) == set(range(15)) - {12}
    release = published.publish(Change(remove=[quad(7)]), who="curator")
    assert stated(release, DefaultGraph()) == set(range(15)) - {7, 12}
    assert merge_is_right(release)


def test_a_graph_that_is_replaced_changes_only_where_it_differs(published: DataFolder) -> None:
    change = Change(drop=[R07], add=quads(range(2, 12)))
    release = published.publish(change, who="curator")
    assert release.manifest.changed == {R07.value: Difference(added=2, removed=2)}
    assert stated(release) == set(range(2, 12))
    assert merge_is_right(release)


def test_a_graph_that_is_dropped_is_gone(published: DataFolder) -> None:
    release = published.publish(Change(drop=[R06]), who="curator")
    assert R06.value not in release.manifest.graphs
    assert R06 not in set(release.engine().named_graphs())
    assert merge_is_right(release)


@pytest.mark.parametrize(
    "change",
    [
        Change(),
        Change(add=[quad(1)], remove=[quad(1)]),
        Change(add=quads(range(10))),
        Change(remove=[quad(77)]),
        Change(drop=[OTHER]),
        Change(create=[R07]),
        Change(drop=[R07], add=quads(range(10))),
        sparql_update("DELETE WHERE { GRAPH <https://example.org/none> { ?s ?p ?o } }"),
    ],
)
def test_what_changes_nothing_makes_no_release(
    published: DataFolder, change: Change | Edit
) -> None:
    assert published.publish(change, who="curator").number == 1
    assert len(published.releases()) == 1


def test_numbers_that_the_store_writes_in_its_own_way_are_known_again(folder: DataFolder) -> None:
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    padded = Quad(P, P, Literal("007", datatype=integer), R07)
    folder.publish([padded], who="curator")
    assert folder.publish([padded], who="curator").number == 1
    emptied = folder.publish(Change(remove=[padded]), who="curator")
    assert emptied.manifest.graphs[R07.value] == Content()
    assert merge_is_right(emptied)


def test_a_sparql_update_is_merged_like_any_change(published: DataFolder) -> None:
    text = f"""DELETE {{ GRAPH {R07} {{ ?s ?p 3 }} }} INSERT {{ GRAPH {OTHER} {{ ?s ?p 33 }} }}
        WHERE {{ GRAPH {R07} {{ ?s ?p 3 }} }} ; DROP GRAPH {R06}"""
    release = published.publish(sparql_update(text), who="curator", kind="update")
    assert stated(release, DefaultGraph()) == {*range(10), 33} - {3}
    assert release.manifest.changed == {
        OTHER.value: Difference(1, 0),
        R06.value: Difference(0, 10),
        R07.value: Difference(0, 1),
    }
    assert merge_is_right(release)


def test_an_edit_that_raises_has_not_happened(published: DataFolder) -> None:
    def run(path: Path) -> None:
        Store(path).remove(quad(1))
        raise HakushoError("the update took too long")

    with pytest.raises(HakushoError, match="too long"):
        published.publish(Edit(run), who="curator")
    assert published.publish(Change(remove=[quad(2)]), who="curator").manifest.changed == {
        R07.value: Difference(0, 1)
    }


def test_an_edit_may_be_made_by_another_process(published: DataFolder) -> None:
    code = (
        "import sys, pyoxigraph; pyoxigraph.Store(sys.argv[1]).update("
        f"'INSERT DATA {{ GRAPH {R07} {{ <urn:x> {P} 55 }} }}')"
    )

    def run(path: Path) -> None:
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)

    assert 55 in stated(published.publish(Edit(run), who="curator"))


def test_a_change_may_be_worked_out_from_the_release_that_it_follows(
    published: DataFolder,
) -> None:
    def next_one(current: Release | None) -> Change:
        assert current is not None
        return Change(add=[quad(max(stated(current)) + 1)])

    assert stated(published.publish(next_one, who="a")) == set(range(11))
    assert stated(published.publish(next_one, who="b")) == set(range(12))


def test_nothing_is_inferred_anew_from_what_is_kept_apart(tmp_path: Path) -> None:
    inferences = []

    def infer(store: Store) -> int:
        inferences.append(len(store))
        return 0

    folder = DataFolder(tmp_path / "data", infer=infer)
    folder.publish(quads([1]), who="curator")
    folder.publish(quads([2], graph("proposal-1")), who="curator")
    assert len(inferences) == 1
    folder.publish(quads([2]), who="curator")
    assert len(inferences) == 2


@pytest.mark.parametrize(
    "change",
    [
        Change(add=[quad(1, DefaultGraph())]),
        Change(remove=[quad(1, DefaultGraph())]),
        Change(drop=[DefaultGraph()]),
        Change(add=[quad(1, graph("inferred"))]),
        sparql_update("INSERT DATA { <urn:s> <urn:p> 1 }"),
        sparql_update("DELETE WHERE { ?s ?p 3 }"),
        sparql_update(f"CLEAR GRAPH {graph('r07')} ; CLEAR DEFAULT"),
    ],
)
def test_a_graph_that_follows_from_others_cannot_be_changed_itself(
    published: DataFolder, change: Change | Edit
) -> None:
    with pytest.raises(DerivedGraph):
        published.publish(change, who="curator")
    assert len(published.releases()) == 1


def test_a_plain_default_graph_is_a_graph_of_its_own(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", "plain")
    folder.publish([quad(1), quad(2, DefaultGraph())], who="curator")
    release = folder.publish(
        sparql_update("INSERT DATA { <urn:s> <https://example.org/p> 3 }"), who="curator"
    )
    assert stated(release, DefaultGraph()) == {2, 3}
    assert list(release.engine().named_graphs()) == [R07]
    assert (release.manifest.triples, release.manifest.content.quads) == (2, 3)


def test_empty_graphs_of_a_plain_store_are_kept(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", "plain")
    folder.publish(Change(create=[R07]), who="curator")
    release = folder.publish(Change(create=[R06]), who="curator")
    assert set(release.engine().named_graphs()) == {R06, R07}
    assert set(release.manifest.graphs) == {R06.value, R07.value}


def test_blank_nodes_keep_their_names_from_release_to_release(published: DataFolder) -> None:
    node = BlankNode("restriction-1")
    published.publish([Quad(node, P, Literal(1), R07)], who="curator")
    release = published.publish([Quad(node, P, Literal(2), R07)], who="curator")
    assert len(list(release.engine().quads_for_pattern(node, None, None, R07))) == 2


def test_what_follows_is_brought_up_to_date_with_each_publish(tmp_path: Path) -> None:
    inferred = graph("inferred")
    follows = NamedNode("https://example.org/follows")

    def infer(store: Store) -> int:
        """Says of the highest number alone that it follows."""
        held = [q for q in store.quads_for_pattern(None, P, None, DefaultGraph())]
        for old in list(store.quads_for_pattern(None, follows, None)):
            store.remove(old)
        top = max(held, key=lambda q: int(q.object.value) if isinstance(q.object, Literal) else 0)
        for place in (inferred, DefaultGraph()):
            store.add(Quad(top.subject, follows, top.object, place))
        return 1

    folder = DataFolder(tmp_path / "data", infer=infer)
    folder.publish(quads([1, 2]), who="curator")
    release = folder.publish(quads([5]), who="curator")
    assert release.manifest.changed[inferred.value] == Difference(1, 1)
    assert merge_is_right(release)
    release = folder.publish(Change(remove=[quad(5)]), who="curator")
    assert merge_is_right(release)


def test_more_quads_than_fit_in_memory_are_streamed_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakusho.graph.releases.building.MEMORY", 500)
    monkeypatch.setattr("hakusho.graph.releases.merge.CHUNK", 200)
    folder = DataFolder(tmp_path / "data", infer=None)
    twice = [*quads(range(2000)), *quads(range(1500, 1800)), *quads(range(50), R06)]
    release = folder.publish(twice, who="curator")
    assert stated(release) == set(range(2000))
    assert merge_is_right(release)
