"""What each problem type means and what to do about it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from ..problems import problems

bp = Blueprint("problems", __name__)


@bp.get("/problems")
def index() -> str:
    """Lists the problem types."""
    return render_template("problems/index.html", problems=list(problems()))


@bp.get("/problems/<slug>")
def page(slug: str) -> str:
    """Says what one problem type means."""
    for problem in problems():
        if problem.slug == slug:
            return render_template("problems/page.html", problem=problem)
    abort(404)
