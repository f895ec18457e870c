"""Statements poured into a draft piece by piece: the same release as when they come at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from hakusho.graph.inference import infer
from hakusho.graph.names import graph, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.changes import Change, Draft
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.merge import DerivedGraph
from hakusho.graph.releases.pouring import Pouring
from hakusho.graph.releases.release import Release
from hakusho.graph.releases.revising import revise
from hakusho.loaders.edition import EditionDataset

OWN = graph("submission-2")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.fixture(scope="module")
def base(sample: EditionDataset, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with the small edition, without half of its observations."""
    folder = DataFolder(tmp_path_factory.mktemp("base"))
    return folder.publish([*ontology_dataset(), *halves(sample)[0]], who="tests")


def halves(sample: EditionDataset) -> tuple[list[Quad], list[Quad]]:
    """Gives what is said of every second observation apart from all else."""
    named = [
        quad.subject.value
        for quad in sample.quads
        if isinstance(quad.subject, NamedNode) and "/observation/" in quad.subject.value
    ]
    apart = {thing("observation", name.rpartition("/")[2]) for name in sorted(set(named))[::2]}
    assert len(apart) == 3
    known = [quad for quad in sample.quads if quad.subject not in apart]
    rest = [quad for quad in sample.quads if quad.subject in apart]
    return known, rest


def poured(
    base: Release, path: Path, pieces: Iterator[list[Quad]] | list[list[Quad]]
) -> Draft | None:
    base.engine().backup(str(path))
    pouring = Pouring(base, Store(str(path)), True, infer)
    for piece in pieces:
        pouring.pour(piece)
    return pouring.draft()


def at_once(base: Release, path: Path, quads: list[Quad]) -> Draft:
    draft = revise(base, path, Change(add=quads), True, infer)
    assert draft is not None
    return draft


def check(base: Release, folder: Path, pieces: list[list[Quad]]) -> None:
    """Fails unless pieces lead to the same draft as all of them at once, and as inference anew."""
    whole = [quad for piece in pieces for quad in piece]
    expected, found = at_once(base, folder / "a", whole), poured(base, folder / "b", pieces)
    assert found is not None
    assert set(found.open) == set(expected.open)
    assert found.graphs == expected.graphs and found.default == expected.default
    assert found.changed == expected.changed and found.rules == expected.rules
    anew = Store()
    anew.extend(found.open)
    infer(anew)
    assert set(anew) == set(found.open)


@pytest.mark.parametrize(
    "size",
    [pytest.param(3, marks=pytest.mark.slow), 40, pytest.param(1_000, marks=pytest.mark.slow)],
)
def test_pieces_make_the_same_release_as_all_of_it_at_once(
    base: Release, sample: EditionDataset, size: int, tmp_path: Path
) -> None:
    quads = halves(sample)[1]
    random.Random(size).shuffle(quads)
    check(base, tmp_path, [quads[at : at + size] for at in range(0, len(quads), size)])


@pytest.mark.parametrize("is_more_added", [False, True])
def test_what_is_said_of_a_thing_that_is_there_changes_what_followed_of_it(
    base: Release, sample: EditionDataset, is_more_added: bool, tmp_path: Path
) -> None:
    observations = base.engine().quads_for_pattern(None, term("observationStatus"), None, None)
    seen = list(dict.fromkeys(quad.subject for quad in observations))
    pieces = [[Quad(node, term("age"), thing("age", "20s"), OWN)] for node in seen]
    check(base, tmp_path, [halves(sample)[1], *pieces] if is_more_added else pieces)


@pytest.mark.slow
def test_what_waits_to_be_asked_can_vanish_before_it_is(
    base: Release, sample: EditionDataset, tmp_path: Path
) -> None:
    observations = base.engine().quads_for_pattern(None, term("observationStatus"), None, None)
    seen = list(dict.fromkeys(quad.subject for quad in observations))
    # The names of data sets change first, and then there are other data sets.
    named = base.engine().quads_for_pattern(None, term("latestObservation"), None, None)
    names = [Quad(quad.subject, LABEL, Literal("別名", language="ja"), OWN) for quad in named]
    pieces = [[Quad(node, term("age"), thing("age", "20s"), OWN)] for node in seen]
    check(base, tmp_path, [names, *pieces, halves(sample)[1]])


@pytest.mark.slow
def test_what_was_inferred_and_is_now_said_is_inferred_no_more(
    base: Release, tmp_path: Path
) -> None:
    facts = list(base.engine().quads_for_pattern(None, None, None, graph("inferred")))[:50]
    said = [Quad(fact.subject, fact.predicate, fact.object, OWN) for fact in facts]
    check(base, tmp_path, [said[:20], said[20:]])


def test_what_is_there_already_makes_no_draft(
    base: Release, sample: EditionDataset, tmp_path: Path
) -> None:
    assert poured(base, tmp_path / "store", [halves(sample)[0]]) is None


def test_what_nobody_writes_is_refused(base: Release, tmp_path: Path) -> None:
    label = Quad(thing("policy", "x"), LABEL, Literal("x"), graph("inferred"))
    with pytest.raises(DerivedGraph):
        poured(base, tmp_path / "store", [[label]])


def test_without_a_merge_only_what_is_poured_in_is_written(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", "plain")
    node = thing("policy", "x")
    base = folder.publish([Quad(node, LABEL, Literal("x"))], who="tests")
    base.engine().backup(str(tmp_path / "store"))
    pouring = Pouring(base, Store(str(tmp_path / "store")), False, None)
    pouring.pour([Quad(node, LABEL, Literal(text)) for text in "xyz"])
    pouring.pour([Quad(node, LABEL, Literal("x"), OWN)])
    draft = pouring.draft()
    assert draft is not None and draft.default.quads == 3
    assert {name: each.added for name, each in draft.changed.items()} == {"": 2, OWN.value: 1}
    assert len(draft.open) == 4


@pytest.mark.slow
def test_a_release_of_which_nothing_was_inferred_is_inferred_in_full(
    sample: EditionDataset, tmp_path: Path
) -> None:
    folder = DataFolder(tmp_path / "data", infer=None)
    base = folder.publish([*ontology_dataset(), *halves(sample)[0]], who="tests")
    found = poured(base, tmp_path / "b", [halves(sample)[1]])
    assert found is not None
    assert found.open.contains_named_graph(graph("inferred"))
    expected = at_once(base, tmp_path / "a", halves(sample)[1])
    assert found.graphs == expected.graphs and found.default == expected.default
    assert found.changed == expected.changed
