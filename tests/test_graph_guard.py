"""The guard: what reaches out is refused under every disguise, what is legal passes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hakusho.graph.errors import QueryRefused, UpdateInsteadOfQuery
from hakusho.graph.limits import Limits
from hakusho.graph.sparql.glance import glance
from hakusho.graph.sparql.guard import Facts, check_query, check_update, without_loads
from hakusho.graph.sparql.lexer import Lexer

LIMITS = Limits()
EX = "PREFIX ex: <http://example.org/> "

DISGUISES = {
    "plain": "ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "lower case": "ASK { service <http://127.0.0.1/> { ?s ?p ?o } }",
    "silent": "ASK { SERVICE SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
    "silent without space": "ASK { SERVICESILENT<http://127.0.0.1/>{ ?s ?p ?o } }",
    "variable": "ASK { VALUES ?e { <http://127.0.0.1/> } SERVICE ?e { ?s ?p ?o } }",
    "name": EX + "ASK { SERVICE ex:sparql { ?s ?p ?o } }",
    "glued to its name": EX + "ASK { SERVICEex:sparql { ?s ?p ?o } }",
    "glued to a variable": "ASK { SERVICE?e{ ?s ?p ?o } }",
    "after true": EX + "ASK { ?s ?p trueSERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
    "after true, glued to its name": EX + "ASK { ?s ?p trueSERVICEex:sparql { ?s ?p ?o } }",
    "after a number": "ASK { ?s ?p 2SERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
    "after a decimal point": "ASK { ?s ?p 2.SERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
    "after a filter": "ASK { FILTER(1=2)SERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
    "after a name with an apostrophe": EX + "ASK { ?s ?p ex:a\\' SERVICE <http://h/> {} # '\n}",
    "after a name with a hash": EX + r"ASK { ?s ?p ex:a\# . SERVICE <http://h/> { ?s ?p ?o } }",
    "after a name with two dots": EX + "ASK { ?s ?p ex:a.b.SERVICE<http://h/>{ ?s ?p ?o } }",
    "after a name that falls apart": "PREFIX ex: <http://a:> ASK { ?s ?p ex:SERVICE<http://h/>{} }",
    "after an apostrophe in a comment": "ASK { # it's\n SERVICE <http://h/> {} # it's\n }",
    "after quotes in a comment": 'ASK { # """\n SERVICE <http://h/> { ?s ?p ?o } # """\n }',
    "after a string that ends in a backslash": "ASK { ?s ?p 'a\\\\' SERVICE <http://h/> {} # '\n}",
    "after a long string": "ASK { ?s ?p '''it's ''a'' ''' . SERVICE <http://h/> {} }",
    "after an empty string": "ASK { ?s ?p '' SERVICE <http://h/> {} }",
    "after an IRI with a hash": "ASK { ?s <http://h/#'> ?o SERVICE <http://h/> {} # '\n}",
    "between comparisons": "ASK { FILTER(?a<?b&&'>'='')SERVICE<http://h/>{}FILTER(''='x') }",
    "after less and a comment": "ASK { FILTER(?a<?b#>'\n)SERVICE<http://h/>{}#'\n}",
    "after less in a function": EX + "ASK{ FILTER ex:f(?a<?b,'>')SERVICE<urn:h>{} FILTER(''='') }",
    "in EXISTS": "ASK { FILTER EXISTS { SERVICE <http://h/> { ?s ?p ?o } } }",
    "in a subquery": "SELECT * { { SELECT (1<2 AS ?x) { SERVICE <http://h/> {} } } }",
    "in OPTIONAL without space": "ASK { OPTIONAL{}SERVICE<http://h/>{} }",
    "with its IRI escaped": r"ASK { SERVICE <http://\u0031\u00327.0.0.1/> { ?s ?p ?o } }",
    "to a link-local address": "ASK { SERVICE <http://169.254.169.254/latest/meta-data/> {} }",
    "to IPv6": "ASK { SERVICE <http://[::1]:80/> {} }",
    "with tabs and comments": "ASK {\tSERVICE#\n\t#<http://x/>\n<http://h/>\r\n{ ?s ?p ?o } }",
    "after a long language tag": "ASK { ?s ?p 'a'@en-GB SERVICE <http://h/> {} }",
    "after VALUES": "ASK { VALUES (?a ?b) { (1 <http://it's/>) } SERVICE <http://h/> {} # '\n}",
}  # fmt: skip


