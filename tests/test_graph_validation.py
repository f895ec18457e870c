"""Validation: its findings, in order and in words, whatever form the data has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from hakusho.graph.errors import UnusableShapes
from hakusho.graph.names import HKID, PREFIXES, graph
from hakusho.graph.validation.findings import Finding, Severity
from hakusho.graph.validation.full import validate
from hakusho.loaders.edition import EditionDataset
from hakusho.ontology import files

HEADER = f"BASE <{HKID}>\n" + "".join(
    f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()
)
VALID = next(path for path in files.examples() if path.parts[-2:] == ("policy", "valid.ttl"))
PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd221000.html"
LEADERLESS = f"""
    <policy/leaderless> a hk:Policy ; rdfs:label "施策"@ja, "Policy"@en ;
      dcterms:description "概要。"@ja, "Summary."@en ; hk:kind <policy-kind/programme> ;
      hk:status <policy-status/ongoing> ; hk:evidenceKind <evidence-kind/edition> ;
      hk:describedIn <part/r07-p2-c2-s5> ; hk:adresses <challenge/x> ;
      hk:page <{PAGE}> .
"""


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(HEADER + turtle, format=RdfFormat.TURTLE)]


def beside_the_valid(turtle: str) -> list[Triple]:
    known = [quad.triple for quad in parse(path=VALID, format=RdfFormat.TURTLE)]
    return known + triples(turtle)


def shapes(turtle: str) -> bytes:
    return serialize(triples(turtle), format=RdfFormat.N_TRIPLES) or b""


def test_a_finding_says_node_shape_and_the_way_to_mend_it() -> None:
    lead, unknown = sorted(
        validate(beside_the_valid(LEADERLESS)), key=lambda finding: finding.constraint == "closed"
    )
    assert lead == Finding(
        node=f"{HKID}policy/leaderless",
        shape=f"{PREFIXES['hks']}policy-lead-organization",
        constraint="min-count",
        path=f"{PREFIXES['hk']}ledBy",
        value=None,
        severity="violation",
        message_ja="主担当組織がちょうど一つ示されていないか、登録された組織ではありません",
        message_en="has no single lead organization that is a known organization",
        hint_ja="lead_org_id 列に organizations の表にある組織の id を一つ"
        "記入してください（例：mic）。",
        hint_en="Put the id of one row of the table organizations into lead_org_id, such as mic.",
    )
    assert (unknown.shape, unknown.constraint) == (f"{PREFIXES['hks']}policy", "closed")
    assert unknown.message_ja == "施策に使えないプロパティ又は列 hk:adresses があります"
    assert unknown.message_en == "has hk:adresses, which no policy can have"


def test_a_misspelt_property_is_told_the_nearest_one() -> None:
    found = [finding for finding in validate(beside_the_valid(LEADERLESS)) if finding.nearest]
    assert [finding.path for finding in found] == [f"{PREFIXES['hk']}adresses"]
    assert found[0].nearest[0] == f"{PREFIXES['hk']}addresses"


def test_triples_quads_and_text_give_the_same_findings() -> None:
    facts = beside_the_valid(LEADERLESS)
    quads = [
        Quad(fact.subject, fact.predicate, fact.object, graph(name))
        for name in ("r07", "submission-1")
        for fact in facts
    ]
    text = serialize(facts, format=RdfFormat.N_TRIPLES)
    assert text is not None
    assert validate(facts) == validate(quads) == validate(text)


def test_findings_come_worst_first_and_then_by_node() -> None:
    found = validate(
        beside_the_valid(
            """
            <organization/b> a hk:Organization ; rdfs:label "乙"@ja .
            <organization/a> a hk:Organization ; rdfs:label "甲"@ja .
            """
        )
    )
    severities: list[Severity] = [finding.severity for finding in found]
    assert severities == ["violation"] * 6 + ["warning"] * 2
    nodes = [finding.node.removeprefix(f"{HKID}organization/") for finding in found]
    assert nodes == ["a"] * 3 + ["b"] * 3 + ["a", "b"]


def test_messages_name_the_value_in_question() -> None:
    found = validate(
        beside_the_valid(
            f"""
            <policy/backwards> a hk:Policy ; rdfs:label "逆順"@ja, "Backwards"@en ;
              dcterms:description "概要。"@ja, "Summary."@en ; hk:kind <policy-kind/programme> ;
              hk:status <policy-status/ongoing> ; hk:ledBy <organization/mic> ;
              hk:evidenceKind <evidence-kind/edition> ; hk:describedIn <part/r07-p2-c2-s5> ;
              hk:startDate <period/FY2025> ; hk:endDate <period/2024-05> ;
              hk:page <{PAGE}> .
            """
        )
    )
    assert [finding.message_en for finding in found] == ["starts, in period/FY2025, after it ends"]
    assert found[0].message_ja == "開始時期 period/FY2025 が終了時期より後です"


SPELT = """
    hks:answer a sh:NodeShape ; sh:targetClass hk:Answer ; sh:property hks:answer-text .
    hks:answer-text a sh:PropertyShape ; sh:path hk:text ; sh:in ( "yes"%s "no"%s ) .
