"""Lists of things, narrowed and counted by facets; the address has all that was chosen."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from flask import Blueprint, Response, make_response, render_template, request

from ...graph.errors import UnsupportedFormat
from ...graph.names import expand
from ...graph.terms import text
from ..language import LANGUAGES, language, link
from ..lists.index import Index, Item, index
from ..lists.kinds import KINDS, Facet, Kind
from ..lists.selection import Choice, Selection, choice, select
from ..service import service
from ..tables import Table, write
from ..things import names

bp = Blueprint("lists", __name__)

MOST_VALUES = 60
"""How many values of a facet a page offers: those that most things have."""
DEEPEST = 2
"""How deep the parts of the white paper lie that a page offers."""
FORMATS = {"csv": "text/csv", "json": "application/json"}


@dataclass(frozen=True)
class Entry:
    """A value of a facet: its name, how many things have it, and the address that chooses it, if
    another can be chosen."""

    label: str
    count: int
    href: str
    chosen: bool
    level: int = 0


@dataclass(frozen=True)
class Group:
    """A facet with its values."""

    name: str
    entries: Sequence[Entry]

    @property
    def chosen(self) -> list[Entry]:
        """The values that are chosen."""
        return [entry for entry in self.entries if entry.chosen]


@bp.get("/lists")
def overview() -> str:
    """Shows which lists there are, and how long each is."""
    store = service().store
    return render_template(
        "lists/overview.html",
        lists=[(name, len(index(store, kind).items)) for name, kind in KINDS.items()],
    )


@bp.get(f"/<any({', '.join(KINDS)}):of>")
def page(of: str) -> Response:
    """Shows a list, or gives it whole as data."""
    what = KINDS[of]
    store, lang = service().store, language()
    all_of_them = index(store, what)
    given = request.args.to_dict(flat=False)
    chosen = choice(what, all_of_them, given)
    found = select(what, all_of_them, chosen, lang)
    format = request.args.get("format", "html")
    if format in FORMATS:
        return _data(what, found, format)
    if format != "html":
        raise UnsupportedFormat(format, ("html", *FORMATS))
    groups = _groups(what, all_of_them, chosen, found, lang)
    values = [value for item in found.shown for name in what.columns for value in item.said[name]]
    labels = _labels(values, lang)
    body = render_template(
        "lists/index.html",
        kind=what,
        found=found,
        chosen=chosen,
        groups=groups,
        labels=labels,
        things={facet.name for facet in what.facets if facet.form != "year"},
        total=len(all_of_them.items),
        address_of=lambda **changes: _address(what, chosen, **changes),
        hidden=[
            *((name, value) for name, values in chosen.values.items() for value in values),
            *([("lang", request.args["lang"])] if request.args.get("lang") in LANGUAGES else []),
        ],
    )
    return make_response(body)


def _groups(
    kind: Kind, all_of_them: Index, chosen: Choice, found: Selection, lang: str
) -> list[Group]:
    shown = {
        facet.name: _offered(facet, all_of_them, chosen, found.counts[facet.name])
        for facet in kind.facets
    }
    labels = _labels([value for values in shown.values() for value in values], lang)
    return [
        Group(
            facet.name, _entries(kind, facet, shown[facet.name], all_of_them, chosen, found, labels)
        )
        for facet in kind.facets
        if shown[facet.name]
    ]


def _offered(
    facet: Facet, all_of_them: Index, chosen: Choice, counts: Mapping[str, int]
) -> list[str]:
    """Gives the values of a facet that a page offers, those that are chosen in any case."""
    now = chosen.values.get(facet.name, ())
    levels, places = all_of_them.levels, all_of_them.values[facet.name]
    values = [
        value
        for value, count in counts.items()
        if count and (facet.form != "part" or levels.get(value, 0) <= DEEPEST)
    ]
    if len(values) > MOST_VALUES:
        values = nlargest(MOST_VALUES, values, key=lambda value: (counts[value], -places[value]))
    return sorted({*now, *values}, key=places.__getitem__)


def _entries(
    kind: Kind,
    facet: Facet,
    values: Sequence[str],
    all_of_them: Index,
    chosen: Choice,
    found: Selection,
    labels: dict[str, str],
) -> list[Entry]:
    now = chosen.values.get(facet.name, ())
    counts = found.counts[facet.name]
    entries = [
        Entry(
            labels.get(value, value),
            counts.get(value, 0),
            "" if chosen.full and value not in now else _toggled(kind, chosen, facet.name, value),
            value in now,
            all_of_them.levels.get(value, 0) if facet.form in ("part", "challenge") else 0,
        )
        for value in values
    ]
    if facet.form == "year":
        return sorted(entries, key=lambda entry: entry.label, reverse=True)
    if facet.form == "thing":
        return sorted(entries, key=lambda entry: (-entry.count, entry.label))
    return entries


def _toggled(kind: Kind, chosen: Choice, name: str, value: str) -> str:
    """Gives the address of the list with a value chosen that was not, or no longer chosen."""
    now = chosen.values.get(name, ())
    then = [each for each in now if each != value] if value in now else [*now, value]
    return _address(kind, chosen, **{name: then})


def _labels(values: Sequence[str], lang: str) -> dict[str, str]:
    things = {expand(value): value for value in values if "/" in value}
    found = names(service().store, things, lang)
    return {things[iri]: text(label) for iri, label in found.items()}


def _address(of: Kind, chosen: Choice, /, **changes: object) -> str:
    """Gives the address of the list with something of the choice changed, from its first page."""
    state: dict[str, object] = {name: list(values) for name, values in chosen.values.items()}
    state |= {"q": chosen.text or None, "sort": chosen.sort or None}
    state |= changes
    kept = {name: value for name, value in state.items() if value}
    return link("lists.page", of=of.name, **kept)


def _data(kind: Kind, found: Selection, format: str) -> Response:
    columns = ["id", "label_ja", "label_en", *(facet.name for facet in kind.facets), *kind.counts]

    def row(item: Item) -> list[str | int]:
        return [
            item.id,
            *(item.labels.get(lang, "") for lang in LANGUAGES),
            *(";".join(item.said[facet.name]) for facet in kind.facets),
            *(item.counts[name] for name in kind.counts),
        ]

    out = io.StringIO()
    write(Table(columns, [row(item) for item in found.items]), format, out)
    response = Response(out.getvalue(), content_type=f"{FORMATS[format]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.name}.{format}"'
    return response
