"""Incremental validation: what a change breaks is found near it, as over the whole store."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.inference import infer
from hakusho.graph.names import PREFIXES, expand, graph, shorten, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.merge import put
from hakusho.graph.validation.findings import Finding
from hakusho.graph.validation.incremental import broken, introduced
from hakusho.loaders.edition import EditionDataset

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
TYPE = NamedNode(PREFIXES["rdf"] + "type")


@pytest.fixture(scope="module")
def store(sample: EditionDataset) -> Store:
    """The small edition and the ontology, merged and inferred as a release holds them."""
    store = Store()
    put(store, [*ontology_dataset(), *sample.quads])
    infer(store)
    return store


def stated(
    quads: Iterable[Quad], subject: NamedNode | None, predicate: NamedNode, value: object = None
) -> list[Quad]:
    return [
        quad
        for quad in quads
        if quad.predicate == predicate
        and (subject is None or quad.subject == subject)
        and (value is None or quad.object == value)
    ]


def first(sample: EditionDataset, name: str) -> NamedNode:
    """Gives the first thing, by name, of a class."""
    found = {quad.subject for quad in stated(sample.quads, None, TYPE, NamedNode(expand(name)))}
    return min((each for each in found if isinstance(each, NamedNode)), key=lambda it: it.value)


def within(quad: Quad, name: str) -> Quad:
    """Gives what a quad states, stated in another graph."""
    return Quad(quad.subject, quad.predicate, quad.object, graph(name))


def told(found: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(shorten(each.node), shorten(each.shape)) for each in found}


def test_what_keeps_to_the_shapes_brings_no_finding(sample: EditionDataset, store: Store) -> None:
    policy = first(sample, "hk:Policy")
    named = Quad(policy, NamedNode(expand("skos:altLabel")), Literal("別名", language="ja"))
    assert broken(store, Change(add=[within(named, "r07")])) == []
    assert broken(store, Change()) == []


def test_a_misspelt_property_is_found_with_the_nearest_one(
    sample: EditionDataset, store: Store
) -> None:
    policy = first(sample, "hk:Policy")
    (found,) = broken(store, Change([Quad(policy, term("adresses"), Literal("x"), graph("r07"))]))
    assert (found.node, found.constraint) == (policy.value, "closed")
    assert term("addresses").value in found.nearest


def test_a_node_that_the_change_does_not_mention_is_found(
    sample: EditionDataset, store: Store
) -> None:
    section = first(sample, "hk:Section")
    gone = [quad for quad in sample.quads if quad.subject == section]
    pointing = {
        shorten(quad.subject.value)
        for quad in sample.quads
        if quad.object == section and isinstance(quad.subject, NamedNode)
    }
    nodes = {node for node, _ in told(broken(store, Change(remove=gone)))}
    assert pointing
    assert pointing <= nodes


def test_a_milestone_that_loses_its_policy_is_found(sample: EditionDataset, store: Store) -> None:
    lost = stated(sample.quads, None, term("milestone"))[0]
    assert isinstance(lost.object, NamedNode)
    assert told(broken(store, Change(remove=[lost]))) == {
        (shorten(lost.object.value), "hks:milestone-policy")
    }


def test_an_indicator_without_unit_and_an_organization_without_label_are_found(
    sample: EditionDataset, store: Store
) -> None:
    indicator, organization = first(sample, "hk:Indicator"), first(sample, "hk:Organization")
    gone = [
        *stated(sample.quads, indicator, term("unit")),
        *stated(sample.quads, organization, LABEL),
    ]
    assert told(broken(store, Change(remove=gone))) >= {
        (shorten(indicator.value), "hks:indicator-unit"),
        (shorten(organization.value), "hks:label-japanese"),
    }


def test_an_observation_given_twice_is_found_by_its_twin(
    sample: EditionDataset, store: Store
) -> None:
    one, twin = first(sample, "hk:Observation"), thing("observation", "twin")
    again = [
        Quad(twin, quad.predicate, quad.object, quad.graph_name)
        for quad in sample.quads
        if quad.subject == one
    ]
    assert ("observation/twin", "hks:observation-same-key") in told(broken(store, Change(again)))


def test_what_was_wrong_before_stops_no_other_change(sample: EditionDataset) -> None:
    policy = first(sample, "hk:Policy")
    store = Store()
    put(store, [*sample.quads, Quad(policy, term("adresses"), Literal("x"), graph("r07"))])
    named = Quad(policy, NamedNode(expand("skos:altLabel")), Literal("別名", language="ja"))
    assert broken(store, Change(add=[within(named, "r07")])) == []


def test_what_another_graph_still_states_is_not_missed(sample: EditionDataset) -> None:
    indicator = first(sample, "hk:Indicator")
    (unit,) = stated(sample.quads, indicator, term("unit"))
    store = Store()
    put(store, [*sample.quads, within(unit, "secondary-2")])
    assert broken(store, Change(remove=[unit])) == []


def test_a_dropped_graph_that_is_written_anew_breaks_nothing(sample: EditionDataset) -> None:
    store = Store()
    put(store, list(sample.quads))
    quads = [quad for quad in sample.quads if quad.graph_name == graph("r07")]
    assert broken(store, Change(add=quads, drop=[graph("r07")])) == []


def test_a_blank_node_is_found_by_its_name(store: Store) -> None:
    nobody = BlankNode("nobody")
    change = Change([Quad(nobody, TYPE, term("Organization"), graph("r07"))])
    found = broken(store, change)
    assert {each.node for each in found} == {"_:nobody"}


def test_graphs_apart_and_stores_of_other_things_are_left_alone() -> None:
    policy = Quad(thing("policy", "x"), TYPE, term("Policy"), graph("proposal-1"))
    assert broken(Store(), Change([policy])) == []
    other = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o"))
    assert broken(Store(), Change([other]), merged=False) == []
    default = Quad(policy.subject, policy.predicate, policy.object)
    assert broken(Store(), Change([default]), merged=False) != []


@pytest.mark.slow
def test_a_valid_change_of_the_packaged_edition_raises_no_alarm(
    packaged: EditionDataset, packaged_store: EmbeddedStore
) -> None:
    named = NamedNode(expand("skos:altLabel"))
    kinds = ("Policy", "Indicator", "Organization", "Challenge", "Section", "Milestone")
    subjects = [first(packaged, f"hk:{kind}") for kind in kinds]
    add = [Quad(each, named, Literal("別名", language="ja"), graph("r07")) for each in subjects]
    assert broken(packaged_store.engine, Change(add)) == []


@pytest.mark.slow
def test_a_whole_edition_is_a_change_like_any_other(packaged: EditionDataset) -> None:
    policy = first(packaged, "hk:Policy")
    misspelt = Quad(policy, term("adresses"), Literal("x"), graph("r07"))
    found = introduced(Store(), Change([*packaged.quads, misspelt]))
    assert told(found) == {(shorten(policy.value), "hks:policy")}
