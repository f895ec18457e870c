"""The lock that one writer at a time holds on a data folder.

Between processes it is a POSIX record lock, which the system lets go of when its holder dies,
however it dies, and which a forked child does not inherit; between the threads of one process,
which such a lock does not tell apart, it is a mutex.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..errors import FolderNotWritable, WriterBusy

_BETWEEN_TRIES: Final = 0.02

_mutexes: dict[Path, threading.Lock] = {}
_mutexes_guard = threading.Lock()


@contextmanager
def writer_lock(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Holds the writer's lock of a folder, after waiting so many seconds for whoever has it."""
    deadline = time.monotonic() + patience
    with _mutexes_guard:
        mutex = _mutexes.setdefault(folder.resolve(), threading.Lock())
    if not mutex.acquire(timeout=max(0.0, patience)):
        raise WriterBusy(folder, f"process {os.getpid()} is writing to it")
    try:
        descriptor = _acquire(folder, deadline)
        try:
            yield
        finally:
            os.close(descriptor)
    finally:
        mutex.release()


def _acquire(folder: Path, deadline: float) -> int:
    try:
        descriptor = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise FolderNotWritable(folder, f"cannot be written ({error.strerror})") from error
    while True:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
                os.close(descriptor)
                raise WriterBusy(
                    folder, f"process {holder or 'of another user'} is writing to it"
                ) from None
            time.sleep(_BETWEEN_TRIES)
        else:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
            return descriptor
