"""How many rows of a table are read and checked in a second, beside the packaged edition.

    python tests/bench/checking.py [--rows 500,2000,20000]

The rows are those of the packaged edition for other periods. Figures are processor time, of the
machine as it is; the most memory is that of the whole process so far.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import tempfile
import time
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.checking import check
from hakusho.loaders.references import known_to
from hakusho.loaders.series import EDITIONS
from hakusho.loaders.submission import read_submission
from hakusho.server.cli import main as hakusho


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rows", default="500,2000,20000")
    sizes = [int(size) for size in options.parse_args().rows.split(",")]
    with tempfile.TemporaryDirectory(prefix="hakusho-bench-") as place:
        # A command ends by leaving the process.
        with suppress(SystemExit):
            hakusho(["build", "--data", place])
        folder = DataFolder(Path(place))
        for size in sizes:
            measure(folder, size)


def measure(folder: DataFolder, size: int) -> None:
    """Prints what it takes to read and to check so many rows."""
    content = sheet(size)
    release = folder.current()
    assert release is not None
    start = time.process_time()
    submission = read_submission([("observations.csv", content)], known_to(release.engine()))
    read = time.process_time()
    report = check(submission, folder)
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{report.rows:>8,} rows: read {report.rows / (read - start):>7,.0f} rows/s, "
        f"checked {report.rows / (done - read):>7,.0f} rows/s, "
        f"{sum(report.counts.values()):,} findings, peak {peak:,.0f} MB"
    )


def sheet(size: int) -> bytes:
    """Gives a table of so many observations, each of another key."""
    path = EDITIONS / "r07" / "observations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [name for name in list(rows[0])[: list(rows[0]).index("value")] if name != "period"]
    alike = {tuple(row[name] for name in keys): row for row in rows}.values()
    periods = (f"{1900 + number // 12}-{number % 12 + 1:02}" for number in count())
    new = (
        {**row, "period": period, "status": "actual", "note_ja": "", "note_en": ""}
        for period in periods
        for row in alike
    )
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(islice(new, size))
    return text.getvalue().encode()


if __name__ == "__main__":
    main()
