"""The values of parameters in a query text: written where their variables stand, or bound there."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.store import Term
from hakusho.queries.binding import bind
from hakusho.queries.filling import fill

X, TWO = NamedNode("urn:x"), Literal("2")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("SELECT ?o { ?x ?p ?o }", "SELECT ?o { <urn:x> ?p ?o }"),
        ("ASK { $x ?p '?x' # ?x\n }", "ASK { <urn:x> ?p '?x' # ?x\n }"),
        ("CONSTRUCT { ?x ?p 1 } { ?x ?p 1 }", "CONSTRUCT { <urn:x> ?p 1 } { <urn:x> ?p 1 }"),
        ("SELECT (COUNT(?x) AS ?n) {}", "SELECT (COUNT(<urn:x>) AS ?n) {}"),
        ("ASK { ?xx ?p 1 } ORDER BY DESC(?x)", "ASK { ?xx ?p 1 } ORDER BY DESC(<urn:x>)"),
        (
            "SELECT ?o { { SELECT ?o { ?x ?p ?o } } OPTIONAL { ?o ?p ?x } FILTER(?x != ?o) }",
            "SELECT ?o { { SELECT ?o { <urn:x> ?p ?o } } OPTIONAL { ?o ?p <urn:x> } "
            "FILTER(<urn:x> != ?o) }",
        ),
    ],
)  # fmt: skip
def test_a_single_term_is_written_wherever_its_variable_stands(text: str, filled: str) -> None:
    assert fill(text, {"x": [X]}) == filled


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { ?x ?p ?o }",
        "SELECT * { ?x ?p ?o }",
        "SELECT ?o { { SELECT DISTINCT ?x { ?x ?p ?o } } ?x ?p ?o }",
        "SELECT (?o AS ?x) { ?o ?p 1 }",
        "SELECT ?o { ?s ?p ?o BIND(?o AS ?x) }",
        "SELECT ?o { ?s ?p ?o FILTER(BOUND(?x)) }",
        "SELECT ?o { ?s ?p ?o VALUES ?x { 1 2 } }",
        "SELECT ?o { ?s ?p ?o VALUES (?o ?x) { (1 2) } }",
        "SELECT (COUNT(?o) AS ?n) { ?x ?p ?o } GROUP BY ?x",
        "SELECT ?o { ?x ?p ?o } ORDER BY ?o ?x",
        "SELECT ?o { { ?x ?p ?o } MINUS { ?x ?q ?n } }",
    ],
)
def test_a_variable_for_which_no_term_can_stand_is_bound(text: str) -> None:
    assert fill(text, {"x": [X]}) == bind(text, {"x": [X]})


# A blank node that is written in a query is a variable.
@pytest.mark.parametrize("terms", [[], [X, TWO], [BlankNode("x")]])
def test_what_is_no_single_term_is_bound(terms: list[Term]) -> None:
    assert fill("ASK { ?x ?p 1 }", {"x": terms}) == bind("ASK { ?x ?p 1 }", {"x": terms})


def test_what_is_written_and_what_is_bound_give_one_answer() -> None:
    store = EmbeddedStore()
    lines = [(X, "p", Literal("ja", language="ja")), (X, "p", Literal("en", language="en"))]
    store.engine.extend(Quad(s, NamedNode(f"urn:{p}"), o) for s, p, o in lines)
    text = "SELECT ?o { ?s <urn:p> ?o FILTER(LANG(?o) = ?lang) ?s ?q ?n } ORDER BY ?n"
    values: dict[str, list[Term]] = {"lang": [Literal("ja")], "n": [lines[1][2]], "s": [X]}
    assert store.rows(fill(text, values)) == store.rows(bind(text, values)) == [{"o": lines[0][2]}]
