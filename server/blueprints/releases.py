"""The history: every release with what it changed, two releases side by side, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request

from ...graph.errors import BadParameter, DamagedRelease, LimitExceeded
from ...graph.names import shorten
from ...graph.releases.differences import HOWS, Diff, How
from ...graph.releases.manifest import Manifest
from ...graph.releases.release import Release
from ..headers import NOT_KEPT
from ..history import Labels, compared, said, shown, stores
from ..language import language, link
from ..negotiation import HTML, JSON, Media, choose, wants_page
from ..permission import permitted, writer
from ..service import service

bp = Blueprint("releases", __name__, url_prefix="/releases")

THINGS: Final = {HTML: 20, JSON: 1_000}
"""How many things of a difference one answer shows."""


@dataclass(frozen=True)
class Entry:
    """A release in the list: who made it, when, why and how much it changed, unless damaged."""

    number: int
    about: Manifest | None
    added: int = 0
    removed: int = 0
    current: bool = False
    pinned: bool = False


@dataclass(frozen=True)
class Page:
    """A part of the things that differ, where it stands among them, and how many there are."""

    old: int
    new: int
    counts: Mapping[How, int]
    how: str | None
    number: int
    pages: int
    inferred: tuple[int, int]


@bp.get("")
def index() -> Response:
    """Lists the releases, the newest first."""
    media = _media()
    current = service().number()
    found = [_entry(each, current) for each in reversed(service().data.releases())]
    if media is JSON:
        answer = jsonify({"current": current, "releases": [_said(each) for each in found]})
    else:
        answer = make_response(render_template("releases/index.html", entries=found))
    # What is pinned or pruned changes without a release.
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


@bp.get("/<int:number>")
def release(number: int) -> Response:
    """Shows a release: where it comes from, what it holds, and what it changed."""
    media = _media()
    found = service().data.release(number)
    entry = _entry(found, service().number())
    about = found.manifest
    there = {each.number for each in service().data.releases()}
    parent = about.parent if about.parent in there else None
    diff, refused = None, None
    if parent is not None:
        try:
            diff = compared(service().data, parent, number)
        except LimitExceeded as error:
            refused = error
    if media is JSON:
        said = _said(entry) | {
            "content": {"quads": about.content.quads, "hash": about.hash},
            "parent": about.parent,
            "graphs": {name: content.quads for name, content in about.graphs.items()},
            "changed": {name: asdict(change) for name, change in about.changed.items()},
            "sources": [asdict(each) for each in about.sources],
        }
        if diff is not None:
            said["diff"] = _diff_said(diff, parent or 0, number)
        answer = jsonify(said)
    else:
        answer = make_response(
            render_template(
                "releases/release.html",
                entry=entry,
                about=about,
                parent=parent,
                newer=min((each for each in there if each > number), default=None),
                graphs=_graphs(about),
                refused=refused,
                writable=bool(service().tokens),
                **_diff_shown(diff, parent or 0, number),
            )
        )
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


@bp.get("/<int:old>..<int:new>")
def comparison(old: int, new: int) -> Response:
    """Shows what differs between any two releases."""
    media = _media()
    diff = compared(service().data, old, new)
    if media is JSON:
        return jsonify(_diff_said(diff, old, new))
    graphs = [
        (name, shorten(name) if name else "", change.added, change.removed)
        for name, change in sorted(diff.graphs.items())
    ]
    return make_response(
        render_template(
            "releases/comparison.html",
            numbers=[each.number for each in service().data.releases()],
            graphs=graphs,
            **_diff_shown(diff, old, new),
        )
    )


@bp.get("/compare")
def compare() -> Response:
    """Leads from a form with two numbers to their comparison."""
    old, new = _number("from"), _number("to")
    format = request.args.get("format")
    return _moved(link("releases.comparison", old=old, new=new, format=format), 302)


@bp.post("/<int:number>/rollback")
def rollback(number: int) -> Response:
    """Publishes the content of an earlier release again."""
    token = permitted("publish")
    why = " ".join(request.form.get("why", "").split())
    made = service().data.rollback(number, who=writer(token), why=why)
    where = link("releases.release", number=made.number)
    if wants_page(request.headers.get("Accept")):
        return _moved(where, 303)
    answer = jsonify({"release": made.number, "content": number})
    answer.status_code, answer.location = 201, where
    return answer


def _entry(release: Release, current: int | None) -> Entry:
    try:
        about = release.manifest
    except DamagedRelease:
        return Entry(release.number, None, current=release.number == current)
    return Entry(
        release.number,
        about,
        sum(each.added for each in about.changed.values()),
        sum(each.removed for each in about.changed.values()),
        release.number == current,
        release.pinned,
    )


def _said(entry: Entry) -> dict[str, Any]:
    about = entry.about
    if about is None:
        return {"number": entry.number, "damaged": True, "current": entry.current}
    return {
        "number": entry.number,
        "created": about.created,
        "who": about.who,
        "why": about.why,
        "kind": about.kind,
        "tool": about.tool,
        "triples": about.triples,
        "added": entry.added,
        "removed": entry.removed,
        "hash": about.hash,
        "current": entry.current,
        "pinned": entry.pinned,
        "address": link("releases.release", number=entry.number, _external=True),
    }


def _graphs(about: Manifest) -> list[tuple[str, str, int, int, int]]:
    rows = []
    for name in sorted(about.graphs.keys() | about.changed.keys()):
        content, change = about.graphs.get(name), about.changed.get(name)
        counted = content.quads if content else 0
        added, removed = (change.added, change.removed) if change else (0, 0)
        rows.append((name, shorten(name) if name else "", counted, added, removed))
    return rows


def _part(diff: Diff, old: int, new: int, media: Media) -> tuple[Page, Sequence[Any]]:
    """Gives the part of a difference that a request asks for."""
    how = request.args.get("how") or None
    if how not in (None, *HOWS):
        raise BadParameter("how", how, f"one of {', '.join(HOWS)}")
    things = [each for each in diff.things if how in (None, each.how)]
    many = THINGS[media]
    pages = max(1, -(-len(things) // many))
    number = min(_number("page", 1), pages)
    counts = {each: diff.count(each) for each in HOWS}
    inferred = (diff.inferred.added, diff.inferred.removed)
    page = Page(old, new, counts, how, number, pages, inferred)
    return page, things[(number - 1) * many : number * many]


def _diff_said(diff: Diff, old: int, new: int) -> dict[str, Any]:
    page, things = _part(diff, old, new, JSON)
    return {
        "from": old,
        "to": new,
        "counts": page.counts,
        "inferred": dict(zip(("added", "removed"), page.inferred, strict=True)),
        "page": page.number,
        "pages": page.pages,
        "things": said(things),
    }


def _diff_shown(diff: Diff | None, old: int, new: int) -> dict[str, Any]:
    if diff is None:
        return {"page": None, "changes": []}
    page, things = _part(diff, old, new, HTML)
    both = stores(service().data.release(new), service().data.release(old))
    return {"page": page, "changes": shown(things, Labels(both, language()))}


def _number(name: str, default: int | None = None) -> int:
    given = request.args.get(name)
    if given is None and default is not None:
        return default
    if given is None or not given.isascii() or not given.isdecimal() or not 0 < int(given[:10]):
        raise BadParameter(name, given, "a number from 1 on")
    return int(given[:10])


def _media() -> Media:
    return choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))


def _moved(where: str, status: int) -> Response:
    answer = make_response(redirect(where, status))
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer
