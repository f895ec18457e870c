"""The account of an edition: what became of every raw row that its tables were made from.

`account/TABLE.csv` has a line for each raw row (row, outcome, target, reason) and, with an empty
row, one for each packaged row that no raw row made. `python -m hakusho.loaders.account EDITION RAW`
checks that it adds up and prints it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from ..graph.errors import BadAccount, HakushoError
from .about import read_about
from .edition import complete, read_tables
from .tables import LIST_SEPARATOR, Row, Table, read_table

OUTCOMES: Final = ("kept", "corrected", "merged", "split", "moved")
"""What may become of a raw row; `moved` is into another table."""

COMPARED: Final = (
    "id label_ja label_en title_ja title_en policy_id indicator_id period date value page_url"
).split()
"""The columns of which a kept row must have the raw values."""

Packaged = Mapping[str, Mapping[str, Row]]
"""The rows of the packaged tables, by table and id."""


@dataclass(frozen=True)
class TableAccount:
    """How many raw rows of a table there were, what became of them, and the rows it now has."""

    table: str
    raw: int
    outcomes: Mapping[str, int]
    added: int
    packaged: int


def check_account(
    edition: Path, raw: Path | None = None, *, earlier: Iterable[Table] = ()
) -> list[TableAccount]:
    """Gives the account of an edition folder by table, or raises everything that is wrong in it.

    Of a folder without one it has how many rows the tables have. `earlier` are the tables of
    earlier editions, to which rows may refer.

    With the folder of raw tables it also checks that each raw row is placed once, that kept rows
    carry the raw values, and that rows merged away keep their ids in merges.csv.
    """
    packaged = _packaged(edition, earlier)
    if not (edition / "account").is_dir():
        return [TableAccount(name, 0, {}, 0, len(rows)) for name, rows in packaged.items()]
    accounts, problems = [], []
    names = {path.stem for path in (edition / "account").glob("*.csv")}
    if raw is not None:
        missing = {path.stem for path in raw.glob("*.csv")} - names
        problems += [f"account/{name}.csv: is missing" for name in sorted(missing)]
    for name in sorted(names):
        account = read_table(edition / "account" / f"{name}.csv", name)
        problems += [str(error) for error in account.errors]
        problems += _check_lines(account, packaged)
        problems += _check_reached(account, packaged)
        if raw is not None and (raw / f"{name}.csv").exists():
            problems += _check_raw(account, read_table(raw / f"{name}.csv"), packaged)
        accounts.append(_count(account, packaged))
    if problems:
        raise BadAccount(tuple(problems))
    return accounts


def _packaged(edition: Path, earlier: Iterable[Table]) -> Packaged:
    tables = read_tables(edition)
    rows: dict[str, dict[str, Row]] = {table.name: {} for table in tables}
    for node in complete(read_about(edition), tables, earlier).nodes:
        # A link made from a pair of policies.csv stands for no row of its own.
        if node.row is not None and node.is_its_row():
            rows[node.row.table][node.slug()] = node.row
    return rows


def _targets(line: Row) -> list[str]:
    return [part.strip() for part in line.cells.get("target", "").split(LIST_SEPARATOR) if part]


def _outcome(line: Row) -> str:
    return line.cells.get("outcome", "")


def _check_lines(account: Table, packaged: Packaged) -> Iterable[str]:
    """Finds lines that do not say what became of which row, or name rows that do not exist."""
    seen: set[str] = set()
    for line in account.rows:
        where = f"account/{line.file}:{line.line}"
        row, outcome, targets = line.cells.get("row"), _outcome(line), _targets(line)
        if outcome not in (("added",) if row is None else OUTCOMES):
            expected = "added" if row is None else ", ".join(OUTCOMES)
            yield f"{where}: outcome {outcome!r} is none of {expected}"
        if row is not None and row in seen:
            yield f"{where}: raw row {row} is placed twice"
        seen.add(row or "")
        if not targets or len(targets) > 1 and outcome not in ("split", "moved"):
            yield f"{where}: {outcome} has {len(targets)} targets"
        if outcome != "kept" and "reason" not in line.cells:
            yield f"{where}: {outcome} gives no reason"
        tables = packaged.values() if outcome == "moved" else [packaged.get(account.name, {})]
        for target in targets:
            if not any(target in rows for rows in tables):
                yield f"{where}: target {target} is in no packaged table"


def _check_reached(account: Table, packaged: Packaged) -> Iterable[str]:
    """Finds packaged rows that come from nowhere, or from two raw rows that were not merged."""
    makers = Counter(
        target
        for line in account.rows
        if _outcome(line) not in ("merged", "moved")
        for target in _targets(line)
    )
    reached = {target for line in account.rows for target in _targets(line)}
    for slug, row in packaged.get(account.name, {}).items():
        if slug not in reached:
            yield f"{row.file}:{row.line}: {slug} is in no line of account/{account.file}"
        elif makers[slug] > 1:
            yield f"{row.file}:{row.line}: {slug} is made by {makers[slug]} rows, none merged"


def _check_raw(account: Table, raw: Table, packaged: Packaged) -> Iterable[str]:
    """Finds raw rows that are not placed, and kept rows that are not as they were."""
    rows = {str(row.number - 1): row for row in raw.rows}
    placed = {line.cells["row"] for line in account.rows if "row" in line.cells}
    for number in sorted(rows.keys() - placed, key=int):
        yield f"account/{account.file}: raw row {number} is not placed"
    for number in sorted(placed - rows.keys()):
        yield f"account/{account.file}: there is no raw row {number}"
    for line in account.rows:
        before = rows.get(line.cells.get("row", ""))
        if before is None:
            continue
        where = f"account/{line.file}:{line.line}"
        for target in _targets(line):
            after = packaged.get(account.name, {}).get(target)
            if _outcome(line) == "kept" and after is not None:
                yield from (f"{where}: {change}" for change in _changes(before, after))
            if _outcome(line) == "merged" and not _is_remembered(before, target, packaged):
                yield f"{where}: {before.cells['id']} is merged but not in merges.csv"


def _changes(before: Row, after: Row) -> Iterable[str]:
    for column in COMPARED:
        old, new = before.cells.get(column), after.cells.get(column)
        if column in before.cells and _canonical(column, old) != _canonical(column, new):
            yield f"is kept, but {column} was {old!r} and is {new!r}"


def _canonical(column: str, text: str | None) -> str | Decimal | None:
    """Gives what two writings of one value have in common: a number, or an address's one form."""
    if column == "value" and text is not None:
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    if column == "page_url" and text is not None:
        _, _, rest = text.partition("://")
        return rest.replace("//", "/")
    return text


