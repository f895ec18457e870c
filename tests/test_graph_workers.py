"""Queries in workers: what they answer, how far an answer may go, that it is whole or an error."""

from __future__ import annotations

import json
import re
import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import (
    InvalidQuery,
    LimitExceeded,
    QueryRefused,
    StoreUnavailable,
    UnsupportedFormat,
    UpdateInsteadOfQuery,
)
from hakusho.graph.limits import Limits
from hakusho.graph.store import Query
from hakusho.graph.workers.answers import PoolAnswer
from hakusho.graph.workers.pool import OWN, WorkerPool

EX = "http://example.org/"
PREFIX = f"PREFIX ex: <{EX}> "
ALL = "SELECT * { ?s ?p ?o }"
THINGS = 60


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory, make_store: Callable[..., Path]) -> Path:
    return make_store(tmp_path_factory.mktemp("release") / "store", THINGS)


@pytest.fixture(scope="module", params=["disk", "memory"])
def pool(request: pytest.FixtureRequest, store_path: Path) -> Iterator[WorkerPool]:
    limits = Limits(memory_store_bytes=0 if request.param == "disk" else 2**30)
    with WorkerPool(lambda: (7, store_path), limits) as pool:
        assert pool.wait_until_held()
        yield pool


def pool_with(store_path: Path, **limits: int) -> WorkerPool:
    return WorkerPool(lambda: (1, store_path), Limits(**{"memory_store_bytes": 0, **limits}))  # type: ignore[arg-type]


def asked(
    pool: WorkerPool, text: str, solutions: str = OWN["solutions"]
) -> tuple[PoolAnswer, bytes]:
    answer = pool.answer(Query(text, {**OWN, "solutions": solutions}))
    return answer, b"".join(answer.chunks)


def test_rows_are_those_of_the_release(pool: WorkerPool) -> None:
    assert pool.rows(PREFIX + "SELECT ?n ?x { ex:3 ex:number ?n }") == [{"n": Literal(3)}]


TERMS = (
    "UNDEF", '""', r'"a\tb\nc\r\"\\ \u0001"', '"あ"@ja', "1", "1.0", "1.0e0", "true",
    '"TRUE"^^xsd:boolean', '"+01"^^xsd:integer', '".5"^^xsd:decimal', '"INF"^^xsd:double',
    '"31 April"^^xsd:date', '"x"^^<http://example.org/type>', "<http://example.org/é>",
    "<<( ex:a ex:b ex:c )>>",
)  # fmt: skip


@pytest.mark.parametrize("count", [1, 2])
def test_terms_of_every_kind_come_as_they_were_given(pool: WorkerPool, count: int) -> None:
    xsd = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    names = ("?x", "?y")[:count]
    rows = " ".join(f"({' '.join([each] * count)})" for each in TERMS)
    text = f"{PREFIX}{xsd}SELECT * {{ VALUES ({' '.join(names)}) {{ {rows} }} }}"
    found = pool.rows(text)
    assert found == EmbeddedStore().rows(text)
    assert (
        len(found) == len(TERMS)
        and found[0] == {}
        and found[3]["x"] == Literal("あ", language="ja")
    )


def test_variables_can_be_bound_beforehand(pool: WorkerPool) -> None:
    rows = pool.rows(PREFIX + "SELECT ?n { ?s ex:number ?n }", {"s": NamedNode(EX + "4")})
    assert rows == [{"n": Literal(4)}]


def test_a_question_is_answered_by_yes_or_no(pool: WorkerPool) -> None:
    assert pool.ask(PREFIX + "ASK { ex:1 ex:next ex:2 }")
    assert not pool.ask(PREFIX + "ASK { ex:1 ex:next ex:3 }")


def test_triples_are_those_that_are_constructed(pool: WorkerPool) -> None:
    found = pool.triples(
        PREFIX + "CONSTRUCT { ?o ex:before ?s } { ?s ex:next ?o } ORDER BY ?s LIMIT 1"
    )
    assert found == [Triple(NamedNode(EX + "1"), NamedNode(EX + "before"), NamedNode(EX + "0"))]


def test_a_query_of_another_form_is_refused(pool: WorkerPool) -> None:
    with pytest.raises(InvalidQuery, match="boolean"):
        pool.rows("ASK {}")
    with pytest.raises(InvalidQuery, match="solutions"):
        pool.ask(ALL)


