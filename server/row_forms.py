"""A form for one row: what was put into its fields, as a file to be checked, and what is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from typing import TYPE_CHECKING, Final

from ..graph.store import Store
from ..loaders.exporting import Exporter
from ..loaders.forms import Field, fields
from ..loaders.spreadsheets.templates import required
from ..loaders.tables import LIST_SEPARATOR
from .choices import choices
from .reports.view import FindingView, finding

if TYPE_CHECKING:
    from ..graph.releases.release import Release
    from ..loaders.checking import Report

FEW: Final = 600
"""Up to how many things a field offers as a list; more are written by their ids."""

Values = Mapping[str, Sequence[str]]
"""What was put into the fields, by name."""


@dataclass
class Asked:
    """A field as the page shows it: what is in it, what may be, and what is wrong with that."""

    field: Field
    values: Sequence[str]
    choices: Sequence[tuple[str, str]]
    findings: list[FindingView] = filled(default_factory=list)

    @property
    def text(self) -> str:
        """What is in it, as it is written."""
        return LIST_SEPARATOR.join(self.values)


def asked(store: Store, table: str, values: Values, lang: str) -> list[Asked]:
    """Gives the fields of a form with what is in them and what may be chosen."""
    return [
        Asked(each, [*values.get(each.name, ())], _choices(store, each, lang))
        for each in fields(table)
    ]


def _choices(store: Store, each: Field, lang: str) -> list[tuple[str, str]]:
    if each.codes is not None:
        return [(code, name or code) for code, name in each.codes[lang]]
    if not each.choosable or each.kind is None:
        return []
    found = choices(store, each.kind, lang)
    if len(found) > FEW:
        return []
    return [(id.partition("/")[2], label) for id, label in found]


def row_of(release: Release | None, table: str, slug: str) -> Values | None:
    """Gives what the fields hold of a thing that there is, or None where there is none."""
    if release is None:
        return None
    plain = release.manifest.default_graph == "plain"
    row = Exporter(release.engine(), plain).row(table, slug)
    if row is None:
        return None
    many = {each.name for each in fields(table) if each.many}
    return {
        name: [part for part in (cell.split(LIST_SEPARATOR) if name in many else [cell]) if part]
        for name, cell in row.items()
    }


def written(table: str, values: Values, before: Values | None = None) -> bytes:
    """Gives what was put into the fields as a table of one row.

    Of a thing that there is, only what is put in otherwise is said anew, where its row has an id.
    """
    names = [each.name for each in fields(table)]
    cells = {name: LIST_SEPARATOR.join(values.get(name, ())) for name in names}
    # Where a column says how the row is to be read and states nothing itself, all has to be said.
    stated = all(each.path for each in fields(table) if each.name != "id")
    if before is not None and "id" in names and stated:
        same = {name for name in names if [*before.get(name, ())] == [*values.get(name, ())]}
        names = [name for name in names if name in required(table) or name not in same]
    else:
        names = [name for name in names if cells[name] or name in required(table)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerow([cells[name] for name in names])
    return out.getvalue().encode()


def placed(report: Report, shown: Sequence[Asked], lang: str) -> list[FindingView]:
    """Puts each finding beside its field, and gives those that are about none."""
    rest = []
    for found in report.findings:
        view = finding(found, lang)
        column = found.place.column if found.place else None
        for each in shown:
            if each.field.name == column:
                each.findings.append(view)
                break
        else:
            about = [each for each in shown if found.shape in each.field.shapes]
            about = about or [e for e in shown if found.path and e.field.path == found.path][:1]
            if about:
                about[0].findings.append(view)
            else:
                rest.append(view)
    return rest
