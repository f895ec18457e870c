"""Pages for people who look for what answers what: the matrix, the links behind it, the outline."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from flask import Blueprint, current_app, render_template, request
from pyoxigraph import Literal

from ...graph.errors import BadParameter
from ...graph.names import expand
from ...graph.store import Store
from ...graph.terms import text
from ...queries.catalogue import ask, question
from ...queries.parameters import term_of
from ..language import language
from ..link_rows import link_rows
from ..links import Named, page_of_cell
from ..matrix import PACKAGED, SHADES, Edition, Matrix, editions, matrix
from ..outline import outline
from ..remembered import remembered
from ..service import service
from ..things import address, names

bp = Blueprint("explorer", __name__)

ROWS = 50
"""How many links a page shows."""
SAYING = ("dcterms:description", "skos:definition", "skos:note")
"""What says about a challenge what it is; the first that there is."""
GUIDES = (
    ("working", "policies/targets"),
    ("gaps", "challenges/without-indicator"),
    ("moves", "indicators/largest-moves"),
)
"""Three questions to begin with, each under the name of its text."""
NUMBERS = ("Challenge", "Policy", "Link", "Indicator", "Observation", "Source")


@bp.get("/")
def home() -> str:
    """Shows the policy × challenge matrix and what the release holds."""
    store, lang = service().store, language()
    counted = remembered("numbers", lambda: _numbers(store))
    there = remembered(("editions", lang), lambda: editions(store, lang))
    edition = _edition(there, request.args.get("edition"))
    return render_template(
        "explorer/home.html",
        matrix=_matrix(store, lang, edition, there),
        editions=there,
        edition=edition,
        numbers=[(kind, counted[kind]) for kind in NUMBERS if kind in counted],
        shades=SHADES,
        unlinked=remembered("unlinked", lambda: len(ask(store, "matrix/unlinked", lang=lang).rows)),
        guides=GUIDES,
        unfold=request.args.get("unfold") == "all",
    )


def _matrix(store: Store, lang: str, edition: str, there: list[Edition]) -> Matrix:
    """Gives the matrix of an edition; that of the newest is the one that other pages know."""
    if there and edition == there[0].id:
        return remembered(("matrix", lang), lambda: matrix(store, lang))
    return remembered(("matrix", lang, edition), lambda: matrix(store, lang, edition))


def _edition(there: list[Edition], asked: str | None) -> str:
    """Gives the edition that is asked for, the newest unless one is."""
    known = [each.id for each in there]
    if asked is None:
        return known[0] if known else PACKAGED
    if asked not in known:
        nearest = tuple(get_close_matches(asked, known, n=1))
        raise BadParameter("edition", asked[:200], f"one of {', '.join(known)}", nearest)
    return asked


def _numbers(store: Store) -> dict[str, int]:
    return {
        text(row["class"]).removeprefix("hk:"): int(text(row["things"]))
        for row in ask(store, "editions/numbers", lang="ja").rows
    }


@bp.get("/links")
def links() -> str:
    """Shows the links behind a cell, each with its page, whose reading it is and why."""
    store, lang = service().store, language()
    given = {name: _asked(name) for name in ("challenge", "section")}
    found = page_of_cell(store, **given, lang=lang, after=request.args.get("after", ""), most=ROWS)
    called = names(store, [expand(each) for each in given.values() if each], lang)

    def named(name: str) -> Named | None:
        id = given[name]
        if id is None:
            return None
        label = called.get(expand(id))
        return Named(id, text(label) if label is not None else id, address(id))

    return render_template(
        "explorer/links.html",
        challenge=named("challenge"),
        section=named("section"),
        sentence=_sentences(store, lang).get(given["challenge"] or ""),
        found=found,
        draw_links=link_rows(
            found.shown, given["challenge"], current_app.jinja_env.filters["host"]
        ),
    )


def _asked(name: str) -> str | None:
    """Gives the id of the challenge or the part that is asked for."""
    given, parameter = request.args.get(name), question("links/of-cell").parameter(name)
    if not given or parameter is None:
        return None
    return text(term_of(parameter, given))


def _sentences(store: Store, lang: str) -> Mapping[str, str]:
    """Gives what is said about each challenge in a sentence."""

    def find() -> dict[str, str]:
        rows = ask(store, "things/facets", **{"class": "hk:Challenge"}, property=SAYING).rows
        said: dict[str, dict[str, str]] = {}
        for row in rows:
            value = row["value"]
            if isinstance(value, Literal) and value.language in (lang, None):
                by_property = said.setdefault(text(row["thing"]), {})
                by_property.setdefault(text(row["property"]), value.value)
        return {
            id: next(those[each] for each in SAYING if each in those) for id, those in said.items()
        }

    return remembered(("sentences", lang), find)


@bp.get("/outline", endpoint="outline")
def outline_page() -> str:
    """Shows the parts of the white paper as a tree."""
    store, lang = service().store, language()
    top = remembered(("outline", lang), lambda: outline(store, lang))
    return render_template("explorer/outline.html", outline=top)
