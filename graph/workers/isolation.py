"""What a worker process gives up before it reads what strangers wrote.

Everything here is for the process that calls it and for those it forks. Linux offers all of it;
elsewhere, and in containers that forbid a part, what could not be had is named in the answer.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Final

CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000
PR_SET_PDEATHSIG: Final = 1
PR_SET_NO_NEW_PRIVS: Final = 38
PR_SET_SECCOMP: Final = 22
SECCOMP_MODE_FILTER: Final = 2
STACK_BYTES: Final = 64 * 1024 * 1024

# Landlock: all rights that change a file system (linux/landlock.h), by the version they came with.
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
PATH_BENEATH: Final = 1
WRITE_FILE, REMOVE_AND_MAKE = 1 << 1, sum(1 << bit for bit in range(4, 13))
REFER, TRUNCATE = 1 << 13, 1 << 14

# Kernel's names for processors, and their numbers for socket(), execve() and execveat().
PROCESSORS: Final = {
    "x86_64": (0xC000003E, (41, 59, 322)),
    "aarch64": (0xC00000B7, (198, 221, 281)),
}
IO_URING_SETUP: Final = 425


def give_up_network() -> list[str]:
    """Takes the network away from this process, in every way there is; gives the ways that held.

    To be called while the process has one thread: a user namespace is given to no other.
    """
    held = []
    if _call("unshare", CLONE_NEWNET) or _call("unshare", CLONE_NEWUSER | CLONE_NEWNET):
        held.append("network namespace")
    if _refuse_system_calls():
        held.append("system call filter")
    return held


def give_up_writing(but_in: Path | None = None) -> bool:
    """Takes from this thread, and from those it starts, the right to change files (Landlock).

    In the one folder that is named, and below it, files may still be made and changed.
    """
    libc = _libc()
    if libc is None or sys.platform != "linux":
        return False
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = WRITE_FILE | REMOVE_AND_MAKE
    rights |= (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    attributes = struct.pack("=Q", rights)
    rules = libc.syscall(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    if rules < 0:
        return False
    try:
        if but_in is not None:
            folder = os.open(but_in, os.O_PATH)
            beneath = struct.pack("=Qi", rights, folder)
            added = libc.syscall(LANDLOCK_ADD_RULE, rules, PATH_BENEATH, beneath, 0)
            os.close(folder)
            if added != 0:
                return False
        _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(LANDLOCK_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def limit_resources(memory: int, file_bytes: int = 0) -> None:
    """Caps what this process may still allocate, and the size of any file it writes."""
    # When memory is short, the kernel is to end a worker and not the server.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    used = _address_space()
    if used:
        _cap(resource.RLIMIT_AS, used + memory)
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_FSIZE, file_bytes)
    _cap(resource.RLIMIT_STACK, STACK_BYTES)


def end_with_parent(parent: int) -> None:
    """Has the kernel kill this process when its parent ends."""
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _refuse_system_calls() -> bool:
    """Makes socket(), exec and io_uring (which knows sockets too) fail with EACCES."""
    processor = PROCESSORS.get(platform.machine())
    if processor is None or sys.platform != "linux":
        return False
    architecture, numbers = processor
    refused = (*numbers, IO_URING_SETUP)
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | 13
    # One instruction each: code, jump if true, jump if false, operand. `refuse` is the last.
    last = 5 + len(refused)
    program = [
        (load, 0, 0, 4),
        (equal, 0, last - 2, architecture),
        (load, 0, 0, 0),
        (at_least, last - 4, 0, 0x40000000),
        *((equal, last - 5 - i, 0, number) for i, number in enumerate(refused)),
        (give, 0, 0, allow),
        (give, 0, 0, refuse),
    ]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    instructions = ctypes.create_string_buffer(code, len(code))
    filter_program = struct.pack("HP", len(program), ctypes.addressof(instructions))
    if not _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return _call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_program, 0, 0)


def _address_space() -> int:
    """How many bytes of addresses this process has mapped, 0 where that cannot be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _cap(which: int, amount: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    resource.setrlimit(which, (amount, amount))


def _call(name: str, *arguments: int | bytes) -> bool:
    """Whether a function of the C library is there and succeeds."""
    function = getattr(_libc(), name, None)
    return function is not None and function(*arguments) == 0


def _libc() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None, use_errno=True)
    except OSError:
        return None