def test_an_answer_is_written_in_the_media_type_of_its_form(pool: WorkerPool) -> None:
    answer, written = asked(pool, PREFIX + "SELECT ?n { ex:3 ex:number ?n }", "text/csv")
    assert written == b"n\r\n3\r\n"
    assert (answer.form, answer.media_type) == ("solutions", "text/csv")
    assert (answer.release, answer.size, answer.capped) == (7, len(written), False)


def test_a_media_type_that_is_not_offered_is_refused(pool: WorkerPool) -> None:
    with pytest.raises(UnsupportedFormat):
        asked(pool, ALL, "application/pdf")


def test_the_dataset_of_the_request_is_what_is_asked(pool: WorkerPool) -> None:
    other = Query("ASK { ?s ?p ?o }", OWN, default_graphs=("http://example.org/other",))
    assert json.loads(b"".join(pool.answer(other).chunks)) == {"head": {}, "boolean": False}


def test_relative_names_are_resolved_against_the_base(pool: WorkerPool) -> None:
    asks = Query("ASK { <1> <next> <2> }", OWN, base_iri=EX)
    assert json.loads(b"".join(pool.answer(asks).chunks))["boolean"]


def test_what_is_wrong_is_said_of_the_text_as_it_was_sent(pool: WorkerPool) -> None:
    with pytest.raises(InvalidQuery) as caught:
        pool.rows("SELECT * {\n  ?s ?p ?o\n} ORDER BY")
    assert (caught.value.line, caught.value.column) == (3, 11)
    with pytest.raises(InvalidQuery) as caught:
        pool.rows("SELECT * {\n  ?s ?p ?o } }")
    assert (caught.value.line, caught.value.column) == (2, 14)


def test_an_update_is_not_answered(pool: WorkerPool) -> None:
    with pytest.raises(UpdateInsteadOfQuery):
        pool.rows("CLEAR ALL")
    assert len(pool.rows(ALL)) == 3 * THINGS


def test_a_refusal_leaves_the_worker_as_it_was(pool: WorkerPool) -> None:
    before = pool.numbers()["forks"]
    for _ in range(5):
        with pytest.raises(InvalidQuery):
            pool.rows("SELECT")
        with pytest.raises(QueryRefused):
            pool.rows("ASK { SERVICE <http://h/> {} }")
    assert pool.numbers()["forks"] == before


def test_many_threads_ask_at_once(pool: WorkerPool) -> None:
    def number(i: int) -> int:
        (row,) = pool.rows(PREFIX + f"SELECT ?n {{ ex:{i % THINGS} ex:number ?n }}")
        return int(str(row["n"].value))  # type: ignore[union-attr]

    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(number, range(300))) == [i % THINGS for i in range(300)]


FORMATS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv",
           "text/tab-separated-values")  # fmt: skip


@pytest.mark.parametrize("written", FORMATS)
def test_a_limit_of_rows_is_kept_and_announced(store_path: Path, written: str) -> None:
    tens = " ".join(map(str, range(10)))
    hundred = f"VALUES ?a {{ {tens} }} VALUES ?b {{ {tens} }}"
    cases = {
        f"SELECT * {{ {hundred} }}": (100, False),
        f"SELECT * {{ {hundred} }} LIMIT 100": (100, False),
        f"SELECT ?none {{ {hundred} VALUES ?c {{ 1 2 }} }}": (100, True),
        f"SELECT ('}},{{<result>\\n' AS ?x) {{ {hundred} }} LIMIT 500": (100, False),
        f"SELECT * {{ {hundred} VALUES ?c {{ 1 2 }} }} OFFSET 100 LIMIT 200": (100, False),
        f"SELECT * {{ {hundred} VALUES ?c {{ 1 2 }} }} OFFSET 99": (100, True),
        f"SELECT * {{ {hundred} VALUES ?c {{ 1 2 }} }} LIMIT 101 # LIMIT 1": (100, True),
        f"SELECT * {{ {hundred} }} VALUES ?a {{ 1 }}": (10, False),
    }
    with pool_with(store_path, rows=100) as pool:
        for text, (rows, capped) in cases.items():
            answer, body = asked(pool, text, written)
            assert (answer.capped, answer.limit) == (capped, 100), text
            assert len(pool.rows(text)) == rows if not capped else True
            if written == FORMATS[0]:
                assert len(json.loads(body)["results"]["bindings"]) == rows, text


