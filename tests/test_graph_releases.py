"""A data folder: what a publish does to its graphs, and what a release keeps."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from hakusho.graph.errors import (
    DamagedRelease,
    FolderNotWritable,
    FormatMismatch,
    HakushoError,
    UnknownRelease,
    WriterBusy,
)
from hakusho.graph.names import graph, thing
from hakusho.graph.releases.changes import Change, Edit, GraphName, sparql_update
from hakusho.graph.releases.content import Content, by_graph
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.lock import writer_lock
from hakusho.graph.releases.manifest import PROVENANCE, Difference, Source
from hakusho.graph.releases.merge import DerivedGraph, is_merged
from hakusho.graph.releases.release import Release

R07, R06, OTHER = graph("r07"), graph("r06"), NamedNode("https://example.org/graph")
P = NamedNode("https://example.org/p")


def quad(n: int, name: GraphName = R07) -> Quad:
    return Quad(NamedNode(f"https://example.org/{n}"), P, Literal(n), name)


def quads(numbers: Iterable[int], name: GraphName = R07) -> list[Quad]:
    return [quad(n, name) for n in numbers]


def stated(release: Release, name: GraphName = R07) -> set[int]:
    found = release.engine().quads_for_pattern(None, P, None, name)
    return {int(q.object.value) for q in found if isinstance(q.object, Literal)}


def merge_is_right(release: Release) -> bool:
    """Tells whether the default graph is the distinct merge of the named graphs, and all that the
    manifest says of the graphs is so."""
    held = list(release.engine())
    default = {q.triple for q in held if isinstance(q.graph_name, DefaultGraph)}
    named = [q for q in held if not isinstance(q.graph_name, DefaultGraph)]
    merged = {q.triple for q in named if is_merged(q.graph_name)}
    said = release.manifest
    counted = {name: content for name, content in said.graphs.items() if content.quads}
    return default == merged and by_graph(named) == counted and said.triples == len(default)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data", infer=None, patience=0)


@pytest.fixture
def published(folder: DataFolder) -> DataFolder:
    folder.publish(quads(range(10)) + quads(range(5, 15), R06), who="curator", why="first")
    return folder


def test_a_new_folder_has_no_release_and_is_not_made_by_looking(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert (folder.current(), folder.releases()) == (None, [])
    assert not (tmp_path / "data").exists()


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


def test_a_folder_keeps_the_default_graph_that_it_was_made_with(tmp_path: Path) -> None:
    DataFolder(tmp_path / "data", "plain").publish(Change(), who="curator")
    assert DataFolder(tmp_path / "data").default_graph == "plain"
    with pytest.raises(FormatMismatch, match="plain, not merged"):
        DataFolder(tmp_path / "data", "merged")


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


def test_a_rollback_publishes_the_old_content_as_a_new_release(published: DataFolder) -> None:
    published.publish(Change(drop=[R06], add=quads([20, 21])), who="curator")
    release = published.rollback(1, who="editor", why="wrong table")
    assert (release.number, release.manifest.kind, release.manifest.parent) == (3, "rollback", 2)
    assert release.manifest.hash == published.release(1).manifest.hash
    assert release.manifest.changed == {
        R06.value: Difference(10, 0),
        R07.value: Difference(0, 2),
    }
    assert merge_is_right(release)


def test_provenance_says_who_published_what_when_and_from_which_file(
    folder: DataFolder, tmp_path: Path
) -> None:
    table = tmp_path / "policies.csv"
    table.write_text("id\n", encoding="utf-8")
    source = Source.of(table, R07.value)
    folder.publish(quads([1]), who="Tanaka", why="new table", sources=[source])
    release = folder.publish(quads([2]), who="Suzuki")
    rows = release.open().rows(
        """PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX schema: <http://schema.org/>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        SELECT ?who ?file ?sha ?graph WHERE { GRAPH <https://w3id.org/hakusho/graph/provenance> {
          ?activity a prov:Activity ; prov:wasAssociatedWith/rdfs:label ?who ; prov:endedAtTime ?t .
          ?graph prov:wasGeneratedBy ?activity . FILTER(?graph != ?release)
          ?release prov:wasGeneratedBy ?activity ; owl:versionInfo ?hash .
          OPTIONAL { ?activity prov:used ?used . ?used rdfs:label ?file ; schema:sha256 ?sha }
        } } ORDER BY ?activity"""
    )
    assert [{k: getattr(v, "value", None) for k, v in row.items()} for row in rows] == [
        {"who": "Tanaka", "file": "policies.csv", "sha": source.sha256, "graph": R07.value},
        {"who": "Suzuki", "graph": R07.value},
    ]
    assert thing("release", "1") in {q.subject for q in release.engine()}
    assert not release.open().ask("ASK { ?a a <http://www.w3.org/ns/prov#Activity> }")


def test_the_history_survives_a_rollback(published: DataFolder) -> None:
    published.publish(quads([20]), who="Suzuki")
    release = published.rollback(1, who="editor")
    engine = release.engine()
    for number in ("1", "2", "3"):
        node = thing("release", number)
        assert next(engine.quads_for_pattern(node, None, None, NamedNode(PROVENANCE)), None)


def test_the_content_hash_does_not_depend_on_order_or_road(tmp_path: Path) -> None:
    one, other = DataFolder(tmp_path / "one"), DataFolder(tmp_path / "other")
    at_once = one.publish(quads(range(6)), who="a")
    for numbers in ([4, 5, 99], [2, 3], [0, 1]):
        other.publish(quads(numbers), who="b")
    bit_by_bit = other.publish(Change(remove=[quad(99)]), who="b")
    assert at_once.manifest.hash == bit_by_bit.manifest.hash
    assert at_once.manifest.hash != other.release(1).manifest.hash


def test_a_release_that_is_not_there_names_those_that_are(published: DataFolder) -> None:
    published.publish(quads([20]), who="curator")
    with pytest.raises(UnknownRelease, match="no release 9; there are 1, 2"):
        published.release(9)
    with pytest.raises(UnknownRelease):
        published.rollback(9, who="curator")


def test_old_releases_are_removed_but_for_those_pinned_or_perhaps_read(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", infer=None, keep=2)
    for n in range(5):
        folder.publish(quads([n]), who="curator")
    assert [release.number for release in folder.releases()] == [1, 2, 3, 4, 5]
    folder.pin(2)
    for release in folder.releases():
        # As if all had been superseded long ago.
        os.utime(release.path / "manifest.json", (0, 0))
    folder.publish(quads([5]), who="curator")
    assert [release.number for release in folder.releases()] == [2, 5, 6]
    assert stated(folder.release(2)) == {0, 1}


def test_a_reader_keeps_a_release_that_is_removed_meanwhile(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", infer=None, keep=1)
    store = folder.publish(quads(range(100)), who="curator").open()
    for n in (101, 102):
        os.utime(folder.releases()[-1].path / "manifest.json", (0, 0))
        folder.publish(quads([n]), who="curator")
    assert [release.number for release in folder.releases()] != [1, 2, 3]
    assert len(store.rows("SELECT ?s WHERE { ?s ?p ?o }")) == 100


def test_a_second_writer_is_told_who_is_writing(published: DataFolder) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from hakusho.graph.releases.lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(published.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None and child.stdout.readline() == b"held\n"
        with pytest.raises(WriterBusy, match=f"process {child.pid} is writing"):
            published.publish(quads([20]), who="curator")
        assert published.current() is not None
        child.communicate()
    assert published.publish(quads([20]), who="curator").number == 2


def test_threads_of_one_process_write_one_after_the_other(published: DataFolder) -> None:
    folder = DataFolder(published.path, infer=None, patience=30)

    def write(n: int) -> None:
        folder.publish(quads([n]), who="curator")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(100, 104)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    release = folder.current()
    assert release is not None and release.number == 5
    assert stated(release) >= set(range(100, 104))
    with writer_lock(folder.path), pytest.raises(WriterBusy, match=str(os.getpid())):
        published.publish(quads([1000]), who="curator")


def test_a_folder_of_another_format_is_not_touched(published: DataFolder) -> None:
    (published.path / "FORMAT").write_text("hakusho data folder, format 99\n", encoding="utf-8")
    with pytest.raises(FormatMismatch, match="format 99.*reads format 1"):
        DataFolder(published.path)


def test_a_folder_with_other_files_in_it_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(FormatMismatch, match="other files"):
        DataFolder(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FolderNotWritable, match=str(tmp_path / "file")):
        DataFolder(tmp_path / "file")
    with pytest.raises(FolderNotWritable):
        DataFolder(tmp_path / "file" / "below").publish(quads([1]), who="curator")


def test_a_missing_file_of_a_release_is_told_with_the_way_out(published: DataFolder) -> None:
    release = published.publish(quads([20]), who="curator")
    next(path for path in release.store_path.glob("*.sst")).unlink()
    with pytest.raises(DamagedRelease, match=r"release 2.*is missing.*rollback N.*restore DIR"):
        release.open()


def test_a_flipped_bit_is_found_by_a_thorough_check(published: DataFolder) -> None:
    release = published.current()
    assert release is not None
    path = max(release.store_path.glob("*.sst"), key=lambda each: each.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    release.check()
    with pytest.raises(DamagedRelease, match="is not what was written"):
        release.check(thoroughly=True)
    with pytest.raises(DamagedRelease):
        published.rollback(1, who="curator")


def test_a_damaged_release_can_be_left_by_going_back(published: DataFolder) -> None:
    second = published.publish(quads([20]), who="curator")
    (second.path / "manifest.json").write_text("{", encoding="utf-8")
    folder = DataFolder(published.path, infer=None)
    with pytest.raises(DamagedRelease, match="manifest"):
        folder.publish(quads([21]), who="curator")
    release = folder.rollback(1, who="curator")
    assert (release.number, stated(release)) == (3, set(range(10)))
    assert folder.publish(quads([21]), who="curator").number == 4


def test_a_manifest_whose_counts_were_changed_is_refused(published: DataFolder) -> None:
    release = published.current()
    assert release is not None
    path = release.path / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"triples": 10', '"triples": 11'))
    with pytest.raises(DamagedRelease, match="content"):
        Release(published.path, 1).check()


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
