"""The data folder that a command works on, and who is working on it."""

from __future__ import annotations

import getpass

from ..graph.errors import HakushoError
from ..graph.releases.data_folder import DataFolder
from ..graph.releases.release import Release
from .settings import Settings


class NothingPublished(HakushoError):
    """A data folder that has no release yet."""

    def __init__(self, folder: DataFolder) -> None:
        super().__init__(folder)
        self.path = folder.path

    def __str__(self) -> str:
        return (
            f"data folder {self.path} has no release yet; "
            "`hakusho build` makes one from the packaged white paper"
        )


def data_folder(settings: Settings, new: bool = False) -> DataFolder:
    """Gives the data folder of the settings; what it is like matters only where it may be new."""
    return DataFolder(
        settings["data"],
        settings["default_graph"] if new else None,
        keep=settings["keep"],
        patience=settings["patience"],
    )


def release(settings: Settings, number: int | None = None) -> Release:
    """Gives the current release of the data folder, or the one of that number."""
    folder = data_folder(settings)
    if number is not None:
        return folder.release(number)
    current = folder.current()
    if current is None:
        raise NothingPublished(folder)
    return current


def person() -> str:
    """Gives the name of who runs the command, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
