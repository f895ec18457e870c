"""Table rows to the store, beside the engine's own bulk load of the same statements.

    python tests/bench/loading.py [--rows 1000000] [--columns few|many] [--merged] [--keep DIR]

Measured are the reader alone, `hakusho load --no-validation` into a data folder that has a release,
and the engine by itself. Each runs in a process of its own on the same machine, one after the
other; printed are rows and statements in a second, the ratio, and the most memory that each process
had. With `--merged` the folder is one whose default graph is merged, so that the command works out
what follows from the rows as well, which takes many times as long. Nothing here is a test: the
figures are those of the machine and of what else it does.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from hakusho.graph.names import PREFIXES, graph, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.references import References, known_to
from hakusho.loaders.streaming import TableStream, load_table

INDICATORS, SOURCES, PAGES = 500, 200, 5_000
PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd{}.html"
FEW = "indicator_id period area age device value unit_id source_id page_url evidence".split()
MANY = [*FEW, "printed_value", "status", "precision", "figure_no", "note_ja"]
AGES = ("total", "10s", "20s", "30s", "40s", "50s", "60s")
DEVICES = ("pc", "smartphone", "tablet")
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
UNITS = ("percent", "cases", "jpy-100m")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--columns", choices=("few", "many"), default="many")
    options.add_argument("--merged", action="store_true", help="with what follows from the rows")
    options.add_argument("--keep", type=Path, help="a folder for the files, not to be taken away")
    options.add_argument("--only", nargs=2, metavar=("WORK", "FOLDER"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.only:
        work, folder = given.only
        works = {"table": table, "write": write, "raw": raw, "plain": plain, "merged": merged}
        print(json.dumps(works[work](Path(folder))))
        return
    folder = given.keep or Path(tempfile.mkdtemp(prefix="hakusho-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        make_table(
            folder / "observations.csv", given.rows, MANY if given.columns == "many" else FEW
        )
        compare(folder, "merged" if given.merged else "plain")
    finally:
        if given.keep is None:
            shutil.rmtree(folder)


def compare(folder: Path, mode: str) -> None:
    """Prints how long the table took, and how long the same statements by themselves."""
    size = (folder / "observations.csv").stat().st_size
    ours, command = run("table", folder), run(mode, folder)
    written = run("write", folder)
    theirs = run("raw", folder)
    rows, statements = ours["rows"], ours["statements"]
    print(f"{rows:,.0f} rows ({size / 1e6:,.0f} MB), {statements:,.0f} statements\n")
    heads = f"{'seconds':>9}{'CPU s':>9}{'rows/s':>10}{'statements/s':>14}{'peak MB':>9}"
    print(f"{'':24}{heads}")
    named = (
        ("table to store", ours),
        (f"hakusho load ({mode})", command),
        ("table to N-Quads", written),
        ("raw bulk_load", theirs),
    )
    for name, found in named:
        seconds = found["seconds"]
        speeds = f"{rows / seconds:>10,.0f}{statements / seconds:>14,.0f}"
        print(f"{name:24}{seconds:>9.1f}{found['cpu']:>9.1f}{speeds}{found['peak']:>9,.0f}")
    print()
    for name, found in named[:2]:
        by_clock, by_work = (theirs[each] / found[each] for each in ("seconds", "cpu"))
        told = f"{by_clock:.2f} (by CPU time {by_work:.2f})"
        print(f"{name}: speed as a share of raw bulk_load's: {told}")
    assert ours["held"] == theirs["held"], (ours["held"], theirs["held"])


def run(work: str, folder: Path) -> dict[str, float]:
    """Runs one piece of work in a process of its own."""
    command = [sys.executable, __file__, "--only", work, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def known() -> References:
    """Gives what the rows refer to."""
    known = known_to(None)
    for number in range(INDICATORS):
        known.add("indicator", f"indicator-{number}", [f"指標{number}"])
    for number in range(SOURCES):
        known.add("source", f"source-{number}", [f"調査{number}"])
    return known


def make_table(path: Path, rows: int, columns: list[str]) -> None:
    """Writes a table of observations, each of another key, as much repeated as in real ones."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in generated(rows):
            writer.writerow([row.get(name, "") for name in columns])


