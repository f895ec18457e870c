"""What the packaged tables say of indicators and observations, counted from them alone.

Nothing of hakusho's loader, rules or queries counts here: `csv`, dictionaries and loops.
"""

from __future__ import annotations

import csv
import hashlib
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.terms import text
from hakusho.queries.catalogue import ask

ROOT = Path(__file__).parents[1]
EDITION = ROOT / "loaders" / "editions" / "r07"
UNITS = ROOT / "ontology" / "vocabularies" / "units.ttl"
Row = dict[str, str]

# What of an observation is no breakdown of it.
OTHER = """indicator_id period area value printed_value unit_id status precision source_id figure_no
page_url note_ja note_en evidence""".split()


def table(name: str) -> list[Row]:
    with (EDITION / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


OBSERVATIONS, INDICATORS = table("observations"), table("indicators")
INDICATOR = {row["id"]: row for row in INDICATORS}
BREAKDOWNS = [name for name in OBSERVATIONS[0] if name not in OTHER]
BROADER = {row["id"]: row["broader_id"] for row in table("challenges")}
SCALES = {
    found["id"]: (found["base"], Decimal(found["multiplier"]))
    for found in re.finditer(
        r"id/unit/(?P<id>[^>]+)>\n  a (?:.*\n)+?"
        r"  hk:baseUnit <[^>]*/(?P<base>[^>/]+)> ;\n  hk:multiplier (?P<multiplier>[\d.]+)",
        UNITS.read_text(encoding="utf-8"),
    )
}
"""The base unit and the multiplier of each unit, read from the code list line by line."""


def iri(kind: str, slug: str) -> str:
    return f"{kind}/{slug}" if slug else ""


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def series(row: Row) -> str:
    """Gives the id of the series that an observation belongs to."""
    choices = sorted(f"_{camel(name)}-{row[name]}" for name in BREAKDOWNS if row[name])
    return iri("series", f"{row['indicator_id']}_{row['area']}{''.join(choices)}")


def observation(row: Row) -> str:
    """Gives the id of an observation."""
    choices = [f"{name.replace('_', '-')}-{row[name]}" for name in sorted(BREAKDOWNS) if row[name]]
    page = hashlib.sha256(row["page_url"].encode()).hexdigest()[:8]
    return "_".join((row["indicator_id"], row["period"], row["area"], *choices, page))


def days(period: str) -> tuple[str, date, date]:
    """Gives the type, the first and the last day of a period as the tables write it."""
    if found := re.fullmatch(r"(FY)?(\d{4})(?:-(H|Q)(\d))?", period):
        fiscal, named, part, place = found.groups()
        months = {None: 12, "H": 6, "Q": 3}[part]
        first = int(named) * 12 + (3 if fiscal else 0) + (int(place or 1) - 1) * months
        last = first + months - 1
        end = date(last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1])
        return f"{fiscal}{part}", date(first // 12, first % 12 + 1, 1), end
    survey = period.startswith("survey-")
    year, month, day = ([int(part) for part in period.removeprefix("survey-").split("-")] + [0])[:3]
    if day:
        return "day", date(year, month, day), date(year, month, day)
    kind = "survey" if survey else "month"
    return kind, date(year, month, 1), date(year, month, monthrange(year, month)[1])


def latest() -> list[Row]:
    """Gives the last actual values by period end in each series, for each type of period."""
    ends: dict[tuple[str, str], date] = {}
    actual = [row for row in OBSERVATIONS if row["status"] == "actual"]
    for row in actual:
        kind, _, end = days(row["period"])
        key = series(row), kind
        ends[key] = max(ends.get(key, end), end)
    return [
        row
        for row in actual
        for kind, _, end in [days(row["period"])]
        if ends[series(row), kind] == end
    ]


LATEST = latest()


def number(value: str) -> str:
    return str(Decimal(value).normalize()) if value else ""


def value_cells(row: Row) -> tuple[str, ...]:
    return (
        series(row),
        iri("period", row["period"]),
        row["printed_value"],
        number(row["value"]),
        iri("unit", row["unit_id"]),
        row["page_url"].removeprefix("https://w3id.org/hakusho/id/"),
    )


VALUE = ("series", "period", "printed", "value", "unit", "page")


def cells(store: EmbeddedStore, id: str, *columns: str, **params: str) -> list[tuple[str, ...]]:
    """Gives some columns of a question's rows as text, an unbound one empty."""
    rows = ask(store, id, **params).rows
    found = []
    for row in rows:
        texts = {name: text(row[name]) if name in row else "" for name in columns}
        if "value" in texts:
            texts["value"] = number(texts["value"])
        found.append(tuple(texts[name] for name in columns))
    return found


def same(found: Iterable[tuple[str, ...]], expected: Iterable[tuple[str, ...]]) -> None:
    assert sorted(found) == sorted(expected)


def above(challenge: str) -> set[str]:
    found = {challenge}
    while challenge := BROADER[challenge]:
        found.add(challenge)
    return found


def bearing(challenge: str) -> list[str]:
    """Gives the indicators that bear on a challenge or a narrower one."""
    return [
        row["id"]
        for row in INDICATORS
        if any(challenge in above(one) for one in row["challenge_ids"].split(";") if one)
    ]
