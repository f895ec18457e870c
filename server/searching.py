"""The search index of the release that answers, opened once and made while others are served."""

from __future__ import annotations

import sqlite3
from typing import Final, cast

from flask import current_app

from ..graph.releases.release import Release
from ..graph.search.keeping import search_index
from .making import Making

KEY: Final = "hakusho.search"

Index = sqlite3.Connection


def index_of(release: Release) -> Index:
    """Gives the search index of a release, or raises TooBusy where making it takes too long."""
    indexes = cast(
        Making[Index], current_app.extensions.setdefault(KEY, Making[Index]("the search index"))
    )
    return indexes.get((release.folder, release.number), lambda: search_index(release))
