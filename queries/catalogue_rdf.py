"""The catalogue as RDF, so that questions can themselves be queried.

A question is a `sh:SPARQLExecutable` (SHACL Advanced Features, section 5) and its parameters are
`sh:Parameter`s (section 3.2), whose path ends in the name of the variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..graph.names import expand, thing
from ..graph.store import Form, Term
from ..graph.terms import literal
from .catalogue import Catalogue, catalogue
from .header import LANGUAGES, Parameter, Question, Text
from .parameters import kind_of, term_of

Subject = NamedNode | BlankNode

EXECUTABLES: Final[dict[Form, tuple[str, str]]] = {
    "solutions": ("sh:SPARQLSelectExecutable", "sh:select"),
    "boolean": ("sh:SPARQLAskExecutable", "sh:ask"),
    "graph": ("sh:SPARQLConstructExecutable", "sh:construct"),
}
"""The class of a question and the property of its text, by the form of its answer."""


def catalogue_graph(questions: Catalogue | None = None) -> list[Triple]:
    """Gives what the headers of a catalogue's questions say, the packaged ones if none is given.

    >>> catalogue_graph()[0].object
    <NamedNode value=http://www.w3.org/ns/shacl#SPARQLExecutable>
    """
    found = catalogue() if questions is None else questions
    return [triple for question in found for triple in _question(question)]


def question_iri(id: str) -> NamedNode:
    """Gives the IRI of a question.

    >>> question_iri("policies/of-challenge").value
    'https://w3id.org/hakusho/id/question/policies_of-challenge'
    """
    return thing("question", id.replace("/", "_"))


def query_of(question: Question) -> str:
    """Gives the query text of a question without its header."""
    lines = question.text.splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"


def _question(question: Question) -> Iterator[Triple]:
    subject = question_iri(question.id)
    kind, says = EXECUTABLES[question.form]
    yield _triple(subject, "rdf:type", _named("sh:SPARQLExecutable"))
    yield _triple(subject, "rdf:type", _named(kind))
    yield _triple(subject, "dcterms:identifier", literal(question.id))
    yield from _texts(subject, "rdfs:label", question.title)
    yield from _texts(subject, "dcterms:description", question.description)
    for keyword in question.keywords:
        yield _triple(subject, "schema:keywords", literal(keyword))
    yield _triple(subject, says, literal(query_of(question)))
    for order, parameter in enumerate(question.parameters):
        node = thing("parameter", f"{question.id.replace('/', '_')}_{parameter.name}")
        yield _triple(subject, "sh:parameter", node)
        yield from _parameter(node, parameter, order)


def _parameter(node: NamedNode, parameter: Parameter, order: int) -> Iterator[Triple]:
    yield _triple(node, "rdf:type", _named("sh:Parameter"))
    yield _triple(node, "sh:path", thing("variable", parameter.name))
    yield from _texts(node, "sh:name", parameter.label)
    yield _triple(node, "sh:order", literal(order))
    yield from _type(node, parameter)
    yield _triple(node, "skos:example", term_of(parameter, parameter.example))
    if parameter.default is not None:
        yield _triple(node, "sh:defaultValue", term_of(parameter, parameter.default))
    if not parameter.required:
        yield _triple(node, "sh:optional", literal(True))
    if not parameter.many:
        yield _triple(node, "sh:maxCount", literal(1))
    if parameter.choices:
        yield from _list(node, "sh:in", [literal(choice) for choice in parameter.choices])


def _type(node: NamedNode, parameter: Parameter) -> Iterator[Triple]:
    """Says which terms a parameter takes: of a class, of a code list, any IRI, or literals."""
    if parameter.type.startswith("scheme/"):
        yield _triple(node, "sh:class", _named("skos:Concept"))
        yield _triple(node, "skos:inScheme", thing("scheme", kind_of(parameter.type) or ""))
    elif parameter.type == "iri":
        yield _triple(node, "sh:nodeKind", _named("sh:IRI"))
    elif parameter.type.startswith("xsd:"):
        yield _triple(node, "sh:datatype", _named(parameter.type))
    elif parameter.type == "lang":
        yield _triple(node, "sh:datatype", _named("xsd:string"))
    else:
        yield _triple(node, "sh:class", _named(parameter.type))


def _list(node: NamedNode, property: str, members: Sequence[Literal]) -> Iterator[Triple]:
    # The names of the cells are made from the node's, so that the same catalogue is the same RDF.
    name = node.value.rpartition("/")[2].replace("_", "-")
    cells = [BlankNode(f"{name}-{place}") for place in range(len(members))]
    yield _triple(node, property, cells[0])
    after: list[Subject] = [*cells[1:], _named("rdf:nil")]
    for cell, member, rest in zip(cells, members, after, strict=True):
        yield _triple(cell, "rdf:first", member)
        yield _triple(cell, "rdf:rest", rest)


def _texts(subject: Subject, property: str, text: Text) -> Iterator[Triple]:
    for lang in LANGUAGES:
        yield _triple(subject, property, Literal(text[lang], language=lang))


def _named(name: str) -> NamedNode:
    return NamedNode(expand(name))


def _triple(subject: Subject, property: str, value: Term) -> Triple:
    return Triple(subject, _named(property), value)
