"""One meaning, whoever answers: the cases of queries.toml and updates.toml against every engine."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
)

from hakusho.graph import errors
from hakusho.graph.remote.remote_store import RemoteStore
from hakusho.graph.store import Answer, Form, Query, Store

from .conftest import ALL, REMOTE, Started, engines
from .terms import XSD, canonical, triple_of

HERE = Path(__file__).parent
PREFIXES = (
    f"PREFIX ex: <http://example.org/> PREFIX xsd: <{XSD}> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
TYPES: dict[Form, str] = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
MANY = 30_000
"""As many rows as are no longer held in memory, by whoever answers and by whoever asks."""
BEYOND = 10_500
"""More rows than Virtuoso gives. It removes triples of one property in a time that grows with the
square of their number, so that it is spared the many."""
P = NamedNode("http://example.org/p")


def cases(name: str) -> list[Any]:
    found: list[Any] = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return found


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("engine", engines(*ALL))
@pytest.mark.parametrize("case", cases("queries"), ids=named)
def test_a_query_means_the_same(
    case: dict[str, Any],
    engine: str,
    started: Started,
    filled: dict[str, Store],
    sample_quads: list[Quad],
) -> None:
    store = filled.get(engine)
    if store is None:
        store = filled[engine] = started.backend(engine).fill(sample_quads)
    query = Query(
        PREFIXES + case["query"],
        TYPES,
        tuple(case.get("default_graphs", ())),
        tuple(case.get("named_graphs", ())),
        case.get("base"),
    )
    expected = case | case.get("differs", {}).get(engine, {})
    if expected.get("error"):
        with pytest.raises(errors.HakushoError) as caught:
            store.answer(query)
        assert type(caught.value) is getattr(errors, expected["error"])
        if "line" in expected:
            assert getattr(caught.value, "line", None) == expected["line"]
        return
    answer = store.answer(query)
    if "boolean" in expected:
        assert read(answer) is expected["boolean"]
    elif "triples" in expected:
        assert Counter(read(answer)) == Counter(
            canonical_line(each) for each in expected["triples"]
        )
    else:
        rows = [tuple(canonical_text(cell) for cell in row) for row in expected["rows"]]
        found = read(answer)
        assert found == rows if expected.get("ordered") else Counter(found) == Counter(rows)


@pytest.mark.parametrize("engine", engines("embedded", *REMOTE))
@pytest.mark.parametrize("case", cases("updates"), ids=named)
def test_an_update_means_the_same(
    case: dict[str, Any],
    engine: str,
    started: Started,
    filled: dict[str, Store],
    sample_quads: list[Quad],
) -> None:
    filled.pop(engine, None)
    backend = started.backend(engine)
    store = backend.fill(sample_quads)
    expected = case | case.get("differs", {}).get(engine, {})
    if "error" in expected:
        with pytest.raises(getattr(errors, expected["error"])):
            backend.update(PREFIXES + case["update"])
        return
    backend.update(PREFIXES + case["update"])
    pattern = f"{case['subject']} ?p ?o"
    if "graph" in case:
        pattern = f"GRAPH <{case['graph']}> {{ {pattern} }}"
    found = [canonical(row["o"]) for row in store.rows(f"SELECT ?o WHERE {{ {pattern} }}")]
    assert Counter(found) == Counter(canonical_text(each) for each in case["after"])


@pytest.fixture(scope="session")
def filled() -> dict[str, Store]:
    """The stores that hold the sample as it was, by engine."""
    return {}


@pytest.mark.engines
@pytest.mark.parametrize("engine", REMOTE)
def test_graphs_are_put_added_to_read_and_dropped(
    engine: str, started: Started, filled: dict[str, Store]
) -> None:
    filled.pop(engine, None)
    store = started.backend(engine).fill([])
    assert isinstance(store, RemoteStore)
    for name in (NamedNode("http://example.org/g"), DefaultGraph()):
        one, two = (
            Triple(NamedNode("http://example.org/a"), NamedNode("http://example.org/p"), each)
            for each in (Literal("一", language="ja"), BlankNode())
        )
        store.data.put(name, [two])
        store.data.put(name, [one])
        store.data.post(name, [two])
        found = store.data.get(name)
        assert found is not None
        assert Counter(map(triple_of, found)) == Counter(map(triple_of, (one, two)))
        assert store.data.drop(name)
    assert store.data.get(NamedNode("http://example.org/g")) in (None, [])
    assert store.graphs() == []


@pytest.mark.engines
@pytest.mark.parametrize("engine", REMOTE)
def test_quads_are_added_and_removed_in_as_many_requests_as_the_engine_needs(
    engine: str, started: Started, filled: dict[str, Store]
) -> None:
    filled.pop(engine, None)
    store = started.backend(engine).fill([])
    assert isinstance(store, RemoteStore)
    graphs = (NamedNode("http://example.org/g"), DefaultGraph())
    quads = [
        Quad(NamedNode(f"http://example.org/{i}"), NamedNode("http://example.org/p"), Literal(i), g)
        for i in range(3_000)
        for g in graphs
    ]
    store.data.add(quads[:10])
    store.data.add(quads)
    store.data.remove(quads[10:])
    for graph in ("?s ?p ?o", "GRAPH <http://example.org/g> { ?s ?p ?o }"):
        (row,) = store.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {graph} }}")
        assert canonical(row["n"]) == canonical(Literal(5))


@pytest.mark.engines
@pytest.mark.parametrize("engine", ALL)
def test_a_big_answer_is_whole_or_an_error(
    engine: str, started: Started, filled: dict[str, Store]
) -> None:
    filled.pop(engine, None)
    size = BEYOND if engine == "virtuoso" else MANY
    store = started.backend(engine).fill(
        Quad(NamedNode(f"http://example.org/{i}"), P, Literal(f"番号{i}")) for i in range(size)
    )
    for text in (
        "SELECT ?s ?o WHERE { ?s <http://example.org/p> ?o }",
        "CONSTRUCT { ?s <http://example.org/q> ?o } WHERE { ?s <http://example.org/p> ?o }",
    ):
        if engine == "virtuoso":
            # As it comes it gives no more than 10,000.
            with pytest.raises(errors.LimitExceeded, match="only a part"):
                store.answer(Query(text, TYPES))
        else:
            assert count(store.answer(Query(text, TYPES))) == size
    (row,) = store.rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert canonical(row["n"]) == canonical(Literal(size))
    if engine == "virtuoso":
        assert isinstance(store, RemoteStore)
        with pytest.raises(errors.LimitExceeded, match="only a part"):
            store.data.get(DefaultGraph())


def count(answer: Answer) -> int:
    written = b"".join(answer.chunks)
    if answer.form == "graph":
        return written.count(b"\n")
    found = pyoxigraph.parse_query_results(written, QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return sum(1 for _ in found)


def read(answer: Answer) -> Any:
    """Gives what an answer says, in a form that compares by value."""
    written = b"".join(answer.chunks)
    if answer.form == "graph":
        return [triple_of(quad.triple) for quad in pyoxigraph.parse(written, RdfFormat.N_TRIPLES)]
    found = pyoxigraph.parse_query_results(written, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return bool(found)
    # An embedded engine does not keep the order of columns that were selected; a name does.
    return [tuple(canonical(cell) for cell in row) for row in found]


def canonical_text(text: str) -> str:
    """Gives the same of a term as a case writes it."""
    if text in ("", "_:"):
        return text
    (quad,) = pyoxigraph.parse(f"<urn:s> <urn:p> {text} .", RdfFormat.TURTLE)
    return canonical(quad.object)


def canonical_line(line: str) -> tuple[str, ...]:
    subject, predicate, object = line.split(" ", 2)
    return tuple(map(canonical_text, (subject, predicate, object)))
