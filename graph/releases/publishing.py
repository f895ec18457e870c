"""The writer's side of a data folder: how the next release comes into being."""

from __future__ import annotations

import itertools
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from pyoxigraph import Store

from ..errors import DamagedRelease
from ..progress import Told, parts
from . import provenance
from .building import build, save
from .changes import Change, Draft, Edit, Effect, Inference
from .content import Content
from .durable import sync_files, sync_folder, write_file
from .layout import disk_errors, make
from .lock import writer_lock
from .manifest import Manifest, Source, StoreFile
from .merge import apply, checked
from .release import Release
from .revising import go_back, revise
from .series import Proposal, Published, Series
from .storefiles import describe, shared

Mode = Literal["merged", "plain"]

Proposed = Callable[[Release | None], Change]
"""Works out a change from the current release, which nobody else can replace meanwhile."""

TOOL: Final = f"hakusho {version('hakusho')}"

# A query may go on reading a release that is no longer current until its own deadline.
_GRACE: Final = 120.0

# How many of the reasons for the writes of one release are told one by one.
_TOLD: Final = 8

_counter = itertools.count(1)


@dataclass(frozen=True)
class Origin:
    """Who makes a release, why, by what kind of act and from which files."""

    who: str
    why: str = ""
    kind: str = "publish"
    sources: tuple[Source, ...] = ()


class Publisher:
    """Makes releases in a data folder, one at a time."""

    def __init__(
        self, folder: Path, mode: Mode, infer: Inference | None, keep: int, patience: float
    ) -> None:
        self._folder = folder
        self._wanted = mode
        self._infer_merged = infer
        self._keep = keep
        self._patience = patience

    @property
    def mode(self) -> Mode:
        """Whether the default graph is merged or plain: as it was, or as wanted for a new one."""
        return mode_of(self._folder) or self._wanted

    @property
    def _merged(self) -> bool:
        return self.mode == "merged"

    @property
    def _infer(self) -> Inference | None:
        return self._infer_merged if self._merged else None

    def publish(
        self, change: Change | Edit | Proposed, origin: Origin, told: Told | None = None
    ) -> int:
        """Makes a release by a change; returns its number, or the current if nothing changed."""
        drafting, saving = parts(told, (5, 1))
        with self._writing() as (current, work):
            if not isinstance(change, Change | Edit):
                change = change(current)
            if current is None:
                draft: Draft | None = self._first(work / "store", change)
            else:
                draft = revise(current, work / "store", change, self._merged, self._infer, drafting)
            drafting(1.0)
            if draft is None:
                assert current is not None
                number = current.number
            else:
                number = self._finish(work, draft, origin, current)
            saving(1.0)
            return number

    def publish_all(self, proposals: Sequence[Proposal]) -> list[Published | Exception]:
        """Makes one release by several changes, each to what those before it have made.

        Gives what became of each: an error is that of its own change, which is then not in the
        release and does nothing to the others.
        """
        with self._writing() as (current, work):
            series = Series(current, work / "store", self._merged, self._infer)
            outcomes = [
                _attempt(series, proposal, proposal is proposals[-1]) for proposal in proposals
            ]
            made = [
                proposal
                for proposal, outcome in zip(proposals, outcomes, strict=True)
                if isinstance(outcome, Effect)
            ]
            draft = series.draft() if made else None
            if draft is not None:
                number = self._finish(work, draft, _origin(made), current)
            else:
                number = current.number if current else 0
            return [
                Published(number, outcome) if isinstance(outcome, Effect) else outcome
                for outcome in outcomes
            ]

    def rebuild(self, content: Change, origin: Origin, check: Callable[[Content], None]) -> int:
        """Makes a release of this content and nothing else, if it passes a check."""
        with self._writing() as (current, work):
            # What is brought back has what was inferred, too.
            draft = build(work / "store", content, self._merged, None)
            check(draft.content(self._merged))
            return self._finish(work, draft, origin, current)

    def go_back(self, number: int, origin: Origin) -> int:
        """Makes a release with the content of an earlier one and returns its number."""
        with self._writing() as (current, work):
            draft = go_back(Release(self._folder, number), current, work / "store")
            return self._finish(work, draft, origin, current)

    def _first(self, path: Path, change: Change | Edit) -> Draft:
        if isinstance(change, Edit):
            Store(path).flush()
            change.run(path)
            store = Store(path)
            change = Change(add=list(store), create=list(store.named_graphs()))
            del store
            shutil.rmtree(path)
        change = replace(change, add=checked(change.added(), self._merged), lines=())
        return build(path, change, self._merged, self._infer)

    def _finish(self, work: Path, draft: Draft, origin: Origin, current: Release | None) -> int:
        """Describes a draft, makes it safe on disk, gives it its place and makes it current."""
        manifest = self._manifest(draft, origin, current)
        if self._merged:
            history = apply(draft.open, Change(provenance.describe(manifest)))
            manifest = replace(manifest, graphs=history.applied_to(manifest.graphs))
        draft.store = save(work / "store", draft.open)
        draft.open.flush()
        made = work / "release"
        made.mkdir()
        draft.open.backup(str(made / "store"))
        draft.close()
        known = _shared(made / "store", current)
        files = describe(made / "store", known)
        write_file(made / "manifest.json", replace(manifest, files=files).to_json())
        # What the release before has as well was waited for then.
        sync_files(made / "store", files.keys() - known.keys())
        sync_files(made, ["manifest.json"])
        made.rename(self._folder / "releases" / str(manifest.number))
        sync_folder(self._folder / "releases")
        write_file(self._folder / "current", f"{manifest.number}\n")
        # The release is made; what cannot be cleared away now is tried again with the next.
        with suppress(OSError):
            self._prune(manifest.number)
        return manifest.number

    def _manifest(self, draft: Draft, origin: Origin, current: Release | None) -> Manifest:
        return Manifest(
            number=max(numbers(self._folder), default=0) + 1,
            created=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            kind=origin.kind,
            who=origin.who,
            why=origin.why,
            tool=TOOL,
            parent=None if current is None else current.number,
            default_graph=self.mode,
            default=draft.default,
            graphs=draft.graphs,
            changed=draft.changed,
            rules=draft.rules,
            sources=origin.sources,
        )

    @contextmanager
    def _writing(self) -> Iterator[tuple[Release | None, Path]]:
        """Holds the writer's lock and gives the current release and a place to work at."""
        make(self._folder)
        with writer_lock(self._folder, self._patience), disk_errors(self._folder):
            for left in self._folder.glob("work-*"):
                shutil.rmtree(left, ignore_errors=True)
            current = complete(self._folder)
            # The engine remembers the paths it has open, so no path is used twice.
            work = self._folder / f"work-{os.getpid()}-{next(_counter)}"
            work.mkdir()
            try:
                yield current, work
            finally:
                # A store that an error still holds may be writing: the next writer clears it away.
                shutil.rmtree(work, ignore_errors=True)

    def _prune(self, current: int) -> None:
        """Removes the oldest releases beyond those that are kept, pinned or perhaps being read."""
        releases = [Release(self._folder, number) for number in numbers(self._folder)]
        beyond = max(0, len(releases) - self._keep)
        for old, next_one in list(itertools.pairwise(releases))[:beyond]:
            age = time.time() - (next_one.path / "manifest.json").stat().st_mtime
            if old.number == current or old.pinned or age < _GRACE:
                continue
            gone = self._folder / f"work-{os.getpid()}-{next(_counter)}"
            old.path.rename(gone)
            shutil.rmtree(gone)


