"""Each example of ontology/examples reports just the shapes that it says it breaks."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from hakusho.graph.inference import infer
from hakusho.graph.names import SHAPES, expand
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.validation.findings import Finding, Shapes
from hakusho.graph.validation.full import shapes_text, validate
from hakusho.graph.validation.reference import by_pyshacl
from hakusho.ontology import files

EXAMPLES = files.examples()
FOLDERS = sorted({path.parent for path in EXAMPLES})
INVALID = [path for path in EXAMPLES if path.stem != "valid"]


def read(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@cache
def findings_of(folder: Path) -> list[Finding]:
    """Gives what is wrong with the examples of a folder, put together: each has its own things."""
    return validate(fact for path in sorted(folder.glob("*.ttl")) for fact in read(path))


def as_number(finding: Finding) -> Finding:
    """Gives a finding without the way in which its number was written: the store has its own."""
    words = finding.message_ja.replace(".0", ""), finding.message_en.replace(".0", "")
    value = finding.value.removesuffix(".0") if finding.value else None
    return replace(finding, value=value, message_ja=words[0], message_en=words[1])


def broken_by(path: Path) -> set[str]:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# Breaks: hks:")
    return set(re.findall(r"hks:([\w-]+)", first))


def test_the_valid_examples_pass_every_shape() -> None:
    facts = (fact for folder in FOLDERS for fact in read(folder / "valid.ttl"))
    assert validate(facts) == []


def test_what_the_rules_add_to_the_valid_examples_passes_every_shape_too() -> None:
    store = Store()
    given = (fact for folder in FOLDERS for fact in read(folder / "valid.ttl"))
    for fact in [*given, *(quad.triple for quad in ontology_dataset())]:
        store.add(Quad(fact.subject, fact.predicate, fact.object))
    infer(store)
    assert validate(quad.triple for quad in store) == []


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_an_invalid_example_reports_the_shapes_that_it_names(path: Path) -> None:
    sound = {fact.subject for fact in read(path.parent / "valid.ttl")}
    own = {str(fact.subject).strip("<>") for fact in read(path) if fact.subject not in sound}
    # What an example has in common with another is not what is wrong with it.
    others = {
        str(fact.subject).strip("<>")
        for other in path.parent.glob("*.ttl")
        if other not in (path, path.parent / "valid.ttl")
        for fact in read(other)
    } - own
    found = {
        finding.shape
        for finding in findings_of(path.parent)
        if finding.node in own and not (finding.constraint == "sparql" and finding.value in others)
    }
    assert {shape.removeprefix(SHAPES) for shape in found} == broken_by(path)


def test_every_shape_that_can_report_has_an_invalid_example_in_its_folder() -> None:
    for shapes in files.shapes():
        reporting = {
            str(fact.subject).strip("<>").removeprefix(SHAPES)
            for fact in read(shapes)
            if fact.predicate.value == expand("sh:message")
        }
        folder = [path for path in INVALID if path.parent.name == shapes.stem]
        assert reporting <= set().union(*map(broken_by, folder), set()), shapes.stem


# rdflib compares a date that is none as `NotImplemented`, of which Python warns.
@pytest.mark.filterwarnings("ignore:NotImplemented should not:DeprecationWarning")
@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_pyshacl_alone_finds_the_same(folder: Path) -> None:
    facts = [fact for path in sorted(folder.glob("*.ttl")) for fact in read(path)]
    found = by_pyshacl(facts)
    assert [as_number(finding) for finding in found] == list(map(as_number, findings_of(folder)))


def test_every_shape_that_can_report_says_so_in_both_languages_with_name_hint_and_severity() -> (
    None
):
    shapes = Shapes(shapes_text())
    for shape in shapes.subjects("sh:message"):
        for predicate in ("sh:name", "sh:message", "sh:description"):
            texts = [text for text in shapes.values(shape, predicate) if isinstance(text, Literal)]
            assert sorted(str(text.language) for text in texts) == ["en", "ja"], shape
        assert len(list(shapes.values(shape, "sh:severity"))) == 1, shape


def test_every_shape_has_a_name_that_can_be_cited() -> None:
    shapes = Shapes(shapes_text())
    for kind in ("sh:NodeShape", "sh:PropertyShape", "sh:SPARQLConstraint"):
        of_kind = shapes.store.quads_for_pattern(
            None, NamedNode(expand("rdf:type")), NamedNode(expand(kind))
        )
        for quad in of_kind:
            assert isinstance(quad.subject, NamedNode)
            assert quad.subject.value.startswith(SHAPES)


def test_every_breakdown_may_stand_in_an_observation() -> None:
    shapes = Shapes(shapes_text())
    observation = NamedNode(f"{SHAPES}observation")
    head = next(shapes.values(observation, "sh:ignoredProperties"))
    allowed = set(shapes.members(head))
    dimension = NamedNode(expand("qb:DimensionProperty"))
    breakdowns = {
        quad.subject
        for path in files.modules()
        if path.stem == "dimension"
        for quad in parse(path=path, format=RdfFormat.TURTLE)
        if quad.object == dimension
    }
    assert breakdowns and breakdowns <= allowed


def test_every_term_that_a_shape_speaks_of_is_declared() -> None:
    declared = {quad.subject for quad in ontology_dataset()}
    for path in files.shapes():
        for fact in read(path):
            if isinstance(fact.object, NamedNode) and fact.object.value.startswith(expand("hk:")):
                assert fact.object in declared, f"{path.name}: {fact.object}"
