"""What a form for a single row of a table asks, read from the shapes and the context.

A field is a column of the table. Which fields there are stands in the header of the packaged
table, what a field means and holds in the JSON-LD context and the ontology, and whether it has to
be filled in the shapes of the table's class: a shape that wants a value makes it required, or
wanted where its severity is that of a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store
from pyoxigraph import Literal as RdfLiteral

from ..graph.errors import BadParameter
from ..graph.names import expand
from ..graph.store import Term
from ..ontology import files
from .columns import Column, breakdowns, columns, context, kinds
from .compiled import classes, statements
from .exporting import TABLES
from .spreadsheets.headers import MERGES, header_of, label_of, words
from .spreadsheets.templates import FORMS, codes, form, meaning, required

Text = Mapping[str, str]
Need = Literal["required", "wanted", ""]

LONG: Final = ("dcterms:description", "skos:definition", "skos:note")
"""Properties whose values are sentences."""
_LANGUAGES: Final = ("ja", "en")


@dataclass(frozen=True)
class Field:
    """A field of a form: its column, what it is called and means, and what may be put there.

    `kind` is the kind of the things whose ids it holds, `codes` the codes that it may hold with
    their names by language; `extra` says that few rows fill it.
    """

    name: str
    label: Text
    meaning: Text
    form: Text
    hint: Text
    need: Need = ""
    many: bool = False
    long: bool = False
    language: str | None = None
    kind: str | None = None
    codes: Mapping[str, tuple[tuple[str, str], ...]] | None = None
    extra: bool = False
    path: str | None = None
    shapes: frozenset[str] = frozenset()
    """The shapes that judge what is put there."""

    @property
    def choosable(self) -> bool:
        """Whether what it holds is chosen from things or codes, and not written."""
        return bool(self.codes) or self.kind not in (None, "period")


def table_of(kind: str) -> str:
    """Gives the table whose rows are things of a kind.

    >>> table_of("policy"), table_of("part")
    ('policies', 'sections')
    """
    for table, of in kinds().items():
        if of == kind and table in TABLES and table != MERGES:
            return table
    there = [kinds()[table] for table in TABLES if table in kinds()]
    raise BadParameter("kind", kind, f"one of {', '.join(dict.fromkeys(there))}")


@cache
def fields(table: str) -> tuple[Field, ...]:
    """Gives the fields of a form for one row of a table, in the order of its columns."""
    return tuple(_field(table, name) for name in header_of(table))


def class_label(table: str) -> Text:
    """Gives what a thing of a table is called."""
    shape = next(iter(_shapes_of(classes()[table])), None)
    named = _words(shape, "sh:name") if shape is not None else {}
    return {lang: named.get(lang, table) for lang in _LANGUAGES}


def _field(table: str, name: str) -> Field:
    column = columns(table).get(name, Column(name))
    about = statements(table).get(name)
    path = None if about is None or about.reverse else about.property
    language = _language_of(table, name)
    shapes = list(_properties(classes()[table], path, language)) if path else []
    wanted = [shape for shape in shapes if _wants_a_value(shape)]
    need: Need = ""
    if name in required(table) or any(_severity(shape) == "Violation" for shape in wanted):
        need = "required"
    elif wanted:
        need = "wanted"
    listed = {lang: tuple((c.code, c.name) for c in codes(column, lang)) for lang in _LANGUAGES}
    about_it = (wanted or shapes)[:1]
    # A column of all tables goes by its own name: it may stand for more than one property.
    own = language is None and name not in words()["columns"]
    named = [_words(shape, "sh:name") for shape in about_it if own]
    hints = [_words(shape, "sh:description") for shape in about_it]
    return Field(
        name=name,
        label=named[0] if named else label_of(table, name),
        meaning={lang: meaning(table, name, lang) for lang in _LANGUAGES},
        form={lang: _form(table, name, lang) for lang in _LANGUAGES},
        hint=hints[0] if hints else {},
        need=need,
        many=column.many,
        long=path is not None and path.value in set(map(expand, LONG)),
        language=language,
        kind=None if any(listed.values()) else column.kind,
        codes=listed if any(listed.values()) else None,
        extra=table == "observations" and name in breakdowns(),
        path=path.value if path is not None else None,
        shapes=frozenset(each.value for each in shapes if isinstance(each, NamedNode)),
    )


def _form(table: str, name: str, lang: str) -> str:
    """Gives how a field is written; that it is text goes without saying."""
    said = form(table, name, lang)
    return said.removeprefix(FORMS["text"][lang]).strip() if name != "id" else said


def _language_of(table: str, name: str) -> str | None:
    own = context()[table]["@context"]
    entry: Any = own.get(name, context().get(name))
    return entry.get("@language") if isinstance(entry, dict) else None


@cache
def _shapes() -> Store:
    store = Store()
    for path in files.shapes():
        store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


def _values(subject: Term, name: str) -> Iterator[Term]:
    if isinstance(subject, NamedNode | BlankNode):
        for quad in _shapes().quads_for_pattern(subject, NamedNode(expand(name)), None, None):
            yield quad.object


def _shapes_of(of: NamedNode) -> list[NamedNode]:
    """Gives the shapes that are about a class, node shapes that list properties first."""
    target = NamedNode(expand("sh:targetClass"))
    found = {quad.subject for quad in _shapes().quads_for_pattern(None, target, of, None)}
    named = sorted((each for each in found if isinstance(each, NamedNode)), key=str)
    return sorted(named, key=lambda each: not any(_values(each, "sh:property")))


def _properties(of: NamedNode, path: NamedNode, language: str | None) -> Iterator[Term]:
    """Gives the property shapes about a property of a class, and about texts in one language."""
    for shape in _shapes_of(of):
        for each in (shape, *_values(shape, "sh:property")):
            if path in _values(each, "sh:path") and _speaks(each, language):
                yield each


def _speaks(shape: Term, language: str | None) -> bool:
    """Says whether a shape is about texts in a language, or about texts in any."""
    said = [
        member.value
        for value in _values(shape, "sh:qualifiedValueShape")
        for head in _values(value, "sh:languageIn")
        for member in _members(head)
        if isinstance(member, RdfLiteral)
    ]
    return language in said if said else language is None or not _wants_a_value(shape)


def _members(head: Term) -> Iterator[Term]:
    while isinstance(head, BlankNode):
        yield from _values(head, "rdf:first")
        head = next(_values(head, "rdf:rest"))


def _wants_a_value(shape: Term) -> bool:
    counts = [*_values(shape, "sh:minCount"), *_values(shape, "sh:qualifiedMinCount")]
    return any(isinstance(each, RdfLiteral) and int(each.value) > 0 for each in counts)


def _severity(shape: Term) -> str:
    said = next(_values(shape, "sh:severity"), None)
    return said.value.rpartition("#")[2] if isinstance(said, NamedNode) else "Violation"


def _words(shape: Term, name: str) -> dict[str, str]:
    return {
        each.language: each.value
        for each in _values(shape, name)
        if isinstance(each, RdfLiteral) and each.language
    }
