"""Each rule of ontology/rules says what follows; each inconsistency names its node."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Variable

from hakusho.graph.inference import inconsistencies, infer
from hakusho.graph.names import HKID, PREFIXES, expand
from hakusho.graph.rules import BadRule, read_rule, rules
from hakusho.ontology import files

HEADER = f"BASE <{HKID}>\n" + "".join(
    f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()
)


def store_of(turtle: str) -> Store:
    store = Store()
    graph = NamedNode("https://w3id.org/hakusho/graph/r07")
    for quad in parse(HEADER + turtle, format=RdfFormat.TURTLE):
        for place in (graph, DefaultGraph()):
            store.add(Quad(quad.subject, quad.predicate, quad.object, place))
    return store


def holds(store: Store, *facts: str) -> list[bool]:
    return [bool(store.query(f"{HEADER} ASK {{ {fact} }}")) for fact in facts]


@pytest.mark.parametrize("path", files.rules(), ids=lambda path: path.stem)
def test_a_rule_is_read_as_the_query_it_is(path: Path) -> None:
    rule = read_rule(path)
    algebra = prepareQuery(rule.text).algebra
    assert algebra.name == "ConstructQuery"
    assert rule.purpose
    if rule.stage == 1:
        node = algebra.p
        while node.name != "BGP":
            assert node.name in ("Project", "Filter", "Extend")
            node = node.p
        patterns = {
            tuple(f"?{term}" if isinstance(term, Variable) else str(term) for term in triple)
            for triple in node.triples
        }
        assert set(rule.patterns) == patterns


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("CONSTRUCT {}\nWHERE {\n}\n", "begins with a comment"),
        ("# Nothing.\nCONSTRUCT {} WHERE { ?s ?p ?o }\n", "one WHERE block"),
        ("# Two.\nCONSTRUCT {}\nWHERE {\n  ?s ?p ?o . ?o ?q ?r .\n}\n", "one pattern"),
        ("# Path.\nCONSTRUCT {}\nWHERE {\n  ?s ex:p ?o .\n}\n", "a prefixed name: ex:p"),
    ],
)
def test_a_file_that_is_no_rule_is_refused_with_the_reason(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "odd.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRule, match=problem):
        read_rule(path)


FOLLOWS = {
    "addresses-from-link": (
        "<link/a> hk:subject <policy/p> ; hk:relation hk:addresses ; hk:object <challenge/c> .",
        ["<policy/p> hk:addresses <challenge/c>"],
        [],
    ),
    "a link to anything but the four relations gives nothing": (
        "<link/a> hk:subject <policy/p> ; hk:relation owl:sameAs ; hk:object <policy/q> .",
        [],
        ["<policy/p> owl:sameAs <policy/q>"],
    ),
    "subclass": (
        "hk:A rdfs:subClassOf hk:B . hk:B rdfs:subClassOf hk:C, [ a owl:Class ] . <x/1> a hk:A .",
        ["<x/1> a hk:C", "hk:A rdfs:subClassOf hk:C"],
        ["<x/1> a ?b FILTER(isBlank(?b))"],
    ),
    "equivalent-class": (
        "hk:A owl:equivalentClass hk:B . <x/1> a hk:A . <x/2> a hk:B .",
        ["<x/1> a hk:B", "<x/2> a hk:A"],
        [],
    ),
    "subproperty": (
        "hk:p rdfs:subPropertyOf hk:q . hk:q rdfs:subPropertyOf hk:r . <x/1> hk:p 'v' .",
        ["<x/1> hk:r 'v'", "hk:p rdfs:subPropertyOf hk:r"],
        [],
    ),
    "equivalent-property": (
        "hk:p owl:equivalentProperty hk:q . <x/1> hk:q 'v' .",
        ["<x/1> hk:p 'v'"],
        [],
    ),
    "inverse": (
        "hk:p owl:inverseOf hk:q . <x/1> hk:p <x/2> . <x/3> hk:q <x/4> .",
        ["<x/2> hk:q <x/1>", "<x/4> hk:p <x/3>", "hk:q owl:inverseOf hk:p"],
        [],
    ),
    "symmetric": (
        "hk:p a owl:SymmetricProperty . <x/1> hk:p <x/2>, 'text' .",
        ["<x/2> hk:p <x/1>"],
        [],
    ),
    "transitive": (
        "hk:p a owl:TransitiveProperty . <x/1> hk:p <x/2> . <x/2> hk:p <x/3> . <x/3> hk:p <x/4> .",
        ["<x/1> hk:p <x/4>"],
        ["<x/2> hk:p <x/1>"],
    ),
    "property-chain-2": (
        "hk:r owl:propertyChainAxiom ( hk:p hk:q ) . <x/1> hk:p [ hk:q <x/3> ] .",
        ["<x/1> hk:r <x/3>"],
        [],
    ),
    "property-chain-3": (
        "hk:r owl:propertyChainAxiom ( hk:p hk:q hk:p ) ."
        " <x/1> hk:p <x/2> . <x/2> hk:q <x/3> . <x/3> hk:p <x/4> .",
        ["<x/1> hk:r <x/4>"],
        ["<x/1> hk:r <x/3>"],
    ),
    "has-value": (
        "hk:A rdfs:subClassOf [ owl:onProperty hk:p ; owl:hasValue 'v' ] . <x/1> a hk:A .",
        ["<x/1> hk:p 'v'"],
        [],
    ),
    "preferred-label": (
        "<x/1> a skos:Concept ; rdfs:label '一'@ja . <x/2> a skos:ConceptScheme ;"
        " rdfs:label '二'@ja .",
        ["<x/1> skos:prefLabel '一'@ja", "<x/2> skos:prefLabel '二'@ja"],
        [],
    ),
    "normalized-value": (
        "<unit/choen> hk:multiplier 1000000000000 ."
        " <observation/a> hk:value 54.7 ; hk:unit <unit/choen> ."
        " <observation/b> hk:value 'many' ; hk:unit <unit/choen> .",
        ["<observation/a> hk:normalizedValue 54700000000000.0"],
        ["<observation/b> hk:normalizedValue ?v"],
    ),
    "replaced-by": (
        "<x/1> dcterms:isReplacedBy <x/2> . <x/2> dcterms:isReplacedBy <x/3> .",
        ["<x/1> dcterms:isReplacedBy <x/3>", "<x/3> dcterms:replaces <x/1>"],
        [],
    ),
    "cube-dataset-structure": (
        "<observation/a> qb:dataSet <dataset/use-rate_age_device> ; hk:indicator <indicator/i> .",
        [
            "<dataset/use-rate_age_device> a qb:DataSet ; dcterms:subject <indicator/i>",
            "<dataset/use-rate_age_device> qb:structure <structure/observation_age_device>",
        ],
        [],
    ),
    "cube-structure": (
        "<dataset/i_age> qb:structure <structure/observation_age> ."
        " hk:age a qb:DimensionProperty . hk:device a qb:DimensionProperty .",
        ["<structure/observation_age> qb:component <component/age>"],
        ["<structure/observation_age> qb:component <component/device>"],
    ),
    "cube-structure-common": (
        "<dataset/i> qb:structure <structure/observation> .",
        [
            "<structure/observation> a qb:DataStructureDefinition ; qb:component <component/unit>",
            "<component/value> a qb:ComponentSpecification ; qb:measure hk:value",
            "<component/source> qb:attribute hk:source ; qb:componentRequired false",
            "<component/period> qb:dimension hk:period",
        ],
        [],
    ),
    "cube-component": (
        "<structure/observation_age> qb:component <component/age> ."
        " hk:age a qb:DimensionProperty . hk:device a qb:DimensionProperty .",
        ["<component/age> a qb:ComponentSpecification ; qb:dimension hk:age"],
        ["<component/age> qb:dimension hk:device"],
    ),
    "cube-slice": (
        "<series/i_JP> qb:observation <observation/a> ."
        " <observation/a> hk:indicator <indicator/i> ; qb:dataSet <dataset/i> ."
        " <dataset/i> qb:structure <structure/observation> .",
        [
            "<dataset/i> qb:slice <series/i_JP> . <series/i_JP> dcterms:subject <indicator/i>",
            "<series/i_JP> a qb:Slice ; qb:sliceStructure <slice-key/observation>",
            "<structure/observation> qb:sliceKey <slice-key/observation>",
        ],
        [],
    ),
    "cube-slice-key": (
        "<series/i_JP> qb:observation <observation/a> ; qb:sliceStructure <slice-key/observation> ."
        " <observation/a> hk:area <area/JP> ; hk:period <period/2024> ."
        " hk:area a qb:DimensionProperty . hk:period a qb:DimensionProperty .",
        [
            "<slice-key/observation> a qb:SliceKey ; qb:componentProperty hk:area",
            "<series/i_JP> hk:area <area/JP>",
        ],
        ["<series/i_JP> hk:period <period/2024>"],
    ),
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_what_a_rule_says_follows(case: str) -> None:
    given, follow, not_follow = FOLLOWS[case]
    store = store_of(given)
    infer(store)
    assert holds(store, *follow) == [True] * len(follow)
    assert holds(store, *not_follow) == [False] * len(not_follow)


def test_every_rule_of_patterns_has_a_case() -> None:
    named = set(FOLLOWS) | {"scheme-label", "replaces", "inverse-of-inverse"}
    named |= {f"{name}-transitive" for name in ("subclass", "subproperty")}
    assert {rule.name for rule in rules() if rule.stage == 1} <= named


def test_the_ontology_itself_closes_the_hierarchies_of_challenges_and_parts() -> None:
    store = store_of(
        "<challenge/a> skos:broader <challenge/b> ."
        " <challenge/c> skos:narrower <challenge/b> ; skos:related <challenge/d> ."
        " <challenge/c> skos:topConceptOf <scheme/challenge> ."
        " <part/s> hk:partOf <part/c> . <part/c> hk:partOf <whitepaper/r07> ."
        " <link/l> hk:subject <policy/p> ; hk:relation hk:addresses ;"
        " hk:object <challenge/a> ."
    )
    for path in files.modules():
        store.load(path=path, format=RdfFormat.TURTLE)
    infer(store)
    facts = (
        "<challenge/a> skos:broaderTransitive <challenge/c>",
        "<challenge/c> skos:narrowerTransitive <challenge/a>",
        "<challenge/b> skos:narrower <challenge/a> ; skos:broader <challenge/c>",
        "<challenge/d> skos:related <challenge/c>",
        "<challenge/c> skos:inScheme <scheme/challenge>",
        "<scheme/challenge> skos:hasTopConcept <challenge/c>",
        "<part/s> hk:within <part/c>, <whitepaper/r07>",
        "<challenge/a> hk:addressedBy <policy/p>",
        "<policy/p> hk:concerns <challenge/a>, <challenge/b>, <challenge/c>",
    )
    assert dict(zip(facts, holds(store, *facts), strict=True)) == dict.fromkeys(facts, True)
    assert holds(store, "<challenge/a> skos:broader <challenge/c>") == [False]
    assert inconsistencies(store) == []


CLASHES = {
    "disjoint-classes": "hk:A owl:disjointWith hk:B . <x/1> a hk:A, hk:B .",
    "all-disjoint-classes": "[] a owl:AllDisjointClasses ; owl:members ( hk:A hk:B hk:C ) ."
    " <x/1> a hk:A, hk:C .",
    "nothing": "<x/1> a owl:Nothing .",
    "functional": "hk:p a owl:FunctionalProperty . <x/1> hk:p <x/2>, <x/3> . <x/4> hk:p 1, 1.0 .",
    "inverse-functional": "hk:p a owl:InverseFunctionalProperty ."
    " <x/2> hk:p <x/1> . <x/3> hk:p <x/1> .",
    "irreflexive": "hk:p a owl:IrreflexiveProperty . <x/1> hk:p <x/1> .",
    "asymmetric": "hk:p a owl:AsymmetricProperty . <x/1> hk:p <x/2> . <x/2> hk:p <x/1> .",
    "disjoint-properties": "hk:p owl:propertyDisjointWith hk:q . <x/1> hk:p 'v' ; hk:q 'v' .",
    "different-from": "<x/1> owl:differentFrom <x/2> . <x/2> owl:sameAs <x/1> .",
    "loop": "<x/1> skos:broaderTransitive <x/1> .",
    "related-and-broader": "<x/1> skos:related <x/2> ; skos:broaderTransitive <x/2> .",
    "two-preferred-labels": "<x/1> skos:prefLabel '一'@ja, '壱'@ja, 'one'@en .",
}


@pytest.mark.parametrize("rule", CLASHES)
def test_an_inconsistency_names_the_node_in_both_languages(rule: str) -> None:
    found = inconsistencies(store_of(CLASHES[rule]))
    assert [(clash.rule, clash.node) for clash in found] == [(rule, "x/1")]
    assert found[0].message_ja.isascii() is False
    assert "x/1" in found[0].message_ja and "x/1" in found[0].message_en


def test_every_inconsistency_has_a_case() -> None:
    assert set(CLASHES) == {path.stem for path in files.inconsistencies()}


def test_a_term_is_expanded_as_the_rules_write_it() -> None:
    assert rules()[0].patterns[0][1] == expand("hk:subject")
