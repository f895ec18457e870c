"""The header of a question's file: TOML in the comment lines that start `#+`.

    #+ title.ja = "ある課題に取り組む施策"             required; and title.en
    #+ title.en = "Policies that address a challenge"
    #+ description.ja = "狭い課題のものも含む。"        required; and description.en
    #+ description.en = "Those of narrower challenges are included."
    #+ keywords = ["施策", "policy"]                   optional: words to find the question by
    #+
    #+ [display]                                       optional: how a page shows the answer
    #+ as = "table"                                    table (the default), bar, line, matrix,
    #+                                                 outline or graph
    #+ x = "period"                                    every other key is a role of that display
    #+ y = "value"                                     and names one of the question's columns
    #+
    #+ [parameters.challenge]                          one table for each parameter; the query uses
    #+ type = "hk:Challenge"                           it as the plain variable ?challenge
    #+ label = { ja = "課題", en = "challenge" }       required
    #+ example = "challenge/ai-risk"                   required, and must give at least one row
    #+ default = "challenge/cybersecurity"             optional: what holds when nothing is given
    #+ required = false                                optional: without it, a parameter that has no
    #+                                                 default must be given; with it, the variable
    #+                                                 stays unbound and the query decides
    #+ many = true                                     optional: several values may be given
    #+ choices = ["stated", "assigned"]                optional, for xsd:string
    #+
    #+ [columns]                                       a label for each variable that SELECT lists;
    #+ policy = { ja = "施策", en = "policy" }         ?policyLabel goes with ?policy and needs none

A line `#+` alone is an empty line of TOML. Keys before `[…]` come first, as TOML has it.

Types of parameters:

- `hk:Challenge` and any other class of things: a thing, given as `challenge/ai-risk`, `ai-risk` or
  its whole IRI, and refused when it is of another kind or the graph says nothing about it;
- `scheme/policy-kind`: a term of that code list, given as `policy-kind/law` or `law`;
- `iri`: any IRI, given whole, as a prefixed name (`hk:addresses`) or as KIND/SLUG;
- `xsd:string`, `xsd:integer`, `xsd:decimal`, `xsd:date`, `xsd:gYear`, `xsd:boolean`: a literal;
- `lang`: `ja` or `en`. A parameter named `lang` of this type needs neither label nor example; pages
  fill it with the reader's language, and it is `ja` when nothing is given. It is bound as a plain
  string: `FILTER(LANG(?policyLabel) = ?lang)`.

What a question's SELECT lists: every column by name, never `*`. A thing goes with its label as
`?policy ?policyLabel`, which pages show as one link. Every SELECT ends in ORDER BY.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ..graph.errors import BadHeader
from ..graph.store import Form
from .binding import form, projected, variables

HEADER_MARK: Final = "#+"
"""What each line of a header begins with; to SPARQL it is a comment."""

LANGUAGES: Final = ("ja", "en")
DISPLAYS: Final = ("table", "bar", "line", "matrix", "outline", "graph")

Text = Mapping[str, str]
"""A text in each language: `text["ja"]`, `text["en"]`."""

LANG_LABEL: Final[Text] = {"ja": "言語", "en": "language"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question: its type, its label and what may be given."""

    name: str
    type: str
    label: Text
    example: str
    default: str | None = None
    required: bool = True
    many: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Display:
    """How a page shows an answer: the kind of display, and which column plays which role."""

    kind: str = "table"
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A question: what it asks in both languages, its parameters, and the query that answers it."""

    id: str
    title: Text
    description: Text
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    column_labels: Mapping[str, Text]
    display: Display
    keywords: tuple[str, ...]
    form: Form
    text: str

    @cached_property
    def query(self) -> str:
        """The text without its header, which an engine would read at every request for nothing."""
        lines = self.text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(HEADER_MARK)).lstrip()

    def parameter(self, name: str) -> Parameter | None:
        """Gives the parameter of that name."""
        return next((each for each in self.parameters if each.name == name), None)

    def label(self, column: str, lang: str) -> str:
        """Gives the label of a column; one of an added label is that of its thing."""
        labels = self.column_labels.get(column) or self.column_labels.get(thing_of(column))
        return labels[lang] if labels else column


def thing_of(column: str) -> str:
    """Gives the column that a label column belongs to.

    >>> thing_of("policyLabel")
    'policy'
    """
    return column.removesuffix("Label")


def read_question(id: str, source: str) -> Question:
    """Reads a question from the text of its file, and refuses a header that says too little."""
    lines = source.splitlines()
    header = "\n".join(
        line.removeprefix(HEADER_MARK) for line in lines if line.startswith(HEADER_MARK)
    )
    try:
        said = tomllib.loads(header)
    except tomllib.TOMLDecodeError as error:
        raise BadHeader(id, f"the header is not TOML: {error}") from error
    known = {"title", "description", "keywords", "display", "parameters", "columns"}
    _only(id, said, known, "the header")
    columns = projected(source)
    display = dict(said.get("display", {}))
    question = Question(
        id=id,
        title=_text(id, said, "title"),
        description=_text(id, said, "description"),
        parameters=tuple(
            _parameter(id, name, table) for name, table in said.get("parameters", {}).items()
        ),
        columns=columns,
        column_labels={
            name: _text(id, said["columns"], name, "columns") for name in said.get("columns", {})
        },
        display=Display(display.pop("as", "table"), display),
        keywords=tuple(said.get("keywords", ())),
        form=form(source),
        text=source,
    )
    _check(question)
    return question


def _parameter(id: str, name: str, said: Mapping[str, Any]) -> Parameter:
    where = f"parameters.{name}"
    _only(id, said, set(Parameter.__dataclass_fields__) - {"name"}, where)
    if "type" not in said:
        raise BadHeader(id, f"{where} has no type")
    if said["type"] == "lang":
        label = _text(id, said, "label", where) if "label" in said else LANG_LABEL
        return Parameter(name, "lang", label, "ja", "ja", False, choices=LANGUAGES)
    if "example" not in said:
        raise BadHeader(id, f"{where} has no example")
    default = said.get("default")
    return Parameter(
        name,
        said["type"],
        _text(id, said, "label", where),
        str(said["example"]),
        None if default is None else str(default),
        bool(said.get("required", default is None)),
        bool(said.get("many", False)),
        tuple(said.get("choices", ())),
    )


def _check(question: Question) -> None:
    id, used = question.id, variables(question.text)
    for parameter in question.parameters:
        if parameter.name not in used:
            raise BadHeader(id, f"the query does not use the parameter ?{parameter.name}")
    if question.form == "solutions" and not question.columns:
        raise BadHeader(id, "SELECT lists no columns by name")
    for column in question.columns:
        if thing_of(column) not in question.column_labels and column not in question.column_labels:
            raise BadHeader(id, f"columns has no label for ?{column}")
    for name in question.column_labels:
        if name not in question.columns:
            raise BadHeader(id, f"columns.{name} is no column of SELECT")
    if question.display.kind not in DISPLAYS:
        raise BadHeader(
            id, f"display.as is {question.display.kind!r}, expected one of {', '.join(DISPLAYS)}"
        )
    for role, column in question.display.roles.items():
        if column not in question.columns:
            raise BadHeader(id, f"display.{role} is {column!r}, which is no column of SELECT")


def _text(id: str, said: Mapping[str, Any], key: str, where: str = "") -> Text:
    value = said.get(key)
    path = f"{where}.{key}".lstrip(".")
    if not isinstance(value, dict) or not all(value.get(lang) for lang in LANGUAGES):
        raise BadHeader(id, f"{path} has to be said in ja and en")
    _only(id, value, set(LANGUAGES), path)
    return {lang: str(value[lang]) for lang in LANGUAGES}


def _only(id: str, said: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in said:
        if key not in known:
            raise BadHeader(id, f"{where} says {key!r}; it may say {', '.join(sorted(known))}")
