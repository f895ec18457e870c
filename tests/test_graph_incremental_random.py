"""Whatever changes: what incremental validation finds is the difference of two full validations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from hakusho.graph.names import expand, graph, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.merge import INFERRED, is_merged, put
from hakusho.graph.terms import literal
from hakusho.graph.validation.findings import Finding, Shapes
from hakusho.graph.validation.full import shapes_text, validate
from hakusho.graph.validation.incremental import introduced
from hakusho.loaders.edition import EditionDataset

from .drawn import drawn

TYPE = NamedNode(expand("rdf:type"))
PLACES = [graph(name) for name in ("r07", "submission-1", "secondary", "proposal-1")]
VALUES: list[NamedNode | Literal] = [
    *(literal(text) for text in ("", "x", "83.0")),
    *(Literal(text, language=tag) for text in ("甲 abc defg", "甲", "A ") for tag in ("ja", "en")),
    *(literal(number) for number in (-1, 0, 1, 250)),
    *(literal(text, "xsd:decimal") for text in ("-3.5", "54.7", "101")),
    *(literal(text, "xsd:date") for text in ("2024-04-01", "2026-02-31", "1999-12-31")),
    thing("policy", "nobody-knows"),
]


@dataclass(frozen=True)
class Pool:
    """What changes are made of: what is stated now, and terms to put together anew."""

    store: Store
    quads: list[Quad]
    found: list[Finding]
    things: list[NamedNode]
    names: list[NamedNode]
    values: list[NamedNode | Literal]

    def of(self, subject: NamedNode) -> list[Quad]:
        return [quad for quad in self.quads if quad.subject == subject]


@pytest.fixture(scope="module")
def pool(sample: EditionDataset) -> Pool:
    store = Store()
    put(store, [*ontology_dataset(), *sample.quads])
    seen = [quad for quad in store if is_merged(quad.graph_name) and quad.graph_name != INFERRED]
    edition = sorted((quad for quad in seen if quad.graph_name != graph("ontology")), key=str)
    shapes = Shapes(shapes_text())
    paths = {
        quad.object
        for quad in shapes.store.quads_for_pattern(None, NamedNode(expand("sh:path")), None)
    }
    names = {quad.predicate for quad in edition} | {
        path for path in paths if isinstance(path, NamedNode)
    }
    more = map(expand, ("rdfs:subClassOf", "qb:codeList", "hk:baseUnit", "hk:multiplier", "hk:x"))
    values = {quad.object for quad in edition} | {
        NamedNode(expand(f"hk:{kind}")) for kind in ("Policy", "Period", "Unit", "Observation")
    }
    return Pool(
        store,
        edition,
        validate(seen),
        sorted({quad.subject for quad in edition if isinstance(quad.subject, NamedNode)}, key=str),
        [*sorted(names, key=str), *map(NamedNode, more)],
        sorted((each for each in values if isinstance(each, NamedNode | Literal)), key=str)
        + VALUES,
    )


@st.composite
def edits(draw: st.DrawFn, pool: Pool) -> Change:
    """Draws a change: statements, values and whole things that go, come, move or come twice."""
    add: list[Quad] = []
    remove: list[Quad] = []
    # Not what hypothesis would rather draw, the first of each list: any as soon as another.
    one = draw(st.randoms(use_true_random=False)).choice
    place = partial(one, PLACES)
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5)):
        quad, subject = one(pool.quads), one(pool.things)
        if kind == "statement gone":
            remove.append(quad)
        elif kind == "thing gone":
            remove += pool.of(subject)
        elif kind == "value replaced":
            remove.append(quad)
            add.append(Quad(quad.subject, quad.predicate, one(pool.values), place()))
        elif kind == "value of another thing":
            add.append(Quad(subject, quad.predicate, quad.object, place()))
        elif kind == "statement made up":
            add.append(Quad(subject, one(pool.names), one(pool.values), place()))
        elif kind == "thing moved":
            remove += pool.of(subject)
            where = place()
            add += [
                Quad(each.subject, each.predicate, each.object, where) for each in pool.of(subject)
            ]
        else:
            twin = NamedNode(f"{subject.value}-twin")
            where = place()
            left_out = one([None, *pool.of(subject)])
            add += [
                Quad(twin, each.predicate, each.object, where)
                for each in pool.of(subject)
                if each != left_out
            ]
    return Change(add, remove)


KINDS = (
    "statement gone",
    "thing gone",
    "value replaced",
    "value of another thing",
    "statement made up",
    "thing moved",
    "thing twice",
)


def by_full_validation(pool: Pool, change: Change) -> list[Finding]:
    after = Store()
    after.extend(pool.store.quads_for_pattern(None, None, None, graph("ontology")))
    after.extend(set(pool.quads) - set(change.remove) | set(change.add))
    found = validate(quad for quad in after if is_merged(quad.graph_name))
    already = set(pool.found)
    return [each for each in found if each not in already]


def check(pool: Pool, examples: int) -> None:
    @drawn(examples)
    @given(change=edits(pool))
    def same(change: Change) -> None:
        assert introduced(pool.store, change) == by_full_validation(pool, change)

    same()


def test_what_a_change_brings_in_is_what_full_validation_tells_apart(pool: Pool) -> None:
    check(pool, 15)


@pytest.mark.slow
def test_what_many_changes_bring_in_is_what_full_validation_tells_apart(pool: Pool) -> None:
    check(pool, 150)
