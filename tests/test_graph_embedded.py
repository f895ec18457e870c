"""The store in this process: what it answers, in which formats, and what it says of bad queries."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from hakusho.graph.embedded import GRAPHS, TABLES, EmbeddedStore
from hakusho.graph.errors import (
    InvalidQuery,
    StoreUnavailable,
    UnsupportedFormat,
    UpdateInsteadOfQuery,
)
from hakusho.graph.store import Form, Query, Store
from hakusho.graph.terms import text as text_of

G: Mapping[str, str] = {name: f"https://example.org/{name}" for name in ("one", "two", "three")}
DATA = f"""
PREFIX ex: <https://example.org/>
ex:a ex:label "課題"@ja, "challenge"@en ; ex:size 3 .
ex:b ex:label "災害"@ja .
GRAPH <{G["one"]}> {{ ex:a ex:size 3 . ex:b ex:size 4 }}
GRAPH <{G["two"]}> {{ ex:a ex:size 3 . ex:c ex:size 5 }}
GRAPH <{G["three"]}> {{ ex:d ex:size 6 }}
"""
SIZES = "SELECT ?thing WHERE { ?thing <https://example.org/size> ?size } ORDER BY ?thing"
ALL_TYPES: Mapping[Form, str] = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}


@pytest.fixture
def store() -> EmbeddedStore:
    return EmbeddedStore.of(parse(DATA, RdfFormat.TRIG))


def count(
    store: EmbeddedStore,
    text: str,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
) -> int:
    answer = store.answer(Query(text, ALL_TYPES, default_graphs, named_graphs))
    rows = json.loads(b"".join(answer.chunks))["results"]["bindings"]
    return int(rows[0]["n"]["value"]) if "n" in rows[0] else len(rows)


def test_it_is_a_store(store: EmbeddedStore) -> None:
    asked: Store = store
    assert asked.ask("ASK { ?s ?p ?o }")


def test_rows_are_names_to_terms_and_leave_out_what_is_unbound(store: EmbeddedStore) -> None:
    rows = store.rows(
        """SELECT ?s ?size WHERE { ?s <https://example.org/label> ?label FILTER(LANG(?label) = "ja")
           OPTIONAL { ?s <https://example.org/size> ?size } } ORDER BY ?s"""
    )
    assert [{name: text_of(term) for name, term in row.items()} for row in rows] == [
        {"s": "https://example.org/a", "size": "3"},
        {"s": "https://example.org/b"},
    ]


def test_a_variable_bound_beforehand_need_not_be_selected(store: EmbeddedStore) -> None:
    text = "SELECT ?label WHERE { ?s <https://example.org/label> ?label }"
    rows = store.rows(text, {"s": NamedNode("https://example.org/b")})
    assert rows == [{"label": Literal("災害", language="ja")}]


def test_a_bound_text_cannot_leave_its_quotes(store: EmbeddedStore) -> None:
    text = "SELECT (STR(?given) AS ?same) WHERE { FILTER(BOUND(?given)) }"
    nasty = 'a" } UNION { ?s ?p ?o } #\\'
    assert store.rows(text, {"given": Literal(nasty)}) == [{"same": Literal(nasty)}]


def test_a_binding_holds_before_rows_are_counted(store: EmbeddedStore) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s <https://example.org/label> ?label }"
    rows = store.rows(text, {"s": NamedNode("https://example.org/a")})
    assert [text_of(row["n"]) for row in rows] == ["2"]


def test_triples_are_those_of_a_construct_query(store: EmbeddedStore) -> None:
    triples = store.triples("CONSTRUCT WHERE { ?s <https://example.org/size> ?size }")
    assert [str(triple) for triple in triples] == [
        '<https://example.org/a> <https://example.org/size> "3"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


@pytest.mark.parametrize("text", ["ASK {}", "SELECT * {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_a_query_of_another_form_is_refused_by_name(store: EmbeddedStore, text: str) -> None:
    asks: Mapping[str, Callable[[str], object]] = {
        "ASK": store.rows,
        "SEL": store.triples,
        "CON": store.ask,
    }
    asked = asks[text[:3]]
    with pytest.raises(InvalidQuery, match="query"):
        asked(text)


def test_a_triple_that_two_default_graphs_share_is_counted_once(store: EmbeddedStore) -> None:
    text = "SELECT (COUNT(*) AS ?n) {dataset} WHERE {{ ?s ?p ?o }}"
    both = f"FROM <{G['one']}> FROM <{G['two']}>"
    assert count(store, text.format(dataset=both)) == 3
    assert count(store, text.format(dataset=both + f" FROM <{G['three']}>")) == 4
    assert count(store, text.format(dataset=f"FROM <{G['one']}> FROM <{G['three']}>")) == 3
    assert count(store, text.format(dataset=f"FROM <{G['one']}> FROM <{G['one']}>")) == 2
    assert count(store, text.format(dataset=""), default_graphs=(G["one"], G["two"])) == 3


def test_from_may_be_written_with_a_prefix_or_a_base(store: EmbeddedStore) -> None:
    text = """BASE <https://example.org/> PREFIX ex: <https://example.org/>
        SELECT (COUNT(*) AS ?n) FROM ex:one FROM <two> WHERE { ?s ?p ?o }"""
    assert count(store, text) == 3


def test_the_protocols_dataset_goes_before_the_texts(store: EmbeddedStore) -> None:
    text = f"SELECT (COUNT(*) AS ?n) FROM <{G['one']}> WHERE {{ ?s ?p ?o }}"
    assert count(store, text, default_graphs=(G["three"],)) == 1


def test_a_dataset_has_no_more_graphs_than_it_names(store: EmbeddedStore) -> None:
    named = "SELECT (COUNT(*) AS ?n) {dataset} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    shared = f"FROM <{G['one']}> FROM <{G['two']}>"
    assert count(store, named.format(dataset=shared)) == 0
    assert count(store, named.format(dataset=f"{shared} FROM NAMED <{G['three']}>")) == 1
    assert count(store, named.format(dataset=""), named_graphs=(G["one"],)) == 2
    assert count(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", named_graphs=(G["one"],)) == 0


@pytest.mark.parametrize("media_type", TABLES)
def test_solutions_are_written_in_every_format_of_results(
    store: EmbeddedStore, media_type: str
) -> None:
    answer = store.answer(Query(SIZES, {"solutions": media_type}))
    assert (answer.form, answer.media_type) == ("solutions", media_type)
    assert _things(b"".join(answer.chunks), media_type) == ["https://example.org/a"]


def _things(body: bytes, media_type: str) -> list[str]:
    text = body.decode()
    if "json" in media_type:
        return [row["thing"]["value"] for row in json.loads(text)["results"]["bindings"]]
    if "xml" in media_type:
        namespace = "{http://www.w3.org/2005/sparql-results#}"
        return [uri.text or "" for uri in ElementTree.fromstring(text).iter(f"{namespace}uri")]
    if "csv" in media_type:
        return [row["thing"] for row in csv.DictReader(io.StringIO(text))]
    return [line.strip("<>") for line in text.splitlines()[1:]]


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_are_written_in_every_format_of_rdf(store: EmbeddedStore, media_type: str) -> None:
    text = "CONSTRUCT WHERE { ?s <https://example.org/label> ?o }"
    answer = store.answer(Query(text, {"graph": media_type}))
    assert (answer.form, answer.media_type) == ("graph", media_type)
    found = parse(b"".join(answer.chunks), GRAPHS[media_type])
    assert {quad.triple for quad in found} == set(store.triples(text))


def test_a_boolean_is_written_too(store: EmbeddedStore) -> None:
    answer = store.answer(Query("ASK { ?s ?p ?o }", ALL_TYPES))
    assert (answer.form, json.loads(b"".join(answer.chunks))) == (
        "boolean",
        {"head": {}, "boolean": True},
    )


def test_a_format_that_a_form_does_not_have_lists_those_it_has(store: EmbeddedStore) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        store.answer(Query(SIZES, {"solutions": "text/turtle"}))
    assert caught.value.offered == tuple(TABLES)


def test_a_long_answer_is_written_in_pieces_and_may_be_left_unread() -> None:
    subject, predicate = NamedNode("https://example.org/s"), NamedNode("https://example.org/p")
    store = EmbeddedStore.of(
        Quad(subject, predicate, Literal("x" * 99 + str(n))) for n in range(50_000)
    )
    query = Query("SELECT ?o WHERE { ?s ?p ?o }", {"solutions": "text/csv"})
    pieces = list(store.answer(query).chunks)
    assert len(pieces) > 10 and b"".join(pieces).count(b"\n") == 50_001
    answer = store.answer(query)
    next(answer.chunks)
    answer.close()
    assert list(answer.chunks) == []


def test_what_a_reader_raises_comes_back_as_it_is(store: EmbeddedStore) -> None:
    class Gone:
        def write(self, piece: bytes) -> None:
            raise BrokenPipeError("gone")

    with pytest.raises(BrokenPipeError):
        store.write(Query(SIZES, ALL_TYPES), Gone())


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("SELECT * WHERE { ?s ?p }", 1, 24, "'}' cannot stand here"),
        ("SELECT *\nWHERE {\n  ?s ?p ?o ??? }", 3, 12, "'?' cannot stand here"),
        ("SELECT * { ?s ?p '日本' . ?s ?p % }", 1, 31, "'%' cannot stand here"),
        ("SELECT * { ?s ?p ?o", 1, 20, "the text ends too early"),
        ("SELECT * { ?s ex:p ?o }", 1, 15, "'ex:p': this prefix is not declared"),
        ("SELECT * { ?s <p> ?o }", 1, 15, "'<p>': this is no absolute IRI"),
        ("SELECT * { ?s ?p <http://a b> }", 1, 18, "'<http://a b>': this is no absolute IRI"),
        ("SELECT * { ?s ?p ?o FILTER(?o > ) }", 1, 33, "')' cannot stand here"),
        ("SELCT * { ?s ?p ?o }", 1, 1, "'SELCT' cannot stand here"),
        ("SELECT * { ?s ?p ?o } LIMIT many", 1, 29, "'many' cannot stand here"),
        ("SELECT (COUNT(*) AS ?n) ?s { ?s ?p ?o }", 1, 40, "a variable after SELECT"),
        ("# a } in a comment\nASK { ?s ?p 'a }' ?o }", 2, 19, "'?o' cannot stand here"),
    ],
)
def test_a_syntax_error_is_told_by_line_and_column(
    store: EmbeddedStore, text: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(InvalidQuery) as caught:
        store.rows(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "# SELECT\nPREFIX select: <urn:x> DELETE WHERE { ?s ?p ?o }",
        "drop all",
    ],
)
def test_an_update_is_not_answered_as_a_query(store: EmbeddedStore, text: str) -> None:
    with pytest.raises(UpdateInsteadOfQuery):
        store.answer(Query(text, ALL_TYPES))
    assert store.ask("ASK { ?s ?p ?o }")


def test_an_unknown_function_is_named(store: EmbeddedStore) -> None:
    with pytest.raises(InvalidQuery, match="urn:f"):
        store.rows("SELECT (<urn:f>(1) AS ?x) {}")


def test_a_store_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        EmbeddedStore(tmp_path / "nothing")


def test_rows_keep_the_order_of_the_query(store: EmbeddedStore) -> None:
    text = f"SELECT ?s FROM <{G['one']}> FROM <{G['two']}> {{ ?s ?p ?o }} ORDER BY DESC(?s)"
    assert [text_of(row["s"])[-1] for row in store.rows(text)] == ["c", "b", "a"]
