"""What is told of how far reading, checking and publishing have come."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.progress import counted, parts
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.validation import incremental
from hakusho.loaders.checking import check, publish
from hakusho.loaders.edition import EditionDataset
from hakusho.loaders.references import known_to
from hakusho.loaders.submission import read_submission

from .submitted import HEADER, RIGHT

TURTLE = b'<urn:x> <http://www.w3.org/2000/01/rdf-schema#label> "x"@en .'


def grows_to_the_whole(heard: list[float]) -> bool:
    return heard[-1] == 1 and all(one <= other for one, other in pairwise(heard))


@pytest.fixture
def folder(sample: EditionDataset, tmp_path: Path) -> DataFolder:
    """A data folder with the small edition, of which nothing is inferred."""
    folder = DataFolder(tmp_path / "data", infer=None)
    folder.publish([*ontology_dataset(), *sample.quads], who="tests")
    return folder


def test_shares_of_parts_grow_to_the_whole_whatever_their_sizes() -> None:
    for sizes in ((1, 1, 1), (0.1, 0.2, 0.7), (0, 3, 0), (0, 0)):
        heard: list[float] = []
        for told in parts(heard.append, sizes):
            for _ in counted(range(7), told):
                pass
        assert grows_to_the_whole(heard)
        assert len(heard) == 7 * len(sizes)


def test_however_much_there_is_its_share_is_told_a_few_hundred_times() -> None:
    heard: list[float] = []
    assert sum(1 for _ in counted(range(100_001), heard.append)) == 100_001
    assert len(heard) < 300
    assert grows_to_the_whole(heard)
    heard.clear()
    assert list(counted((), heard.append)) == []
    assert heard == [1]


def test_reading_checking_and_publishing_tell_of_growing_shares(folder: DataFolder) -> None:
    rows = "".join(RIGHT.replace("new", f"new-{number}", 1) for number in range(30))
    files = [("policies.csv", (HEADER + rows).encode()), ("more.ttl", TURTLE)]
    release = folder.current()
    assert release is not None
    heard: list[float] = []
    known = known_to(release.engine())
    both = read_submission(files, known, edition="r07", told=heard.append)
    assert grows_to_the_whole(heard)
    assert len(heard) > 30
    assert both.quads == read_submission(files, known, edition="r07").quads

    submission = read_submission(files[:1], known, edition="r07")
    heard.clear()
    report = check(submission, folder, heard.append)
    assert grows_to_the_whole(heard)
    assert report == check(submission, folder)

    for judged in (None, report):
        heard.clear()
        publish(submission, folder, who="tests", report=judged, told=heard.append)
        assert grows_to_the_whole(heard)


def test_nodes_judged_some_at_a_time_are_found_as_wrong_as_all_together(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = folder.current()
    assert release is not None
    rows = "".join(
        RIGHT.replace("new", f"new-{number}", 1).replace("Summary.", "" if number % 2 else "x")
        for number in range(10)
    )
    submission = read_submission(
        [("policies.csv", (HEADER + rows).encode())], known_to(release.engine()), edition="r07"
    )
    together = check(submission, folder).findings
    assert together
    monkeypatch.setattr(incremental, "_AT_ONCE", 3)
    heard: list[float] = []
    assert check(submission, folder, heard.append).findings == together
    assert grows_to_the_whole(heard)