@pytest.mark.parametrize("query", DISGUISES.values(), ids=DISGUISES)
def test_service_is_refused_however_it_is_disguised(query: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE"):
        check_query(query, LIMITS)


UNGUARDED = """
import json, sys
from pyoxigraph import Store
from hakusho.graph.workers.isolation import give_up_network
assert give_up_network()
for query in json.load(sys.stdin):
    try:
        Store().query(query)
    except (OSError, RuntimeError):
        pass  # It was understood, and nothing was reached.
"""


def test_each_disguise_is_something_that_the_engine_takes() -> None:
    # In a process without a network, whose engine would raise SyntaxError for what is no query.
    subprocess.run(
        [sys.executable, "-c", UNGUARDED],
        input=json.dumps(list(DISGUISES.values())),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
        check=True,
    )


LOADS = (
    "LOAD <http://127.0.0.1/>",
    "load<http://127.0.0.1/>INTO GRAPH<urn:g>",
    EX + "LOADex:data",
    "CLEAR DEFAULT;LOAD <http://127.0.0.1/>",
    "INSERT DATA { <urn:a> <urn:b> '}' } ; # '\n LOAD <http://127.0.0.1/> # '",
    "INSERT DATA { <urn:a> <urn:b> 'LOAD' . GRAPH <urn:g> { <urn:a> <urn:b> () } };LOAD<urn:x>",
    "LOAD SILENT <urn:a> ; LOAD <urn:b>",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o<?s&&'>'='') };LOAD<urn:x>;CLEAR GRAPH <urn:'>",
)


@pytest.mark.parametrize("update", LOADS)
def test_load_is_refused(update: str) -> None:
    with pytest.raises(QueryRefused, match="LOAD"):
        check_update(update, LIMITS)


def test_load_silent_is_left_out_since_it_may_fail_in_silence() -> None:
    text = "CLEAR DEFAULT; LOAD SILENT <http://h/> INTO GRAPH <urn:g>; LOADSILENT<urn:x> # ;"
    facts = check_update(text, LIMITS)
    assert without_loads(text, facts) == "CLEAR DEFAULT; DELETE DATA {}; DELETE DATA {}"


INNOCENT = (
    "SELECT ?service ?load { ?service ?load 'SERVICE <http://h/> {}' }",
    EX + "ASK { ?s ex:service ?o { ?o ex:SERVICE ?x } }",
    "PREFIX service: <http://h/> ASK { GRAPH service:g { ?s service:load ?o } }",
    "ASK { ?s <http://h/SERVICE> _:service } # SERVICE <http://h/> {}",
    "ASK { ?s ?p 'a'@service }",
    "ASK { FILTER(?a<?b && ?c>?d) FILTER(?a<3||?b>=2) }",
    "ASK { ?s ?p (1 <http://it's/>), [ ?q <http://it's/> ] . FILTER('a'=?b) }",
    EX + "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a ex:b\\'c 'd' } HAVING (?n<3) LIMIT 5",
    "ASK { << ?s ?p ?o >> ?q <<( ?s ?p 'it''s' )>> {| ?r 'SERVICE' |} }",
    "ASK { ?s ?p 'a'@en--ltr, '''b''c''', \"\"\"d\"e\"\"\" }",
    "",
)


@pytest.mark.parametrize("query", INNOCENT)
def test_what_only_looks_like_it_passes(query: str) -> None:
    check_query(query, LIMITS)


def test_update_forms_that_mention_load_pass() -> None:
    for update in (
        "PREFIX load: <http://h/> CLEAR GRAPH load:g",
        "INSERT DATA { <urn:load> <urn:p> 'LOAD <http://h/>' }",
        "DELETE { ?load ?p ?o } WHERE { ?load ?p ?o }",
        "MOVE <urn:load> TO <urn:service>",
    ):
        check_update(update, LIMITS)


