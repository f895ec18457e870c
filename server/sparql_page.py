"""The page on which one writes a query: its text, its answer in views, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from flask import render_template, request, url_for
from pyoxigraph import RdfFormat, Triple, serialize

from ..graph.errors import HakushoError, InvalidQuery
from ..graph.names import PREFIXES
from ..graph.store import Form, Query
from ..queries.binding import form as form_of
from ..queries.catalogue import catalogue, question
from ..queries.catalogue_rdf import query_of
from ..queries.header import Question
from .answer_chart import axes
from .answers import Shown, capped
from .language import language, link
from .negotiation import by_form, offered
from .problems import Problem, problem_of
from .protocol import FORMS
from .refusals import in_words
from .service import service
from .snippets import snippets
from .sparql_answer import Drawn, Solutions, drawn, solutions, triples_of
from .texts.files import texts

ASKED_AS: Final[dict[Form, str]] = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
EXAMPLE: Final = "matrix/challenges"


@dataclass
class Shows:
    """What the page shows of an answer, or what is wrong with the query."""

    form: Form | None = None
    view: str = ""
    table: Shown | None = None
    holds: bool | None = None
    rdf: str | None = None
    chart: str | None = None
    drawn: Drawn | None = None
    cut: bool = False
    problem: Problem | None = None
    error: HakushoError | None = None

    @property
    def views(self) -> list[str]:
        """The ways in which this answer can be shown, the plainest first."""
        ways = {"table": self.table, "text": self.rdf, "chart": self.chart, "graph": self.drawn}
        return [name for name, there in ways.items() if there is not None]

    @property
    def place(self) -> tuple[int, int] | None:
        """The line and column of what is wrong with the text, where they are known."""
        if not isinstance(self.error, InvalidQuery) or self.error.line is None:
            return None
        return self.error.line, self.error.column or 1

    @property
    def said(self) -> str:
        """What is wrong, in the reader's language."""
        return in_words(self.error, language()) if self.error else ""

    @property
    def original(self) -> str:
        """What is wrong in the words of what found it, where those are not shown anyway."""
        english = in_words(self.error, "en") if self.error else ""
        return "" if english in self.said else english


def page(query: Query | None, endpoint: str) -> tuple[str, int]:
    """Gives the page of a query, or of one to begin with, and its status."""
    text = _beginning() if query is None else query.text
    shows = Shows() if query is None else _shows(query)
    answered = shows.form is not None
    body = render_template(
        "sparql/page.html",
        text=text,
        endpoint=endpoint,
        shows=shows,
        line=_line(text, shows),
        views=[(name, _same(view=name)) for name in shows.views],
        formats=_formats(text) if answered else [],
        share=_share() if answered else None,
        pinned=_release(),
        questions=_questions(),
        chosen=request.args.get("question"),
        media_types=offered("graph"),
        snippets=snippets(text, _pinned(endpoint), shows.form) if answered else (),
    )
    return body, shows.problem.status if shows.problem else 200


def _shows(query: Query) -> Shows:
    """Gives the answer to a query in the view asked for."""
    store, lang = service().store, language()
    asked = Query(query.text, ASKED_AS, query.default_graphs, query.named_graphs, query.base_iri)
    try:
        answer = store.answer(asked)
        try:
            if answer.form == "graph":
                triples, cut = triples_of(answer)
                graph = drawn(triples, store, lang)
                shows = Shows(answer.form, rdf=_turtle(triples), drawn=graph, cut=cut)
            else:
                found = solutions(b"".join(answer.chunks), store, lang)
                shows = _of_rows(answer.form, found)
                shows.cut = capped(answer)
        finally:
            answer.close()
    except HakushoError as error:
        return Shows(problem=problem_of(error), error=error)
    wanted = request.args.get("view")
    shows.view = wanted if wanted in shows.views else next(iter(shows.views), "")
    return shows


def _of_rows(form: Form, found: Solutions | bool) -> Shows:
    if isinstance(found, bool):
        return Shows(form, holds=found)
    drawable = axes(found) is not None
    chart = _chart() if drawable else None
    return Shows(form, table=found.table(), drawn=found.drawn(), chart=chart)


def _turtle(triples: Sequence[Triple]) -> str:
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return (written or b"").decode("utf-8")


def _line(text: str, shows: Shows) -> tuple[str, str] | None:
    """Gives the line that is wrong and what stands before the place in it."""
    if shows.place is None:
        return None
    number, column = shows.place
    lines = text.split("\n")
    line = lines[number - 1].rstrip("\r") if number <= len(lines) else ""
    return line[: column - 1], line[column - 1 :]


def _same(**changed: Any) -> str:
    """Gives the address of this page with some parameters changed."""
    return link("sparql.endpoint", **{**request.args.to_dict(flat=False), **changed})


def _chart() -> str:
    """Gives the address of the answer's chart."""
    given: dict[str, Any] = {**request.args.to_dict(flat=False), "lang": language()}
    return url_for("query_chart.drawing", **{**given, "view": None, "format": None})


def _share() -> str:
    """Gives the address of this answer for good: that of the release which gave it."""
    address = _same(release=_release())
    return request.url_root.rstrip("/") + address


def _release() -> str | int | None:
    """Gives the release that answers: the one that is asked for, else the current."""
    return request.args.get("release") or service().number()


def _pinned(endpoint: str) -> str:
    release = request.args.get("release")
    return f"{endpoint}?{urlencode({'release': release})}" if release else endpoint


def _formats(text: str) -> list[tuple[str, str]]:
    return [
        (media.label, _same(format=media.name, view=None))
        for media in offered(form_of(text))
        if by_form(FORMS, format=media.name)
    ]


def _beginning() -> str:
    """Gives a query to begin with: the question that was chosen, with its examples filled in."""
    asked = question(request.args.get("question") or EXAMPLE)
    given = {
        each.name: each.example
        for each in asked.parameters
        if each.required and each.default is None and each.example
    }
    if asked.parameter("lang"):
        given["lang"] = language()
    return query_of(replace(asked, text=catalogue().text(asked.id, given))).strip()


def _questions() -> list[tuple[str, list[Question]]]:
    """Gives the questions to begin with, under the names of their groups."""
    names = texts("pages")["group"]
    groups: dict[str, list[Question]] = {name: [] for name in names}
    for each in catalogue():
        groups.setdefault(each.id.partition("/")[0], []).append(each)
    return [
        (names[name][language()] if name in names else name, found)
        for name, found in groups.items()
        if found
    ]
