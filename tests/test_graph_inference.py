"""The inference engine: complete, repeatable, and it forgets what no longer follows."""

from __future__ import annotations

from collections.abc import Iterable

import owlrl  # type: ignore[import-untyped]
import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)
from rdflib import Graph, Literal

from hakusho.graph.inference import derive, infer, infer_by_rule
from hakusho.graph.names import HKID, PREFIXES, graph
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.merge import INFERRED
from hakusho.graph.rules import rules
from hakusho.loaders.edition import EditionDataset
from hakusho.ontology import files

HEADER = f"BASE <{HKID}>\n" + "".join(
    f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()
)
R07 = graph("r07")
NT = RdfFormat.N_TRIPLES


def add(store: Store, turtle: str, place: NamedNode = R07) -> None:
    for quad in parse(HEADER + turtle, format=RdfFormat.TURTLE):
        for where in (place, DefaultGraph()):
            store.add(Quad(quad.subject, quad.predicate, quad.object, where))


def remove(store: Store, turtle: str, place: NamedNode = R07) -> None:
    for quad in parse(HEADER + turtle, format=RdfFormat.TURTLE):
        for where in (place, DefaultGraph()):
            store.remove(Quad(quad.subject, quad.predicate, quad.object, where))


def facts(store: Store, place: NamedNode | DefaultGraph) -> set[Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, place)}


CHAIN = "hk:p a owl:TransitiveProperty . " + " ".join(
    f"<x/{n}> hk:p <x/{n + 1}> ." for n in range(20)
)


def test_inferred_facts_stand_in_their_graph_and_in_the_default_graph() -> None:
    store = Store()
    add(store, CHAIN)
    asserted = facts(store, DefaultGraph())
    assert infer(store) == 20 * 19 / 2
    inferred = facts(store, INFERRED)
    assert inferred.isdisjoint(asserted)
    assert facts(store, DefaultGraph()) == asserted | inferred
    assert facts(store, R07) == asserted


def test_a_second_run_changes_nothing() -> None:
    store = Store()
    add(store, CHAIN)
    counts = infer_by_rule(store)
    before = set(store)
    assert infer_by_rule(store) == counts
    assert set(store) == before


def test_what_no_longer_follows_vanishes() -> None:
    store = Store()
    add(store, CHAIN)
    infer(store)
    remove(store, "<x/10> hk:p <x/11> .")
    infer(store)
    fresh = Store()
    add(fresh, CHAIN)
    remove(fresh, "<x/10> hk:p <x/11> .")
    infer(fresh)
    assert set(store) == set(fresh)


def test_an_inferred_fact_that_is_asserted_later_outlives_its_reason() -> None:
    store = Store()
    add(store, "hk:p owl:inverseOf hk:q . <x/1> hk:p <x/2> .")
    infer(store)
    add(store, "<x/2> hk:q <x/1> .", graph("submission-1"))
    remove(store, "<x/1> hk:p <x/2> .")
    infer(store)
    asserted = {quad.triple for quad in store if quad.graph_name == graph("submission-1")}
    assert asserted <= facts(store, DefaultGraph())
    assert asserted.isdisjoint(facts(store, INFERRED))


def test_what_only_the_provenance_says_too_is_still_inferred() -> None:
    store = Store()
    add(store, "hk:p owl:inverseOf hk:q . <x/1> hk:p <x/2> .")
    for quad in parse(HEADER + "<x/2> hk:q <x/1> .", format=RdfFormat.TURTLE):
        store.add(Quad(quad.subject, quad.predicate, quad.object, graph("provenance")))
    infer(store)
    before = set(store)
    infer(store)
    assert set(store) == before


def test_deriving_leaves_the_store_as_it_is() -> None:
    store = Store()
    add(store, CHAIN)
    before = set(store)
    found = derive(store)
    assert {name for name, given in found.items() if given} == {"transitive"}
    assert set(store) == before


def test_blank_nodes_keep_their_identity() -> None:
    store = Store()
    add(store, "hk:p owl:inverseOf hk:q . [] hk:p <x/2> . hk:A rdfs:subClassOf hk:B, hk:C .")
    infer(store)
    assert store.query(f"{HEADER} ASK {{ ?b hk:p ?x . ?x hk:q ?b FILTER(isBlank(?b)) }}")


def test_facts_of_a_blank_node_go_through_every_rule() -> None:
    # The blank node is met in a fact that another rule found, so no VALUES clause can name it.
    store = Store()
    add(
        store,
        "hk:p owl:inverseOf hk:q . hk:q rdfs:subPropertyOf hk:r . hk:r rdfs:subPropertyOf hk:s ."
        " hk:s owl:inverseOf hk:t . _:b hk:p <x/2> .",
    )
    infer(store)
    assert store.query(f"{HEADER} ASK {{ ?b hk:t <x/2> FILTER(isBlank(?b)) }}")


