"""Pages for people who look for what answers what: the matrix, the links behind it, the outline."""

from __future__ import annotations

from difflib import get_close_matches

from flask import Blueprint, render_template, request

from ...graph.errors import BadParameter
from ...graph.store import Store
from ...graph.terms import text
from ...queries.catalogue import ask, question
from ...queries.parameters import term_of
from ..language import language
from ..links import Link, of_cell
from ..matrix import PACKAGED, SHADES, Edition, editions, matrix
from ..outline import outline
from ..remembered import remembered
from ..service import service
from ..things import Thing, text_of, thing

bp = Blueprint("explorer", __name__)

ROWS = 80
"""How many links a page shows."""
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
        matrix=remembered(("matrix", lang, edition), lambda: matrix(store, lang, edition)),
        editions=there,
        edition=edition,
        numbers=[(kind, counted[kind]) for kind in NUMBERS if kind in counted],
        shades=SHADES,
        unlinked=remembered("unlinked", lambda: len(ask(store, "matrix/unlinked", lang=lang).rows)),
        guides=GUIDES,
        unfold=request.args.get("unfold") == "all",
    )


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


def _place(link: Link) -> str:
    """Gives what tells a link's place in a list: a policy may stand in several parts."""
    return f"{link.id} {link.part.id}"


def _start(found: list[Link], after: str) -> int:
    """Gives where a page of links begins."""
    if not after:
        return 0
    for place, link in enumerate(found):
        if _place(link) == after:
            return place + 1
    raise BadParameter("after", after[:200], "the link that the page before ended with")


@bp.get("/links")
def links() -> str:
    """Shows the links behind a cell, each with its page, whose reading it is and why."""
    store, lang = service().store, language()
    given = {name: request.args.get(name) or None for name in ("challenge", "section")}
    found = of_cell(store, given["challenge"], given["section"], lang)
    start = _start(found, request.args.get("after", ""))
    shown = found[start : start + ROWS]
    asked = question("links/of-cell")

    def named(name: str) -> Thing | None:
        parameter = asked.parameter(name)
        if given[name] is None or parameter is None:
            return None
        term = term_of(parameter, given[name] or "")
        return thing(store, text_of({"thing": term}, "thing"), lang)

    return render_template(
        "explorer/links.html",
        challenge=named("challenge"),
        section=named("section"),
        links=found,
        shown=shown,
        start=start,
        after=_place(shown[-1]) if start + ROWS < len(found) else None,
        policies=len({link.policy.id for link in found}),
        stated=sum(link.stated for link in found),
    )


@bp.get("/outline", endpoint="outline")
def outline_page() -> str:
    """Shows the parts of the white paper as a tree."""
    store, lang = service().store, language()
    top = remembered(("outline", lang), lambda: outline(store, lang))
    return render_template("explorer/outline.html", outline=top)
