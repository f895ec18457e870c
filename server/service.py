"""What the application answers from: the store of the current release, the data folder, the tokens.

One object, made by `create_app`; a view asks for it with `service()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from flask import current_app
from pyoxigraph import RdfFormat, Triple, parse

from ..graph.limits import Limits
from ..graph.manifest import Manifest
from ..graph.release import Release
from ..graph.releases import DataFolder
from ..graph.store import Store
from ..graph.workers import WorkerPool
from .settings import Settings
from .tokens import Tokens, tokens_from

KEY: Final = "hakusho"


@dataclass(frozen=True)
class Service:
    """The data folder, the store that answers from its current release, and who may write."""

    data: DataFolder
    store: Store
    tokens: Tokens = field(default_factory=Tokens)
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, data: DataFolder, settings: Settings, store: Store | None = None) -> Service:
        """Gives the service of a data folder, its queries in workers of their own."""
        limits = settings.limits()

        def source() -> tuple[int, Path] | None:
            release = data.current()
            return None if release is None else (release.number, release.store_path)

        tokens = tokens_from(settings["token"], settings["propose_token"], settings["token_file"])
        return cls(data, store or WorkerPool(source, limits), tokens, limits)

    def read(self, document: bytes, media_type: str, base: str) -> list[Triple]:
        """Gives the triples of an RDF document."""
        format = RdfFormat.from_media_type(media_type)
        return [
            quad.triple for quad in parse(document, format, base_iri=base, rename_blank_nodes=True)
        ]

    def close(self) -> None:
        """Ends the workers, if the store has any."""
        if isinstance(self.store, WorkerPool):
            self.store.close()

    def number(self) -> int | None:
        """Gives the number of the current release, as it is now."""
        release = self.data.current()
        return None if release is None else release.number

    def manifest(self) -> Manifest | None:
        """Gives what was written down about the current release."""
        number = self.number()
        return None if number is None else _manifest(self.data.path, number)


@lru_cache(maxsize=8)
def _manifest(folder: Path, number: int) -> Manifest:
    # A release never changes, so what was written down about it is read once.
    return Release(folder, number).manifest


def service() -> Service:
    """Gives what the current application answers from."""
    return cast(Service, current_app.extensions[KEY])
