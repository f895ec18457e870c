"""Proposals: what someone hands in for another to publish, each a folder of its own.

    DATA/proposals/7/
        about.json      who, why, when, beside which release; what became of it and by whom
        files/          the files as they came
        report.json     what was found wrong with them, and what they would change

A folder appears whole under its number. Whatever dies half-way leaves the proposal open, and the
next look at it finds out whether its release was made.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from ..graph.errors import HakushoError, WriterBusy
from ..graph.progress import Told
from ..graph.releases.data_folder import DataFolder
from ..graph.releases.durable import sync_files, sync_folder, write_file
from ..graph.releases.layout import disk_errors
from ..graph.releases.lock import writer_lock
from ..graph.releases.release import Release
from .checking import Published, Refused, Report, publish
from .submission import Submission

State = Literal["open", "published", "declined"]

STATES: Final[tuple[State, ...]] = ("open", "published", "declined")
KIND: Final = "proposal"
"""What a release is called that a proposal made."""
NAME: Final = 120
"""How long the name of a file may be."""

_counter = itertools.count(1)


class UnknownProposal(HakushoError):
    """A number that no proposal has."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return f"there is no proposal {self.number}"


class AlreadyDecided(HakushoError):
    """A proposal that was published or declined before."""

    def __init__(self, number: int, state: str, who: str) -> None:
        super().__init__(number, state, who)
        self.number = number
        self.state = state
        self.who = who

    def __str__(self) -> str:
        return f"proposal {self.number} was {self.state} by {self.who} already"


class NothingNew(HakushoError):
    """A proposal that says nothing which the current release does not say."""

    def __init__(self, number: int, release: int) -> None:
        super().__init__(number, release)
        self.number = number
        self.release = release

    def __str__(self) -> str:
        return f"proposal {self.number} says nothing that release {self.release} does not say"


@dataclass(frozen=True)
class ProposedFile:
    """A file as it came, and what it is called in the folder."""

    name: str
    stored: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Decision:
    """Who published or declined a proposal, when and why, and which release it made."""

    who: str
    when: str
    why: str = ""
    release: int | None = None


