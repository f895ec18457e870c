"""The catalogue: headers, parameters and how they are bound, and what is said when one is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import BadHeader, BadParameter, UnknownQuestion
from hakusho.graph.names import thing
from hakusho.graph.store import Term
from hakusho.graph.terms import text
from hakusho.queries.binding import bind, projected
from hakusho.queries.catalogue import Catalogue, ask, catalogue
from hakusho.queries.header import Parameter, read_question
from hakusho.queries.parameters import term_of, terms_of

HEADER = """\
#+ title = { ja = "題", en = "title" }
#+ description = { ja = "説明", en = "description" }
#+
#+ [parameters.challenge]
#+ type = "hk:Challenge"
#+ label = { ja = "課題", en = "challenge" }
#+ example = "challenge/attack"
#+
#+ [columns]
#+ policy = { ja = "施策", en = "policy" }

PREFIX hk: <https://w3id.org/hakusho/ontology#>
SELECT ?policy ?policyLabel WHERE { ?policy hk:addresses ?challenge } ORDER BY ?policy
"""


def parameter(type: str, **said: object) -> Parameter:
    return Parameter("p", type, {"ja": "値", "en": "value"}, "policy/guard", **said)  # type: ignore[arg-type]


def test_every_packaged_question_has_an_id_that_is_its_path() -> None:
    assert catalogue().question("matrix/cells").id == "matrix/cells"
    assert all("/" in question.id for question in catalogue())


def test_a_question_is_added_by_adding_its_file(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.rq").write_text(HEADER, encoding="utf-8")
    found = Catalogue.load(tmp_path)
    assert [question.id for question in found] == ["mine/own"]
    assert found.question("mine/own").title == {"ja": "題", "en": "title"}
    assert found.question("mine/own").label("policyLabel", "ja") == "施策"


def test_an_unknown_question_names_the_nearest() -> None:
    with pytest.raises(UnknownQuestion) as caught:
        catalogue().question("matrix/cels")
    assert "matrix/cells" in caught.value.nearest
    assert "did you mean matrix/cells" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (', en = "title" }', " }", "title has to be said in ja and en"),
        ("title =", "titel =", "the header says 'titel'"),
        ("title = {", "title = ", "the header is not TOML"),
        ("?challenge }", "?other }", "does not use the parameter ?challenge"),
        ('example = "challenge/attack"', "", "has no example"),
        ("policy = { ja", "polcy = { ja", "columns has no label for ?policy"),
        ("SELECT ?policy ?policyLabel", "SELECT *", "lists no columns by name"),
        ("#+ [columns]", '#+ [display]\n#+ as = "pie"\n#+ [columns]', "display.as is 'pie'"),
        ("#+ [columns]", '#+ [display]\n#+ x = "year"\n#+ [columns]', "display.x is 'year'"),
    ],
)
def test_a_header_that_says_too_little_is_refused_by_name(old: str, new: str, problem: str) -> None:
    assert old in HEADER
    with pytest.raises(BadHeader) as caught:
        read_question("mine/own", HEADER.replace(old, new, 1))
    assert str(caught.value).startswith("mine/own.rq: ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("type", "given", "term"),
    [
        ("hk:Challenge", "challenge/attack", thing("challenge", "attack")),
        ("hk:Challenge", "attack", thing("challenge", "attack")),
        ("hk:Challenge", thing("challenge", "attack").value, thing("challenge", "attack")),
        ("hk:Section", "r07-p1", thing("part", "r07-p1")),
        ("scheme/policy-kind", "law", thing("policy-kind", "law")),
        ("iri", "hk:addresses", NamedNode("https://w3id.org/hakusho/ontology#addresses")),
        ("iri", "https://example.org/a?b", NamedNode("https://example.org/a?b")),
        ("xsd:string", 'say "no"\n', Literal('say "no"\n')),
        ("lang", "en", Literal("en")),
    ],
)
def test_a_value_becomes_the_term_of_its_type(type: str, given: str, term: Term) -> None:
    assert term_of(parameter(type), given) == term


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("hk:Challenge", "policy/guard"),
        ("hk:Challenge", thing("policy", "guard").value),
        ("hk:Challenge", "challenge/"),
        ("iri", "guard"),
        ("iri", "https://example.org/<x>"),
        ("xsd:integer", "three"),
        ("xsd:decimal", "1,5"),
        ("xsd:date", "2025-02-30"),
        ("xsd:gYear", "25"),
        ("lang", "fr"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_is_expected(type: str, given: str) -> None:
    with pytest.raises(BadParameter) as caught:
        term_of(parameter(type), given)
    assert caught.value.name == "p"
    assert caught.value.got == given
    assert caught.value.expected


def test_several_values_are_taken_only_where_the_header_says_many() -> None:
    assert len(terms_of(parameter("xsd:string", many=True), ["a", "b", "a"])) == 2
    with pytest.raises(BadParameter, match="one value"):
        terms_of(parameter("xsd:string"), ["a", "b"])


def test_a_choice_that_there_is_not_names_those_there_are() -> None:
    with pytest.raises(BadParameter, match="stated, assigned; did you mean stated"):
        term_of(parameter("xsd:string", choices=("stated", "assigned")), "statd")


def test_asking_binds_the_parameter_and_keeps_the_order(matrix_store: EmbeddedStore) -> None:
    table = ask(matrix_store, "policies/of-challenge", challenge="attack", lang="en")
    assert [text(row["policyLabel"]) for row in table.rows] == ["Drill", "Guard", "Guard"]
    assert table.columns[:2] == ("policy", "policyLabel")
    assert table.display == "table"


def test_an_optional_parameter_that_is_not_given_binds_nothing(matrix_store: EmbeddedStore) -> None:
    assert len(ask(matrix_store, "links/of-cell").rows) == 4
    assert len(ask(matrix_store, "links/of-cell", challenge="ageing", section=None).rows) == 1


def test_an_unknown_thing_is_refused_with_the_nearest(matrix_store: EmbeddedStore) -> None:
    with pytest.raises(BadParameter) as caught:
        ask(matrix_store, "policies/of-challenge", challenge="atack")
    assert "challenge/attack" in caught.value.nearest


def test_a_missing_or_unknown_parameter_is_named(matrix_store: EmbeddedStore) -> None:
    with pytest.raises(BadParameter, match="challenge: nothing was given"):
        ask(matrix_store, "policies/of-challenge")
    with pytest.raises(BadParameter, match="did you mean challenge"):
        ask(matrix_store, "policies/of-challenge", chalenge="attack")


def test_user_text_cannot_leave_its_literal(matrix_store: EmbeddedStore) -> None:
    sly = '" } UNION { ?thing ?p ?o } #'
    assert ask(matrix_store, "things/of-kind", kind=sly).rows == []


X = {"x": [NamedNode("urn:x")]}
VALUES = " VALUES ?x { <urn:x> }"


@pytest.mark.parametrize(
    ("query", "bound"),
    [
        ("ASK { ?x ?p ?o }", f"ASK {{{VALUES} ?x ?p ?o }}"),
        ("ASK { ?s ?p '{?x}' }", "ASK { ?s ?p '{?x}' }"),
        ("ASK { ?s <urn:?x> ?o }", "ASK { ?s <urn:?x> ?o }"),
        ("ASK #{ ?x\n{ ?x ?p ?o }", f"ASK #{{ ?x\n{{{VALUES} ?x ?p ?o }}"),
        (
            "CONSTRUCT { ?x a ?c } WHERE { ?x a ?c }",
            f"CONSTRUCT {{ ?x a ?c }} WHERE {{{VALUES} ?x a ?c }}",
        ),
        (
            "SELECT ?s { ?s ?p ?o OPTIONAL { ?s ?q ?y FILTER(?y = ?x) } }",
            f"SELECT ?s {{{VALUES} ?s ?p ?o OPTIONAL {{ ?s ?q ?y FILTER(?y = ?x) }} }}",
        ),
        (
            "SELECT ?s { ?s ?p ?o OPTIONAL { ?s ?q ?y OPTIONAL { ?y ?r ?z FILTER(?z = ?x) } } }",
            f"SELECT ?s {{{VALUES} ?s ?p ?o OPTIONAL {{{VALUES} ?s ?q ?y"
            " OPTIONAL { ?y ?r ?z FILTER(?z = ?x) } } }",
        ),
        (
            "SELECT ?s { ?s ?p ?o { SELECT ?s { ?s ?p ?x } } }",
            f"SELECT ?s {{ ?s ?p ?o {{ SELECT ?s {{{VALUES} ?s ?p ?x }} }} }}",
        ),
        (
            "SELECT ?s { { ?s ?p ?x } UNION { ?s ?q ?o } }",
            f"SELECT ?s {{ {{{VALUES} ?s ?p ?x }} UNION {{ ?s ?q ?o }} }}",
        ),
        (
            "SELECT ?x { VALUES ?y { 1 } ?s ?p ?y }",
            f"SELECT ?x {{{VALUES} VALUES ?y {{ 1 }} ?s ?p ?y }}",
        ),
    ],
)
def test_a_variable_is_bound_in_each_group_that_no_binding_reaches(query: str, bound: str) -> None:
    assert bind(query, X) == bound


def test_columns_are_those_that_the_outermost_select_lists() -> None:
    query = "SELECT DISTINCT ?a (COUNT(?b) AS ?n) ?c WHERE { { SELECT ?d { ?d ?e ?f } } }"
    assert projected(query) == ("a", "n", "c")
