"""The process that makes the files of a release before anyone wants to take them away.

It is a process of its own, of lower priority, because the files are packed for seconds. `python -m
hakusho.server.dumping FOLDER NUMBER` is what `warming` starts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from ..graph.releases.release import Release
from ..graph.workers.isolation import end_with_parent
from .dumps import kept

NICE: Final = 10


def main() -> None:
    """Makes the files and ends."""
    end_with_parent(os.getppid())
    os.nice(NICE)
    folder, number = sys.argv[1:]
    kept(Release(Path(folder), int(number)))


if __name__ == "__main__":
    main()
