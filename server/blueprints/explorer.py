"""Pages for people who look for what answers what: the matrix, the links behind it, the outline."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, render_template, request

from ...graph.store import Row
from ...graph.terms import text
from ...queries.catalogue import ask, question
from ...queries.parameters import term_of
from ..language import language
from ..matrix import SHADES, matrix
from ..service import service
from ..things import Thing, text_of, thing

bp = Blueprint("explorer", __name__)

NUMBERS = ("Challenge", "Policy", "Link", "Indicator", "Observation", "Source")


@dataclass(frozen=True)
class Named:
    """A thing by its id and label."""

    id: str
    label: str


@dataclass(frozen=True)
class Link:
    """A link as the list behind a cell shows it."""

    policy: Named
    linked: Named
    part: Named
    described: bool
    assertion: Named
    stated: bool
    reason: str
    page: str
    evidence: Named | None


@dataclass
class Part:
    """A part of a white paper with the parts below it."""

    id: str
    label: str
    page: str
    policies: int
    level: int = 0
    below: list[Part] = field(default_factory=list)


@bp.get("/")
def home() -> str:
    """Shows the policy × challenge matrix and what the release holds."""
    store, lang = service().store, language()
    counted = {
        text(row["class"]).removeprefix("hk:"): int(text(row["things"]))
        for row in ask(store, "editions/numbers", lang=lang).rows
    }
    return render_template(
        "explorer/home.html",
        matrix=matrix(store, lang),
        numbers=[(kind, counted[kind]) for kind in NUMBERS if kind in counted],
        shades=SHADES,
        unlinked=len(ask(store, "matrix/unlinked", lang=lang).rows),
        unfold=request.args.get("unfold") == "all",
    )


@bp.get("/links")
def links() -> str:
    """Shows the links behind a cell, each with its page, whose reading it is and why."""
    store, lang = service().store, language()
    given = {name: request.args.get(name) or None for name in ("challenge", "section")}
    rows = ask(store, "links/of-cell", **given, lang=lang).rows
    found = [_link(row) for row in rows]
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
        policies=len({link.policy.id for link in found}),
        stated=sum(link.stated for link in found),
    )


@bp.get("/outline")
def outline() -> str:
    """Shows the parts of the white paper as a tree."""
    store, lang = service().store, language()
    parts: dict[str, Part] = {}
    top: list[Part] = []
    for row in ask(store, "editions/outline", lang=lang).rows:
        part = Part(
            text(row["part"]),
            text(row["partLabel"]),
            text_of(row, "page"),
            int(text(row["policies"])),
        )
        above = parts.get(text(row["parent"]))
        part.level = above.level + 1 if above else 0
        (above.below if above else top).append(part)
        parts[part.id] = part
    return render_template("explorer/outline.html", outline=top)


def _link(row: Row) -> Link:
    return Link(
        policy=_named(row, "policy"),
        linked=_named(row, "linked"),
        part=_named(row, "part"),
        described=text(row["placement"]) == "hk:describedIn",
        assertion=_named(row, "assertion"),
        stated=text(row["assertion"]) == "hk:stated",
        reason=text_of(row, "reason"),
        page=text_of(row, "page"),
        evidence=_named(row, "evidence") if "evidence" in row else None,
    )


def _named(row: Row, name: str) -> Named:
    label = row.get(f"{name}Label")
    return Named(text(row[name]), text(label) if label is not None else text(row[name]))
