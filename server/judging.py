"""What strangers hand in, read and checked in a process of its own that no file can outlive.

Reading a workbook or a table of a million rows takes memory and time. A process does it that has a
deadline and a limit of memory: `python -m …judging` reads the files from its standard input and
writes the report, or the error that kept it from one, to its standard output.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING, Final

from ..graph.errors import HakushoError, LimitExceeded, StoreUnavailable, TooBusy
from ..graph.limits import MIB, Limits
from ..graph.workers.forks import PACKAGE_PARENT
from ..graph.workers.isolation import end_with_parent, limit_resources

if TYPE_CHECKING:
    from ..graph.progress import Told
    from ..loaders.checking import Report

Files = Sequence[tuple[str, bytes]]

AT_ONCE: Final = 2
WAITING: Final = 6
"""How many may wait for their turn; each holds up a thread that answers requests."""
RETRY_SECONDS: Final = 5
NARROW: Final = "hand in fewer rows at a time"

_places = Semaphore(AT_ONCE)
_queue = Semaphore(AT_ONCE + WAITING)


def judge(folder: Path, files: Files, table: str | None, limits: Limits) -> Report:
    """Gives the report of some files beside the current release of a data folder."""
    if not _queue.acquire(blocking=False):
        raise TooBusy("others' files are being checked", RETRY_SECONDS)
    try:
        with _places:
            work = (folder.absolute(), list(files), table, limits.memory, os.getpid())
            found = pickle.loads(_answer(pickle.dumps(work), limits))
    finally:
        _queue.release()
    if isinstance(found, HakushoError):
        raise found
    report: Report = found
    return report


def _answer(work: bytes, limits: Limits) -> bytes:
    # The package is found where it was found here, installed or in a checkout.
    paths = [str(PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=work,
            stdout=subprocess.PIPE,
            timeout=limits.upload_seconds,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )
    except subprocess.TimeoutExpired:
        message = f"the files were not checked within {limits.upload_seconds:g} s"
        raise LimitExceeded("time", message, NARROW) from None
    if done.returncode < 0:
        raise _memory(limits.memory)
    if done.returncode:
        code = done.returncode
        raise StoreUnavailable(f"the process that checks files ended unexpectedly (code {code})")
    return done.stdout


def _memory(memory: int) -> LimitExceeded:
    message = f"checking the files needed more than {memory / MIB:g} MiB of memory"
    return LimitExceeded("memory", message, NARROW)


def report_of(
    folder: Path, files: Files, table: str | None = None, told: Told | None = None
) -> Report:
    """Gives the report of some files beside the current release, in this process."""
    from ..graph.progress import parts
    from ..graph.releases.data_folder import DataFolder
    from ..loaders.checking import check
    from ..loaders.references import known_to
    from ..loaders.submission import read_submission

    data = DataFolder(folder)
    current = data.current()
    known = known_to(None if current is None else current.engine())
    reading, checking = parts(told, (1, 5))
    return check(read_submission(files, known, table=table, told=reading), data, checking)


def main() -> None:
    """Reads and checks what comes on the standard input, and writes what came of it."""
    folder, files, table, memory, parent = pickle.load(sys.stdin.buffer)
    out = os.fdopen(os.dup(1), "wb")
    # Whatever else writes to the standard output must not end up in the answer.
    os.dup2(2, 1)
    end_with_parent(parent)
    limit_resources(memory, 1 << 30)
    try:
        found: object = report_of(folder, files, table)
    except HakushoError as error:
        found = error
    except MemoryError:
        found = _memory(memory)
    with out:
        pickle.dump(found, out, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
