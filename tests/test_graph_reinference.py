"""What follows after a change: the same as what follows from all, drawn anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from hakusho.graph.inference import infer
from hakusho.graph.names import HKID, PREFIXES, expand, graph, term
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.reinference import infer_after
from hakusho.graph.releases.changes import Change, sparql_update
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.merge import INFERRED, apply, put
from hakusho.graph.releases.release import Release
from hakusho.graph.releases.series import Proposal, Published
from hakusho.graph.rules import fingerprint
from hakusho.loaders.edition import EditionDataset

from .drawn import drawn

pytestmark = pytest.mark.slow

HEADER = f"BASE <{HKID}>\n" + "".join(
    f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()
)
R07, OTHER = graph("r07"), graph("submission-1")


def quads(turtle: str, place: NamedNode = R07) -> list[Quad]:
    return [
        Quad(each.subject, each.predicate, each.object, place)
        for each in parse(HEADER + turtle, format=RdfFormat.TURTLE)
    ]


def copy(store: Store) -> Store:
    other = Store()
    other.extend(store)
    return other


def check(store: Store, change: Change) -> None:
    """Fails unless a change leads to the same, told and written, as inference from nothing."""
    changed, anew = copy(store), copy(store)
    effect = infer_after(changed, apply(changed, change))
    apply(anew, change)
    before = set(anew.quads_for_pattern(None, None, None, INFERRED))
    count = len(set(anew.quads_for_pattern(None, None, None, DefaultGraph())))
    infer(anew)
    after = set(anew.quads_for_pattern(None, None, None, INFERRED))
    assert set(changed) == set(anew)
    assert (set(effect.added), set(effect.removed)) == (after - before, before - after)
    assert count + effect.default == sum(
        1 for _ in anew.quads_for_pattern(None, None, None, DefaultGraph())
    )


CASES = {
    "a row of things is cut and mended": (
        "hk:p a owl:TransitiveProperty . <x/1> hk:p <x/2> . <x/2> hk:p <x/3> . <x/3> hk:p <x/4> .",
        "<x/1> hk:p <x/9> . <x/9> hk:p <x/3> .",
        "<x/1> hk:p <x/2> .",
    ),
    "things go round in a ring that is opened": (
        "hk:p a owl:TransitiveProperty, owl:SymmetricProperty ."
        " <x/1> hk:p <x/2> . <x/2> hk:p <x/3> . <x/3> hk:p <x/1> .",
        "",
        "<x/2> hk:p <x/3> . <x/3> hk:p <x/1> .",
    ),
    "two properties are each other's ground": (
        "hk:p owl:inverseOf hk:q . <x/1> hk:p <x/2> .",
        "",
        "<x/1> hk:p <x/2> .",
    ),
    "what is no longer said still follows": (
        "hk:p owl:inverseOf hk:q . <x/1> hk:p <x/2> . <x/2> hk:q <x/1> .",
        "",
        "<x/1> hk:p <x/2> .",
    ),
    "what follows comes to be said": (
        "hk:p owl:inverseOf hk:q . <x/1> hk:p <x/2> .",
        "<x/2> hk:q <x/1> .",
        "<x/1> hk:p <x/2> .",
    ),
    "a property comes to be below another": (
        "<x/1> hk:p <x/2> . <x/2> hk:q <x/3> .",
        "hk:p rdfs:subPropertyOf hk:r . hk:s owl:propertyChainAxiom ( hk:r hk:q ) .",
        "",
    ),
    "a blank node is in the midst": (
        "hk:p a owl:TransitiveProperty . <x/1> hk:p <x/2> . <x/3> hk:p <x/4> .",
        "<x/2> hk:p [ hk:p <x/3> ] .",
        "",
    ),
    "a later value is the latest": (
        """
        hk:period a qb:DimensionProperty . hk:area a qb:DimensionProperty .
        <indicator/i> rdfs:label "売上"@ja .
        <observation/1> a hk:Observation ; hk:indicator <indicator/i> ; hk:area <area/JP> ;
          hk:period <period/2023> ; hk:observationStatus <observation-status/actual> .
        <period/2023> hk:periodType <period-type/year> ; hk:end "2023-12-31"^^xsd:date .
        <period/2024> hk:periodType <period-type/year> ; hk:end "2024-12-31"^^xsd:date .
        """,
        """
        <observation/2> a hk:Observation ; hk:indicator <indicator/i> ; hk:area <area/JP> ;
          hk:period <period/2024> ; hk:observationStatus <observation-status/actual> .
        """,
        "",
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("is_backwards", [False, True], ids=["forwards", "backwards"])
def test_what_follows_after_a_change_is_what_follows_anew(case: str, is_backwards: bool) -> None:
    given, added, removed = CASES[case]
    store, coming, going = Store(), quads(added, OTHER), quads(removed)
    if is_backwards:
        coming, going = going, coming
        put(store, [*quads(given), *going])
        apply(store, Change(remove=coming))
    else:
        put(store, quads(given))
    infer(store)
    check(store, Change(coming, going))


def test_what_another_graph_still_says_goes_on_giving_what_follows() -> None:
    store = Store()
    put(
        store,
        [
            *quads("hk:p owl:inverseOf hk:q . <x/1> hk:p <x/2> ."),
            *quads("<x/1> hk:p <x/2> .", OTHER),
        ],
    )
    infer(store)
    check(store, Change(remove=quads("<x/1> hk:p <x/2> .")))


def proposal(change: Change) -> Proposal:
    return Proposal(lambda series: change, who="tests")


def assert_as_anew(release: Release) -> None:
    """Fails unless a release has what follows from it, and nothing else."""
    anew = copy(release.engine())
    assert infer(anew) > 0
    assert set(anew) == set(release.engine())


def test_each_release_has_what_follows_from_it(tmp_path: Path, sample: EditionDataset) -> None:
    data = DataFolder(tmp_path)
    data.publish([*ontology_dataset(), *sample.quads], who="tests")
    value = next(quad for quad in sample.quads if quad.predicate == term("value"))
    link = next(quad for quad in sample.quads if quad.predicate == term("relation"))
    for change in (
        Change(add=quads("<challenge/new> a hk:Challenge ; skos:broader <challenge/ai-risk> .")),
        Change(remove=[value, link]),
        Change(add=[value], remove=quads("<challenge/new> skos:broader <challenge/ai-risk> .")),
        sparql_update(
            f"DELETE WHERE {{ GRAPH {R07} {{ ?s {value.predicate} ?value }} }} ;"
            f"INSERT DATA {{ GRAPH {OTHER} {{ {link.subject} {link.predicate} {link.object} }} }}"
        ),
    ):
        release = data.publish(change, who="tests")
        assert release.manifest.rules == fingerprint()
    release.check(thoroughly=True)
    assert_as_anew(release)


def test_several_changes_in_one_release_have_what_follows_from_them(
    tmp_path: Path, sample: EditionDataset
) -> None:
    data = DataFolder(tmp_path)
    data.publish([*ontology_dataset(), *sample.quads], who="tests")
    link = next(quad for quad in sample.quads if quad.predicate == term("relation"))
    below = quads("<challenge/new> a hk:Challenge ; skos:broader <challenge/ai-risk> .")
    changes = (Change(remove=[link]), Change(add=[*below, link]), Change(remove=below[:1]))
    outcomes = data.publish_all([proposal(change) for change in changes])
    assert [isinstance(each, Published) for each in outcomes] == [True] * 3
    release = data.current()
    assert release is not None
    assert_as_anew(release)


def test_a_release_of_other_rules_is_worked_out_anew(
    tmp_path: Path, sample: EditionDataset
) -> None:
    data = DataFolder(tmp_path, infer=None)
    data.publish([*ontology_dataset(), *sample.quads], who="tests")
    release = DataFolder(tmp_path).publish(Change(add=quads("<x/1> a hk:Challenge .")), who="tests")
    assert_as_anew(release)


@dataclass(frozen=True)
class Pool:
    """What changes are made of: a store, what is asserted in it, and terms to put together anew."""

    store: Store
    quads: list[Quad]
    subjects: list[NamedNode]
    names: list[NamedNode]
    values: list[NamedNode | Literal]


@pytest.fixture(scope="module")
def pool(sample: EditionDataset) -> Pool:
    store = Store()
    put(store, [*ontology_dataset(), *sample.quads])
    infer(store)
    stated = sorted(store.quads_for_pattern(None, None, None, R07), key=str)
    subjects = {quad.subject for quad in stated if isinstance(quad.subject, NamedNode)}
    more = "rdf:type rdfs:subClassOf rdfs:subPropertyOf hk:partOf hk:within skos:broader".split()
    names = {quad.predicate for quad in stated} | {NamedNode(expand(name)) for name in more}
    words = "hk:Observation hk:Policy skos:Concept owl:TransitiveProperty hk:addresses hk:age"
    values = (
        {quad.object for quad in stated}
        | {NamedNode(expand(name)) for name in words.split()}
        | subjects
    )
    return Pool(
        store,
        stated,
        sorted(subjects, key=str),
        sorted(names, key=str),
        sorted((each for each in values if isinstance(each, NamedNode | Literal)), key=str),
    )


KINDS = (
    "statement gone",
    "thing gone",
    "statement elsewhere",
    "value replaced",
    "statement made up",
    "what followed said",
    "thing twice",
)


@st.composite
def edits(draw: st.DrawFn, pool: Pool) -> Change:
    """Draws a change: statements and whole things that go, come, move or come twice."""
    add: list[Quad] = []
    remove: list[Quad] = []
    one = draw(st.randoms(use_true_random=False)).choice
    place = partial(one, (R07, OTHER, graph("provenance")))
    followed = list(pool.store.quads_for_pattern(None, None, None, INFERRED))
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5)):
        quad, subject = one(pool.quads), one(pool.subjects)
        own = [each for each in pool.quads if each.subject == subject]
        if kind == "statement gone":
            remove.append(quad)
        elif kind == "thing gone":
            remove += own
        elif kind == "statement elsewhere":
            remove.append(quad)
            add.append(Quad(quad.subject, quad.predicate, quad.object, place()))
        elif kind == "value replaced":
            remove.append(quad)
            add.append(Quad(quad.subject, quad.predicate, one(pool.values), place()))
        elif kind == "statement made up":
            add.append(Quad(subject, one(pool.names), one(pool.values), place()))
        elif kind == "what followed said":
            fact = one(followed)
            add.append(Quad(fact.subject, fact.predicate, fact.object, place()))
        else:
            twin, where = one((NamedNode(f"{subject.value}-twin"), BlankNode("twin"))), place()
            add += [Quad(twin, each.predicate, each.object, where) for each in own]
    return Change(add, remove)


def check_random(pool: Pool, examples: int) -> None:
    @drawn(examples)
    @given(change=edits(pool))
    def same(change: Change) -> None:
        check(pool.store, change)

    same()


def test_what_follows_after_any_change_is_what_follows_anew(pool: Pool) -> None:
    check_random(pool, 8)


def test_what_follows_after_many_changes_is_what_follows_anew(pool: Pool) -> None:
    check_random(pool, 100)
