"""Proposals on disk: whole or not there, decided once, and never lost by whoever dies or loses."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hakusho.graph.errors import WriterBusy
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.lock import writer_lock
from hakusho.loaders.checking import Refused, check
from hakusho.loaders.proposals import (
    AlreadyDecided,
    NothingNew,
    Proposal,
    Proposals,
    UnknownProposal,
)
from hakusho.loaders.references import known_to
from hakusho.loaders.submission import Submission, read_submission

HEADER = "id,label_ja,label_en,kind,page_url,evidence\n"
ROW = "{id},{label},Office,ministry,https://www.example.go.jp/,official\n"


def table(id: str, label: str) -> list[tuple[str, bytes]]:
    return [("organizations.csv", (HEADER + ROW.format(id=id, label=label)).encode())]


@pytest.fixture
def data(small_data: Path, tmp_path: Path) -> DataFolder:
    """A data folder of one's own."""
    shutil.copytree(small_data, tmp_path / "data", copy_function=os.link)
    return DataFolder(tmp_path / "data", patience=5)


def submission(data: DataFolder, files: list[tuple[str, bytes]]) -> Submission:
    current = data.current()
    assert current is not None
    return read_submission(files, known_to(current.engine()))


def proposed(data: DataFolder, id: str, label: str = "役所") -> Proposal:
    return Proposals(data).add(table(id, label), who="Tanaka", why="new offices", base=1)


def publish(data: DataFolder, proposal: Proposal, who: str = "Sato") -> int:
    said = submission(data, proposal.contents())
    return Proposals(data).publish(proposal.number, said, who=who).release.number


def test_a_proposal_keeps_its_files_as_they_came_and_who_why_and_when(data: DataFolder) -> None:
    files = [*table("x", "役所"), ("../../施策 一覧.csv", b"\xff\x00raw")]
    made = Proposals(data).add(files, who="田中", why="新設", table="organizations", base=1)
    read = Proposals(data).get(made.number)
    assert read == made
    assert read.contents() == files
    assert (read.who, read.why, read.table, read.state) == ("田中", "新設", "organizations", "open")
    stored = sorted(path.name for path in (read.path / "files").iterdir())
    assert stored == ["1-organizations.csv", "2-施策_一覧.csv"]
    assert {path.name for path in Proposals(data).path.iterdir()} == {"1"}


def test_proposals_are_numbered_and_listed_the_newest_first(data: DataFolder) -> None:
    numbers = [proposed(data, name).number for name in ("a", "b", "c")]
    assert numbers == [1, 2, 3]
    assert [each.number for each in Proposals(data).all()] == [3, 2, 1]
    with pytest.raises(UnknownProposal):
        Proposals(data).get(9)


