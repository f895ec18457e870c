"""How many small writes are published in a second, and into how many releases they go.

    python tests/bench/writes.py [--writes 200] [--clients 16] [--edition packaged|none]

Each write is a SPARQL update of one triple over HTTP, sent by one of the clients as soon as its
last one is answered. It is done once with writes published one by one and once with those that
come close together published as one, by servers of its own.
"""

from __future__ import annotations

import argparse
import http.client
import queue
import re
import tempfile
import threading
import time
from pathlib import Path
from urllib.request import urlopen

from servers import TOKEN, hakusho

HEADERS = {
    "Authorization": f"Bearer {TOKEN}",
    "Content-Type": "application/sparql-update",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--writes", type=int, default=200)
    options.add_argument("--clients", type=int, default=16)
    options.add_argument("--edition", choices=("packaged", "none"), default="none")
    options.add_argument("--no-validation", action="store_true")
    given = options.parse_args()
    more = ["--no-validation"] if given.no_validation else []
    rates = []
    for name, window in (("one by one", "0"), ("grouped", "0.05")):
        with tempfile.TemporaryDirectory(prefix="hakusho-bench-") as folder:
            arguments = ["--edition", given.edition, *more]
            with hakusho(Path(folder) / "data", *arguments, write_window=window) as server:
                before = release(server.port)
                seconds, times = writes(server.port, given.writes, given.clients)
                made = release(server.port) - before
        rates.append(given.writes / seconds)
        ordered = sorted(times)
        print(
            f"{name}: {given.writes} writes by {given.clients} clients in {seconds:.2f} s, "
            f"{rates[-1]:.1f}/s, {made} releases; half within {ordered[len(ordered) // 2]:.2f} s, "
            f"the last within {ordered[-1]:.2f} s"
        )
    print(f"grouped : one by one = {rates[1] / rates[0]:.1f}")


def writes(port: int, count: int, clients: int) -> tuple[float, list[float]]:
    """Gives how long so many writes took, and each of them."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(count):
        waiting.put(number)
    times: list[float] = []
    failed: list[str] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            text = f"INSERT DATA {{ GRAPH <urn:bench> {{ <urn:s:{number}> <urn:p> {number} }} }}"
            began = time.monotonic()
            connection.request("POST", "/sparql", text, HEADERS)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status == 503:
                # It waited too long for the others, and is sent again.
                waiting.put(number)
            elif answer.status != 204:
                failed.append(f"{answer.status}: {said.decode()}")
                return
            else:
                times.append(time.monotonic() - began)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(failed[0])
    return time.monotonic() - began, times


def release(port: int) -> int:
    """Gives the number of the current release."""
    with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
        return int(re.sub(r"\D", "", answer.read().decode()))


if __name__ == "__main__":
    main()
