"""What differs between two releases, thing by thing: told where a thing changed, not otherwise."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from hakusho.graph.names import graph, term, thing
from hakusho.graph.releases.changes import Change
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.differences import Diff, between, size

A, B, C = (thing("policy", name) for name in "abc")
P, Q = (NamedNode(f"https://example.org/{name}") for name in "pq")
R06, R07 = graph("r06"), graph("r07")


def diff_of(folder: Path, first: list[Quad], change: Change) -> Diff:
    data = DataFolder(folder, infer=None)
    old = data.publish(first, who="tests")
    return between(old, data.publish(change, who="tests"))


def test_things_are_new_gone_or_changed_by_property(tmp_path: Path) -> None:
    one, two, new = Literal("1"), Literal("2"), Literal("new", language="en")
    diff = diff_of(
        tmp_path,
        [Quad(A, P, one, R07), Quad(A, Q, one, R07), Quad(B, P, one, R07)],
        Change(
            add=[Quad(A, P, two, R06), Quad(C, P, new, R06)],
            remove=[Quad(A, P, one, R07), Quad(B, P, one, R07)],
        ),
    )
    told = {
        each.subject: (each.how, [(p.property, p.removed, p.added) for p in each.properties])
        for each in diff.things
    }
    assert told == {
        A: ("changed", [(P, (one,), (two,))]),
        B: ("removed", [(P, (one,), ())]),
        C: ("added", [(P, (), (new,))]),
    }
    assert [each.how for each in diff.things] == ["added", "removed", "changed"]
    assert (diff.count("added"), diff.graphs[R07.value].removed) == (1, 2)


def test_a_statement_that_went_to_another_graph_is_no_change_of_the_thing(tmp_path: Path) -> None:
    diff = diff_of(
        tmp_path,
        [Quad(A, P, B, R07), Quad(B, P, C, R07)],
        Change(
            # The second stays in the first graph, too.
            add=[Quad(A, P, B, R06), Quad(B, P, C, R06)],
            remove=[Quad(A, P, B, R07)],
        ),
    )
    assert diff.things == ()
    assert diff.graphs[R06.value].added == 2


def test_what_was_inferred_is_counted_and_not_told(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    link, challenge = thing("link", "a"), thing("challenge", "c")
    old = data.publish([Quad(A, P, B, R07)], who="tests")
    said = [
        (term("subject"), A),
        (term("relation"), term("addresses")),
        (term("object"), challenge),
    ]
    new = data.publish([Quad(link, name, value, R07) for name, value in said], who="tests")
    diff = between(old, new)
    assert [each.subject for each in diff.things] == [link]
    assert diff.inferred.added > 0


def test_graphs_that_are_alike_are_not_read(tmp_path: Path) -> None:
    data = DataFolder(tmp_path, infer=None)
    much = [Quad(A, P, Literal(n), R06) for n in range(500)]
    old = data.publish([*much, Quad(A, P, B, R07)], who="tests")
    new = data.publish([Quad(A, P, C, R07)], who="tests")
    assert size(old, new) == 3


def test_in_a_plain_folder_the_default_graph_is_one_of_its_own(tmp_path: Path) -> None:
    data = DataFolder(tmp_path, "plain")
    old = data.publish([Quad(A, P, B)], who="tests")
    new = data.publish(Change(add=[Quad(A, P, C)], remove=[Quad(A, P, B)]), who="tests")
    (change,) = between(old, new).things
    assert (change.how, change.properties[0].removed, change.statements) == ("changed", (B,), 2)
