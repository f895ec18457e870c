"""Two things beside each other: challenges, indicators or editions of the white paper."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from pyoxigraph import NamedNode

from ...graph.errors import BadParameter
from ...graph.names import HKID, expand
from ...graph.names import thing as iri_of
from ...graph.terms import text
from ...queries.catalogue import ask, catalogue
from .. import comparing
from ..called import year_of_edition
from ..charts.compared import apart
from ..charts.panels import main_line
from ..charts.readings import readings
from ..choices import Choice, choices
from ..kinds.cards import cards
from ..language import language
from ..service import service
from ..things import kind_of, names

bp = Blueprint("compare", __name__)

KINDS = ("challenge", "indicator", "whitepaper")
EXAMPLES = "challenge/cybersecurity, indicator/ai-market-size-jpy or whitepaper/r07"
COUNTED = ("pages", "policies", "indicators", "observations")


@bp.get("/compare")
def page() -> str:
    """Shows two things beside each other, or asks for the second, or for both."""
    store, lang = service().store, language()
    given = [_id(name) for name in ("a", "b")]
    chosen = [each for each in given if each]
    labels = names(store, [expand(each) for each in chosen], lang)
    named = [(each, text(labels[expand(each)]) if expand(each) in labels else each)
             for each in chosen]  # fmt: skip
    kind = kind_of(expand(chosen[0])) if chosen else None
    if len(chosen) < 2:
        offered = [(each, _choices(each, lang)) for each in ((kind,) if kind else KINDS)]
        return render_template("compare/choose.html", chosen=named, offered=offered)
    a, b = chosen
    if kind_of(expand(a)) != kind_of(expand(b)):
        raise BadParameter("b", b, f"the id of another thing of kind {kind}")
    if kind == "indicator":
        return _indicators(named, lang)
    counted = {}
    if kind == "whitepaper":
        counted = {
            text(row["edition"]): [(name, text(row[name])) for name in COUNTED]
            for row in ask(store, "editions/contributions", lang=lang).rows
        }
    compare = comparing.challenges if kind == "challenge" else comparing.editions
    return render_template(
        "compare/things.html",
        kind=kind,
        chosen=named,
        counted=counted,
        shares=compare(store, a, b, lang),
    )


def _choices(kind: str, lang: str) -> Sequence[Choice]:
    """Gives what of a kind can be compared: editions the newest first, others by their labels."""
    found = choices(service().store, kind, lang)
    if kind != "whitepaper":
        return found
    return sorted(found, key=lambda each: -year_of_edition(each[0].rpartition("/")[2]))


def _indicators(named: list[tuple[str, str]], lang: str) -> str:
    store = service().store
    lines = [main_line(readings(store, NamedNode(expand(each)), lang)) for each, _ in named]
    return render_template(
        "compare/indicators.html",
        chosen=named,
        lines=lines,
        why=apart(*lines),
        cards_of=cards(store, named, lang),
    )


def _id(name: str) -> str:
    """Gives the id that a parameter names, of a kind that can be compared; raises BadParameter."""
    given = request.args.get(name, "").strip()
    if not given:
        return ""
    kind, slash, slug = given.removeprefix(HKID).partition("/")
    if kind not in KINDS or not slug:
        raise BadParameter(name, given[:200], f"an id such as {EXAMPLES}")
    node = iri_of(kind, slug)
    if not catalogue().knows(service().store, node):
        raise catalogue().missing(service().store, f"{kind}/{slug}"[:200])
    return f"{kind}/{slug}"
