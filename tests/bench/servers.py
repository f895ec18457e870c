"""The servers that the benches measure: ours and others', each started as its users start it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "hakusho" / "rivals"
PACKAGES = ("oxigraph==0.5.13", "rdflib-endpoint==0.6.3", "uvicorn")
TOKEN = "bench-token"


@dataclass(frozen=True)
class Server:
    """A server that runs: its process, and the address of its SPARQL endpoint."""

    name: str
    process: subprocess.Popen[str]
    port: int
    path: str

    @property
    def endpoint(self) -> str:
        """The address that queries are sent to."""
        return f"http://127.0.0.1:{self.port}{self.path}"


@contextmanager
def hakusho(data: Path, *options: str, **settings: str) -> Iterator[Server]:
    """Runs ours on a data folder, with `HAKUSHO_…` settings by their names in small letters."""
    program = "from hakusho.server.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--data", str(data), "--port", "0", *options]
    variables = {f"HAKUSHO_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, "HAKUSHO_TOKEN": TOKEN, "HAKUSHO_LANG": "en", **variables}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield Server("hakusho", process, _announced(process), "/sparql")
    finally:
        _end(process)


@contextmanager
def oxigraph(store: Path) -> Iterator[Server]:
    """Runs `oxigraph serve` on a store of its own format, without writing to it."""
    port = _free_port()
    program = rivals() / "oxigraph"
    where = ["--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with _running([str(program), "serve-read-only", *where], "oxigraph", port, "/query") as server:
        yield server


@contextmanager
def rdflib_endpoint(file: Path) -> Iterator[Server]:
    """Runs rdflib-endpoint on a file that it holds in memory."""
    port = _free_port()
    command = [
        str(rivals() / "rdflib-endpoint"), "serve", "--port", str(port), str(file),
    ]  # fmt: skip
    with _running(command, "rdflib-endpoint", port, "/") as server:
        yield server


def rivals() -> Path:
    """Gives the folder of the others' programs, fetched from PyPI the first time."""
    programs = CACHE / "bin"
    if not (CACHE / "complete").exists():
        venv.create(CACHE, with_pip=True, clear=True)
        pip = [str(programs / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES], check=True)
        (CACHE / "complete").touch()
    return programs


def wait_for(server: Server, sample: str, seconds: float = 300.0) -> None:
    """Waits until ours counts something of itself, such as a release that is held in memory."""
    until = time.monotonic() + seconds
    while not metrics(server).get(sample):
        if time.monotonic() > until:
            raise SystemExit(f"{server.name} did not come to {sample}")
        time.sleep(0.2)


def metrics(server: Server) -> Mapping[str, float]:
    """Gives what ours counts."""
    with urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    samples = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


def memory(process: subprocess.Popen[str]) -> tuple[int, int]:
    """Gives the memory that ours takes and does not share, now, in bytes: of the processes that
    serve, and of the largest worker, where the engine keeps what it has read of the store."""
    serving, workers = 0, [0]
    for pid in processes(process.pid):
        if b"graph.workers" in _command(pid):
            workers.append(_private(pid))
        else:
            serving += _private(pid)
    return serving, max(workers)


def processor(process: subprocess.Popen[str]) -> float:
    """Gives the seconds of processor time that a server and its processes have used so far."""
    ticks = 0
    for pid in processes(process.pid):
        try:
            fields = (
                Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            )
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _private(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", text, re.MULTILINE)
    return sum(map(int, found)) * 1024


def processes(pid: int) -> Iterator[int]:
    """Gives a process and all that it and its own have started."""
    yield pid
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from processes(int(child))


def _announced(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if found:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return int(found[1])
    raise SystemExit(f"the server did not start:\n{said}")


@contextmanager
def _running(command: Sequence[str], name: str, port: int, path: str) -> Iterator[Server]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, text=True)
    server = Server(name, process, port, path)
    try:
        until = time.monotonic() + 600
        while not _answers(server):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{name} did not start")
            time.sleep(0.2)
        yield server
    finally:
        _end(process)


def _answers(server: Server) -> bool:
    try:
        with urlopen(f"{server.endpoint}?query=ASK%7B%7D", timeout=60):
            return True
    except (URLError, OSError):
        return False


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
