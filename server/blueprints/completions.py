"""What an editor of queries can offer to complete: our terms and those we borrow, and prefixes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ...graph.names import PREFIXES, shorten
from ...graph.terms import text
from ...queries.catalogue import ask
from ..language import language
from ..service import service
from ..things import text_of

bp = Blueprint("completions", __name__)


@bp.get("/completions")
def terms() -> Response:
    """Gives the terms that statements use, with label and definition, and the prefixes, as JSON."""
    rows = ask(service().store, "ontology/vocabulary", lang=language()).rows
    found = [
        {
            "name": shorten(iri),
            "label": text(row["termLabel"]) if "termLabel" in row else "",
            "definition": text_of(row, "definition"),
        }
        for row, iri in ((row, text_of(row, "term")) for row in rows)
        if shorten(iri) != iri
    ]
    return jsonify({"prefixes": PREFIXES, "terms": found})
