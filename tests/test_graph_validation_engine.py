"""The engine of shapes finds what pyshacl finds: component by component, and on our own shapes."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Final

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize

from hakusho.graph.errors import UnusableShapes
from hakusho.graph.names import HKID, PREFIXES, SHAPES, expand, graph
from hakusho.graph.validation.components import PARAMETERS
from hakusho.graph.validation.findings import Finding
from hakusho.graph.validation.full import shapes_text, validate
from hakusho.graph.validation.reference import by_pyshacl
from hakusho.loaders.edition import EditionDataset
from hakusho.ontology import files

HEADER = f"BASE <{HKID}>\n" + "".join(
    f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()
)

# Each parameter of a constraint: what a shape says by it, what is said of a thing that passes, and
# of each thing that does not.
Row = tuple[str, str, tuple[str, ...]]

SEEDED: Final[dict[str, Row]] = {
    "minCount": ("sh:path hk:p ; sh:minCount 2", "hk:p 1, 2", ("hk:p 1", "hk:q 1, 2")),
    "maxCount": ("sh:path hk:p ; sh:maxCount 1", "hk:p 1", ("hk:p 1, 2",)),
    "class": (
        "sh:path hk:p ; sh:class hk:Policy",
        "hk:p <law>, <act>",
        ("hk:p <organization/mic>", "hk:p 'x'", "hk:p _:b"),
    ),
    "datatype": (
        "sh:path hk:p ; sh:datatype xsd:date",
        "hk:p '2024-02-29'^^xsd:date",
        (
            "hk:p '2026-02-31'^^xsd:date",
            "hk:p '2026-05-99'^^xsd:date",
            "hk:p '2024-02-29'",
            "hk:p 2024",
            "hk:p <x>",
            "hk:p '31 May'^^xsd:date",
        ),
    ),
    "nodeKind": ("sh:path hk:p ; sh:nodeKind sh:IRI", "hk:p <x>", ("hk:p 'x'", "hk:p [ hk:q 1 ]")),
    "minExclusive": ("sh:path hk:p ; sh:minExclusive 1", "hk:p 1.5", ("hk:p 1, 0.5", "hk:p 'x'")),
    "minInclusive": ("sh:path hk:p ; sh:minInclusive 1", "hk:p 1", ("hk:p 0.5", "hk:p <x>")),
    "maxExclusive": (
        "sh:path hk:p ; sh:maxExclusive '2025-04-01'^^xsd:date",
        "hk:p '2025-03-31'^^xsd:date",
        ("hk:p '2025-04-01'^^xsd:date",),
    ),
    "maxInclusive": ("sh:path hk:p ; sh:maxInclusive 100", "hk:p 100", ("hk:p 100.1, 99",)),
    "minLength": ("sh:path hk:p ; sh:minLength 2", "hk:p '二字', <x>", ("hk:p '字'", "hk:p _:c")),
    "maxLength": ("sh:path hk:p ; sh:maxLength 2", "hk:p '二字', 83", ("hk:p '三文字'@ja",)),
    "pattern": (
        "sh:path hk:p ; sh:pattern '^[a-z]+$' ; sh:flags 'i'",
        "hk:p 'Abc'",
        ("hk:p 'a1'", "hk:p '甲'@ja", "hk:p 7", "hk:p _:d"),
    ),
    "languageIn": (
        "sh:path hk:p ; sh:languageIn ( 'ja' 'en' )",
        "hk:p '甲'@ja, 'a'@en-GB",
        ("hk:p 'a'", "hk:p 'a'@fr", "hk:p <x>"),
    ),
    "uniqueLang": (
        "sh:path hk:p ; sh:uniqueLang true",
        "hk:p 'a'@en, '甲'@ja, 'x', 'y'",
        ("hk:p 'a'@en, 'b'@en", "hk:p '甲'@ja, '乙'@ja, 'a'@en"),
    ),
    "equals": (
        "sh:path hk:p ; sh:equals hk:q",
        "hk:p 1, 2 ; hk:q 2, 1",
        ("hk:p 1", "hk:p 1 ; hk:q 2"),
    ),
    "disjoint": ("sh:path hk:p ; sh:disjoint hk:q", "hk:p 1 ; hk:q 2", ("hk:p 1, 2 ; hk:q 2",)),
    "lessThan": ("sh:path hk:p ; sh:lessThan hk:q", "hk:p 1 ; hk:q 2", ("hk:p 2 ; hk:q 2",)),
    "lessThanOrEquals": (
        "sh:path hk:p ; sh:lessThanOrEquals hk:q",
        "hk:p 2 ; hk:q 2",
        ("hk:p 3 ; hk:q 2", "hk:p 3 ; hk:q 'x'"),
    ),
    "not": ("sh:not [ sh:path hk:p ; sh:minCount 1 ]", "hk:q 1", ("hk:p 1",)),
    "and": (
        "sh:and ( [ sh:path hk:p ; sh:minCount 1 ] [ sh:path hk:q ; sh:minCount 1 ] )",
        "hk:p 1 ; hk:q 1",
        ("hk:p 1",),
    ),
    "or": (
        "sh:path hk:p ; sh:or ( [ sh:class hk:Policy ] [ sh:datatype xsd:string ] )",
        "hk:p <law>, 'x'",
        ("hk:p 1, 'x'",),
    ),
    "xone": (
        "sh:xone ( [ sh:path hk:p ; sh:minCount 1 ] [ sh:path hk:q ; sh:minCount 1 ] )",
        "hk:p 1",
        ("hk:p 1 ; hk:q 1", "hk:x 1"),
    ),
    "node": (
        "sh:path hk:p ; sh:node [ sh:property [ sh:path hk:q ; sh:hasValue 1 ] ]",
        "hk:p [ hk:q 1 ]",
        ("hk:p <x>", "hk:p 'x'"),
    ),
    "property": (
        "sh:path hk:p ; sh:property hks:seeded-inner",
        "hk:p <law>",
        ("hk:p <organization/mic>",),
    ),
    "qualifiedMinCount": (
        "sh:path hk:p ; sh:qualifiedValueShape [ sh:languageIn ( 'ja' ) ] ; sh:qualifiedMinCount 1",
        "hk:p '甲'@ja, 'a'@en",
        ("hk:p 'a'@en", "hk:q 1"),
    ),
    "qualifiedMaxCount": (
        "sh:path hk:p ; sh:qualifiedValueShape [ sh:class hk:Policy ] ; sh:qualifiedMaxCount 1",
        "hk:p <law>, <x>",
        ("hk:p <law>, <act>",),
    ),
    "closed": (
        "sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path hk:p ]",
        "hk:p 1",
        ("hk:p 1 ; hk:q 1, 2 ; hk:r 'x'@ja",),
    ),
    "hasValue": ("sh:path hk:p ; sh:hasValue 'x'", "hk:p 'x', 'y'", ("hk:p 'y'", "hk:q 'x'")),
    "in": ("sh:path hk:p ; sh:in ( <x> 'x' 1 )", "hk:p <x>, 'x', 1", ("hk:p 'y', 2, 'x'@ja",)),
    "sparql": (
        "sh:sparql [ sh:prefixes hks: ; sh:select '''SELECT $this ?path ?value WHERE {"
        " $this ?path ?value . ?value a hk:Act . FILTER(?path != hk:q)"
        " FILTER NOT EXISTS { $this hk:r ?any } }''' ]",
        "hk:q <law> ; hk:p 1",
        ("hk:p <law>, <act>",),
    ),
}
PATHS: Final[dict[str, Row]] = {
    "inverse": ("[ sh:inversePath hk:p ]", "hk:x <x> . <y> hk:p {0}", ("hk:x <x>",)),
    "sequence": ("( hk:p hk:q )", "hk:p [ hk:q 1 ]", ("hk:p [ hk:r 1 ]", "hk:q 1")),
    "alternative": ("[ sh:alternativePath ( hk:p hk:q ) ]", "hk:q 1", ("hk:r 1",)),
    "zero-or-more": (
        "( [ sh:zeroOrMorePath hk:p ] hk:q )",
        "hk:p [ hk:p [ hk:q 1 ] ]",
        ("hk:p [ hk:p <x> ]",),
    ),
    "one-or-more": ("[ sh:oneOrMorePath hk:p ]", "hk:p {0}", ("hk:q {0}",)),
    "zero-or-one": ("( [ sh:zeroOrOnePath hk:p ] hk:q )", "hk:p [ hk:q 1 ]", ("hk:p [ hk:p 1 ]",)),
}
KNOWN = """
    <law> a hk:Act . <act> a hk:Act . hk:Act rdfs:subClassOf hk:Statute .
    hk:Statute rdfs:subClassOf hk:Policy . <organization/mic> a hk:Organization .
