"""A data folder and its releases: what is current, what was, and the way to the next one.

    FORMAT            how the folder is laid out
    current           the number of the current release
    writer.lock       held by whoever writes
    releases/7/       manifest.json, store/, derived/ for what is built from it, perhaps pinned
    work-*/           what a writer is at; never read, and cleared away by the next writer

A release is made whole under `work-*`, synced, renamed to its place, and only then does `current`
name it. Whatever happens before that leaves the old one. Readers open releases and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from ..errors import FormatMismatch, UnknownRelease
from ..inference import infer
from ..progress import Told
from .changes import Change, Edit, Inference
from .content import Content
from .layout import FORMAT, disk_errors, read_format
from .manifest import Source
from .publishing import Mode, Origin, Proposed, Publisher, current_number, mode_of, numbers
from .release import Release
from .series import Proposal, Published

__all__ = ["FORMAT", "DataFolder", "Mode", "Release"]


class DataFolder:
    """A folder of releases. Opening it changes nothing on disk.

    A new one keeps its default graph `merged` (the distinct merge of its named graphs, what
    follows from them included) unless told `plain` (a graph of its own, nothing inferred). An old
    one stays what it is.
    """

    def __init__(
        self,
        path: Path,
        default_graph: Mode | None = None,
        *,
        infer: Inference | None = infer,
        keep: int = 20,
        patience: float = 10.0,
    ) -> None:
        self.path: Final = Path(path)
        read_format(self.path)
        mode = mode_of(self.path)
        if mode is not None and default_graph not in (None, mode):
            raise FormatMismatch(
                self.path, f"its default graph is {mode}, not {default_graph}; give another folder"
            )
        self._publisher = Publisher(self.path, default_graph or "merged", infer, keep, patience)

    def __repr__(self) -> str:
        return f"<DataFolder {self.path}>"

    @property
    def default_graph(self) -> Mode:
        """Whether the default graph is merged or plain."""
        return self._publisher.mode

    def current(self) -> Release | None:
        """Gives the current release, or None where nothing was published yet."""
        number = current_number(self.path)
        return None if number is None else Release(self.path, number)

    def release(self, number: int) -> Release:
        """Gives the release of that number."""
        there = numbers(self.path)
        if number not in there:
            raise UnknownRelease(self.path, number, tuple(there))
        return Release(self.path, number)

    def releases(self) -> list[Release]:
        """Gives the releases that are kept, the oldest first."""
        return [Release(self.path, number) for number in numbers(self.path)]

    def publish(
        self,
        change: Change | Edit | Proposed | Iterable[Quad],
        *,
        who: str,
        why: str = "",
        kind: str = "publish",
        sources: Iterable[Source] = (),
        told: Told | None = None,
    ) -> Release:
        """Makes the next release by a change, and returns it once it is safe on disk.

        A change that changes nothing makes no release: the current one is returned. The share of
        the work that is done is told once the change is known.
        """
        if not isinstance(change, Change | Edit) and not callable(change):
            change = Change(add=change)
        origin = Origin(who, why, kind, tuple(sources))
        return Release(self.path, self._publisher.publish(change, origin, told))

    def publish_all(self, proposals: Sequence[Proposal]) -> list[Published | Exception]:
        """Makes the next release by several changes, one after the other, and gives what became
        of each once the release is safe on disk."""
        return self._publisher.publish_all(proposals)

    def rollback(self, number: int, *, who: str, why: str = "") -> Release:
        """Publishes the content of an earlier release again, as a new one."""
        self.release(number).check(thoroughly=True)
        return Release(self.path, self._publisher.go_back(number, Origin(who, why, "rollback")))

    def restore(
        self, content: Change, check: Callable[[Content], None], *, who: str, why: str = ""
    ) -> Release:
        """Publishes a content in the place of all there is, if its check does not raise."""
        origin = Origin(who, why, "restore")
        return Release(self.path, self._publisher.rebuild(content, origin, check))

    def pin(self, number: int, keep: bool = True) -> None:
        """Keeps a release when old ones are pruned, or no longer does."""
        mark = self.release(number).path / "pinned"
        with disk_errors(self.path):
            if keep:
                mark.touch()
            else:
                mark.unlink(missing_ok=True)
