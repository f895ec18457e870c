"""Updates worked out in a worker: what they would change is what the engine changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from hakusho.graph.errors import InvalidQuery, LimitExceeded, QueryRefused
from hakusho.graph.limits import MIB, Limits
from hakusho.graph.sparql.guard import check_update, without_loads
from hakusho.graph.sparql.using import DatasetNamedTwice
from hakusho.graph.workers.delta import Delta
from hakusho.graph.workers.pool import WorkerPool
from hakusho.graph.workers.revision import Update
from hakusho.graph.workers.updating import check_syntax, difference

BASE = "http://example.org/"
PREFIX = "PREFIX ex: <http://example.org/> "
DATA = """
PREFIX ex: <http://example.org/>
ex:a ex:p ex:b , "x" ; ex:q 1 .
ex:b ex:p ex:a , ex:one .
_:n ex:p _:m .
GRAPH ex:one { ex:a ex:p ex:b . ex:b ex:q "x"@en . _:n ex:p ex:a }
GRAPH ex:two { ex:a ex:p ex:b . ex:c ex:q ex:one , "one" }
"""
UPDATES = {
    "data": "INSERT DATA { <a> <p> <b> , 7 . GRAPH <new> { _:x <p> _:x , [ <q> (1 2) ] } }",
    "data that is there": "INSERT DATA { ex:a ex:p ex:b . GRAPH ex:one { ex:a ex:p ex:b } }",
    "data taken out": "DELETE DATA { <a> <p> <b> , 7 . GRAPH <two> { <a> <p> <b> } }",
    "an empty graph": "INSERT DATA { GRAPH <empty> { } }",
    "a pattern": "DELETE { ?s ex:p ?o } INSERT { ?o ex:r ?s } WHERE { ?s ex:p ?o }",
    "a pattern into graphs": "INSERT { ?s ex:r ?o GRAPH ex:two { ?o ex:r ?s } . ?o ex:r ?s . "
    "GRAPH <new> { ?s ?p ?o } # }\n } WHERE { ?s ?p ?o }",
    "what is put back": "DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "graphs by variable": "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?o { ?s ?p ?g } } "
    "WHERE { GRAPH ?g { ?s ?p ?o } }",
    "graphs that are no IRIs": "INSERT { GRAPH ?o { ?s ?p ?o } } WHERE { ?s ?p ?o }",
    "the short form": "DELETE WHERE { ?s ex:p ?o . GRAPH ?g { ?s ex:p ?o } }",
    "the short form with a graph": "DELETE WHERE { GRAPH ex:two { ?s ?p ?o } }",
    "with": "WITH ex:one DELETE { ?s ?p ?o } INSERT { ?s ?p 2 GRAPH ex:two { ?s ?p 3 } } "
    "WHERE { ?s ?p ?o }",
    "with and another graph": "WITH <one> INSERT { ?s ?p ?o } WHERE { GRAPH ex:two { ?s ?p ?o } }",
    "using": "DELETE { ?s ?p ?o } USING ex:two WHERE { ?s ?p ?o }",
    "using and with": "WITH ex:one DELETE { ?s ?p ?o } USING ex:two # WHERE {\n WHERE { ?s ?p ?o }",
    "using named": "INSERT { ?g ex:has ?s } USING NAMED <one> USING NAMED <two> "
    "WHERE { GRAPH ?g { ?s ?p ?o } }",
    "blank nodes": "INSERT { _:x ex:of ?s . GRAPH ex:two { _:x ex:of ?o } } WHERE { ?s ex:p ?o }",
    "blank nodes and lists": "INSERT { ?s ex:of [ ex:is (1 ?o) ] } WHERE { ?s ex:p ?o }",
    "triple terms": "INSERT { << ?s ?p ?o >> ex:by 'me' . ?s ex:says <<( ?s ?p ?o )>> } "
    "WHERE { ?s ?p ?o }",
    "annotations": "INSERT { ?s ?p ?o {| ex:by 'me' |} } WHERE { ?s ?p ?o }",
    "a subquery": "INSERT { ?s ex:n ?n } WHERE "
    "{ SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s }",
    "nothing found": "DELETE { ?s ?p ?o } WHERE { ?s ex:none ?o }",
    "nothing asked": "INSERT { ex:new ex:p 1 } WHERE {}",
    "optional parts": "INSERT { ?s ex:r ?x . ?s ex:t ?o } "
    "WHERE { ?s ex:p ?o OPTIONAL { ?o ex:q ?x } }",
    "clear a graph": "CLEAR GRAPH <one>",
    "clear the default graph": "CLEAR DEFAULT",
    "clear the named graphs": "CLEAR NAMED",
    "clear all": "CLEAR ALL",
    "drop a graph": "DROP GRAPH ex:one",
    "drop all": "DROP ALL",
    "drop what is not there": "DROP SILENT GRAPH ex:none",
    "create": "CREATE GRAPH <new>",
    "add": "ADD <one> TO <two>",
    "add to the default graph": "ADD ex:one TO DEFAULT",
    "move": "MOVE GRAPH ex:one TO ex:new",
    "copy": "COPY DEFAULT TO ex:two",
    "load in silence": "LOAD SILENT <http://127.0.0.1/> INTO GRAPH ex:one",
    "one after the other": "INSERT DATA { ex:z ex:p 1 } ; DELETE { ?s ex:p ?o } "
    "INSERT { ?s ex:w ?o GRAPH ?s { ?s ex:w ?o } } WHERE { ?s ex:p ?o } ; "
    "DELETE WHERE { ?s ex:w 1 } ; DROP GRAPH ex:two ;",
    "there and back": "INSERT DATA { ex:z ex:p 1 } ; DELETE DATA { ex:z ex:p 1 } ; "
    "CREATE GRAPH <n> ; DROP GRAPH <n>",
    "into graphs without an IRI": "INSERT { GRAPH ?s { ?s ?p ?o } } WHERE { ?s ex:p ?o } ; "
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "nothing at all": "",
}  # fmt: skip


def quads() -> list[Quad]:
    return list(parse(DATA, RdfFormat.TRIG))


def likeness(some: Iterable[Quad]) -> list[str]:
    """Gives quads in order, in which all blank nodes are alike."""
    return sorted(re.sub(r"_:\w+", "_:b", str(quad)) for quad in some)


@pytest.mark.parametrize("name", UPDATES)
def test_the_difference_is_what_the_engine_makes(name: str) -> None:
    text = PREFIX + UPDATES[name]
    text = without_loads(text, check_update(text, Limits()))
    engine, ours = Store(), Store()
    before = quads()
    engine.extend(before)
    ours.extend(before)
    graphs = set(ours.named_graphs())
    engine.update(text, base_iri=BASE)
    check_syntax(text, BASE)
    made = difference(ours, text, BASE)
    assert set(made.removed) <= set(before) and set(before).isdisjoint(made.added)
    assert likeness((set(before) - set(made.removed)) | set(made.added)) == likeness(engine)
    after = (graphs | made.created) - made.dropped
    assert {name for name in after if isinstance(name, NamedNode)} == {
        name for name in engine.named_graphs() if isinstance(name, NamedNode)
    }


def test_what_an_update_undoes_itself_is_no_change() -> None:
    store = Store()
    assert not Delta.of(difference(store, PREFIX + UPDATES["there and back"], BASE))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    store = Store(str(folder / "store"))
    store.extend(quads())
    store.flush()
    return folder


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[WorkerPool]:
    limits = Limits(memory=128 * MIB, upload_seconds=1.0)
    with WorkerPool(lambda: (1, folder / "store"), limits) as pool:
        yield pool


def test_an_update_is_told_and_not_made(pool: WorkerPool, folder: Path) -> None:
    text = (
        PREFIX + "DELETE { ?s ex:p ?o } INSERT { GRAPH <new> { ?s ex:p ?o } } WHERE { ?s ex:p ?o }"
    )
    delta = pool.evaluate_update(Update(text, BASE), folder / "store")
    change = delta.change()
    assert likeness(change.remove) == likeness(
        quad for quad in quads() if quad.predicate.value == BASE + "p" and "Default" in repr(quad)
    )
    # The blank nodes of what is removed are those of the store.
    store = Store.read_only(str(folder / "store"))
    assert all(quad in store for quad in change.remove)
    assert list(change.create) == [NamedNode(BASE + "new")]
    assert [path.name for path in folder.iterdir()] == ["store"]


def test_an_update_of_nothing_starts_from_an_empty_store(pool: WorkerPool) -> None:
    delta = pool.evaluate_update(Update("INSERT DATA { <urn:a> <urn:b> 1 }"), None)
    assert delta.added == (b'<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n')


def test_the_dataset_of_a_request_is_that_of_the_patterns(pool: WorkerPool, folder: Path) -> None:
    text = PREFIX + "INSERT { ?s ex:seen ?o } WHERE { ?s ex:q ?o }"
    update = Update(text, BASE, using_graphs=(BASE + "two",))
    added = pool.evaluate_update(update, folder / "store").change().add
    assert likeness(added) == [
        f'<{BASE}c> <{BASE}seen> "one"',
        f"<{BASE}c> <{BASE}seen> <{BASE}one>",
    ]
    named_twice = Update(PREFIX + "WITH ex:one DELETE { ?s ?p 1 } WHERE {}", BASE, (BASE + "two",))
    with pytest.raises(DatasetNamedTwice):
        pool.evaluate_update(named_twice, folder / "store")


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("INSERT { ?a ?b ?c } WHERE { SERVICE <http://h/> {} }", QueryRefused, "SERVICE"),
        ("LOAD <http://127.0.0.1/>", QueryRefused, "LOAD"),
        ("INSERT DATA {\n <urn:a> <urn:b> ?c }", InvalidQuery, "line 2"),
        ("INSERT DATA { <urn:a> <urn:b> 1 } ; DROP GRAPH <urn:none>", InvalidQuery, "urn:none"),
        ("INSERTDATA { <urn:a> <urn:b> 1 }", QueryRefused, "spaces between its keywords"),
        ("INSERT DATA { <urn:a> <urn:b> '\ud800' }", InvalidQuery, "Unicode"),
        ("INSERT DATA { " + "[ <urn:a> " * 200 + "1" + "]" * 200 + " }", QueryRefused, "nested"),
        ("DELETE WHERE { " + "?s ?p ?o ." * 70 + " }", QueryRefused, "triple patterns"),
    ],
)
def test_an_update_that_cannot_be_made_is_refused(
    pool: WorkerPool, folder: Path, text: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        pool.evaluate_update(Update(text), folder / "store")


@pytest.mark.parametrize(
    "where",
    [
        "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u",
        "BIND('0123456789' AS ?v0) "
        + "".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1}) " for i in range(40)),
    ],
    ids=["time", "memory"],
)
def test_an_update_that_overruns_its_limits_is_ended(
    pool: WorkerPool, folder: Path, where: str
) -> None:
    with pytest.raises(LimitExceeded):
        pool.evaluate_update(
            Update(f"INSERT {{ <urn:a> <urn:b> ?v39 }} WHERE {{ {where} }}"), folder / "store"
        )
    assert [path.name for path in folder.iterdir()] == ["store"]