def test_a_limit_of_triples_is_kept_and_announced(store_path: Path) -> None:
    with pool_with(store_path, rows=100) as pool:
        answer, body = asked(pool, "CONSTRUCT WHERE { ?s ?p ?o }")
        assert (answer.capped, body.count(b"\n")) == (True, 100)
        answer, body = asked(pool, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 100")
        assert (answer.capped, body.count(b"\n")) == (False, 100)


def test_rows_that_are_cut_off_are_an_error_to_our_own_questions(store_path: Path) -> None:
    with pool_with(store_path, rows=10) as pool:
        with pytest.raises(LimitExceeded, match="more than 10 rows"):
            pool.rows(ALL)


LONG = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""Some 5.8 million rows."""


def test_a_long_answer_is_whole_before_its_first_byte(store_path: Path) -> None:
    with pool_with(store_path, rows=10**9, held_in_memory=100_000) as pool:
        answer, body = asked(pool, LONG + " LIMIT 20000", "text/csv")
        assert answer.size == len(body)
        assert body.count(b"\r\n") == 20_001


@pytest.mark.parametrize("in_memory", [50_000, 10_000_000])
def test_a_long_answer_comes_in_order_however_it_is_read(store_path: Path, in_memory: int) -> None:
    with pool_with(store_path, rows=10**9, held_in_memory=in_memory) as pool:
        query = Query(LONG + " LIMIT 20000", {**OWN, "solutions": "text/csv"})
        first = b"".join(pool.answer(query).chunks)
        rest = iter(pool.answer(query).chunks)
        second = b"".join((*(next(rest), next(rest)), *rest))
        for body in (first, second):
            header, *rows = body.removesuffix(b"\r\n").split(b"\r\n")
            assert header == b"a,d,g"
            assert all(re.fullmatch(rb"(http://example.org/\d+,?){3}", row) for row in rows)


def test_an_answer_that_is_too_long_is_an_error_and_never_half_an_answer(store_path: Path) -> None:
    with pool_with(store_path, rows=10**9, result_bytes=1_000_000) as pool:
        before = pool.numbers().get("forks", 0)
        for _ in range(3):
            with pytest.raises(LimitExceeded) as caught:
                asked(pool, LONG)
            assert caught.value.limit == "size"
            assert str(caught.value).startswith("the answer is longer than 1 MB; narrow it down")
        # What overran its size stops by itself: no process had to be ended for it.
        assert pool.numbers()["forks"] < before + 3


def test_an_answer_beyond_what_is_held_flows(store_path: Path) -> None:
    with pool_with(store_path, rows=50_000, held_bytes=200_000, held_in_memory=50_000) as pool:
        answer = pool.answer(Query(LONG, {**OWN, "solutions": "text/csv"}))
        assert answer.size is None
        body = b"".join(answer.chunks)
        assert (answer.capped, body.count(b"\r\n")) == (True, 50_001)
        assert len(pool.rows(PREFIX + "SELECT ?o { ex:1 ex:next ?o }")) == 1


def test_an_overrun_in_the_midst_of_a_flow_breaks_it(store_path: Path) -> None:
    with pool_with(store_path, rows=10**9, held_bytes=200_000, result_bytes=2_000_000) as pool:
        answer = pool.answer(Query(LONG, OWN))
        with pytest.raises(LimitExceeded) as caught:
            for _ in answer.chunks:
                pass
        assert caught.value.limit == "size"


@pytest.mark.parametrize("read", [0, 1, 3])
def test_a_flow_that_nobody_reads_on_frees_its_place(store_path: Path, read: int) -> None:
    with pool_with(store_path, rows=10**9, held_bytes=200_000, fast_workers=1) as pool:
        answer = pool.answer(Query(LONG, OWN))
        for _ in range(read):
            next(answer.chunks)
        answer.close()
        assert pool.numbers()["in_flight"] == 0
        assert pool.numbers()["ended_left"] == 1
        assert len(pool.rows(PREFIX + "SELECT ?o { ex:1 ex:next ?o }")) == 1


def test_a_release_that_is_no_store_is_said_to_be_so(tmp_path: Path) -> None:
    with pool_with(tmp_path / "none") as pool:
        with pytest.raises(StoreUnavailable):
            pool.rows(ALL)


def test_without_a_release_there_is_no_answer() -> None:
    with WorkerPool(lambda: None) as pool:
        with pytest.raises(StoreUnavailable, match="no release"):
            pool.rows(ALL)


@pytest.mark.slow
def test_memory_stays_flat_for_an_answer_of_200_megabytes(store_path: Path) -> None:
    size = 10**9
    limits = Limits(rows=size, result_bytes=size, held_bytes=16_000_000, memory_store_bytes=0)
    with WorkerPool(lambda: (1, store_path), limits) as pool:
        answer = pool.answer(Query(LONG, OWN))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        read = 0
        while read < 200_000_000:
            read += len(next(answer.chunks))
        answer.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
