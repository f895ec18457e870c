"""The hygiene of the ontology: each rule finds its fault, and the files have none."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from hakusho.graph.names import PREFIXES
from hakusho.ontology import files
from hakusho.ontology.hygiene import faults, faults_of, ontology_store

HEADER = "BASE <https://w3id.org/hakusho/>\n" + "".join(
    f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()
)


def store_of(trig: str) -> Store:
    """Gives what a text in TriG says, in its graphs and in the default graph."""
    store = Store()
    for quad in parse(HEADER + trig, format=RdfFormat.TRIG):
        for place in (quad.graph_name, DefaultGraph()):
            store.add(Quad(quad.subject, quad.predicate, quad.object, place))
    return store


BROKEN = {
    "broader-in-another-scheme": (
        "<id/age/20s> skos:inScheme <id/scheme/age> ; skos:broader <id/device/pc> ."
        " <id/device/pc> skos:inScheme <id/scheme/device> .",
        ["age/20s"],
    ),
    "class-below-itself": (
        "hk:A rdfs:subClassOf hk:B . hk:B rdfs:subClassOf hk:A .",
        ["A", "B"],
    ),
    "concept-label-not-unique": (
        "<id/age/20s> skos:inScheme <id/scheme/age> ; rdfs:label '20代'@ja ."
        " <id/age/30s> skos:inScheme <id/scheme/age> ; rdfs:label '20代'@ja .",
        ["age/20s"],
    ),
    "concept-name": (
        "<id/age/20_s> skos:inScheme <id/scheme/age> . <id/a/b> skos:inScheme <id/scheme/age> .",
        ["a/b", "age/20_s"],
    ),
    "concept-out-of-reach": (
        "<id/age/20s> a skos:Concept ; skos:inScheme <id/scheme/age> ; skos:broader <id/age/all> .",
        ["age/20s"],
    ),
    "concept-without-scheme": (
        "<id/age/20s> a skos:Concept ; skos:inScheme <id/scheme/age> .",
        ["age/20s"],
    ),
    "cube-ic-01-unique-data-set": (
        "<id/o/1> a qb:Observation . <id/o/2> a qb:Observation ; qb:dataSet hk:d, hk:e .",
        ["o/1", "o/2"],
    ),
    "cube-ic-02-unique-structure": (
        "<id/d/1> a qb:DataSet . <id/d/2> a qb:DataSet ; qb:structure hk:s, hk:t .",
        ["d/1", "d/2"],
    ),
    "cube-ic-03-structure-includes-measure": (
        "<id/s/1> a qb:DataStructureDefinition ; qb:component [ qb:componentProperty hk:age ] .",
        ["s/1"],
    ),
    "cube-ic-04-dimension-has-range": ("hk:age a qb:DimensionProperty .", ["age"]),
    "cube-ic-05-concept-dimension-has-code-list": (
        "hk:age a qb:DimensionProperty ; rdfs:range skos:Concept .",
        ["age"],
    ),
    "cube-ic-06-only-attributes-optional": (
        "<id/s/1> qb:component"
        " [ qb:componentProperty hk:age ; qb:componentRequired false ],"
        " [ qb:componentProperty hk:source ; qb:componentRequired false ] ."
        " hk:source a qb:AttributeProperty .",
        ["age"],
    ),
    "cube-ic-07-slice-key-declared": ("<id/k/1> a qb:SliceKey .", ["k/1"]),
    "cube-ic-08-slice-key-consistent": (
        "<id/s/1> a qb:DataStructureDefinition ; qb:sliceKey <id/k/1> ."
        " <id/k/1> qb:componentProperty hk:age .",
        ["k/1"],
    ),
    "cube-ic-09-unique-slice-structure": (
        "<id/c/1> a qb:Slice . <id/c/2> a qb:Slice ; qb:sliceStructure hk:k, hk:l .",
        ["c/1", "c/2"],
    ),
    "cube-ic-10-slice-dimensions-complete": (
        "<id/c/1> qb:sliceStructure [ qb:componentProperty hk:age ] .",
        ["c/1"],
    ),
    "cube-ic-11-dimensions-required": (
        "<id/o/1> qb:dataSet [ qb:structure [ qb:component [ qb:componentProperty hk:age ] ] ] ."
        " hk:age a qb:DimensionProperty .",
        ["o/1"],
    ),
    "cube-ic-12-no-duplicate-observations": (
        "<id/d/1> qb:structure [ qb:component [ qb:componentProperty hk:age ],"
        " [ qb:componentProperty hk:area ] ] ."
        " hk:age a qb:DimensionProperty . hk:area a qb:DimensionProperty ."
        " <id/o/1> qb:dataSet <id/d/1> ; hk:age hk:a20 ; hk:area hk:JP ."
        " <id/o/2> qb:dataSet <id/d/1> ; hk:area hk:JP ; hk:age hk:a20 ."
        " <id/o/3> qb:dataSet <id/d/1> ; hk:area hk:JP ; hk:age hk:a30 .",
        ["o/1"],
    ),
    "cube-ic-13-required-attributes": (
        "<id/o/1> qb:dataSet [ qb:structure [ qb:component"
        " [ qb:componentProperty hk:unit ; qb:componentRequired true ] ] ] .",
        ["o/1"],
    ),
    "cube-ic-14-measures-present": (
        "<id/o/1> qb:dataSet [ qb:structure [ qb:component [ qb:componentProperty hk:value ] ] ] ."
        " hk:value a qb:MeasureProperty .",
        ["o/1"],
    ),
    "cube-ic-15-measure-dimension-consistent": (
        "<id/o/1> qb:measureType hk:value ; qb:dataSet"
        " [ qb:structure [ qb:component [ qb:componentProperty qb:measureType ] ] ] .",
        ["o/1"],
    ),
    "cube-ic-16-single-measure": (
        "<id/o/1> qb:measureType hk:value ; hk:value 1 ; hk:share 2 ; qb:dataSet [ qb:structure"
        " [ qb:component [ qb:componentProperty qb:measureType, hk:value, hk:share ] ] ] ."
        " hk:value a qb:MeasureProperty . hk:share a qb:MeasureProperty .",
        ["o/1"],
    ),
    "cube-ic-17-all-measures-observed": (
        "<id/d/1> qb:structure [ qb:component"
        " [ qb:componentProperty qb:measureType, hk:value, hk:share, hk:age ] ] ."
        " hk:value a qb:MeasureProperty . hk:share a qb:MeasureProperty ."
        " hk:age a qb:DimensionProperty . qb:measureType a qb:DimensionProperty ."
        " <id/o/1> qb:dataSet <id/d/1> ; hk:age hk:a20 ; qb:measureType hk:value ."
        " <id/o/2> qb:dataSet <id/d/1> ; hk:age hk:a20 ; qb:measureType hk:share ."
        " <id/o/3> qb:dataSet <id/d/1> ; hk:age hk:a30 ; qb:measureType hk:value .",
        ["o/3"],
    ),
    "cube-ic-18-data-set-links-consistent": (
        "<id/d/1> qb:slice [ qb:observation <id/o/1> ] . <id/o/1> qb:dataSet <id/d/2> .",
        ["o/1"],
    ),
    "cube-ic-19-codes-from-code-list": (
        "<id/o/1> hk:age <id/age/20s> ; hk:device <id/device/pc> ; qb:dataSet [ qb:structure"
        " [ qb:component [ qb:componentProperty hk:age, hk:device ] ] ] ."
        " hk:age a qb:DimensionProperty ; qb:codeList <id/scheme/age> ."
        " hk:device a qb:DimensionProperty ; qb:codeList <id/collection/device> ."
        " <id/scheme/age> a skos:ConceptScheme . <id/age/30s> a skos:Concept ;"
        " skos:inScheme <id/scheme/age> ."
        " <id/collection/device> a skos:Collection ; skos:member <id/device/pc> .",
        ["o/1"],
    ),
    "cube-ic-20-codes-from-hierarchy": (
        "<id/o/1> hk:area <id/area/XX> ; qb:dataSet [ qb:structure"
        " [ qb:component [ qb:componentProperty hk:area ] ] ] ."
        " hk:area a qb:DimensionProperty ; qb:codeList <id/list/area> ."
        " <id/list/area> a qb:HierarchicalCodeList ; qb:parentChildProperty skos:narrower ;"
        " qb:hierarchyRoot <id/area/JP> . <id/area/JP> skos:narrower <id/area/JP-13> .",
        ["o/1"],
    ),
    "cube-ic-21-codes-from-inverse-hierarchy": (
        "<id/o/1> hk:area <id/area/XX> ; qb:dataSet [ qb:structure"
        " [ qb:component [ qb:componentProperty hk:area ] ] ] ."
        " <id/o/2> hk:area <id/area/JP-13> ; qb:dataSet [ qb:structure"
        " [ qb:component [ qb:componentProperty hk:area ] ] ] ."
        " hk:area a qb:DimensionProperty ; qb:codeList <id/list/area> ."
        " <id/list/area> a qb:HierarchicalCodeList ;"
        " qb:parentChildProperty [ owl:inverseOf skos:broader ] ;"
        " qb:hierarchyRoot <id/area/JP> . <id/area/JP-13> skos:broader <id/area/JP> .",
        ["o/1"],
    ),
    "declared-outside-its-module": (
        "<ontology/policy> { hk:Area a owl:Class ; rdfs:isDefinedBy <ontology/indicator> }",
        ["Area"],
    ),
    "definition-in-a-circle": (
        "hk:Policy a owl:Class ; rdfs:label 'policy'@en, '施策'@ja ;"
        " skos:definition 'A policy of a state.'@en .",
        ["Policy"],
    ),
    "definition-not-unique": (
        "hk:A skos:definition 'Same.'@en . hk:B skos:definition 'Same.'@en .",
        ["A"],
    ),
    "definition-without-stop": (
        "hk:A skos:definition 'Ends'@en, '終わり。'@ja . hk:B skos:definition '終わり'@ja .",
        ["A", "B"],
    ),
    "deprecated-in-use": (
        "hk:old owl:deprecated true . hk:A rdfs:subClassOf hk:old .",
        ["old"],
    ),
    "deprecated-without-advice": (
        "hk:old owl:deprecated true ; skos:historyNote 'Use hk:new.'@en .",
        ["old"],
    ),
    "domain-or-range-not-a-class": ("hk:p rdfs:domain hk:A ; rdfs:range xsd:date .", ["p"]),
    "english-with-japanese": ("hk:A rdfs:label '施策 policy'@en .", ["A"]),
    "import-missing": (
        "<ontology/a> { <ontology/a> a owl:Ontology . hk:x hk:p hk:y }"
        " <ontology/b> { <ontology/b> a owl:Ontology . hk:p rdfs:isDefinedBy <ontology/b> }",
        ["https://w3id.org/hakusho/ontology/a"],
    ),
    "import-unknown": (
        "<ontology> { <ontology> a owl:Ontology ; owl:imports <ontology/missing> }",
        ["https://w3id.org/hakusho/ontology"],
    ),
    "imports-in-a-circle": (
        "<ontology/a> owl:imports <ontology/b> . <ontology/b> owl:imports <ontology/a> .",
        ["https://w3id.org/hakusho/ontology/a", "https://w3id.org/hakusho/ontology/b"],
    ),
    "inverse-not-mirrored": (
        "hk:p owl:inverseOf hk:q ; rdfs:domain hk:A . hk:q rdfs:range hk:B .",
        ["p"],
    ),
    "japanese-without-japanese": ("hk:A skos:definition 'Not Japanese.'@ja .", ["A"]),
    "label-not-unique": (
        "hk:A a owl:Class ; rdfs:label 'Same'@en . hk:p a owl:ObjectProperty ;"
        " rdfs:label 'same'@en .",
        ["A"],
    ),
    "module-not-imported": (
        "<ontology/a> { <ontology/a> a owl:Ontology }",
        ["https://w3id.org/hakusho/ontology/a"],
    ),
    "name-form": (
        "hk:policy a owl:Class . hk:Addresses a owl:ObjectProperty . hk:led-by a owl:Class .",
        ["Addresses", "led-by", "policy"],
    ),
    "no-definition": ("hk:A a owl:Class ; skos:definition '定義。'@ja .", ["A"]),
    "no-label": ("hk:A a owl:Class ; rdfs:label '名'@ja .", ["A"]),
    "no-range": ("hk:p a owl:ObjectProperty .", ["p"]),
    "no-text": (
        "<id/age/20s> a skos:Concept ; rdfs:label '20代'@ja . foaf:Agent a owl:Class ;"
        " rdfs:label '主体'@ja, 'agent'@en . <id/scheme/age> a skos:ConceptScheme ;"
        " rdfs:label '年齢'@ja, 'age'@en .",
        ["age/20s", "scheme/age"],
    ),
    "not-defined-by-its-module": (
        "hk:A a owl:Class . hk:B a owl:Class ; rdfs:isDefinedBy <ontology/a>, <ontology/b> ."
        " <ontology/a> a owl:Ontology .",
        ["A", "B"],
    ),
    "not-simple": (
        "hk:p a owl:TransitiveProperty . hk:p rdfs:subPropertyOf hk:q ."
        " hk:q a owl:FunctionalProperty .",
        ["q"],
    ),
    "ontology-header": (
        "<ontology/a> a owl:Ontology ; dcterms:title '題'@ja, 'title'@en ;"
        " dcterms:description '概要'@ja ; dcterms:license <licence> ."
        " <ontology/b> a owl:Ontology ; dcterms:title '題'@ja, 'title'@en ;"
        " dcterms:description '概要'@ja, 'description'@en .",
        ["https://w3id.org/hakusho/ontology/a", "https://w3id.org/hakusho/ontology/b"],
    ),
    "replaced-by-nothing": (
        "hk:old owl:deprecated true ; dcterms:isReplacedBy hk:new .",
        ["old"],
    ),
    "text-without-language": ("hk:A rdfs:label 'A', 'A'@fr, 'A'@en .", ["A"]),
    "two-definitions": ("hk:A skos:definition 'One.'@en, 'Two.'@en .", ["A"]),
    "two-kinds-of-property": ("hk:p a owl:ObjectProperty, owl:DatatypeProperty .", ["p"]),
    "two-labels": ("hk:A rdfs:label 'One'@en, 'Two'@en .", ["A"]),
    "undeclared-property": ("hk:A foaf:name 'A' .", ["http://xmlns.com/foaf/0.1/name"]),
    "undeclared-term": (
        "hk:A a owl:Class ; rdfs:subClassOf hk:B .",
        ["B"],
    ),
    "undescribed-thing": ("hk:A rdfs:seeAlso <id/age/20s> .", ["age/20s"]),
    "unit-conversion": (
        "<id/unit/yen> a hk:Unit ; hk:baseUnit <id/unit/yen> ; hk:multiplier 1 ."
        " <id/unit/a> a hk:Unit ; hk:multiplier 100 ."
        " <id/unit/b> a hk:Unit ; hk:baseUnit <id/unit/yen> ."
        " <id/unit/c> a hk:Unit ; hk:multiplier 10 ; hk:baseUnit <id/unit/a> ."
        " <id/unit/d> a hk:Unit ; hk:multiplier 10 ; hk:baseUnit <id/unit/d> .",
        ["unit/a", "unit/b", "unit/c", "unit/d"],
    ),
    "untidy-text": (
        "hk:A rdfs:label ' A'@en . hk:B rdfs:label 'b  c'@en . hk:C rdfs:label ''@en .",
        ["A", "B", "C"],
    ),
    "wide-letters": ("hk:A rdfs:label 'ＡＩ'@ja . hk:B rdfs:label 'ｶﾅ'@ja .", ["A", "B"]),
}


@pytest.mark.parametrize("path", files.checks(), ids=lambda path: path.stem)
def test_a_rule_says_what_it_is_for_and_finds_its_fault(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    trig, nodes = BROKEN[path.stem]
    found = faults_of(path, store_of(trig))
    names = [
        fault.node.removeprefix(PREFIXES["hkid"]).removeprefix(PREFIXES["hk"]) for fault in found
    ]
    assert sorted(set(names)) == nodes
    for fault, name in zip(found, names, strict=True):
        assert name in fault.message_ja and not fault.message_ja.isascii()
        assert name in fault.message_en


def test_every_case_is_of_a_rule() -> None:
    assert set(BROKEN) == {path.stem for path in files.checks()}


def test_the_ontology_has_no_fault() -> None:
    assert [fault.message_en for fault in faults()] == []


def test_each_file_of_the_ontology_is_a_graph_of_its_own() -> None:
    graphs = {graph.value for graph in ontology_store().named_graphs()}
    assert {f"https://w3id.org/hakusho/ontology/{path.stem}" for path in files.modules()} <= graphs
