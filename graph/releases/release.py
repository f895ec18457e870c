"""A release: a numbered, immutable state of all graphs, with its manifest beside its store."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph

from ..embedded import EmbeddedStore
from ..errors import DamagedRelease
from .manifest import BadManifest, Manifest
from .storefiles import damage


class Release:
    """A numbered, immutable state of all graphs."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder: Final = folder
        self.number: Final = number
        self.path: Final = folder / "releases" / str(number)
        self.store_path: Final = self.path / "store"

    def __repr__(self) -> str:
        return f"<Release {self.number} of {self.folder}>"

    @cached_property
    def manifest(self) -> Manifest:
        """What was written down about the release when it was made."""
        try:
            return Manifest.read(self.path / "manifest.json")
        except BadManifest as error:
            raise self._damaged(f"its manifest {error.problem}") from error

    @property
    def pinned(self) -> bool:
        """Whether the release is kept when old ones are pruned."""
        return (self.path / "pinned").exists()

    @property
    def derived_path(self) -> Path:
        """Where what is built from the release is kept beside it, and goes when it goes."""
        return self.path / "derived"

    def check(self, thoroughly: bool = False) -> None:
        """Raises DamagedRelease when a file of the store is missing or has another size.

        Thoroughly is by the hash of every file: it finds a flipped bit, and reads all of them.
        """
        problem = damage(self.store_path, self.manifest.files, thoroughly)
        if problem:
            raise self._damaged(problem)

    def open(self) -> EmbeddedStore:
        """Opens the release's store for reading."""
        return EmbeddedStore.over(self.engine())

    def engine(self) -> pyoxigraph.Store:
        """Opens the release's store as the engine has it, for reading."""
        self.check()
        try:
            return pyoxigraph.Store.read_only(str(self.store_path))
        except OSError as error:
            raise self._damaged(f"its store cannot be opened ({error})") from error

    def _damaged(self, problem: str) -> DamagedRelease:
        return DamagedRelease(
            self.folder,
            f"release {self.number} is damaged: {problem}; go back to a whole one with "
            "`hakusho rollback N` (`hakusho releases` lists them), or bring back an archive with "
            "`hakusho restore DIR`",
        )
