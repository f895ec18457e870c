"""The answer to a query as its page shows it: things under their labels, as a table or a graph."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ..graph.names import expand, shorten
from ..graph.store import Answer, Store, Term
from ..graph.terms import python
from ..queries.catalogue import ask
from .answers import SHOWN_BYTES, SHOWN_ROWS, Column, Shown, term_of
from .drawing import OTHER, Drawing, kind_of
from .language import here
from .things import Value, value_of

NAMED_AT_ONCE: Final = 400
MOST_NAMED: Final = 2_000
"""How many things of an answer are shown under their labels; the others by their ids."""
MOST_NODES: Final = 100
"""How many things of an answer are drawn as a graph."""
READ_BYTES: Final = 2 * SHOWN_BYTES

Labels = Mapping[str, Literal]


@dataclass(frozen=True)
class Edge:
    """A line of a drawn answer: from one thing to another, by a property if one is known."""

    subject: Value
    relation: Value | None
    object: Value


@dataclass
class Drawn:
    """An answer as a graph: what is drawn, and its lines as a list."""

    drawing: Drawing = field(default_factory=Drawing)
    edges: list[Edge] = field(default_factory=list)
    cut: bool = False


@dataclass
class Solutions:
    """The rows of an answer."""

    names: list[str]
    rows: list[dict[str, Term]]
    total: int
    labels: Labels = field(default_factory=dict)

    def table(self) -> Shown:
        """Gives the rows as a table."""
        values = [
            [_value(row[name], self.labels) if name in row else None for name in self.names]
            for row in self.rows
        ]
        columns = [Column(name, name in self.numeric()) for name in self.names]
        return Shown(columns, values, self.total, self.total > len(self.rows))

    def name(self, term: Term) -> str:
        """Gives what a term of the rows is called."""
        return _value(term, self.labels).text

    def numeric(self) -> list[str]:
        """Gives the columns that hold nothing but numbers."""
        return [
            name
            for name in self.names
            if any(name in row for row in self.rows)
            and all(_is_number(row[name]) for row in self.rows if name in row)
        ]

    def links(self) -> tuple[str, str] | None:
        """Gives the first two columns that hold things, if there are two: rows are lines then."""
        things = [
            name
            for name in self.names
            if any(name in row for row in self.rows)
            and all(isinstance(row[name], NamedNode) for row in self.rows if name in row)
        ]
        return (things[0], things[1]) if len(things) > 1 else None

    def drawn(self) -> Drawn | None:
        """Gives the rows as a graph, where they are lines between things."""
        ends = self.links()
        if ends is None:
            return None
        pairs = dict.fromkeys((row.get(ends[0]), row.get(ends[1])) for row in self.rows)
        lines = [(one, None, other) for one, other in pairs if one and other and one != other]
        return _drawn(lines, self.labels)


def solutions(body: bytes, store: Store, lang: str) -> Solutions | bool:
    """Gives SPARQL JSON results with the labels of their things, or the boolean of an ASK."""
    said = json.loads(body)
    if "boolean" in said:
        return bool(said["boolean"])
    bindings = said["results"]["bindings"]
    rows = [{name: term_of(value) for name, value in row.items()} for row in bindings[:SHOWN_ROWS]]
    found = Solutions(said["head"]["vars"], rows, len(bindings))
    found.labels = labels_of((term for row in rows for term in row.values()), store, lang)
    return found


def triples_of(answer: Answer) -> tuple[list[Triple], bool]:
    """Gives the first triples of an answer in N-Triples, and whether there are more."""
    read = bytearray()
    for chunk in answer.chunks:
        read += chunk
        if len(read) > READ_BYTES:
            break
    cut = len(read) > READ_BYTES
    whole = bytes(read[: read.rfind(b"\n", 0, READ_BYTES) + 1] if cut else read)
    return [quad.triple for quad in parse(whole, RdfFormat.N_TRIPLES)], cut


def drawn(triples: Sequence[Triple], store: Store, lang: str) -> Drawn | None:
    """Gives triples as a graph of the things that they relate; none where they relate none."""
    lines = [
        (each.subject, each.predicate, each.object)
        for each in triples
        if not isinstance(each.object, Literal | Triple) and not isinstance(each.subject, Triple)
    ]
    if not lines:
        return None
    labels = labels_of((term for line in lines for term in line), store, lang)
    told: dict[str, Literal] = {
        each.subject.value: each.object
        for each in triples
        if isinstance(each.object, Literal)
        and isinstance(each.subject, NamedNode)
        and each.predicate.value == expand("rdfs:label")
        and each.object.language in (lang, None)
    }
    return _drawn(lines, {**told, **labels})


def labels_of(terms: Iterable[Term], store: Store, lang: str) -> dict[str, Literal]:
    """Gives what things are called, by IRI."""
    iris = dict.fromkeys(term for term in terms if isinstance(term, NamedNode))
    found: dict[str, Literal] = {}
    asked = islice(iris, MOST_NAMED)
    while some := list(islice(asked, NAMED_AT_ONCE)):
        for row in ask(store, "things/names", thing=some, lang=lang).rows:
            thing, label = row["thing"], row["thingLabel"]
            if isinstance(thing, NamedNode) and isinstance(label, Literal):
                found.setdefault(thing.value, label)
    return found


Line = tuple[Term, Term | None, Term]


def _drawn(lines: Iterable[Line], labels: Labels) -> Drawn:
    found = Drawn()
    there: set[str] = set()
    for subject, relation, object in lines:
        ends = {_key(term): term for term in (subject, object)}
        if len(there | ends.keys()) > MOST_NODES:
            found.cut = True
            continue
        for key in ends.keys() - there:
            shown = _value(ends[key], labels)
            found.drawing.add(key, shown.text, _kind(ends[key]), shown.href and here(shown.href))
        there |= ends.keys()
        said = _value(relation, labels) if relation is not None else None
        found.edges.append(Edge(_value(subject, labels), said, _value(object, labels)))
        found.drawing.join(_key(subject), _key(object), said.text if said else None)
    return found


def _kind(term: Term) -> str:
    return kind_of(term.value) if isinstance(term, NamedNode) else OTHER


def _key(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)


def _value(term: Term, labels: Labels) -> Value:
    return value_of(term, labels.get(term.value) if isinstance(term, NamedNode) else None)


def _is_number(term: Term) -> bool:
    return (
        isinstance(term, Literal)
        and not isinstance(python(term), str | bool)
        and ("date" not in term.datatype.value)
    )
