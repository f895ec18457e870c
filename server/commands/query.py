"""`hakusho query`: a question of the catalogue, a file, the standard input or a text, answered."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...graph.errors import (
    BadParameter,
    HakushoError,
    InvalidQuery,
    UnsupportedFormat,
    UpdateInsteadOfQuery,
)
from ...graph.sparql.syntax import is_update
from ...graph.store import Form, Query, Row
from ...graph.terms import python
from .. import tables
from ..complaints import point, sentence
from ..console import Command, complain, language, option, say, takes
from ..negotiation import named, offered
from ..opening import release
from ..output import opened, opened_text
from ..settings import Settings

if TYPE_CHECKING:
    from ...graph.embedded import EmbeddedStore
    from ...queries.catalogue import Catalogue
    from ...queries.header import Question

PEOPLE = "table"


class UnreadableText(HakushoError):
    """A file, or the standard input, that is no text in UTF-8."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.name} cannot be read ({self.reason})"


@click.command("query", cls=Command)
@click.argument("asked", required=False, metavar="[NAME|FILE|-|TEXT]")
@click.argument("parameters", nargs=-1, metavar="[K=V]...")
@option("--format", "format", said="query.format", metavar="FORMAT")
@option("--output", "-o", "output", said="hakusho.output", type=click.Path(path_type=Path))
@option("--release", "number", said="hakusho.release", type=int, metavar="N")
@takes("data", "lang")
def query(
    settings: Settings,
    asked: str | None,
    parameters: Sequence[str],
    format: str | None,
    output: Path | None,
    number: int | None,
) -> None:
    from ...queries.binding import form
    from ...queries.catalogue import catalogue
    from ...queries.header import HEADER_MARK, read_question

    if asked is None:
        _list(catalogue(), format or PEOPLE, output)
        return
    # A query works inside the engine, where Python cannot interrupt it: Ctrl-C ends the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    questions = catalogue()
    given = _given(parameters)
    text = None if asked in {each.id for each in questions} else _text(asked, questions)
    if text is not None and text.startswith(HEADER_MARK):
        # A question that is not in the catalogue, or not yet: its file says what it takes.
        questions, text = questions.also(read_question(asked, text)), None
    if text is not None and given:
        raise BadParameter(next(iter(given)), None, "no parameters beside a text or a file")
    question = None if text is not None else questions.question(asked)
    if text is not None and is_update(text):
        raise UpdateInsteadOfQuery(say("query.update"))
    kind = question.form if question is not None else form(text or "")
    chosen = _format(format, output, kind)
    store = release(settings, number).open()
    if question is not None:
        _ask(store, questions, question, given, chosen, kind, output)
        return
    assert text is not None
    try:
        if chosen == PEOPLE:
            _show(store, text, kind, output)
        else:
            with opened(output) as file:
                store.write(Query(text, {kind: named(chosen, offered(kind)).media_type}), file)
    except InvalidQuery as error:
        complain(sentence(error))
        point(error, text)
        raise click.exceptions.Exit(2) from None


def _list(questions: Catalogue, format: str, output: Path | None) -> None:
    columns = ("name", "title", "parameters")
    rows = [
        (
            question.id,
            question.title[language()],
            " ".join(f"{each.name}={each.example}" for each in question.parameters),
        )
        for question in questions
    ]
    headings = [say(f"query.{column}") for column in columns]
    with opened_text(output) as out:
        tables.write(tables.Table(columns, rows, headings), format, out)


def _ask(
    store: EmbeddedStore,
    questions: Catalogue,
    question: Question,
    given: dict[str, list[str]],
    format: str,
    kind: Form,
    output: Path | None,
) -> None:
    if question.parameter("lang") and "lang" not in given:
        given["lang"] = [language()]
    if format != PEOPLE:
        media_type = named(format, offered(kind)).media_type
        answer = questions.answer(store, question.id, given, {kind: media_type})
        with opened(output) as file:
            for piece in answer.chunks:
                file.write(piece)
    elif kind == "boolean":
        _say(questions.holds(store, question.id, given), output)
    else:
        found = questions.ask(store, question.id, given)
        headings = [question.label(column, language()) for column in found.columns]
        _write(output, found.columns, found.rows, headings, question.title[language()])


def _show(store: EmbeddedStore, text: str, kind: Form, output: Path | None) -> None:
    from ...queries.binding import projected

    if kind == "boolean":
        _say(store.ask(text), output)
        return
    rows = store.rows(text)
    columns = projected(text) or tuple(dict.fromkeys(name for row in rows for name in row))
    _write(output, columns, rows)


def _say(truth: bool, output: Path | None) -> None:
    with opened(output) as file:
        file.write(b"true\n" if truth else b"false\n")


def _write(
    output: Path | None,
    columns: Sequence[str],
    rows: Iterable[Row],
    headings: Sequence[str] = (),
    title: str = "",
) -> None:
    cells = [tuple(_cell(row, column) for column in columns) for row in rows]
    with opened_text(output) as out:
        tables.write(tables.Table(columns, cells, headings, title), PEOPLE, out)
    print(say("query.rows", count=len(cells)), file=sys.stderr)


def _cell(row: Row, column: str) -> tables.Cell:
    return python(row[column]) if column in row else None


def _format(format: str | None, output: Path | None, kind: Form) -> str:
    """Gives the format that is asked for: by name, else by the file's name, else for people."""
    choices = [media.name for media in offered(kind)]
    if format is None and output is not None and output.suffix:
        format = output.suffix.removeprefix(".")
    if kind != "graph":
        choices.insert(0, PEOPLE)
    if format is None:
        return choices[0]
    if format in choices:
        return format
    try:
        return named(format, offered(kind)).name
    except UnsupportedFormat:
        raise UnsupportedFormat(format, tuple(choices)) from None


def _given(parameters: Sequence[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name:
            raise BadParameter(parameter, None, "a parameter as NAME=VALUE")
        given.setdefault(name, []).append(value)
    return given


def _text(asked: str, questions: Catalogue) -> str:
    """Gives the query text that an argument stands for; what looks like a name is one."""
    if asked == "-":
        return _decoded(sys.stdin.buffer.read(), say("query.stdin"))
    path = Path(asked)
    if "{" not in asked and (_is_file(path) or path.suffix in (".rq", ".sparql")):
        try:
            return _decoded(path.read_bytes(), asked)
        except OSError as error:
            raise UnreadableText(asked, error.strerror or str(error)) from error
    if "{" not in asked and len(asked.split()) < 2:
        questions.question(asked)
    return asked


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # A text can be longer than any name of a file.
        return False


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableText(name, f"byte {error.start} is no UTF-8") from error
