"""What a change costs to judge grows with the change, and not with its square."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from hakusho.graph.matching.patterns import contexts
from hakusho.graph.matching.triples import Triples
from hakusho.graph.matching.twins import Keyed, twin_of
from hakusho.graph.matching.view import Node
from hakusho.graph.names import graph, thing
from hakusho.graph.validation.full import engine_of, shapes_text

NAMES = tuple(NamedNode(f"urn:{name}") for name in ("indicator", "period", "area"))


class Counted(Triples):
    """Triples that count what is looked up of those that have a value."""

    count = 0

    def each_pointing(self, predicate: NamedNode, value: object) -> Iterator[Node]:
        for each in super().each_pointing(predicate, value):  # type: ignore[arg-type]
            self.count += 1
            yield each


def looked_up(rows: int) -> int:
    """Gives how much is looked up to find what has the same key as each of so many things."""
    view = Counted(
        Triple(thing("observation", f"o{number}"), name, thing("value", value))
        for number in range(rows)
        for name, value in zip(NAMES, ("i", f"p{number // 2}", "jp"), strict=True)
    )
    nodes = [thing("observation", f"o{number}") for number in range(rows)]
    assert Keyed(view).twins(NAMES, nodes[:1]) == set(nodes[:2])
    view.count = 0
    assert Keyed(view).twins(NAMES, nodes) == set(nodes)
    return view.count


def test_things_with_the_same_key_are_found_in_proportion_to_their_number() -> None:
    assert looked_up(2_000) <= 11 * looked_up(200)


def test_the_shapes_that_ask_for_the_same_key_find_it_by_all_properties_together() -> None:
    asked = {
        shape.name.rpartition("#")[2]: question
        for shape in engine_of(shapes_text()).targeted
        for question in shape.questions
    }
    for name in ("observation-same-key", "observation-other-page"):
        twin = asked[name].twin
        assert twin is not None and len(twin.names) >= 3
        assert f"GRAPH {graph('keys')}" in asked[name].text


def test_a_thing_with_one_value_in_common_is_no_twin() -> None:
    text = "SELECT $this { $this <urn:p> ?a . ?other <urn:p> ?a . $this <urn:q> ?b }"
    [context] = contexts(text)
    assert twin_of(context.own, "?this") is None