def test_service_passes_to_the_endpoints_that_are_allowed_and_to_no_other() -> None:
    limits = replace(LIMITS, services=frozenset({"https://query.example.org/sparql"}))
    for endpoint in (
        "<https://query.example.org/sparql>",
        r"<https://query.example\u002Eorg/sparql>",
    ):
        check_query(f"ASK {{ SERVICE {endpoint} {{ ?s ?p ?o }} }}", limits)
    named = "PREFIX q: <https://query.example.org/> ASK { SERVICE SILENT q:sparql { ?s ?p ?o } }"
    check_query(named, limits)
    for endpoint in (
        "<https://query.example.org/sparql/../admin>",
        "<HTTPS://query.example.org/sparql>",
        "<https://query.example.org/sparql?x>",
        "<sparql>",
        "?endpoint",
    ):
        with pytest.raises(QueryRefused, match="SERVICE"):
            check_query(f"ASK {{ SERVICE {endpoint} {{ ?s ?p ?o }} }}", limits)


def test_a_refusal_says_where_and_what() -> None:
    with pytest.raises(QueryRefused) as caught:
        check_query("ASK {\n  ?s ?p ?o .\n  SERVICE <http://h/> { }\n}", LIMITS)
    assert str(caught.value) == (
        "line 3, column 3: SERVICE <http://h/> is not allowed here; no other endpoint is asked"
    )


N = 101
TOO_DEEP = {
    "groups": "ASK " + "{" * N + "}" * N,
    "parentheses": "ASK { FILTER(" + "(" * N + "1" + ")" * N + ") }",
    "not": "ASK { FILTER(" + "!" * N + "true) }",
    "minus": "ASK { FILTER(" + "- " * N + "1) }",
    "functions": "ASK { FILTER(" + "STR(" * N + "1" + ")" * N + ") }",
    "EXISTS": "ASK { " + "FILTER EXISTS {" * N + "}" * N + " }",
    "subqueries": "SELECT * " + "{ SELECT * " * N + "{}" + "}" * N,
    "blank nodes": "ASK { ?s ?p " + "[ ?p " * N + "1" + "]" * N + " }",
    "lists": "ASK { ?s ?p " + "(" * N + "1" + ")" * N + " }",
    "paths": "ASK { ?s " + "(" * N + "<urn:p>" + ")*" * N + " ?o }",
    "inverse paths": "ASK { ?s " + "^(" * N + "<urn:p>" + ")" * N + " ?o }",
    "triple terms": "ASK { ?s ?p " + "<<( ?s ?p " * N + "1" + ")>>" * N + " }",
    "reified triples": "ASK { ?s ?p " + "<< ?s ?p " * N + "1" + ">>" * N + " }",
    "unions": "ASK " + "{{} UNION " * N + "{}" + "}" * N,
    "after less": "ASK { FILTER(?a<ex:f" + "(" * N + "1" + ")" * N + ">2) }",
}


@pytest.mark.parametrize("query", TOO_DEEP.values(), ids=TOO_DEEP)
def test_what_is_nested_too_deeply_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="nested more than 100 deep"):
        check_query(query, LIMITS)


TOO_MANY = {
    "triples": "ASK { " + " ".join(f"?s <urn:{i}> ?o{i} ." for i in range(65)) + " }",
    "predicates": "ASK { ?s " + ";".join(f"<urn:{i}> ?o{i}" for i in range(65)) + " }",
    "objects": "ASK { ?s ?p " + ",".join(map(str, range(65))) + " }",
    "steps of a path": "ASK { ?s " + "/".join(["<urn:p>"] * 66) + " ?o }",
    "members of a list": "ASK { ?s ?p (" + "1 " * 33 + ") }",
    "blank nodes": "ASK { " + "[ ?p 1 ] ?q 2 . " * 33 + " }",
    "annotations": "ASK { " + "?s ?p ?o {| ?q 1 |} . " * 33 + " }",
    "CONSTRUCT WHERE": "CONSTRUCT WHERE { " + "?s ?p ?o ." * 65 + " }",
}