def generated(rows: int) -> Iterator[dict[str, str]]:
    """Gives the rows: the indicator changes fastest, then age, device, year and page."""
    for number in range(rows):
        rest, indicator = divmod(number, INDICATORS)
        rest, age = divmod(rest, len(AGES))
        rest, device = divmod(rest, len(DEVICES))
        rest, year = divmod(rest, 20)
        value = f"{number % 100_003}.{number % 10}"
        yield {
            "indicator_id": f"indicator-{indicator}",
            "period": f"FY{2005 + year}",
            "area": "JP",
            "age": AGES[age],
            "device": DEVICES[device],
            "value": value,
            "printed_value": value,
            "unit_id": UNITS[indicator % len(UNITS)],
            "status": "actual",
            "precision": "exact",
            "source_id": f"source-{indicator % SOURCES}",
            "figure_no": f"Ⅱ-1-{indicator % 12 + 1}-{indicator % 25 + 1}",
            "page_url": PAGE.format((indicator + rest * INDICATORS) % PAGES),
            "note_ja": "令和7年版による" if number % 4 == 0 else "",
            "evidence": "edition",
        }


def table(folder: Path) -> dict[str, float]:
    """Loads the table into a store."""
    references, store = known(), new_store(folder)
    begun = time.perf_counter()
    with (folder / "observations.csv").open("rb") as file:
        stream = TableStream("observations.csv", file, references, "submission-1")
        load_table(store, stream)
    store.flush()
    seconds = time.perf_counter() - begun
    assert stream.is_whole(), stream.counts
    numbers = {"rows": stream.rows, "statements": stream.statements, "held": len(store)}
    return {**numbers, "seconds": seconds, **spent()}


def plain(folder: Path) -> dict[str, float]:
    """Loads the table by the command into a data folder in which nothing is inferred."""
    return command(folder, "plain")


def merged(folder: Path) -> dict[str, float]:
    """Loads the table by the command into a data folder in which what follows is worked out."""
    return command(folder, "merged")


def command(folder: Path, mode: OneOf["plain", "merged"]) -> dict[str, float]:
    """Loads the table by the command into a release that has what the rows refer to."""
    shutil.rmtree(folder / mode, ignore_errors=True)
    data = DataFolder(folder / mode, mode)
    data.publish([*ontology_dataset(), *described()], who="bench")
    line = ["load", "--no-validation", "observations.csv", "--data", mode]
    start = "from hakusho.server.cli import main; main()"
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", start, *line], cwd=folder, check=True, stderr=subprocess.DEVNULL
    )
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, **spent(resource.RUSAGE_CHILDREN)}


def described() -> Iterator[Quad]:
    """Gives the indicators and sources that the rows refer to, and their white paper."""
    named = {"indicator": ("Indicator", INDICATORS), "source": ("Source", SOURCES)}
    for kind, (of_class, count) in named.items():
        for number in range(count):
            node = thing(kind, f"{kind}-{number}")
            yield Quad(node, TYPE, term(of_class), graph("r07"))
            label = Literal(f"{kind} {number}", language="en")
            yield Quad(node, LABEL, label, graph("r07"))
    yield Quad(thing("whitepaper", "r07"), TYPE, term("WhitePaper"), graph("r07"))


def write(folder: Path) -> dict[str, float]:
    """Writes the statements of the table to a file."""
    references = known()
    begun = time.perf_counter()
    with (folder / "observations.csv").open("rb") as file, (folder / "all.nq").open("wb") as output:
        output.writelines(
            TableStream("observations.csv", file, references, "submission-1").chunks()
        )
    return {"seconds": time.perf_counter() - begun, **spent()}


def raw(folder: Path) -> dict[str, float]:
    """Loads the statements from that file, as the engine does it."""
    store = new_store(folder)
    begun = time.perf_counter()
    store.bulk_load(path=folder / "all.nq", format=RdfFormat.N_QUADS, lenient=True)
    store.flush()
    return {"seconds": time.perf_counter() - begun, "held": len(store), **spent()}


def new_store(folder: Path) -> Store:
    """Opens an empty store."""
    shutil.rmtree(folder / "store", ignore_errors=True)
    return Store(str(folder / "store"))


def spent(who: int = resource.RUSAGE_SELF) -> dict[str, float]:
    """Gives the most memory that this process has had, in MB, and its seconds of CPU."""
    used = resource.getrusage(who)
    return {"peak": used.ru_maxrss / 1024, "cpu": used.ru_utime + used.ru_stime}


if __name__ == "__main__":
    main()