"""


def read(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(HEADER + turtle, format=RdfFormat.TURTLE)]


@cache
def seeded() -> tuple[bytes, list[Triple]]:
    """Gives a shape for each row of the tables, and the things that it is about."""
    shapes = [
        f"hks: sh:declare [ sh:prefix 'hk' ; sh:namespace '{PREFIXES['hk']}'^^xsd:anyURI ] .",
        "hks:seeded-inner a sh:PropertyShape ; sh:path rdf:type ; sh:hasValue hk:Act .",
    ]
    data = KNOWN
    rows = dict(SEEDED)
    for name, (path, sound, faulty) in PATHS.items():
        rows[name] = f"sh:path {path} ; sh:minCount 1", sound, faulty
    for name, (constraint, sound, faulty) in rows.items():
        kind = "Property" if "sh:path" in constraint.split("[")[0] else "Node"
        shapes.append(
            f"hks:seeded-{name} a sh:{kind}Shape ; sh:targetClass hk:Seeded-{name} ; {constraint} ."
        )
        for number, said in enumerate((sound, *faulty)):
            thing = f"<{name}/{number}>"
            data += f"{thing} a hk:Seeded-{name} ; {said.replace('{0}', thing)} .\n"
    text = serialize(read("\n".join(shapes)), format=RdfFormat.N_TRIPLES)
    assert text is not None
    return text, read(data)


@cache
def found() -> list[Finding]:
    shapes, data = seeded()
    return validate(data, shapes)


@pytest.mark.parametrize("name", [name for name in (*SEEDED, *PATHS) if name != "property"])
def test_what_does_not_pass_is_found_and_what_passes_is_not(name: str) -> None:
    _, _, faulty = {**SEEDED, **PATHS}[name]
    nodes = {each.node for each in found() if each.shape == f"{SHAPES}seeded-{name}"}
    assert nodes == {f"{HKID}{name}/{number}" for number in range(1, len(faulty) + 1)}


def test_what_a_part_of_a_shape_finds_is_found_on_the_value() -> None:
    [inner] = [each for each in found() if each.shape == f"{SHAPES}seeded-inner"]
    assert (inner.node, inner.constraint) == (f"{HKID}organization/mic", "has-value")


def test_several_properties_can_be_read_backwards_together() -> None:
    # pyshacl goes astray here.
    shape = "hks:s a sh:PropertyShape ; sh:targetClass hk:A ; sh:minCount 1 ; sh:path [ %s ] ."
    text = serialize(read(shape % "sh:inversePath ( hk:p hk:q )"), format=RdfFormat.N_TRIPLES)
    data = read("<one> a hk:A . <two> a hk:A . <y> hk:p [ hk:q <one> ] . <y> hk:q [ hk:p <two> ] .")
    assert [each.node for each in validate(data, text)] == [f"{HKID}two"]


def test_pyshacl_finds_the_same_of_every_component_and_path() -> None:
    shapes, data = seeded()
    assert list(map(comparable, found())) == list(map(comparable, by_pyshacl(data, shapes)))


def comparable(finding: Finding) -> tuple[object, ...]:
    """Gives what two engines can agree on: neither how they call a node that has no name, nor how
    they write a number."""
    value = (finding.value or "").removesuffix(".0")
    value = "_:" if value.startswith("_:") else value
    shape = finding.shape.removeprefix(SHAPES)
    return finding.severity, finding.node, shape, finding.constraint, finding.path, value


def test_every_component_has_a_seeded_fault() -> None:
    assert [name for name in (*PARAMETERS, "property", "sparql") if name not in SEEDED] == []


def test_every_component_that_our_shapes_use_has_a_seeded_fault() -> None:
    store = Store()
    store.load(shapes_text(), format=RdfFormat.N_TRIPLES)
    used = {
        quad.predicate.value.removeprefix(expand("sh:"))
        for quad in store
        if quad.predicate.value.startswith(expand("sh:"))
    }
    said_of_shapes = set(
        "declare description ignoredProperties inversePath message name namespace path prefix "
        "prefixes qualifiedValueShape select severity targetClass targetSubjectsOf".split()
    )
    assert used - said_of_shapes - SEEDED.keys() == set()


UNUSABLE: Final = {
    "a property shape without a path": "hks:s a sh:PropertyShape ; sh:minCount 1",
    "not understood": "hks:s sh:path hk:p ; sh:minCuont 1",
    "no whole number": "hks:s sh:path hk:p ; sh:minCount 'two'",
    "is no path": "hks:s sh:path [ hk:p 1 ]",
    "a class, too": "hks:s a sh:NodeShape, rdfs:Class ; sh:closed true",
    "let it ask of a node": "hks:s sh:path hk:p ; sh:sparql hks:q",
    "does not bind \\$this": "hks:s sh:sparql hks:q . hks:q sh:select 'SELECT $this { ?a ?b ?c }'",
    "goes on with LIMIT": "hks:s sh:sparql hks:q . "
    "hks:q sh:select 'SELECT $this { $this ?b ?c } LIMIT 1'",
    "works out what it selects": "hks:s sh:sparql hks:q . "
    "hks:q sh:select 'SELECT (COUNT(*) AS ?value) { $this ?b ?c }'",
    "'SELECT' where": "hks:s sh:sparql hks:q . "
    "hks:q sh:select 'SELECT $this { { SELECT $this { $this ?b ?c } } }'",
}


@pytest.mark.parametrize("problem", UNUSABLE)
def test_shapes_that_would_be_half_understood_are_refused(problem: str) -> None:
    text = serialize(
        read(f"{UNUSABLE[problem]} . hks:s sh:targetClass hk:A ."), format=RdfFormat.N_TRIPLES
    )
    with pytest.raises(UnusableShapes, match=problem):
        validate(read("<one> a hk:A ."), text)


def faulty_edition(packaged: EditionDataset, every: int) -> list[Triple]:
    """Gives every so-manieth thing of each class in the packaged edition, all that they lead to,
    and all invalid examples."""
    said: dict[object, list[Triple]] = defaultdict(list)
    members: dict[object, set[object]] = defaultdict(set)
    for quad in packaged.quads:
        if quad.graph_name != graph("provenance"):
            said[quad.subject].append(quad.triple)
            if quad.predicate == NamedNode(expand("rdf:type")):
                members[quad.object].add(quad.subject)
    left = [each for found in members.values() for each in sorted(found, key=str)[::every]]
    kept: dict[object, list[Triple]] = {}
    while left:
        node = left.pop()
        if node in said and node not in kept:
            kept[node] = said[node]
            left += [triple.object for triple in said[node]]
    triples = [triple for found in kept.values() for triple in found]
    for path in files.examples():
        if path.stem != "valid":
            triples += [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]
    return list(dict.fromkeys(triples))


# rdflib compares a date that is none as `NotImplemented`, of which Python warns.
@pytest.mark.filterwarnings("ignore:NotImplemented should not:DeprecationWarning")
@pytest.mark.parametrize(
    "every",
    [
        pytest.param(32, marks=pytest.mark.slow, id="a part of the things"),
        pytest.param(1, marks=pytest.mark.soak, id="everything"),
    ],
)
def test_pyshacl_finds_the_same_in_the_packaged_edition_full_of_faults(
    packaged: EditionDataset, every: int
) -> None:
    data = faulty_edition(packaged, every)
    assert list(map(comparable, validate(data))) == list(map(comparable, by_pyshacl(data)))