@pytest.mark.parametrize("query", TOO_MANY.values(), ids=TOO_MANY)
def test_too_many_triple_patterns_in_one_group_are_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="more than 64 triple patterns"):
        check_query(query, LIMITS)


def test_as_many_patterns_as_are_allowed_pass_in_each_group() -> None:
    block = " ".join(f"?s <urn:{i}> ?o{i} ." for i in range(64))
    check_query(f"ASK {{ {{ {block} }} UNION {{ {block} }} }}", LIMITS)
    check_update(f"INSERT {{ {block} {block} }} WHERE {{ {block} }}", LIMITS)


@pytest.mark.parametrize(
    "chain",
    ["+1", "||?a", "&&?a", "=1", "*2"],
)
def test_long_chains_of_operators_are_refused(chain: str) -> None:
    with pytest.raises(QueryRefused, match="more than 500 operators"):
        check_query(f"ASK {{ FILTER(1{chain * 501}) }}", LIMITS)


@pytest.mark.parametrize("clause", ["OPTIONAL {}", "UNION {}", "MINUS {}", "BIND(1 AS ?x)"])
def test_long_chains_of_clauses_are_refused(clause: str) -> None:
    with pytest.raises(QueryRefused, match="more than 500 operators"):
        check_query(f"ASK {{ {{}} {clause * 501} }}", LIMITS)


def test_long_lists_of_values_are_no_operators() -> None:
    check_query("ASK { VALUES ?x { " + "1 " * 5000 + "} }", LIMITS)
    check_query("ASK { FILTER(?x IN (" + ",".join(["1"] * 5000) + ")) }", LIMITS)


def test_a_text_may_be_as_long_as_the_limit_and_no_longer() -> None:
    check_query("ASK {} #" + "x" * (65536 - 8), LIMITS)
    with pytest.raises(QueryRefused, match="65,537 bytes, and 65,536 is the limit"):
        check_query("ASK {} #" + "x" * (65537 - 8), LIMITS)


def test_data_is_bounded_like_an_upload_and_not_like_a_query() -> None:
    data = "<urn:s> <urn:p> 'it\\'s', <urn:'> ; <urn:q> [ <urn:r> (1 2) ] . # }'\n" * 5000
    update = f"INSERT DATA {{ {data} GRAPH <urn:g> {{ {data} }} }} ; DELETE WHERE {{ ?s ?p ?o }}"
    assert len(update) > 10 * LIMITS.text_bytes
    assert check_update(update, LIMITS).form == "INSERT"
    with pytest.raises(QueryRefused, match="bytes beside the data in it"):
        check_update(f"DELETE {{ {data} }} WHERE {{}}", LIMITS)
    with pytest.raises(QueryRefused, match="is the limit"):
        check_update(update, replace(LIMITS, upload_bytes=100_000))


def test_data_may_not_be_nested_without_end() -> None:
    deep = "[ <urn:p> " * N + "1" + "]" * N
    with pytest.raises(QueryRefused, match="nested more than 100 deep"):
        check_update(f"INSERT DATA {{ <urn:s> <urn:p> {deep} }}", LIMITS)


FORMS = {
    "SELECT * { ?s ?p ?o }": Facts("SELECT", tail=(21, 21)),
    "SELECT * { ?s ?p ?o } LIMIT 5": Facts("SELECT", limit=5, tail=(22, 29)),
    "SELECT*{}OFFSET 3 LIMIT 5": Facts("SELECT", limit=5, offset=3, tail=(9, 25)),
    "SELECT * {} LIMIT 5 VALUES ?x { 1 }": Facts("SELECT", limit=5, tail=(12, 19)),
    "SELECT * {} VALUES ?x { 1 }": Facts("SELECT", tail=(12, 12)),
    "SELECT * { { SELECT * {} LIMIT 5 } }": Facts("SELECT", tail=(36, 36)),
    "SELECT * {} # LIMIT 5 }": Facts("SELECT", tail=(23, 23)),
    "SELECT * FROM <urn:g> {}": Facts("SELECT", names_dataset=True, tail=(24, 24)),
    "BASE <urn:a> PREFIX select: <urn:b> ASK {}": Facts("ASK"),
    "# SELECT\nDESCRIBE <urn:x>": Facts("DESCRIBE"),
    "CONSTRUCT { ?s ?p ?o } FROM <urn:g> WHERE { ?s ?p ?o }": Facts("CONSTRUCT", True),
    "VERSION '1.2' ASK {}": Facts("ASK"),
}