"""


@pytest.mark.parametrize("in_shapes", ["", "^^xsd:string"])
@pytest.mark.parametrize("in_data", ["", "^^xsd:string"])
def test_a_string_is_the_same_with_and_without_its_datatype(in_shapes: str, in_data: str) -> None:
    asked = shapes(SPELT % (in_shapes, in_shapes))
    data = f"<a/1> a hk:Answer ; hk:text 'yes'{in_data} . <a/2> a hk:Answer ; hk:text 'perhaps' ."
    found = validate(triples(data), shapes=asked)
    assert [(finding.node, finding.value) for finding in found] == [(f"{HKID}a/2", "perhaps")]


def test_numbers_are_judged_as_they_came_in() -> None:
    asked = shapes(
        """
        hks:answer a sh:NodeShape ; sh:targetClass hk:Answer ; sh:property hks:answer-number .
        hks:answer-number a sh:PropertyShape ; sh:path hk:number ; sh:datatype xsd:int .
        """
    )
    data = "<a/1> a hk:Answer ; hk:number '7'^^xsd:int . <a/2> a hk:Answer ; hk:number 7 ."
    found = validate(triples(data), shapes=asked)
    assert [finding.node for finding in found] == [f"{HKID}a/2"]


@pytest.mark.parametrize(
    "target",
    [
        "sh:targetClass hk:Answer",
        "sh:targetNode <a/1>, <a/2>",
        "sh:targetSubjectsOf hk:next",
        "sh:targetObjectsOf hk:next",
    ],
)
def test_a_query_is_asked_of_each_target_of_its_shape(target: str) -> None:
    asked = shapes(
        f"""
        hks:answer a sh:NodeShape ; {target} ; sh:sparql hks:answer-query ;
          sh:message "番号 {{?value}}"@ja, "number {{?value}}"@en ; sh:severity sh:Info .
        hks:answer-query sh:prefixes hks: ;
          sh:select "SELECT $this ?value WHERE {{ $this hk:number ?value }}" .
        hks: sh:declare [ sh:prefix "hk" ; sh:namespace "{PREFIXES["hk"]}"^^xsd:anyURI ] .
        """
    )
    data = """
        hk:Short rdfs:subClassOf hk:Answer .
        <a/1> a hk:Short ; hk:number 7 ; hk:next <a/2> .
        <a/2> a hk:Answer ; hk:next <a/1> .
    """
    found = validate(triples(data), shapes=asked)
    assert [(finding.node, finding.severity, finding.message_en) for finding in found] == [
        (f"{HKID}a/1", "info", "number 7")
    ]


def test_shapes_that_are_none_are_refused() -> None:
    broken = shapes("hks:answer a sh:PropertyShape ; sh:targetClass hk:Answer .")
    with pytest.raises(UnusableShapes, match="the shapes cannot be run: "):
        validate(triples("<a/1> a hk:Answer ."), shapes=broken)


def test_threads_do_not_disturb_each_other() -> None:
    broken, sound = beside_the_valid(LEADERLESS), beside_the_valid("")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(validate, [broken, sound] * 3))
    assert found == [validate(broken), []] * 3


@pytest.mark.slow
def test_the_packaged_edition_passes(packaged: EditionDataset) -> None:
    quads = (quad for quad in packaged.quads if quad.graph_name != graph("provenance"))
    assert validate(quads) == []