def test_many_may_propose_at_once(data: DataFolder) -> None:
    made: list[int] = []

    def run(name: str) -> None:
        made.append(proposed(data, name).number)

    threads = [threading.Thread(target=run, args=(f"office-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == list(range(1, 9))


def test_a_published_proposal_is_a_release_by_its_proposer(data: DataFolder) -> None:
    made = proposed(data, "x")
    assert publish(data, made) == 2
    about = data.release(2).manifest
    assert (about.who, about.kind) == ("Tanaka", "proposal")
    assert about.why == "new offices (proposal 1, published by Sato)"
    assert [source.name for source in about.sources] == ["organizations.csv"]
    decided = Proposals(data).get(1)
    assert decided.state == "published"
    assert decided.decision is not None
    assert (decided.decision.who, decided.decision.release) == ("Sato", 2)


def test_a_proposal_is_decided_once(data: DataFolder) -> None:
    made = proposed(data, "x")
    Proposals(data).decline(1, who="Sato", why="not an office")
    with pytest.raises(AlreadyDecided):
        publish(data, made)
    with pytest.raises(AlreadyDecided):
        Proposals(data).decline(1, who="Ito", why="again")
    declined = Proposals(data).get(1).decision
    assert declined is not None and declined.why == "not an office"
    assert [each.number for each in data.releases()] == [1]


def test_one_that_no_longer_passes_is_told_so_and_stays_open(data: DataFolder) -> None:
    wrong = [("organizations.csv", table("x", "役所")[0][1].replace(b"ministry", b"club"))]
    made = Proposals(data).add(wrong, who="Tanaka")
    with pytest.raises(Refused):
        publish(data, made)
    assert Proposals(data).get(1).state == "open"
    assert [each.number for each in data.releases()] == [1]


def test_one_that_says_nothing_new_stays_open(data: DataFolder) -> None:
    publish(data, proposed(data, "x"))
    again = proposed(data, "x")
    with pytest.raises(NothingNew):
        publish(data, again)
    assert Proposals(data).get(again.number).state == "open"


def together(*acts: Callable[[], object]) -> list[object]:
    """Does several things at the same time; gives what each gave or raised."""
    found: list[object] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found[place] = act()
        except Exception as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_two_who_publish_the_same_proposal_one_wins_and_the_other_is_told(
    data: DataFolder,
) -> None:
    made = proposed(data, "x")
    found = together(lambda: publish(data, made, "Sato"), lambda: publish(data, made, "Ito"))
    assert sorted(type(each).__name__ for each in found) == ["AlreadyDecided", "int"]
    assert [each.number for each in data.releases()] == [1, 2]


@pytest.mark.slow
def test_two_who_publish_different_proposals_both_have_them_published(data: DataFolder) -> None:
    one, two = proposed(data, "x"), proposed(data, "y")
    found = together(lambda: publish(data, one), lambda: publish(data, two))
    assert sorted(map(str, found)) == ["2", "3"]


def test_who_meets_another_writer_is_told_and_loses_nothing(data: DataFolder) -> None:
    made = proposed(data, "x")
    hasty = DataFolder(data.path, patience=0)
    with writer_lock(data.path), pytest.raises(WriterBusy):
        Proposals(hasty).publish(made.number, submission(data, made.contents()), who="Sato")
    assert Proposals(data).get(made.number).state == "open"
    assert publish(data, made) == 2


class Died(BaseException):
    """The end of a process, at some step of a publish."""


STEPS = (
    pytest.param("hakusho.loaders.proposals.publish", marks=pytest.mark.slow),
    pytest.param("hakusho.loaders.checking.publishing.change_of", marks=pytest.mark.slow),
    pytest.param("hakusho.graph.releases.publishing.save", marks=pytest.mark.slow),
    "hakusho.graph.releases.publishing.describe",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_publish_that_dies_before_its_release_is_made_leaves_the_former_one(
    data: DataFolder, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = proposed(data, "x")
    said = submission(data, made.contents())

    def die(*given: object, **more: object) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(step, die)
        Proposals(data).publish(made.number, said, who="Sato")
    current = data.current()
    assert current is not None and current.number == 1
    current.check(thoroughly=True)
    assert Proposals(data).get(made.number).state == "open"
    assert publish(data, made) == 2


def test_a_publish_that_dies_after_its_release_is_made_is_known_to_have_made_it(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = proposed(data, "x")
    said = submission(data, made.contents())

    def die(*given: object) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(Proposals, "_decided", die)
        Proposals(data).publish(made.number, said, who="Sato")
    found = Proposals(data).get(made.number)
    assert found.state == "published"
    assert found.decision is not None and found.decision.release == 2
    with pytest.raises(AlreadyDecided):
        publish(data, made)


def test_a_proposal_that_dies_while_it_is_filed_is_not_there(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*given: object) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(Proposals, "_numbered", die)
        proposed(data, "x")
    assert Proposals(data).all() == []
    assert proposed(data, "x").number == 1


def test_a_report_may_be_kept_anew_while_a_proposal_is_open(data: DataFolder) -> None:
    made = proposed(data, "x")
    report = check(submission(data, made.contents()), data)
    Proposals(data).keep_report(1, json.dumps({"base": report.base}), {"added": 1})
    read = Proposals(data).get(1)
    assert (read.report(), read.counts) == ({"base": 1}, {"added": 1})