def test_many_new_facts_are_followed_up_as_few_are() -> None:
    store = Store()
    things = " ".join(f"<x/{n}> a hk:A ; rdfs:label 'x{n}'@ja ." for n in range(1500))
    add(store, f"hk:A rdfs:subClassOf hk:B . hk:B rdfs:subClassOf skos:Concept . {things}")
    found = infer_by_rule(store)
    assert found["subclass"] == 3000
    assert found["preferred-label"] == 1500


def test_the_order_of_rules_does_not_matter() -> None:
    store = Store()
    for path in [*files.modules(), *files.vocabularies()]:
        add(store, path.read_text(encoding="utf-8"))
    plain = [rule for rule in rules() if rule.stage == 1]
    one, other = derive(store, plain), derive(store, plain[::-1])
    assert set().union(*one.values()) == set().union(*other.values())


# What OWL 2 RL needs none of our rules for: they speak of this project's words and of SKOS labels.
OWN = {
    "addresses-from-link",
    "normalized-value",
    "preferred-label",
    "replaced-by",
    "replaces",
    "scheme-label",
}
NOT_RUN = {PREFIXES["rdfs"] + "domain", PREFIXES["rdfs"] + "range"}
SCHEMA = tuple(f"<{PREFIXES[prefix]}" for prefix in ("owl", "rdf", "rdfs", "xsd"))


def telling(facts: Iterable[Triple]) -> set[tuple[str, str, str]]:
    """Leaves out what every graph entails (a thing is the same as itself, a class is below
    owl:Thing), blank nodes, and the mutual owl:inverseOf that owlrl does not write down."""
    return {
        (str(fact.subject), fact.predicate.value, str(fact.object))
        for fact in facts
        if not isinstance(fact.subject, BlankNode) and not isinstance(fact.object, BlankNode)
        if fact.subject != fact.object
        if fact.predicate.value not in NOT_RUN | {PREFIXES["owl"] + "inverseOf"}
        if not str(fact.object).startswith(SCHEMA) and not str(fact.subject).startswith(SCHEMA)
    }


def by_owlrl(given: Iterable[Triple]) -> set[tuple[str, str, str]]:
    """Gives what owlrl makes of some facts, domain and range left aside as our rules do."""
    graph = Graph()
    kept = serialize((fact for fact in given if fact.predicate.value not in NOT_RUN), format=NT)
    graph.parse(data=kept, format="nt")
    closure = owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False
    )
    closure.expand(graph)
    for fact in list(graph):
        if isinstance(fact[0], Literal):
            graph.remove(fact)
    return telling(quad.triple for quad in parse(graph.serialize(format="nt"), format=NT))


def assert_as_owlrl(store: Store) -> None:
    found = derive(store, [rule for rule in rules() if rule.stage == 1])
    asserted = facts(store, DefaultGraph())
    given = asserted.union(*(given for name, given in found.items() if name in OWN))
    assert telling(asserted.union(*found.values())) == by_owlrl(given)


def test_what_follows_is_what_owlrl_finds() -> None:
    store = Store()
    for path in [files.root(), *files.modules()]:
        add(store, path.read_text(encoding="utf-8"))
    add(
        store,
        """
        <challenge/a> a hk:Challenge ; rdfs:label "一"@ja ; skos:broader <challenge/b> .
        <challenge/b> a hk:Challenge ; skos:broader <challenge/c> .
        <policy/p> a hk:Policy ; hk:milestone <milestone/m> .
        <link/l> a hk:Link ; hk:subject <policy/p> ; hk:relation hk:addresses ;
          hk:object <challenge/a> .
        <link/m> a hk:Link ; hk:subject <policy/p> ; hk:relation hk:hasTarget ;
          hk:object <indicator/i> .
        <part/s> a hk:Section ; hk:partOf <part/c> .
        <part/c> hk:partOf <whitepaper/r07> .
        hk:a owl:equivalentClass hk:b ; rdfs:subClassOf hk:c .
        <thing/x> a hk:b .
        hk:longChain owl:propertyChainAxiom ( hk:p hk:q hk:p ) .
        <thing/1> hk:p <thing/2> . <thing/2> hk:q <thing/3> . <thing/3> hk:p <thing/4> .
        hk:c rdfs:subClassOf [ a owl:Restriction ; owl:onProperty hk:p ; owl:hasValue <thing/9> ] .
        """,
    )
    assert_as_owlrl(store)


@pytest.mark.slow
def test_what_follows_from_the_packaged_edition_is_what_owlrl_finds(
    packaged: EditionDataset,
) -> None:
    store = Store()
    for quad in (*packaged.quads, *ontology_dataset()):
        if quad.graph_name != graph("provenance"):
            store.add(Quad(quad.subject, quad.predicate, quad.object))
    assert_as_owlrl(store)
