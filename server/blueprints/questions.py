"""The catalogue of questions: the list, and each one with its form, its answer and its data."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)

from ...graph.errors import BadParameter
from ...graph.store import Form, Store
from ...queries.catalogue import catalogue, question
from ...queries.catalogue_rdf import catalogue_graph
from ...queries.header import Parameter, Question
from ...queries.parameters import kind_of
from ..answers import PAGE_BYTES, rows_of, shown, shown_text, stream, written
from ..choices import Choice, choices
from ..language import language, link
from ..negotiation import HTML, JSON, choose, named, offered
from ..refusals import in_words
from ..service import service
from ..texts.files import texts

bp = Blueprint("questions", __name__)

NOT_PARAMETERS = ("lang", "format", "release")
FEW = 400
"""Up to how many things a form offers as a list instead of a text field."""

LEAST = 35
"""About how many bytes a triple takes at least in Turtle."""
MOST = PAGE_BYTES // LEAST
"""How many triples a page can have room for."""


@dataclass(frozen=True)
class Field:
    """A field of a question's form."""

    name: str
    label: Mapping[str, str]
    example: str
    required: bool
    many: bool
    given: Sequence[str]
    choices: Sequence[Choice]


@bp.get("/queries")
def index() -> Response:
    """Lists the questions by subject, or gives all that their headers say as JSON or RDF."""
    candidates = (HTML, JSON, *offered("graph"))
    media = choose(candidates, request.headers.get("Accept"), request.args.get("format"))
    if media is JSON:
        return jsonify({"questions": [_said(each) for each in catalogue()]})
    if media is not HTML:
        return stream(written(catalogue_graph(), media))
    names = texts("pages")["group"]
    order = {name: position for position, name in enumerate(names)}
    folders = sorted(
        {_folder(each) for each in catalogue()},
        key=lambda name: (order.get(name, len(order)), name),
    )
    body = render_template(
        "questions/index.html",
        groups=[
            (
                name,
                names[name][language()] if name in names else name,
                [each for each in catalogue() if _folder(each) == name],
            )
            for name in folders
        ],
    )
    return make_response(body)


def _said(asked: Question) -> dict[str, Any]:
    return {
        "id": asked.id,
        "address": url_for("questions.page", id=asked.id, _external=True),
        "form": asked.form,
        "title": asked.title,
        "description": asked.description,
        "keywords": asked.keywords,
        "display": {"as": asked.display.kind, **asked.display.roles},
        "columns": {name: asked.column_labels.get(name) for name in asked.columns},
        "parameters": {each.name: asdict(each) for each in asked.parameters},
    }


def _folder(asked: Question) -> str:
    return asked.id.partition("/")[0]


@bp.get("/queries/<path:id>")
def page(id: str) -> Response:
    """Answers a question: as a page with a form, or as data in the format asked for."""
    stem, dot, extension = id.rpartition(".")
    asked = question(stem if dot else id)
    candidates = (HTML, *offered(asked.form))
    media = choose(
        candidates, request.headers.get("Accept"), (extension if dot else None) or _format()
    )
    params = _given(asked)
    store = service().store
    if media is not HTML:
        return stream(catalogue().answer(store, asked.id, params, {asked.form: media.media_type}))
    return make_response(_page(store, asked, params))


def _page(store: Store, asked: Question, params: Mapping[str, Sequence[str]]) -> str:
    lang = language()
    table = holds = rdf = error = None
    try:
        if any(each.required and not params.get(each.name) for each in asked.parameters):
            pass
        elif asked.form == "solutions":
            table = shown(asked, rows_of(store, asked.id, params), lang)
        elif asked.form == "boolean":
            holds = catalogue().holds(store, asked.id, params)
        else:
            wanted: Mapping[Form, str] = {"graph": "text/turtle"}
            answer = catalogue().answer(store, asked.id, params, wanted, most=MOST)
            rdf = shown_text(answer.chunks)
            answer.close()
        query = catalogue().text(asked.id, params) if table or rdf else asked.text
    except BadParameter as problem:
        error, query = in_words(problem, lang), asked.text
    return render_template(
        "questions/question.html",
        question=asked,
        fields=[_field(store, each, params, lang) for each in asked.parameters if _open(each)],
        table=table,
        holds=holds,
        rdf=rdf,
        error=error,
        text=query,
        command=_command(asked, params),
        formats=_formats(asked) if error is None and (table or rdf or holds is not None) else [],
        media_type=lambda name: named(name, offered(asked.form)).media_type,
    )


def _open(parameter: Parameter) -> bool:
    return not (parameter.name == "lang" and parameter.type == "lang")


def _format() -> str | None:
    return request.args.get("format")


def _given(asked: Question) -> dict[str, list[str]]:
    given = {
        name: [value for value in values if value != ""]
        for name, values in request.args.lists()
        if name not in NOT_PARAMETERS
    }
    if asked.parameter("lang"):
        given["lang"] = [language()]
    return given


def _field(
    store: Store, parameter: Parameter, params: Mapping[str, Sequence[str]], lang: str
) -> Field:
    given = list(params.get(parameter.name, ()))
    if not given and parameter.default is not None:
        given = [parameter.default]
    fixed = [(value, value) for value in parameter.choices]
    return Field(
        parameter.name,
        parameter.label,
        parameter.example,
        parameter.required,
        parameter.many,
        given,
        fixed or _things(store, parameter, lang),
    )


def _things(store: Store, parameter: Parameter, lang: str) -> Sequence[Choice]:
    kind = kind_of(parameter.type)
    if kind is None:
        return []
    found = choices(store, kind, lang)
    return found if len(found) <= FEW else []


def _formats(asked: Question) -> list[tuple[str, str]]:
    arguments = request.args.to_dict(flat=False)
    arguments.pop("format", None)
    return [
        (media.name, link("questions.page", **{**arguments, "id": asked.id, "format": media.name}))
        for media in offered(asked.form)
    ]


def _command(asked: Question, params: Mapping[str, Sequence[str]]) -> str:
    given = [
        f"{name}={value}" for name, values in params.items() for value in values if name != "lang"
    ]
    missing = [
        f"{each.name}={each.example}"
        for each in asked.parameters
        if each.required and not params.get(each.name)
    ]
    return shlex.join(["hakusho", "query", asked.id, *given, *missing])
