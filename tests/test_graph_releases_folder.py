"""A data folder as files on a disk: who may write it, and what is told when it is damaged."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hakusho.graph.errors import (
    DamagedRelease,
    FolderNotWritable,
    FormatMismatch,
    WriterBusy,
)
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.lock import writer_lock
from hakusho.graph.releases.release import Release

from .numbered import begun, quads, stated


@pytest.fixture
def published(tmp_path: Path) -> DataFolder:
    return begun(tmp_path / "data")


def test_a_new_folder_has_no_release_and_is_not_made_by_looking(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert (folder.current(), folder.releases()) == (None, [])
    assert not (tmp_path / "data").exists()


def test_a_folder_keeps_the_default_graph_that_it_was_made_with(tmp_path: Path) -> None:
    DataFolder(tmp_path / "data", "plain").publish(Change(), who="curator")
    assert DataFolder(tmp_path / "data").default_graph == "plain"
    with pytest.raises(FormatMismatch, match="plain, not merged"):
        DataFolder(tmp_path / "data", "merged")


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
