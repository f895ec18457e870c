"""Archives: a release as plain files, brought back with the same content or not at all."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from hakusho.graph.errors import FormatMismatch
from hakusho.graph.names import graph
from hakusho.graph.releases.archive import ABOUT, DATA, BadArchive, backup, restore
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder

P = NamedNode("https://example.org/p")
R07, R06 = graph("r07"), graph("r06")
QUADS = [
    *(Quad(NamedNode(f"https://example.org/{n}"), P, Literal(n), R07) for n in range(50)),
    *(Quad(NamedNode(f"https://example.org/{n}"), P, Literal(n), R06) for n in range(40, 60)),
    Quad(BlankNode("b"), P, Literal('改行\nと"引用"', language="ja"), R07),
]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.publish(QUADS, who="curator")
    return folder


@pytest.fixture
def archive(folder: DataFolder, tmp_path: Path) -> Path:
    release = folder.current()
    assert release is not None
    return backup(release, tmp_path / "archive").path


def test_an_archive_is_sorted_lines_with_their_hash_and_counts(
    folder: DataFolder, archive: Path
) -> None:
    said = json.loads((archive / ABOUT).read_text(encoding="utf-8"))
    content = gzip.decompress((archive / DATA).read_bytes())
    lines = content.decode().splitlines()
    assert lines == sorted(lines)
    assert [line for line in lines if "graph/provenance" not in line] == sorted(
        f"{quad} ." for quad in QUADS
    )
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said["quads"] == len(lines)
    assert said["graphs"][R06.value] == 20


def test_the_same_content_gives_the_same_bytes(folder: DataFolder, tmp_path: Path) -> None:
    release = folder.current()
    assert release is not None
    one, other = (backup(release, tmp_path / name).path for name in ("one", "other"))
    assert (one / DATA).read_bytes() == (other / DATA).read_bytes()


def test_an_archive_is_brought_back_with_the_same_content(
    folder: DataFolder, archive: Path, tmp_path: Path
) -> None:
    original = folder.current()
    assert original is not None
    restored = restore(tmp_path / "elsewhere", archive, "curator")
    assert (restored.number, restored.manifest.kind) == (1, "restore")
    assert restored.manifest.hash == original.manifest.hash
    assert restored.manifest.triples == original.manifest.triples
    default = [None, None, None, DefaultGraph()]
    assert set(restored.engine().quads_for_pattern(*default)) == set(  # type: ignore[arg-type]
        original.engine().quads_for_pattern(*default)  # type: ignore[arg-type]
    )


def test_a_restored_release_follows_those_that_there_are(folder: DataFolder, archive: Path) -> None:
    folder.publish(Change(drop=[R06], add=[Quad(P, P, P, R07)]), who="curator")
    restored = restore(folder.path, archive, "curator")
    assert restored.number == 3
    assert restored.manifest.hash == folder.release(1).manifest.hash
    assert folder.publish([Quad(P, P, P, R07)], who="curator").number == 4


def test_a_folder_whose_current_release_is_damaged_can_be_restored(
    folder: DataFolder, archive: Path
) -> None:
    for path in folder.release(1).store_path.iterdir():
        path.unlink()
    assert restore(folder.path, archive, "curator").number == 2


def test_a_plain_store_is_archived_with_its_default_and_its_empty_graphs(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", "plain")
    release = folder.publish(
        Change(add=[Quad(P, P, Literal(1))], create=[R06, BlankNode("g")]), who="curator"
    )
    restored = restore(tmp_path / "other", backup(release, tmp_path / "archive").path, "curator")
    assert DataFolder(tmp_path / "other").default_graph == "plain"
    assert set(restored.engine()) == {Quad(P, P, Literal(1))}
    assert set(restored.engine().named_graphs()) == {R06, BlankNode("g")}


def test_an_archive_does_not_change_how_a_folder_keeps_its_default_graph(
    archive: Path, tmp_path: Path
) -> None:
    DataFolder(tmp_path / "plain", "plain").publish(Change(), who="curator")
    with pytest.raises(FormatMismatch):
        restore(tmp_path / "plain", archive, "curator")


def test_an_archive_goes_into_an_empty_folder_only(folder: DataFolder, tmp_path: Path) -> None:
    release = folder.current()
    assert release is not None
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(BadArchive, match="files in it"):
        backup(release, tmp_path)


def _change_a_statement(archive: Path) -> None:
    content = gzip.decompress((archive / DATA).read_bytes())
    (archive / DATA).write_bytes(gzip.compress(content.replace(b'"7"', b'"8"', 1)))


def _change_statement_and_hash(archive: Path) -> None:
    _change_a_statement(archive)
    said = json.loads((archive / ABOUT).read_text(encoding="utf-8"))
    content = gzip.decompress((archive / DATA).read_bytes())
    said["sha256"] = hashlib.sha256(content).hexdigest()
    (archive / ABOUT).write_text(json.dumps(said), encoding="utf-8")


def _cut(archive: Path) -> None:
    content = (archive / DATA).read_bytes()
    (archive / DATA).write_bytes(content[: len(content) // 2])


def _make_no_gzip(archive: Path) -> None:
    (archive / DATA).write_bytes(b"<a:s> <a:p> <a:o> .\n")


def _lose_data(archive: Path) -> None:
    (archive / DATA).unlink()


def _lose_about(archive: Path) -> None:
    (archive / ABOUT).unlink()


def _make_about_no_json(archive: Path) -> None:
    (archive / ABOUT).write_text("[]", encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_change_a_statement, "SHA-256"),
        (_change_statement_and_hash, "not what was archived"),
        (_cut, "is damaged"),
        (_make_no_gzip, "is damaged"),
        (_lose_data, f"has no {DATA}"),
        (_lose_about, f"has no {ABOUT}"),
        (_make_about_no_json, f"{ABOUT} cannot be read"),
    ],
)
def test_a_harmed_archive_is_refused_and_changes_nothing(
    archive: Path, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    harm(archive)
    with pytest.raises(BadArchive, match=said):
        restore(tmp_path / "elsewhere", archive, "curator")
    assert DataFolder(tmp_path / "elsewhere").current() is None


def test_more_lines_than_fit_in_memory_are_sorted_too(
    folder: DataFolder, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakusho.graph.releases.archive.RUN", 7)
    release = folder.current()
    assert release is not None
    again = backup(release, tmp_path / "again").path
    assert (again / DATA).read_bytes() == (archive / DATA).read_bytes()
