"""Lists of things, narrowed and counted by facets; the address has all that was chosen."""

from __future__ import annotations

import io
from urllib.parse import parse_qsl

from flask import Blueprint, Response, make_response, render_template, request

from ...graph.errors import UnsupportedFormat
from ..language import LANGUAGES, kept, language, text
from ..lists.drawing import entries, rows
from ..lists.index import Index, index
from ..lists.kinds import KINDS, Kind
from ..lists.labels import labels
from ..lists.offers import address, groups
from ..lists.selection import Choice, choice, remaining, select
from ..service import service
from ..tables import Table, write

bp = Blueprint("lists", __name__)

FORMATS = {"csv": "text/csv", "json": "application/json"}


@bp.get("/lists")
def overview() -> str:
    """Shows which lists there are, and how long each is."""
    store = service().store
    return render_template(
        "lists/overview.html",
        lists=[(name, len(index(store, kind))) for name, kind in KINDS.items()],
    )


@bp.get(f"/<any({', '.join(KINDS)}):of>")
def page(of: str) -> Response:
    """Shows a list, or gives it whole as data."""
    what = KINDS[of]
    store, lang = service().store, language()
    every = index(store, what)
    chosen = choice(what, every, request.args.to_dict(flat=False))
    format = request.args.get("format", "html")
    if format in FORMATS:
        return _data(what, every, chosen, format, lang)
    if format != "html":
        raise UnsupportedFormat(format, ("html", *FORMATS))
    found = select(what, every, chosen, lang)
    called = labels(store, what, every, lang)
    body = render_template(
        "lists/index.html",
        kind=what,
        kinds=KINDS,
        found=found,
        chosen=chosen,
        groups=groups(what, every, chosen, found, called),
        total=len(every),
        draw_entries=entries,
        draw_rows=rows(what, every, found, called, lang, text("thing.comma", lang)),
        address_of=lambda **changes: address(what, chosen, **changes),
        hidden=[
            *((name, value) for name, values in chosen.values.items() for value in values),
            *parse_qsl(kept()),
        ],
    )
    return make_response(body)


def _data(kind: Kind, every: Index, chosen: Choice, format: str, lang: str) -> Response:
    columns = ["id", "label_ja", "label_en", *(facet.name for facet in kind.facets), *kind.counts]
    facets = [every.facets[facet.name] for facet in kind.facets]

    def row(at: int) -> list[str | int]:
        return [
            every.ids[at],
            *(every.labels[each][at] for each in LANGUAGES),
            *(";".join(values.names[place] for place in values.said[at]) for values in facets),
            *(every.counts[name][at] for name in kind.counts),
        ]

    out = io.StringIO()
    write(Table(columns, [row(at) for at in remaining(kind, every, chosen, lang)]), format, out)
    response = Response(out.getvalue(), content_type=f"{FORMATS[format]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.name}.{format}"'
    return response