@pytest.mark.parametrize("query", FORMS)
def test_the_guard_tells_what_a_query_is(query: str) -> None:
    assert check_query(query, LIMITS) == FORMS[query]


@pytest.mark.parametrize(
    ("update", "names"),
    [
        ("INSERT DATA { <urn:a> <urn:b> 1 }", False),
        ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", True),
        ("DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }", True),
        ("CLEAR ALL", False),
    ],
)
def test_the_guard_tells_whether_an_update_names_its_dataset(update: str, names: bool) -> None:
    facts = check_update(update, LIMITS)
    assert (facts.form, facts.is_update, facts.names_dataset) == (update.split()[0], True, names)


def test_an_update_is_told_from_a_query() -> None:
    for update in ("CLEAR ALL", EX + "INSERTDATA{}", "BASE <urn:x> # ASK\nDELETE WHERE {}"):
        with pytest.raises(UpdateInsteadOfQuery):
            check_query(update, LIMITS)


def test_a_limit_that_is_glued_to_its_number_is_refused() -> None:
    # The engine takes it, and would answer with more rows than are allowed.
    with pytest.raises(QueryRefused, match="space"):
        check_query("SELECT * { ?s ?p ?o } LIMIT1000000", LIMITS)


PIECES = st.sampled_from(
    "SELECT|*|?x|?limit|WHERE|{|}|(|)|[|]|'a'|\"b\\\"\"|'''c'''|<http://a/#b>|<|<=|ex:a\\'|# '\n"
    "|1|2.5|.|;|,|FILTER|AS|COUNT|LIMIT 5|OFFSET 2|ORDER BY|true|<<|>>|/|@en|ASK|SERVICE|VALUES"
    "|PREFIX ex: <http://e/>".split("|")
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map(" ".join))
@example("SELECT LIMIT 5 }")
@example("SELECT } { LIMIT 5 } {")
@settings(max_examples=300, deadline=None)
def test_a_glance_says_nothing_that_a_close_look_would_not(text: str) -> None:
    seen = glance(text, LIMITS)
    if seen is None:
        return
    facts = check_query(f"{text} # service", LIMITS)
    assert (facts.form, facts.limit, facts.offset) == (seen.form, seen.limit, seen.offset)


@given(st.text(alphabet="{}()[]<>'\"\\#?ex:a.1 \n!^|&;,", max_size=60))
@settings(max_examples=500, deadline=None)
def test_every_text_is_read_to_its_end(text: str) -> None:
    list(Lexer(text).tokens())


SUITES = Path(os.environ.get("HAKUSHO_SUITES", ""))


@pytest.mark.suites
def test_every_legal_test_of_the_w3c_suite_passes() -> None:
    files = sorted(file for file in SUITES.rglob("*.r[qu]"))
    assert files, "HAKUSHO_SUITES names no folder with the W3C suites"
    refused = {}
    for file in files:
        text = file.read_bytes().decode("utf-8", "replace")
        check = check_query if file.suffix == ".rq" else check_update
        try:
            check(text, LIMITS)
        except QueryRefused as error:
            refused[file.relative_to(SUITES).as_posix()] = str(error)
    # Nothing but what reaches out to the network is refused.
    assert {
        name for name, reason in refused.items() if "SERVICE" not in reason and "LOAD" not in reason
    } == set()
    assert all("service" in name or "syntax-update-1" in name for name in refused)
