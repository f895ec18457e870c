"""The catalogue: every `.rq` file below this folder is a question, and its path is its id.

`header` says how a question's header is written. Adding a question is adding its file; nothing
else lists it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from ..graph.errors import BadParameter, UnknownQuestion, UnknownThing
from ..graph.names import shorten
from ..graph.sparql.syntax import tokens
from ..graph.store import Answer, Form, Query, Row, Store, Term
from ..graph.terms import text
from .binding import bind
from .filling import fill
from .header import Parameter, Question, read_question
from .parameters import Given, kind_of, nearest, terms_of

FOLDER: Final = Path(__file__).resolve().parent

Parameters = Mapping[str, Given | Iterable[Given] | None]
"""What is given for a question's parameters, by name; None is as good as not given."""


@dataclass(frozen=True)
class Table:
    """The answer of a SELECT question: its columns in order and its rows."""

    question: Question
    columns: tuple[str, ...]
    rows: list[Row]

    @property
    def display(self) -> str:
        """How the question wants to be shown."""
        return self.question.display.kind


class Catalogue:
    """All questions of a folder by id."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions = {question.id: question for question in questions}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Catalogue:
        """Reads every question of a folder; a file with a wrong header is refused by name."""
        return cls(
            read_question(
                path.relative_to(folder).with_suffix("").as_posix(),
                path.read_text(encoding="utf-8"),
            )
            for path in sorted(folder.rglob("*.rq"))
        )

    def also(self, question: Question) -> Catalogue:
        """Gives a catalogue that has one question more."""
        return Catalogue([*self, question])

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def __len__(self) -> int:
        return len(self._questions)

    def question(self, id: str) -> Question:
        """Gives the question of that id, or says which ids are nearest."""
        try:
            return self._questions[id]
        except KeyError:
            raise UnknownQuestion(id, nearest(id, self._questions)) from None

    def text(self, id: str, params: Parameters | None = None) -> str:
        """Gives a question's query with its parameters bound, ready to be run anywhere."""
        question = self.question(id)
        return bind(question.text, values(question, params or {}))

    def ask(self, store: Store, id: str, params: Parameters | None = None) -> Table:
        """Asks a SELECT question and gives its table."""
        question = self.question(id)
        return Table(question, question.columns, store.rows(self._checked(store, id, params)))

    def holds(self, store: Store, id: str, params: Parameters | None = None) -> bool:
        """Asks an ASK question and gives its answer."""
        question = self.question(id)
        return store.ask(fill(question.query, values(question, params or {})))

    def triples(self, store: Store, id: str, params: Parameters | None = None) -> list[Triple]:
        """Asks a CONSTRUCT question and gives its triples."""
        return store.triples(self._checked(store, id, params))

    def answer(
        self,
        store: Store,
        id: str,
        params: Parameters | None,
        media_types: Mapping[Form, str],
        most: int | None = None,
    ) -> Answer:
        """Asks any question and gives its answer written in a media type; no more than the first
        solutions where so many do and the question itself knows no end."""
        text = self._checked(store, id, params)
        if most is not None and not any(token.word == "LIMIT" for token in tokens(text)):
            text = f"{text}\nLIMIT {most}\n"
        return store.answer(Query(text, media_types))

    def _checked(self, store: Store, id: str, params: Parameters | None) -> str:
        question = self.question(id)
        given = {name: _each(value) for name, value in (params or {}).items()}
        bound = values(question, given)
        self._check_known(store, question, given)
        return fill(question.query, bound)

    def _check_known(self, store: Store, question: Question, given: Parameters) -> None:
        """Refuses the names of things of which the graph says nothing, all looked up at once.

        What is given as a term already was not named by a person, and is not looked up.
        """
        named: dict[Term, Parameter] = {}
        for parameter in question.parameters:
            if kind_of(parameter.type) is not None:
                said = _each(given.get(parameter.name) or parameter.default)
                texts = [each for each in said if isinstance(each, str)]
                named |= dict.fromkeys(terms_of(parameter, texts), parameter)
        if not named:
            return
        unknown = self.ask(store, "things/unknown", {"thing": list(named)}).rows
        for row in unknown[:1]:
            parameter = named[row["thing"]]
            kind, asked = kind_of(parameter.type) or "", text(row["thing"])
            raise BadParameter(
                parameter.name,
                asked,
                f"the id of a thing of kind {kind} such as {parameter.example}",
                nearest(asked, self.ids(store, kind)),
            )

    def knows(self, store: Store, thing: NamedNode) -> bool:
        """Tells whether the graph says anything about a thing."""
        return self.holds(store, "things/known", {"thing": thing})

    def ids(self, store: Store, kind: str) -> list[str]:
        """Gives the ids, as KIND/SLUG, of all things of a kind."""
        rows = self.ask(store, "things/of-kind", {"kind": kind}).rows
        return [shorten(row["thing"].value) for row in rows if isinstance(row["thing"], NamedNode)]

    def missing(self, store: Store, asked: str) -> UnknownThing:
        """Gives the error of a thing that is not known, with the nearest that are."""
        return UnknownThing(asked, nearest(asked, self.ids(store, asked.partition("/")[0])))


def values(question: Question, params: Parameters) -> dict[str, list[Term]]:
    """Gives the terms for a question's parameters, each checked, defaults filled in."""
    names = [parameter.name for parameter in question.parameters]
    for name in params:
        if name not in names:
            raise BadParameter(
                name,
                _shown(params[name]),
                f"a parameter of {question.id}: {', '.join(names) or 'it has none'}",
                nearest(name, names),
            )
    found: dict[str, list[Term]] = {}
    for parameter in question.parameters:
        given = params.get(parameter.name)
        if given is None or given in ("", []):
            given = parameter.default
        if given is not None:
            found[parameter.name] = terms_of(parameter, given)
        elif parameter.required:
            raise BadParameter(parameter.name, None, f"a value such as {parameter.example}")
    return found


def _each(given: Given | Iterable[Given] | None) -> list[Given]:
    """Gives each of what was given for a parameter, so that it can be read more than once."""
    if given is None or given == "":
        return []
    return [given] if isinstance(given, str | Term) else list(given)


def _shown(given: Given | Iterable[Given] | None) -> str | None:
    """Gives what was given for a parameter, as an error repeats it."""
    if given is None or isinstance(given, str):
        return given
    return text(given) if isinstance(given, Term) else ", ".join(map(str, given))


@cache
def catalogue() -> Catalogue:
    """Gives the packaged catalogue, read once."""
    return Catalogue.load()


def question(id: str) -> Question:
    """Gives a question of the packaged catalogue."""
    return catalogue().question(id)


def ask(store: Store, id: str, /, **params: Given | Iterable[Given] | None) -> Table:
    """Asks a SELECT question of the packaged catalogue: `ask(store, id, challenge="ai-risk")`."""
    return catalogue().ask(store, id, params)