@dataclass(frozen=True)
class Proposal:
    """A proposal: where it is, who made it, why and when, and what became of it."""

    path: Path
    number: int
    who: str
    why: str
    when: str
    base: int | None
    table: str | None
    files: tuple[ProposedFile, ...]
    state: State = "open"
    decision: Decision | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many things it would add, change and remove, and how many violations it had."""

    def contents(self) -> list[tuple[str, bytes]]:
        """Gives the files as they came: names and contents."""
        return [
            (each.name, (self.path / "files" / each.stored).read_bytes()) for each in self.files
        ]

    def report(self) -> Any:
        """Gives what was written down of its last report."""
        return json.loads((self.path / "report.json").read_text(encoding="utf-8"))


class Proposals:
    """The proposals of a data folder."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self.path: Final = folder.path / "proposals"

    def all(self) -> list[Proposal]:
        """Gives all proposals, the newest first."""
        return [self.get(number) for number in sorted(self._numbers(), reverse=True)]

    def get(self, number: int) -> Proposal:
        """Gives the proposal of that number; one that died while it was published is settled."""
        found = self._read(number)
        if found.state == "open" and (found.path / "publishing.json").exists():
            try:
                with self._deciding(number, 0) as proposal:
                    return self._settled(proposal)
            except WriterBusy:
                # Its publisher is alive and at it.
                return found
        return found

    def add(
        self,
        files: Sequence[tuple[str, bytes]],
        *,
        who: str,
        why: str = "",
        table: str | None = None,
        base: int | None = None,
        report: str = "{}",
        counts: Mapping[str, int] | None = None,
    ) -> Proposal:
        """Files a proposal and returns it once it is safe on disk."""
        with disk_errors(self._folder.path):
            self.path.mkdir(parents=True, exist_ok=True)
            made = self.path / f".new-{os.getpid()}-{next(_counter)}"
            shutil.rmtree(made, ignore_errors=True)
            (made / "files").mkdir(parents=True)
            stored = tuple(_stored(made, place, *file) for place, file in enumerate(files, 1))
            proposal = Proposal(
                made, 0, who, why, _now(), base, table, stored, counts=dict(counts or {})
            )
            write_file(made / "report.json", report)
            sync_files(made / "files")
            return self._numbered(proposal)

    def keep_report(self, number: int, report: str, counts: Mapping[str, int]) -> None:
        """Keeps a newer report of a proposal that is still open."""
        proposal = self._read(number)
        if proposal.state == "open":
            write_file(proposal.path / "report.json", report)
            _write(replace(proposal, counts=dict(counts)))

    def publish(
        self,
        number: int,
        submission: Submission,
        *,
        who: str,
        report: Report | None = None,
        told: Told | None = None,
    ) -> Published:
        """Publishes a proposal's submission and returns what became of it.

        It is checked beside the release that is current then; where it does not pass, Refused is
        raised and the proposal stays open, as it does where another writer is at work.
        """
        with self._deciding(number) as proposal:
            proposal = self._settled(proposal)
            _refuse_decided(proposal)
            intent = {"who": who, "after": max(self._releases(), default=0)}
            write_file(proposal.path / "publishing.json", json.dumps(intent))
            try:
                done = publish(
                    submission,
                    self._folder,
                    who=proposal.who,
                    why=_reason(proposal, who),
                    kind=KIND,
                    report=report,
                    told=told,
                )
            except Refused:
                # Of anything else, the next look finds out whether the release was made.
                (proposal.path / "publishing.json").unlink(missing_ok=True)
                raise
            if not done.new:
                (proposal.path / "publishing.json").unlink(missing_ok=True)
                raise NothingNew(number, done.release.number)
            self._decided(proposal, "published", Decision(who, _now(), "", done.release.number))
            return done

    def decline(self, number: int, *, who: str, why: str) -> Proposal:
        """Declines a proposal; its files and its report stay."""
        with self._deciding(number) as proposal:
            proposal = self._settled(proposal)
            _refuse_decided(proposal)
            return self._decided(proposal, "declined", Decision(who, _now(), why))

    def _numbers(self) -> list[int]:
        if not self.path.is_dir():
            return []
        return [int(each.name) for each in self.path.iterdir() if each.name.isdecimal()]

    def _numbered(self, proposal: Proposal) -> Proposal:
        """Gives a new folder the next number that nobody else has taken meanwhile."""
        while True:
            number = max(self._numbers(), default=0) + 1
            proposal = replace(proposal, number=number)
            _write(proposal)
            try:
                proposal.path.rename(self.path / str(number))
            except OSError:
                if not (self.path / str(number)).exists():
                    raise
                continue
            sync_folder(self.path)
            return replace(proposal, path=self.path / str(number))

    def _read(self, number: int) -> Proposal:
        path = self.path / str(number)
        try:
            said = json.loads((path / "about.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UnknownProposal(number) from None
        decision = said.pop("decision")
        said["files"] = tuple(ProposedFile(**each) for each in said["files"])
        return Proposal(path, decision=Decision(**decision) if decision else None, **said)

    @contextmanager
    def _deciding(self, number: int, patience: float = 10.0) -> Iterator[Proposal]:
        """Holds the lock of those who decide, and gives the proposal as it is then."""
        self._read(number)
        with writer_lock(self.path / str(number), patience), disk_errors(self._folder.path):
            yield self._read(number)

    def _settled(self, proposal: Proposal) -> Proposal:
        """Gives a proposal, as published where its publisher died after making its release."""
        path = proposal.path / "publishing.json"
        if proposal.state != "open" or not path.exists():
            return proposal
        intent = json.loads(path.read_text(encoding="utf-8"))
        for number in self._releases():
            made = Release(self._folder.path, number).manifest
            if (
                number > intent["after"]
                and made.kind == KIND
                and made.why == _reason(proposal, intent["who"])
            ):
                decision = Decision(intent["who"], made.created, "", number)
                return self._decided(proposal, "published", decision)
        path.unlink(missing_ok=True)
        return proposal

    def _decided(self, proposal: Proposal, state: State, decision: Decision) -> Proposal:
        proposal = replace(proposal, state=state, decision=decision)
        _write(proposal)
        (proposal.path / "publishing.json").unlink(missing_ok=True)
        return proposal

    def _releases(self) -> list[int]:
        return [each.number for each in self._folder.releases()]


def _stored(folder: Path, place: int, name: str, content: bytes) -> ProposedFile:
    plain = re.sub(r"[^\w.()+-]", "_", Path(name.replace("\\", "/")).name)[-NAME:]
    stored = f"{place}-{plain or 'file'}"
    (folder / "files" / stored).write_bytes(content)
    return ProposedFile(name, stored, hashlib.sha256(content).hexdigest(), len(content))


def _write(proposal: Proposal) -> None:
    said = asdict(proposal)
    del said["path"]
    text = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    write_file(proposal.path / "about.json", text)


def _refuse_decided(proposal: Proposal) -> None:
    if proposal.state != "open":
        by = proposal.decision.who if proposal.decision else ""
        raise AlreadyDecided(proposal.number, proposal.state, by)


def _reason(proposal: Proposal, publisher: str) -> str:
    """Gives why a release was made: what the proposal says, and who let it in."""
    return f"{proposal.why} (proposal {proposal.number}, published by {publisher})".strip()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