def _attempt(series: Series, proposal: Proposal, last: bool) -> Effect | Exception:
    """Gives what a proposed change did, or what is against it."""
    series.last = last
    try:
        change = proposal.change(series)
        series.check(change)
    except Exception as error:
        # Whatever it is, it is the matter of who proposed this, and of none of the others.
        return error
    return series.make(change)


def _origin(proposals: Sequence[Proposal]) -> Origin:
    """Gives the origin of a release that several writes made."""
    first = proposals[0]
    if len(proposals) == 1:
        return Origin(first.who, first.why, first.kind)
    kinds = {each.kind for each in proposals}
    reasons = Counter(each.why for each in proposals).most_common()
    told = [f"{why} ({count})" if count > 1 else why for why, count in reasons[:_TOLD]]
    more = len(reasons) - len(told)
    return Origin(
        ", ".join(dict.fromkeys(each.who for each in proposals)),
        "; ".join(told) + (f"; … ({more})" if more else ""),
        first.kind if len(kinds) == 1 else "update",
    )


def _shared(store: Path, current: Release | None) -> dict[str, StoreFile]:
    try:
        if current is not None:
            return shared(store, current.store_path, current.manifest.files)
    except DamagedRelease:
        pass  # Nothing is known of its files.
    return {}


def numbers(folder: Path) -> list[int]:
    """Gives the numbers of the releases that a folder has, in order."""
    releases = folder / "releases"
    if not releases.is_dir():
        return []
    return sorted(int(path.name) for path in releases.iterdir() if path.name.isdecimal())


def mode_of(folder: Path) -> Mode | None:
    """Gives how a folder keeps its default graph, by the newest manifest that can be read."""
    for number in reversed(numbers(folder)):
        try:
            mode = Release(folder, number).manifest.default_graph
        except DamagedRelease:
            continue
        return "plain" if mode == "plain" else "merged"
    return None


def current_number(folder: Path) -> int | None:
    """Gives the number of a folder's current release, read anew each time."""
    try:
        text = (folder / "current").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return int(text)
    except ValueError:
        raise DamagedRelease(
            folder,
            f"its file `current` says {text!r}, not a number; `hakusho rollback N` names one anew",
        ) from None


def complete(folder: Path) -> Release | None:
    """Gives the current release, after naming as current a whole one that its writer did not
    come to name: it died between the last two steps."""
    try:
        number = current_number(folder)
    except DamagedRelease:
        number = None
    newest = max(numbers(folder), default=None)
    if newest is not None and newest != number:
        try:
            Release(folder, newest).check()
        except DamagedRelease:
            # It was never current, so nobody has been told of it.
            newest = number
        else:
            write_file(folder / "current", f"{newest}\n")
    return None if newest is None else Release(folder, newest)