def _is_remembered(before: Row, target: str, packaged: Packaged) -> bool:
    """Says whether the id of a row that was merged away, if it had one, is in merges.csv."""
    slug = before.cells.get("id", target)
    return slug == target or slug in packaged.get("merges", {})


def _count(account: Table, packaged: Packaged) -> TableAccount:
    outcomes = Counter(_outcome(line) for line in account.rows)
    added = outcomes.pop("added", 0)
    rows = len(packaged.get(account.name, {}))
    return TableAccount(account.name, outcomes.total(), outcomes, added, rows)


def format_accounts(accounts: Iterable[TableAccount]) -> str:
    """Gives the account as a table of text, one line for each table."""
    head = ("table", "raw", *OUTCOMES, "added", "packaged")
    lines: list[tuple[str, ...]] = [head]
    for account in accounts:
        outcomes = (account.outcomes.get(outcome, 0) for outcome in OUTCOMES)
        numbers = (account.raw, *outcomes, account.added, account.packaged)
        lines.append((account.table, *map(str, numbers)))
    return "\n".join(f"{name:20}" + "".join(f"{cell:>11}" for cell in row) for name, *row in lines)


def main(arguments: list[str]) -> int:
    """Prints the account of an edition folder, checked against a folder of raw tables if given."""
    folders = [Path(argument) for argument in arguments]
    if len(folders) not in (1, 2):
        print("usage: python -m hakusho.loaders.account EDITION [RAW]", file=sys.stderr)
        return 2
    try:
        print(format_accounts(check_account(*folders)))
    except HakushoError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
