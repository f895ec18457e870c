"""The releases of a data folder over time: told of, gone back to, removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from hakusho.graph.errors import (
    UnknownRelease,
)
from hakusho.graph.names import thing
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.manifest import PROVENANCE, Difference, Source

from .numbered import R06, R07, begun, merge_is_right, quad, quads, stated


@pytest.fixture
def published(tmp_path: Path) -> DataFolder:
    return begun(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data", infer=None)


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
